"""The twin's shape, derived from the repository's own inventory."""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_address, ip_interface
from pathlib import Path

import pytest

from tslcd import intent, load
from twin import lan, provider, shape, topology
from twin.host import addresses, ranges
from twin.paths import Paths
from twin.process import Process
from twin.state import Cut, RunningNode, State, read, save

ROOT = Path(__file__).resolve().parents[2]
SINGLE, DOUBLE = "lci-02734-quang-kim-r1", "lci-02701-y-ty-r1"


@pytest.fixture(scope="module")
def intents() -> dict[str, intent.RouterIntent]:
    return intent.derive(load.network(ROOT), "full")


@pytest.fixture(scope="module")
def small(intents: dict[str, intent.RouterIntent]) -> shape.Topology:
    return topology.build(intents[name] for name in ("lci-hub-r1", SINGLE, DOUBLE))


def host(twin: shape.Topology, name: str) -> shape.Host:
    return next(host for host in twin.hosts if host.name == name)


def test_nodes_are_named_once_and_every_end_belongs_to_one(small: shape.Topology) -> None:
    names = Counter(node.name for node in small.nodes)
    assert set(names.values()) == {1}
    assert {end.node for link in small.links for end in (link.a, link.b)} == set(names)


def test_no_end_is_wired_twice(small: shape.Topology) -> None:
    ends = [(end.node, end.interface) for link in small.links for end in (link.a, link.b)]
    assert len(ends) == len(set(ends))


def test_the_whole_province_fits(intents: dict[str, intent.RouterIntent]) -> None:
    province = topology.build(intents.values())
    assert len(province.routers) == len(intents) == 186
    assert max(len(end.interface) for link in province.links for end in (link.a, link.b)) <= 15
    numbers = [address for node in province.nodes for address in node.addresses]
    assert len(numbers) == len(set(numbers))


def test_sites_meet_only_in_the_clouds_and_clouds_only_outside(small: shape.Topology) -> None:
    kinds = {node.name: node.kind for node in small.nodes}
    between = Counter(tuple(sorted((kinds[link.a.node], kinds[link.b.node]))) for link in small.links)
    uplinks = sum(len(pe.sessions) for pe in small.providers)
    assert between == {
        ("provider", "router"): uplinks,
        ("host", "router"): len(small.hosts) - 1,
        ("internet", "provider"): len(small.providers),
    }


def test_uplinks_follow_the_inventory(small: shape.Topology) -> None:
    lines = {(link.a.node, link.a.interface, link.b.node, link.b.interface) for link in small.links}
    assert {line for line in lines if line[2] == SINGLE and line[3].startswith("wan")} == {
        ("pe-vnpt", "ce145", SINGLE, "wan1")
    }
    assert ("pe-viettel", "ce134", DOUBLE, "wan2") in lines


def test_a_cut_never_works_on_a_router(small: shape.Topology) -> None:
    routers = {router.name for router in small.routers}
    assert not [link for link in small.links if link.a.node in routers]


def test_provider_speaks_to_the_other_end_of_each_line(small: shape.Topology) -> None:
    for pe in small.providers:
        for session in pe.sessions:
            for ours, theirs in ((session.local_v4, session.peer_v4), (session.local_v6, session.peer_v6)):
                assert ip_address(theirs) in ip_interface(ours).network
                assert int(ip_address(theirs)) == int(ip_interface(ours).ip) + 1


def test_hosts_stand_in_their_vlan_behind_its_gateway(small: shape.Topology) -> None:
    office = host(small, "lci-02701-y-ty-office")
    assert office.addresses == ("10.98.24.10", "2001:db8:1500:8610::10")
    assert (office.gateway_v4, office.gateway_v6) == ("10.98.24.1", "2001:db8:1500:8610::1")
    assert "route replace default via 10.98.24.1 dev eth0" in addresses(office)


def test_controller_is_on_the_hubs_management_vlan_and_serves_nothing(small: shape.Topology) -> None:
    controller = host(small, lan.CONTROLLER)
    assert controller.addresses[0] == "10.96.5.202"
    assert not controller.listeners


def test_hosts_of_managed_zones_answer_on_ssh_at_their_own_addresses_alone(small: shape.Topology) -> None:
    answering = {h.name: {o.address for o in h.listeners if o.first == 22} for h in small.hosts}
    managed = [h for h in small.hosts if h.name.endswith(("-conference", "-services"))]
    assert {name for name, found in answering.items() if found} == {h.name for h in managed}
    assert all(answering[h.name] == set(h.addresses) for h in managed)
    served = {h.name for h in small.hosts if any(o.first != 22 for o in h.listeners)}
    assert served == {"lci-hub-services", topology.INTERNET}


def test_only_hosts_that_answer_on_ranges_of_ports_track_connections(small: shape.Topology) -> None:
    assert {h.name for h in small.hosts if ranges(h)} == {"lci-hub-services"}


def test_servers_are_answered_at_their_declared_addresses_and_ports_and_nowhere_else(small: shape.Topology) -> None:
    services = host(small, "lci-hub-services")
    assert shape.Address("eth0", "10.96.5.85/26", "2001:db8:1500:130::21/64") in services.interfaces
    of_mail = {(o.protocol, o.first, o.last) for o in services.listeners if o.address == "10.96.5.87"}
    assert of_mail == {("tcp", 443, 443), ("tcp", 587, 587), ("tcp", 993, 993)}
    assert shape.Listener("udp", "2001:db8:1500:130::10", 16384, 32767) in services.listeners


def test_provider_leaks_the_internet_on_purpose(small: shape.Topology) -> None:
    pe = small.providers[0]
    text = provider.configuration(pe)
    for session in pe.sessions:
        for peer, _ in session.pairs:
            assert f"neighbor {peer} default-originate" in text
            assert f"neighbor {peer} as-override" in text
    assert f"network {topology.OUTSIDE_PREFIX_V4}" in text
    assert f"network {topology.OUTSIDE_PREFIX_V6}" in text


def test_without_a_hub_there_is_no_controller(intents: dict[str, intent.RouterIntent]) -> None:
    with pytest.raises(ValueError, match="no controller"):
        topology.build([intents[SINGLE]])


def test_a_router_is_named_once(intents: dict[str, intent.RouterIntent]) -> None:
    with pytest.raises(ValueError, match="several nodes would be called"):
        topology.build([intents["lci-hub-r1"], intents[SINGLE], intents[SINGLE]])


def test_the_journal_survives_a_round_trip(small: shape.Topology, tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    paths.twin.mkdir(parents=True)
    nodes = tuple(RunningNode(n.name, n.kind, "-", n.addresses, Process(1, 2)) for n in small.nodes)
    cuts = (Cut(small.links[0], silent=True),)
    state = State("request", "digest", "ready", nodes, small.links, cuts, ("pe-vnpt",))
    save(paths, state)
    assert read(paths) == state
    paths.state.write_text('{"version": 1, "nod')
    assert read(paths) is None
