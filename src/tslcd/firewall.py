"""Zones as walls: every address of the plan tells its zone by its bits, so one short rule list fits every router.

A VLAN lies at the same offset in every site, hence `address & mask == value` recognises the conference network of all
185 sites at once, in both families. The rule list does not grow with the number of sites.

What may pass is what the catalogue of services says (a client's zone, a server's address, a port), the few flows
between whole zones, and SSH from managers to hosts of managed zones. An assumed service is permitted like the others:
its document then counts as assumed (see `RouterIntent.assumed`) and is committed on the twin only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from tslcd import addressing
from tslcd.model import Province, Service, Vlan

SSH_PORT = 22


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
class ZoneVlan:
    """The addresses of one VLAN at all sites, and the zone that they belong to."""

    zone: str
    vlan: int
    v4: PatternV4
    v6: PatternV6


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
class PortRange:
    """Ports `first` to `last`, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ServiceFlow:
    """What a zone may open at a service's servers, in both families; answers are permitted with it."""

    service: str
    source: str
    servers_v4: tuple[IPv4Address, ...]
    servers_v6: tuple[IPv6Address, ...]
    tcp: tuple[PortRange, ...]
    udp: tuple[PortRange, ...]


@dataclass(frozen=True, slots=True)
class ClosedZone:
    """A zone that nothing leaves but to itself and to these servers, whatever any other rule says.

    Where `managed`, answers leave it on SSH connections that the managers have opened.
    """

    zone: str
    managed: bool
    servers_v4: tuple[IPv4Address, ...]
    servers_v6: tuple[IPv6Address, ...]


@dataclass(frozen=True, slots=True)
class FirewallIntent:
    """Who may manage routers and hosts, what is user traffic at all, and which of it may pass. All else is dropped."""

    province_v4: IPv4Network
    province_v6: IPv6Network
    infrastructure_v4: IPv4Network
    infrastructure_v6: IPv6Network
    loopbacks_v6: PatternV6
    """IPv6 loopbacks lie in the sites' own prefixes, not in `infrastructure_v6`."""
    managers_v4: tuple[IPv4Network, ...]
    managers_v6: tuple[IPv6Network, ...]
    zones: tuple[ZoneVlan, ...]
    managed: tuple[ZoneVlan, ...]
    """To hosts of these the managers may open SSH; nothing else follows from it in either direction."""
    closed: tuple[ClosedZone, ...]
    flows: tuple[FlowIntent, ...]
    services: tuple[ServiceFlow, ...]


def derive(
    province: Province,
    numbers: Mapping[str, int],
    managers_v4: tuple[IPv4Network, ...],
    managers_v6: tuple[IPv6Network, ...],
) -> FirewallIntent:
    """Derive the firewall, the same on every router.

    :param numbers: site id → its number, of all sites.
    """
    zones = tuple(
        ZoneVlan(vlan.zone, vlan.id, _pattern_v4(province, vlan), _pattern_v6(vlan.id))
        for vlan in province.vlans
        if vlan.local_v4 is None  # addresses that are the same everywhere are of no site
    )
    services = tuple(
        _service_flow(province, numbers, name, service, zone)
        for name, service in province.services.items()
        for zone in service.clients
    )
    return FirewallIntent(
        province_v4=province.addressing.site_v4,
        province_v6=province.addressing.site_v6,
        infrastructure_v4=province.firewall.infrastructure_v4,
        infrastructure_v6=province.firewall.infrastructure_v6,
        loopbacks_v6=_pattern_v6(0),
        managers_v4=managers_v4,
        managers_v6=managers_v6,
        zones=zones,
        managed=tuple(zone for zone in zones if zone.zone in province.firewall.managed_zones),
        closed=_closed(province, services),
        flows=tuple(
            FlowIntent(
                source=flow.source,
                destination=flow.destination,
                source_vlan=source.vlan,
                destination_vlan=destination.vlan,
                source_v4=source.v4,
                destination_v4=destination.v4,
                source_v6=source.v6,
                destination_v6=destination.v6,
            )
            for flow in province.firewall.flows
            for source in zones
            if source.zone == flow.source
            for destination in zones
            if destination.zone == flow.destination
        ),
        services=tuple(flow for flow in services if flow.servers_v4),
    )


def _closed(province: Province, services: Iterable[ServiceFlow]) -> tuple[ClosedZone, ...]:
    """Conference zones reach servers of the conference's own class: a wrong client in the catalogue opens nothing."""
    video = province.conference.video_class
    own = [flow for flow in services if province.services[flow.service].qos_class == video]
    return tuple(
        ClosedZone(
            zone=name,
            managed=name in province.firewall.managed_zones,
            servers_v4=tuple(sorted({a for flow in own if flow.source == name for a in flow.servers_v4})),
            servers_v6=tuple(sorted({a for flow in own if flow.source == name for a in flow.servers_v6})),
        )
        for name, zone in province.zones.items()
        if zone.role == "conference"
    )


def _service_flow(
    province: Province, numbers: Mapping[str, int], name: str, service: Service, zone: str
) -> ServiceFlow:
    plan = province.addressing
    vlans = {vlan.name: vlan for vlan in province.vlans}
    places = [
        (numbers[server.site], vlans[server.vlan], server.host)
        for server in service.servers
        if server.site in numbers and server.vlan in vlans
    ]
    ports = {
        protocol: tuple(
            sorted(
                (PortRange(t.port, t.last_port or t.port) for t in service.transports if t.protocol == protocol),
                key=lambda ports: ports.first,
            )
        )
        for protocol in ("tcp", "udp")
    }
    return ServiceFlow(
        service=name,
        source=zone,
        servers_v4=tuple(sorted(addressing.host_v4(addressing.vlan_v4(plan, n, v), host) for n, v, host in places)),
        servers_v6=tuple(sorted(addressing.host_v6(addressing.vlan_v6(plan, n, v), host) for n, v, host in places)),
        tcp=ports["tcp"],
        udp=ports["udp"],
    )


def _pattern_v4(province: Province, vlan: Vlan) -> PatternV4:
    inside_site = (1 << (32 - province.addressing.site_v4_length)) - 1
    subnet = (0xFFFFFFFF << (32 - (vlan.length or 32))) & 0xFFFFFFFF
    return PatternV4(IPv4Address(inside_site & subnet), IPv4Address(vlan.offset or 0))


def _pattern_v6(vlan_id: int) -> PatternV6:
    return PatternV6(IPv6Address(0xFF << 64), IPv6Address(int(str(vlan_id), 16) << 64))
