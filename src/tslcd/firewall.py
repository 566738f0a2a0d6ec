"""Zones as walls: every address of the plan tells its zone by its bits, so one short rule list fits every router.

A VLAN lies at the same offset in every site, hence `address & mask == value` recognises the conference network of all
185 sites at once, in both families. The rule list does not grow with the number of sites.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from tslcd.model import Province, Vlan


@dataclass(frozen=True, slots=True)
class PatternV4:
    """Addresses with `address & mask == value`, among those of the province."""

    mask: IPv4Address
    value: IPv4Address


@dataclass(frozen=True, slots=True)
class PatternV6:
    """Addresses with `address & mask == value`, among those of the province."""

    mask: IPv6Address
    value: IPv6Address


@dataclass(frozen=True, slots=True)
class FlowIntent:
    """One permitted direction between two VLANs of any sites, in both families; answers are permitted with it."""

    source: str
    destination: str
    source_vlan: int
    destination_vlan: int
    source_v4: PatternV4
    destination_v4: PatternV4
    source_v6: PatternV6
    destination_v6: PatternV6


@dataclass(frozen=True, slots=True)
class FirewallIntent:
    """Who may manage the router, what is user traffic at all, and which of it may pass. All else is dropped."""

    province_v4: IPv4Network
    province_v6: IPv6Network
    infrastructure_v4: IPv4Network
    infrastructure_v6: IPv6Network
    managers_v4: tuple[IPv4Network, ...]
    managers_v6: tuple[IPv6Network, ...]
    flows: tuple[FlowIntent, ...]


def derive(
    province: Province, managers_v4: tuple[IPv4Network, ...], managers_v6: tuple[IPv6Network, ...]
) -> FirewallIntent:
    """Derive the firewall, the same on every router."""
    return FirewallIntent(
        province_v4=province.addressing.site_v4,
        province_v6=province.addressing.site_v6,
        infrastructure_v4=province.firewall.infrastructure_v4,
        infrastructure_v6=province.firewall.infrastructure_v6,
        managers_v4=managers_v4,
        managers_v6=managers_v6,
        flows=tuple(
            FlowIntent(
                source=flow.source,
                destination=flow.destination,
                source_vlan=source.id,
                destination_vlan=destination.id,
                source_v4=_pattern_v4(province, source),
                destination_v4=_pattern_v4(province, destination),
                source_v6=_pattern_v6(source),
                destination_v6=_pattern_v6(destination),
            )
            for flow in province.firewall.flows
            for source in province.vlans
            if source.zone == flow.source
            for destination in province.vlans
            if destination.zone == flow.destination
        ),
    )


def _pattern_v4(province: Province, vlan: Vlan) -> PatternV4:
    inside_site = (1 << (32 - province.addressing.site_v4_length)) - 1
    subnet = (0xFFFFFFFF << (32 - (vlan.length or 32))) & 0xFFFFFFFF
    return PatternV4(IPv4Address(inside_site & subnet), IPv4Address(vlan.offset or 0))


def _pattern_v6(vlan: Vlan) -> PatternV6:
    return PatternV6(IPv6Address(0xFF << 64), IPv6Address(int(str(vlan.id), 16) << 64))
