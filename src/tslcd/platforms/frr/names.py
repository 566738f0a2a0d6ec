"""How platform frr calls things of its own."""

from __future__ import annotations

from collections.abc import Iterable


def vlan_interface(vlan_id: int) -> str:
    """The gateway interface of a VLAN: an internal port of the switch."""
    return f"vlan{vlan_id}"


def printed_order(name: str) -> int:
    """Sorts interfaces as nftables prints them in a set: as numbers, the first letter the lowest byte."""
    return int.from_bytes(name.encode("ascii"), "little")


def set_of(elements: Iterable[object]) -> str:
    """A set literal as nftables prints it: one element stands without braces; empty when there is none."""
    words = list(map(str, elements))
    return "{ " + ", ".join(words) + " }" if len(words) > 1 else "".join(words)
