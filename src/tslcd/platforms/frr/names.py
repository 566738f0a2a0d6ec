"""How platform frr calls things of its own."""

from __future__ import annotations


def vlan_interface(vlan_id: int) -> str:
    """The gateway interface of a VLAN: an internal port of the switch."""
    return f"vlan{vlan_id}"


def printed_order(name: str) -> str:
    """Sorts names as nftables prints them in a set: as little-endian numbers, the last letter counts most."""
    return name.strip('"').ljust(16, "\0")[::-1]
