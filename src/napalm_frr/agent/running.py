"""The whole document as the live daemons and the kernel have it."""

from __future__ import annotations

from napalm_frr.agent import frr, keepalived, kernel, nft, ovs, system, tc
from napalm_frr.document import Document


def read() -> Document:
    """Raises CommandError."""
    switch, routing, moving = ovs.read(), frr.read(), keepalived.read()
    around = "".join(f"{line}\n" for line in kernel.lines(routing, switch, moving))
    return {
        "system": system.read() + around,
        "ovs": switch,
        "frr": routing,
        "keepalived": moving,
        "tc": tc.read(),
        "nft": nft.read(),
    }
