"""The whole document as the live daemons and the kernel have it."""

from __future__ import annotations

from napalm_frr.agent import frr, frr_daemons, keepalived, kernel, kinds, nft, ovs, state, system, tc
from napalm_frr.document import Document


def read() -> Document:
    """The sections of this kind of device. Raises CommandError."""
    if owners := kinds.of(state.kind()):
        return {"system": system.read(), **{name: runner.read() for name, runner in owners.items()}}
    return _router()


def _router() -> Document:
    switch, routing, moving = ovs.read(), frr.read(), keepalived.read()
    around = "".join(f"{line}\n" for line in kernel.lines(routing, switch, moving))
    return {
        "system": system.read(frr_daemons.lines()) + around,
        "ovs": switch,
        "frr": routing,
        "keepalived": moving,
        "tc": tc.read(),
        "nft": nft.read(),
    }
