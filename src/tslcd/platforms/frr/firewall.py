"""The firewall in the words of nftables: sets and addresses as `nft list ruleset` prints them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address

from tslcd.firewall import FirewallIntent, FlowIntent, PatternV4, PatternV6, PortRange, ServiceFlow
from tslcd.intent import RouterIntent, UplinkIntent
from tslcd.platforms.frr.names import printed_order, set_of, vlan_interface

# What every IPv4 or IPv6 packet carries beside the payload that TCP counts, bytes: IP header and TCP header.
HEADERS_V4, HEADERS_V6 = 40, 60
# What hosts and carriers can send anyway; a line that carries it needs no smaller segments.
ETHERNET_MTU = 1500


@dataclass(frozen=True, slots=True)
class Match:
    """`address & mask == value`, as nftables prints it."""

    mask: str
    value: str


@dataclass(frozen=True, slots=True)
class Zone:
    """A VLAN's addresses at all sites, and the chains that judge what comes from them (empty where there is none)."""

    name: str
    v4: Match
    v6: Match
    permits: str
    wall: str


@dataclass(frozen=True, slots=True)
class Wall:
    """A chain that lets a closed zone's packets return only when they go to itself or to these servers (sets).

    Where `managed`, answers to managers' SSH return, too.
    """

    chain: str
    managed: bool
    zone: str
    own: tuple[Zone, ...]
    servers_v4: str
    servers_v6: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Addresses of a whole zone that another one may talk to."""

    name: str
    v4: Match
    v6: Match


@dataclass(frozen=True, slots=True)
class Service:
    """Servers and ports (sets; empty where there are none) that a zone may open."""

    name: str
    servers_v4: str
    servers_v6: str
    tcp: str
    udp: str


@dataclass(frozen=True, slots=True)
class Permits:
    """The chain of what a zone may open."""

    chain: str
    flows: tuple[Flow, ...]
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Subnet:
    """What an interface's packets must carry as their source; `gateway_*`: all of the router that its hosts may ask."""

    interface: str
    v4: str
    v6: str
    gateway_v4: str
    gateway_v6: str
    manages: bool


@dataclass(frozen=True, slots=True)
class Clamp:
    """A line that carries less than hosts send: the greatest TCP segments that fit into its packets, bytes."""

    interface: str
    segment_v4: int
    segment_v6: int


@dataclass(frozen=True, slots=True)
class Firewall:
    """The facts of the ruleset; sets are strings as nftables prints them."""

    province_v4: str
    province_v6: str
    infrastructure_v4: str
    infrastructure_v6: str
    loopbacks_v6: Match
    own_v4: str
    own_v6: str
    managers_v4: str
    managers_v6: str
    interfaces: str
    """All that packets may come in by."""
    subnets: tuple[Subnet, ...]
    clamps: tuple[Clamp, ...]
    drained: tuple[str, ...]
    """Interfaces of lines in maintenance: what still passes there is counted."""
    zones: tuple[Zone, ...]
    managed: tuple[Zone, ...]
    """To hosts of these the managers may open SSH."""
    walls: tuple[Wall, ...]
    permits: tuple[Permits, ...]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What is the same on every router without exceptions of its own."""

    zones: tuple[Zone, ...]
    managed: tuple[Zone, ...]
    walls: tuple[Wall, ...]
    permits: tuple[Permits, ...]


def firewall_facts(intent: RouterIntent, firewall: FirewallIntent) -> Firewall:
    """Turn the firewall's intent into what its template prints."""
    shared = _shared(firewall)
    managers = {*firewall.managers_v4, *firewall.managers_v6}
    return Firewall(
        province_v4=str(firewall.province_v4),
        province_v6=str(firewall.province_v6),
        infrastructure_v4=str(firewall.infrastructure_v4),
        infrastructure_v6=str(firewall.infrastructure_v6),
        loopbacks_v6=_match(firewall.loopbacks_v6),
        own_v4=str(intent.site_v4),
        own_v6=str(intent.site_v6),
        managers_v4=set_of(firewall.managers_v4),
        managers_v6=set_of(firewall.managers_v6),
        interfaces=_interfaces(_entrances(intent)),
        subnets=tuple(
            Subnet(
                interface=vlan_interface(v.id),
                v4=str(v.subnet_v4),
                v6=str(v.subnet_v6),
                gateway_v4=str(v.gateway_v4.ip),
                gateway_v6=str(v.gateway_v6.ip),
                manages=v.subnet_v4 in managers,
            )
            for v in intent.vlans
        ),
        clamps=tuple(_clamp(uplink) for uplink in intent.uplinks if uplink.mtu_bytes < ETHERNET_MTU),
        drained=tuple(uplink.port for uplink in intent.uplinks if uplink.drained),
        zones=shared.zones,
        managed=shared.managed,
        walls=shared.walls,
        permits=shared.permits,
    )


@lru_cache(maxsize=8)
def _shared(firewall: FirewallIntent) -> _Shared:
    permits = tuple(_permits(firewall, zone) for zone in dict.fromkeys(z.zone for z in firewall.zones))
    some = {p.chain for p in permits if p.flows or p.services}
    closed = {zone.zone for zone in firewall.closed}
    zones = tuple(
        Zone(
            name=zone.zone,
            v4=_match(zone.v4),
            v6=_match(zone.v6),
            permits=_chain("from", zone.zone) if _chain("from", zone.zone) in some else "",
            wall=_chain("wall", zone.zone) if zone.zone in closed else "",
        )
        for zone in firewall.zones
    )
    walls = tuple(
        Wall(
            chain=_chain("wall", zone.zone),
            managed=zone.managed,
            zone=zone.zone,
            own=tuple(own for own in zones if own.name == zone.zone),
            servers_v4=set_of(zone.servers_v4),
            servers_v6=set_of(zone.servers_v6),
        )
        for zone in firewall.closed
        if any(own.name == zone.zone for own in zones)
    )
    managed = tuple(zone for zone in zones if any(zone.name == this.zone for this in firewall.managed))
    return _Shared(zones, managed, walls, tuple(p for p in permits if p.chain in some))


def _permits(firewall: FirewallIntent, zone: str) -> Permits:
    return Permits(
        chain=_chain("from", zone),
        flows=tuple(dict.fromkeys(_flow(flow) for flow in firewall.flows if flow.source == zone)),
        services=tuple(_service(flow) for flow in firewall.services if flow.source == zone),
    )


def _flow(flow: FlowIntent) -> Flow:
    return Flow(flow.destination, _match(flow.destination_v4), _match(flow.destination_v6))


def _service(flow: ServiceFlow) -> Service:
    return Service(
        name=flow.service,
        servers_v4=set_of(flow.servers_v4),
        servers_v6=set_of(flow.servers_v6),
        tcp=set_of(map(_ports, flow.tcp)),
        udp=set_of(map(_ports, flow.udp)),
    )


def _ports(ports: PortRange) -> str:
    return str(ports.first) if ports.first == ports.last else f"{ports.first}-{ports.last}"


def _clamp(uplink: UplinkIntent) -> Clamp:
    return Clamp(uplink.port, uplink.mtu_bytes - HEADERS_V4, uplink.mtu_bytes - HEADERS_V6)


def _chain(what: str, zone: str) -> str:
    """nftables knows no hyphen in names."""
    return f"{what}_{zone.replace('-', '_')}"


def _match(pattern: PatternV4 | PatternV6) -> Match:
    return Match(_address(pattern.mask), _address(pattern.value))


def _address(address: object) -> str:
    """An address as nftables prints it in an expression: of IPv6 the high groups one by one, only the tail short."""
    if not isinstance(address, IPv6Address):
        return str(address)
    groups = [f"{(int(address) >> shift) & 0xFFFF:x}" for shift in range(112, -16, -16)]
    while groups and groups[-1] == "0":
        groups.pop()
    return ":".join(groups) + "::"


def _entrances(intent: RouterIntent) -> Iterator[str]:
    """Every interface that packets may come in by."""
    yield from (vlan_interface(vlan.id) for vlan in intent.vlans)
    yield from (uplink.port for uplink in intent.uplinks)
    if intent.pair:
        yield intent.pair.port


def _interfaces(names: Iterable[str]) -> str:
    return set_of(f'"{name}"' for name in sorted(names, key=printed_order))
