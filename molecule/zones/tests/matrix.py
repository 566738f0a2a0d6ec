"""Every cell zone × zone × protocol × family × place, and what the declared catalogue and flows say of it.

Permissions are read from the declared data itself, not from the derived firewall: the two ways must agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trial import Probe

from tslcd import addressing, load
from tslcd.model import Province, Router, Service, Vlan
from twin.lan import CONTROLLER, HOST_NUMBER
from twin.topology import INTERNET, OUTSIDE_V4, OUTSIDE_V6

ROOT = Path(__file__).resolve().parents[3]
NETWORK = load.network(ROOT)
PROVINCE: Province = NETWORK.province
PLAN = PROVINCE.addressing
SITES = {router.site_id: router for router in NETWORK.routers}
HUB, HERE, THERE = "lci-hub", "lci-02686-a-mu-sung", "lci-02701-y-ty"
SOURCES = (HERE, HUB)
FAMILIES = (4, 6)
TRIED = (("tcp", 22), ("tcp", 443), ("udp", 53), ("udp", 5060), ("icmp", 0))
TRIED_AT_ROUTERS = (("tcp", 22), ("tcp", 179), ("udp", 53), ("icmp", 0))
MANAGED = ("tcp", 22)
UNDECLARED = (("tcp", 22), ("tcp", 8443), ("udp", 53), ("icmp", 0))


@dataclass(frozen=True)
class Cell:
    """A probe and where it belongs in the matrix."""

    source_zone: str
    destination: str
    family: int
    probe: Probe


def cells() -> Iterator[Cell]:
    """The whole matrix."""
    for site in SOURCES:
        for vlan in PROVINCE.vlans:
            for family in FAMILIES:
                yield from _from(site, vlan, family)


def _from(site: str, vlan: Vlan, family: int) -> Iterator[Cell]:
    name, source = _node(site, vlan), _host(site, vlan, family)
    is_manager = site in PROVINCE.firewall.management_sites and PROVINCE.zones[vlan.zone].role == "management"

    def permitted(to: Vlan, target: str, way: tuple[str, int]) -> bool:
        managed = is_manager and to.zone in PROVINCE.firewall.managed_zones and way == MANAGED
        return managed or _permitted(vlan.zone, to.zone, target, *way)

    def cell(destination: str, target: str, way: tuple[str, int], *, allowed: bool, target_node: str = "") -> Cell:
        protocol, port = way
        return Cell(vlan.zone, destination, family, Probe(name, protocol, source, target, port, allowed, target_node))

    for other in (HERE, THERE, HUB):
        for to in PROVINCE.vlans:
            if (other, to) == (site, vlan):
                continue
            for way in TRIED:
                target = _host(other, to, family)
                yield cell(to.zone, target, way, allowed=permitted(to, target, way), target_node=_node(other, to))
    for service in PROVINCE.services.values():
        for target, to in _servers(service, family):
            if (HUB, to) == (site, vlan):
                continue
            for way in dict.fromkeys([*_ports(service), *UNDECLARED]):
                yield cell(to.zone, target, way, allowed=permitted(to, target, way), target_node=_node(HUB, to))
    for way in TRIED:
        outside = OUTSIDE_V4 if family == 4 else OUTSIDE_V6
        yield cell(INTERNET, outside, way, allowed=False, target_node=INTERNET)
    for target, is_gateway in _of_routers(site, vlan, family):
        for way in TRIED_AT_ROUTERS:
            allowed = (way == ("icmp", 0) and is_gateway) or (is_manager and way in {("icmp", 0), ("tcp", 22)})
            yield cell("router", target, way, allowed=allowed)


def _permitted(source: str, destination: str, target: str, protocol: str, port: int) -> bool:
    if (source, destination) in {(flow.source, flow.destination) for flow in PROVINCE.firewall.flows}:
        return True
    return any(
        source in service.clients
        and target in {address for family in FAMILIES for address, _ in _servers(service, family)}
        and any(t.protocol == protocol and t.port <= port <= (t.last_port or t.port) for t in service.transports)
        for service in PROVINCE.services.values()
    )


def _ports(service: Service) -> Iterator[tuple[str, int]]:
    """First, last, and the ports beside a range."""
    for transport in service.transports:
        last = transport.last_port or transport.port
        yield from ((transport.protocol, port) for port in {transport.port, last, last + 1})


def _servers(service: Service, family: int) -> Iterator[tuple[str, Vlan]]:
    """Servers at the hub: the recovery site is not in the test twin."""
    for server in service.servers:
        if server.site == HUB:
            vlan = next(vlan for vlan in PROVINCE.vlans if vlan.name == server.vlan)
            yield _address(HUB, vlan, family, server.host), vlan


def _of_routers(site: str, vlan: Vlan, family: int) -> Iterator[tuple[str, bool]]:
    """Addresses of routers, and whether a host may ask after them: its own gateway, or its zone's elsewhere."""
    position = PROVINCE.vlans.index(vlan)
    beside = PROVINCE.vlans[(position + 1) % len(PROVINCE.vlans)]
    to_itself = (vlan.zone, vlan.zone) in {(flow.source, flow.destination) for flow in PROVINCE.firewall.flows}
    other = THERE if site == HERE else HERE
    yield _address(site, vlan, family, 1), True
    yield _address(site, beside, family, 1), False
    yield _address(other, vlan, family, 1), to_itself
    for at in (site, other):
        router: Router = SITES[at]
        loopback = addressing.loopback_v4 if family == 4 else addressing.loopback_v6
        yield str(loopback(PLAN, router.site.number, 1).ip), False
        provider = PROVINCE.providers[router.site.uplinks[0].provider]
        if at == site and vlan.zone != "mgmt":  # managers ask after lines too; their answers are the carrier's business
            link = addressing.link_v4 if family == 4 else addressing.link_v6
            yield str(link(provider, router.site.number).ce.ip), False


def _node(site: str, vlan: Vlan) -> str:
    return CONTROLLER if site == HUB and vlan.zone == "mgmt" else f"{site}-{vlan.name}"


def _host(site: str, vlan: Vlan, family: int) -> str:
    return _address(site, vlan, family, HOST_NUMBER)


def _address(site: str, vlan: Vlan, family: int, number: int) -> str:
    where = SITES[site].site.number
    if family == 4:
        return str(addressing.host_v4(addressing.vlan_v4(PLAN, where, vlan), number))
    return str(addressing.host_v6(addressing.vlan_v6(PLAN, where, vlan), number))
