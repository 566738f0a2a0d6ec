"""Puts a document in place: what can cut the operator off comes last, what is already so is not touched."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

from napalm_frr.agent import (
    files,
    frr,
    frr_daemons,
    keepalived,
    kernel,
    kinds,
    nft,
    ovs,
    running,
    system,
    system_text,
    tc,
)
from napalm_frr.agent.process import CommandError
from napalm_frr.compare import diff
from napalm_frr.document import Document, kind_of

Steps = dict[str, int]
"""Step -> milliseconds."""
_Step = tuple[str, bool, Callable[[], None]]
"""Name, whether it is needed, what it does."""


def apply(wanted: Document, before: Document, note: Callable[[str], None], keep_going: bool = False) -> Steps:
    """Leads the router from `before`, which is what runs, to `wanted`. Raises CommandError, OSError.

    `note` is told each step before it is done. With `keep_going` a failed step does not keep the later ones from being
    done: going back saves what it can.
    """
    changed = {name for name, text in diff(wanted, before).items() if text}
    sshd = [[line for line in text["system"].splitlines() if line.startswith("sshd ")] for text in (before, wanted)]
    steps = [
        *(_others(wanted, changed) if kinds.of(kind_of(wanted)) else _routers(wanted, changed)),
        ("sshd", sshd[0] != sshd[1], system.reload_sshd),
    ]
    spent: Steps = {}
    failure: CommandError | OSError | None = None
    for name, is_needed, step in steps:
        if is_needed:
            start = time.monotonic()
            try:
                note(name)
                step()
            except (CommandError, OSError) as error:
                if not keep_going:
                    raise
                failure = failure or error
            spent[name] = round((time.monotonic() - start) * 1000)
    if failure:
        raise failure
    return spent


def _others(wanted: Document, changed: set[str]) -> Iterator[_Step]:
    """Of a device whose sections have a program each."""
    declared = system_text.parse(wanted["system"])
    yield "system", "system" in changed, lambda: system.apply(declared)
    yield "sysctl", "system" in changed, lambda: system.apply_sysctls(declared)
    for name, runner in kinds.of(kind_of(wanted)).items():
        yield name, name in changed, partial(runner.apply, wanted[name])


def _routers(wanted: Document, changed: set[str]) -> list[_Step]:
    declared = system_text.parse(wanted["system"])
    # Another daemon list can change what the daemons print: the section is compared again inside. The file counts too:
    # daemons that start read it.
    is_frr_touched = bool(changed & {"frr", "system"}) or files.read(frr.CONFIG) != wanted["frr"]
    moving = wanted["keepalived"]
    return [
        ("system", "system" in changed, lambda: system.apply(declared)),
        ("release", "keepalived" in changed, lambda: keepalived.release(moving, wanted["frr"])),
        ("ovs", "ovs" in changed, lambda: ovs.apply(wanted["ovs"])),
        ("sysctl", bool(changed & {"system", "ovs"}), lambda: system.apply_sysctls(declared)),
        ("daemons", "system" in changed, lambda: frr_daemons.apply(declared.daemons)),
        ("frr", is_frr_touched, lambda: _apply_frr(wanted["frr"])),
        # An interface that was made anew is found by reading the file again.
        ("keepalived", bool(changed & {"keepalived", *["ovs"] * bool(moving)}), lambda: keepalived.apply(moving)),
        (
            "kernel",
            bool(changed - {"tc", "nft"}),
            lambda: kernel.repair(wanted["frr"], wanted["ovs"], moving, declared.mtus),
        ),
        ("tc", "tc" in changed, lambda: tc.apply(wanted["tc"])),
        ("nft", "nft" in changed, lambda: nft.apply(wanted["nft"])),
    ]


def differences(wanted: Document) -> dict[str, str]:
    """Section -> diff, of the sections in which the router is not as wanted."""
    return {name: text for name, text in diff(wanted, running.read()).items() if text}


def _apply_frr(text: str) -> None:
    if frr.read() == text:
        frr.write_file(text)
    else:
        frr.apply(text)
