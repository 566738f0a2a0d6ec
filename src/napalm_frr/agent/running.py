"""The whole document as the live daemons and the kernel have it."""

from __future__ import annotations

from napalm_frr.agent import frr, nft, ovs, system
from napalm_frr.document import Document


def read() -> Document:
    """Raises CommandError."""
    return {"system": system.read(), "ovs": ovs.read(), "frr": frr.read(), "tc": "", "nft": nft.read()}
