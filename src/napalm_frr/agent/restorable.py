"""Of what runs, the part that a document can say: what going back leads to, and what a merge starts from.

Somebody may have edited files or settings by hand into something that no document may hold. That must never keep a
router from going back: such lines are left out, and a section that still cannot be read comes from the confirmed one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from napalm_frr.agent import baresip_text, bridge_text, kamailio_text, keepalived_text, ovs_text, system_text, tc_text
from napalm_frr.document import Document, DocumentError, split_partial

UNMANAGED = "unmanaged "
_ACCEPTED: Mapping[str, Callable[[str], str]] = {
    "system": system_text.accepted,
    "ovs": ovs_text.accepted,
    "tc": tc_text.accepted,
}
_GRAMMARS: Mapping[str, Callable[[str], object]] = {
    "system": system_text.parse,
    "ovs": ovs_text.parse,
    "keepalived": keepalived_text.parse,
    "tc": tc_text.parse,
    "baresip": baresip_text.parse,
    "kamailio": kamailio_text.parse,
    "bridge": bridge_text.parse,
}


def marked(line: str) -> str:
    """A line of a file that no document can hold, as it is shown."""
    return f"{UNMANAGED}line {line.encode('unicode_escape').decode('ascii')}".rstrip()


def document(running: Document, confirmed: Document, daemons: Sequence[str] | None = None) -> Document:
    """What to go back to. `daemons`: those that ought to run; one that is dead just now is not to stay so."""
    wanted = dict(declarable(running))
    if daemons is not None:
        wanted["system"] = _with_daemons(wanted["system"], daemons)
    return {
        name: wanted[name] if _is_valid(name, wanted[name]) and not _is_lost(running[name], wanted[name]) else text
        for name, text in confirmed.items()
    }


def declarable(running: Document) -> Document:
    """The document without lines and words that only show what is not managed."""
    plain = {
        name: "".join(line for line in text.splitlines(keepends=True) if not line.startswith(UNMANAGED))
        for name, text in running.items()
    }
    return {name: _ACCEPTED[name](text) if name in _ACCEPTED else text for name, text in plain.items()}


def _with_daemons(text: str, daemons: Sequence[str]) -> str:
    lines = [line for line in text.splitlines() if not line.startswith("daemon ")]
    at = next((n for n, line in enumerate(lines) if not line.startswith("hostname ")), len(lines))
    lines[at:at] = [f"daemon {name}" for name in sorted(daemons)]
    return "".join(f"{line}\n" for line in lines)


def _is_lost(running: str, left: str) -> bool:
    """Whether there were files, and no line of them could be said: that is not the same as none."""
    return not left and f"{UNMANAGED}line" in running


def _is_valid(name: str, text: str) -> bool:
    try:
        split_partial(f"#@ {name}\n{text}")
        if name in _GRAMMARS:
            _GRAMMARS[name](text)
    except DocumentError:
        return False
    return name != "frr" or bool(text)
