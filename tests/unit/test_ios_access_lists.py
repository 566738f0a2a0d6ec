"""What the printed access lists of platform ios let through, packet by packet, is what the declared flows say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import product
from pathlib import Path

import pytest

from tslcd import addressing, intent, load, model, render

ROOT = Path(__file__).resolve().parents[2]
COMMUNE, HUB = "lci-02686-a-mu-sung-r1", "lci-hub-r1"
NUMBERS = (1, 2, 129, 130)  # hub and DR, which manage; two communes, COMMUNE is 130
OUTSIDE = {4: ip_address("203.0.113.80"), 6: ip_address("2001:db8:ffff::80")}
Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Packet:
    """The first packet of a session."""

    source: Address
    destination: Address
    protocol: str = "udp"
    port: int = 5000


@dataclass(frozen=True)
class Host:
    """A host number 10 of a VLAN of a site."""

    site: int
    vlan: model.Vlan

    def address(self, plan: model.Addressing, version: int) -> Address:
        subnet = addressing.vlan_v4 if version == 4 else addressing.vlan_v6
        return subnet(plan, self.site, self.vlan)[10]


def lists(document: str) -> dict[str, list[str]]:
    """Name → lines of every access list of a document."""
    found = re.findall(r"^(?:ip access-list extended|ipv6 access-list) (\S+)\n((?: .*\n)+)", document, re.MULTILINE)
    return {name: [line.strip() for line in lines.splitlines()] for name, lines in found}


def permits(lines: list[str], packet: Packet) -> bool:
    for line in lines:
        action, *words = line.split()
        if action != "evaluate" and matches(words, packet):
            return action == "permit"
    return False


def matches(words: list[str], packet: Packet) -> bool:
    protocol, *rest = words
    if protocol not in ("ip", "ipv6", packet.protocol):
        return False
    source, source_port, rest = end_of(rest)
    destination, port, rest = end_of(rest)
    return (
        fits(packet.source, source)
        and fits(packet.destination, destination)
        and source_port is None
        and holds(port, packet.port)
        and not (rest and rest[0].startswith("nd-"))
    )


def end_of(words: list[str]) -> tuple[list[str], str | None, list[str]]:
    """One end of a rule: its address, its port, and the words behind it."""
    length = 1 if words[0] == "any" or "/" in words[0] else 2
    address, rest = words[:length], words[length:]
    if rest[:1] == ["range"]:
        return address, f"{rest[1]}-{rest[2]}", rest[3:]
    return (address, rest[1], rest[2:]) if rest[:1] == ["eq"] else (address, None, rest)


def holds(ports: str | None, port: int) -> bool:
    if ports is None or ports == str(port):
        return True
    first, _, last = ports.partition("-")
    return last != "" and int(first) <= port <= int(last)


def fits(address: Address, wanted: list[str]) -> bool:
    if wanted == ["any"]:
        return True
    if wanted[0] == "host":
        return address == ip_address(wanted[1])
    if len(wanted) == 1:
        return address in ip_network(wanted[0])
    value, wildcard = (int(IPv4Address(word)) for word in wanted)
    return int(address) & ~wildcard == value & ~wildcard


class Router:
    """A router of the network, as its printed access lists behave."""

    def __init__(self, network: model.Network, hostname: str) -> None:
        self.province = network.province
        facts = intent.derive(network)[hostname]
        self.site = facts.site_number
        self.lists = lists(render.document(facts, ROOT))
        self.loopback = {4: facts.loopback_v4.ip, 6: facts.loopback_v6.ip}

    def passes(self, source: Host, destination: Host, version: int) -> bool:
        """Whether a session from host to host gets through this router."""
        plan = self.province.addressing
        packet = Packet(source.address(plan, version), destination.address(plan, version))
        there = [f"vlan{destination.vlan.id}-out-v{version}"] if destination.site == self.site else []
        if source.site == self.site:
            crossed = [[f"vlan{source.vlan.id}-in-v{version}", *there]]
        else:
            crossed = [[f"{provider}-in-v{version}", *there] for provider in ("vnpt", "viettel")]
        verdicts = {all(permits(self.lists[name], packet) for name in names) for names in crossed}
        assert len(verdicts) == 1, "the uplinks differ"
        return verdicts.pop()

    def should_pass(self, source: Host, destination: Host, version: int) -> bool:
        if self.site not in (source.site, destination.site):
            return False  # no transit
        if source.vlan.zone == "mgmt" and source.site in (1, 2) and self.site != destination.site:
            return True  # the router of the destination judges
        flows = {(flow.source, flow.destination) for flow in self.province.firewall.flows}
        if source.vlan.zone == destination.vlan.zone == "mgmt" and source.site in (1, 2):
            return True
        if version == 6 and source.site != destination.site:
            return False  # the gap: a zone of another site cannot be recognised
        return (source.vlan.zone, destination.vlan.zone) in flows

    def pairs(self) -> Iterator[tuple[Host, Host]]:
        hosts = [Host(number, vlan) for number in NUMBERS for vlan in self.province.vlans]
        return ((a, b) for a, b in product(hosts, hosts) if a != b)


@pytest.fixture(scope="module")
def network(tmp_path_factory, small_network) -> model.Network:
    return load.network(small_network(tmp_path_factory.mktemp("ios"), platform="ios"))


@pytest.fixture(scope="module", params=[COMMUNE, HUB])
def router(network, request) -> Router:
    return Router(network, request.param)


@pytest.mark.parametrize("version", [4, 6])
def test_exactly_the_declared_flows_pass(router, version):
    wrong = [pair for pair in router.pairs() if router.passes(*pair, version) != router.should_pass(*pair, version)]
    assert wrong == []
    assert any(router.passes(*pair, version) for pair in router.pairs())


@pytest.mark.parametrize("version", [4, 6])
def test_a_service_is_open_to_its_clients_on_its_ports_only(router, version):
    plan, vlans = router.province.addressing, {vlan.name: vlan for vlan in router.province.vlans}
    subnet = addressing.vlan_v4 if version == 4 else addressing.vlan_v6
    number = addressing.host_v4 if version == 4 else addressing.host_v6
    for service, vlan in product(router.province.services.values(), vlans.values()):
        client = Host(router.site, vlan).address(plan, version)
        for server, way in product(service.servers, service.transports):
            place = {"lci-hub": 1, "lci-dr": 2}[server.site], vlans[server.vlan]
            if place[0] == router.site:
                continue
            target = number(subnet(plan, *place), server.host)
            sent = router.lists[f"vlan{vlan.id}-in-v{version}"]
            is_manager = vlan.zone == "mgmt" and router.site == 1
            for port in (way.port, way.last_port or way.port):
                assert permits(sent, Packet(client, target, way.protocol, port)) == (
                    vlan.zone in service.clients or is_manager
                )
            assert permits(sent, Packet(client, target, way.protocol, 9)) == is_manager


def test_a_server_is_open_to_the_zones_of_all_sites(network):
    hub = Router(network, HUB)
    plan, vlans = hub.province.addressing, {vlan.name: vlan for vlan in hub.province.vlans}
    portal = Packet(Host(130, vlans["office"]).address(plan, 4), ip_address("10.96.5.84"), "tcp", 443)
    received = hub.lists["vlan30-out-v4"]
    assert permits(received, portal)
    assert not permits(received, Packet(portal.source, portal.destination, "tcp", 22))
    assert not permits(
        received, Packet(Host(130, vlans["conference"]).address(plan, 4), portal.destination, "tcp", 443)
    )


@pytest.mark.parametrize("version", [4, 6])
def test_nothing_enters_or_leaves_the_level_ii_network(router, version):
    plan = router.province.addressing
    for vlan in router.province.vlans:
        inside = Host(router.site, vlan).address(plan, version)
        assert not permits(router.lists[f"vlan{vlan.id}-in-v{version}"], Packet(inside, OUTSIDE[version]))
        for provider in ("vnpt", "viettel"):
            assert not permits(router.lists[f"{provider}-in-v{version}"], Packet(OUTSIDE[version], inside))


@pytest.mark.parametrize("version", [4, 6])
def test_forged_sources_are_dropped(router, version):
    plan, vlans = router.province.addressing, router.province.vlans
    for real, forged in product(vlans, vlans):
        source = Host(router.site, forged).address(plan, version)
        target = Host(129, real).address(plan, version)
        if real != forged:
            assert not permits(router.lists[f"vlan{real.id}-in-v{version}"], Packet(source, target))
        inside = Host(router.site, real).address(plan, version)
        for provider in ("vnpt", "viettel"):
            assert not permits(router.lists[f"{provider}-in-v{version}"], Packet(source, inside))


@pytest.mark.parametrize("version", [4, 6])
def test_routers_and_carriers_are_no_users(router, version):
    plan, firewall, vlans = router.province.addressing, router.province.firewall, router.province.vlans
    base = firewall.infrastructure_v4 if version == 4 else firewall.infrastructure_v6
    for vlan, like in product(vlans, vlans):  # an address of a router whose bits are those of a host
        bits = int(Host(0, like).address(plan, version)) - int((plan.site_v4 if version == 4 else plan.site_v6)[0])
        infrastructure, inside = base[bits], Host(router.site, vlan).address(plan, version)
        received, sent = Packet(infrastructure, inside), Packet(inside, infrastructure)
        assert not permits(router.lists[f"vlan{vlan.id}-out-v{version}"], received)
        manages = vlan.zone == "mgmt" and router.site == 1
        assert permits(router.lists[f"vlan{vlan.id}-in-v{version}"], sent) == manages


@pytest.mark.parametrize("version", [4, 6])
def test_only_management_opens_ssh_to_the_router(router, version):
    plan, vlans = router.province.addressing, router.province.vlans
    for number, vlan in product({*NUMBERS} - {router.site}, vlans):
        source = Host(number, vlan).address(plan, version)
        ssh = Packet(source, router.loopback[version], "tcp", 22)
        may = vlan.zone == "mgmt" and number in (1, 2)
        assert permits(router.lists[f"vnpt-in-v{version}"], ssh) == may, (number, vlan.name)
        bgp = Packet(source, router.loopback[version], "tcp", 179)
        assert not permits(router.lists[f"vnpt-in-v{version}"], bgp)
    for vlan in vlans:
        own = Packet(Host(router.site, vlan).address(plan, version), router.loopback[version], "tcp", 22)
        assert permits(router.lists[f"vlan{vlan.id}-in-v{version}"], own) == (vlan.zone == "mgmt" and router.site == 1)


@pytest.mark.parametrize("version", [4, 6])
def test_managers_open_ssh_and_nothing_else_to_hosts_of_managed_zones(router, version):
    plan, vlans = router.province.addressing, router.province.vlans
    for to, number, zone, port in product(vlans, NUMBERS, ("mgmt", "tslcd"), (22, 443)):
        if to.zone == "mgmt" or number == router.site:
            continue
        source = Host(number, next(vlan for vlan in vlans if vlan.zone == zone)).address(plan, version)
        target = Host(router.site, to).address(plan, version)
        may = (to.zone in ("conference", "services"), number in (1, 2), zone, port) == (True, True, "mgmt", 22)
        received = router.lists[f"vlan{to.id}-out-v{version}"]
        assert permits(received, Packet(source, target, "tcp", port)) == may, (to.name, number, zone, port)
        assert not permits(received, Packet(source, target, "udp", port))


@pytest.mark.parametrize("version", [4, 6])
def test_a_managed_zone_opens_nothing_to_managers(router, version):
    plan, vlans = router.province.addressing, router.province.vlans
    manager = Host(2, next(vlan for vlan in vlans if vlan.zone == "mgmt")).address(plan, version)
    for vlan in vlans:
        if vlan.zone in ("conference", "services"):
            sent = router.lists[f"vlan{vlan.id}-in-v{version}"]
            assert sent[0] == f"evaluate to-vlan{vlan.id}-v{version}"  # answers on what a manager has opened
            own = Host(router.site, vlan).address(plan, version)
            assert not any(permits(sent, Packet(own, manager, "tcp", port)) for port in (22, 443, 50000))


@pytest.mark.parametrize("version", [4, 6])
def test_answers_are_let_through_on_the_way_back_only(router, version):
    for vlan in router.province.vlans:
        sent, received = (router.lists[f"vlan{vlan.id}-{way}-v{version}"] for way in ("in", "out"))
        for there, back in ((sent, received), (received, sent)):
            reflected = {line.split(" reflect ")[1] for line in there if " reflect " in line}
            assert reflected <= {line.removeprefix("evaluate ") for line in back if line.startswith("evaluate ")}
            assert not any(f"evaluate {name}" in there for name in reflected)
