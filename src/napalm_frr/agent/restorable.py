"""Of what runs, the part that a document can say: what going back leads to, and what a merge starts from.

Somebody may have edited files or settings by hand into something that no document may hold. That must never keep a
router from going back: such lines are left out, and a section that still cannot be read comes from the confirmed one.
"""

from __future__ import annotations

from collections.abc import Sequence

from napalm_frr.agent import keepalived_text, ovs_text, system_text, tc_text
from napalm_frr.document import SECTIONS, Document, DocumentError, split_partial

UNMANAGED = "unmanaged "


def document(running: Document, confirmed: Document, daemons: Sequence[str] | None = None) -> Document:
    """What to go back to. `daemons`: those that ought to run; one that is dead just now is not to stay so."""
    wanted = dict(declarable(running))
    if daemons is not None:
        wanted["system"] = _with_daemons(wanted["system"], daemons)
    return {name: wanted[name] if _is_valid(name, wanted[name]) else confirmed[name] for name in SECTIONS}


def declarable(running: Document) -> Document:
    """The document without lines and words that only show what is not managed."""
    plain = {
        name: "".join(line for line in running[name].splitlines(keepends=True) if not line.startswith(UNMANAGED))
        for name in SECTIONS
    }
    return {
        **plain,
        "system": system_text.accepted(plain["system"]),
        "ovs": ovs_text.accepted(plain["ovs"]),
        "tc": tc_text.accepted(plain["tc"]),
    }


def _with_daemons(text: str, daemons: Sequence[str]) -> str:
    lines = [line for line in text.splitlines() if not line.startswith("daemon ")]
    at = next((n for n, line in enumerate(lines) if not line.startswith("hostname ")), len(lines))
    lines[at:at] = [f"daemon {name}" for name in sorted(daemons)]
    return "".join(f"{line}\n" for line in lines)


def _is_valid(name: str, text: str) -> bool:
    try:
        split_partial(f"#@ {name}\n{text}")
        if name == "system":
            system_text.parse(text)
        elif name == "ovs":
            ovs_text.parse(text)
        elif name == "keepalived":
            keepalived_text.parse(text)
        elif name == "tc":
            tc_text.parse(text)
    except DocumentError:
        return False
    return name != "frr" or bool(text)
