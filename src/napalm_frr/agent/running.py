"""The whole document as the live daemons and the kernel have it."""

from __future__ import annotations

from napalm_frr.agent import frr, kernel, nft, ovs, system, tc
from napalm_frr.document import Document


def read() -> Document:
    """Raises CommandError."""
    switch, routing = ovs.read(), frr.read()
    around = "".join(f"{line}\n" for line in kernel.lines(routing, switch))
    return {
        "system": system.read() + around,
        "ovs": switch,
        "frr": routing,
        "tc": tc.read(),
        "nft": nft.read(),
    }
