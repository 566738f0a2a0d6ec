"""Zones as walls: every address of the plan tells its zone by its bits, so one short rule list fits every router.

A VLAN lies at the same offset in every site, hence `address & mask == value` recognises the conference network of all
185 sites at once, in both families. The rule list does not grow with the number of sites.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from tslcd import addressing
from tslcd.model import Province, Site, Vlan


@dataclass(frozen=True, slots=True)
class Pattern:
    """`address & mask == value`, as nftables prints it."""

    mask: str
    value: str


@dataclass(frozen=True, slots=True)
class FlowIntent:
    """One permitted direction between zones, in both families."""

    source: str
    destination: str
    source_v4: Pattern
    destination_v4: Pattern
    source_v6: Pattern
    destination_v6: Pattern


@dataclass(frozen=True, slots=True)
class Walls:
    """The facts of the firewall of one router; sets are strings as nftables prints them."""

    province_v4: str
    province_v6: str
    infrastructure_v4: str
    infrastructure_v6: str
    own_v4: str
    own_v6: str
    managers_v4: str
    managers_v6: str
    flows: tuple[FlowIntent, ...]


def walls(province: Province, site: Site, *, managers_v4: Iterable[str], managers_v6: Iterable[str]) -> Walls:
    """Derive the firewall of a site's router."""
    plan = province.addressing
    return Walls(
        province_v4=str(plan.site_v4),
        province_v6=str(plan.site_v6),
        infrastructure_v4=str(province.firewall.infrastructure_v4),
        infrastructure_v6=str(province.firewall.infrastructure_v6),
        own_v4=str(addressing.site_v4(plan, site.number)),
        own_v6=str(addressing.site_v6(plan, site.number)),
        managers_v4=_set(managers_v4),
        managers_v6=_set(managers_v6),
        flows=tuple(
            FlowIntent(
                flow.source,
                flow.destination,
                _pattern4(province, source),
                _pattern4(province, destination),
                _pattern6(source),
                _pattern6(destination),
            )
            for flow in province.firewall.flows
            for source in province.vlans
            if source.zone == flow.source
            for destination in province.vlans
            if destination.zone == flow.destination
        ),
    )


def _pattern4(province: Province, vlan: Vlan) -> Pattern:
    inside_site = (1 << (32 - province.addressing.site_v4_length)) - 1
    subnet = (0xFFFFFFFF << (32 - vlan.length)) & 0xFFFFFFFF
    return Pattern(str(IPv4Address(inside_site & subnet)), str(IPv4Address(vlan.offset)))


def _pattern6(vlan: Vlan) -> Pattern:
    return Pattern(_uncompressed(0xFF << 64), _uncompressed(int(str(vlan.id), 16) << 64))


def _uncompressed(value: int) -> str:
    # nftables prints the high groups of a mask one by one and abbreviates only the tail.
    groups = [f"{(value >> shift) & 0xFFFF:x}" for shift in range(112, -16, -16)]
    while groups and groups[-1] == "0":
        groups.pop()
    return str(IPv6Address(value)) if not groups else ":".join(groups) + "::"


def _set(prefixes: Iterable[str]) -> str:
    """A set literal as nftables prints it: one element stands without braces."""
    elements = list(prefixes)
    return elements[0] if len(elements) == 1 else "{ " + ", ".join(elements) + " }"
