"""How platform frr calls things of its own."""

from __future__ import annotations


def vlan_interface(vlan_id: int) -> str:
    """The gateway interface of a VLAN: an internal port of the switch."""
    return f"vlan{vlan_id}"
