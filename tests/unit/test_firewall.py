"""What the catalogue and the flows permit, as intent and in the words of nftables."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest

from tslcd import intended, intent, load, model, render
from tslcd.firewall import FirewallIntent, PortRange
from tslcd.intended import IntendedError
from tslcd.intent import RouterIntent

ROOT = Path(__file__).resolve().parents[2]
ROUTER = "lci-02686-a-mu-sung-r1"


@pytest.fixture(scope="module")
def network() -> model.Network:
    return load.network(ROOT)


def derived(network: model.Network) -> RouterIntent:
    return intent.derive(network)[ROUTER]


def walls(router: RouterIntent) -> FirewallIntent:
    assert router.firewall
    return router.firewall


def with_service(network: model.Network, name: str, **changes: object) -> model.Network:
    services = dict(network.province.services)
    services[name] = services[name].model_copy(update=changes)
    return network.model_copy(update={"province": network.province.model_copy(update={"services": services})})


def with_managed(network: model.Network, *zones: str) -> model.Network:
    firewall = network.province.firewall.model_copy(update={"managed_zones": zones})
    return network.model_copy(update={"province": network.province.model_copy(update={"firewall": firewall})})


def chain(router: RouterIntent, name: str) -> list[str]:
    lines = rules(router)
    start = lines.index(f"chain {name} {{") + 1
    return lines[start : lines.index("}", start)]


def rules(router: RouterIntent) -> list[str]:
    return [line.strip() for line in render.document(router, ROOT).partition("#@ nft\n")[2].splitlines()]


def test_a_service_is_open_to_its_clients_at_its_servers_on_its_ports(network: model.Network) -> None:
    (mail,) = [flow for flow in walls(derived(network)).services if flow.service == "mail"]
    assert mail.source == "tslcd"
    assert list(map(str, mail.servers_v4)) == ["10.96.5.87", "10.96.9.87"]
    assert list(map(str, mail.servers_v6)) == ["2001:db8:1500:130::23", "2001:db8:1500:230::23"]
    assert mail.tcp == (PortRange(443, 443), PortRange(587, 587), PortRange(993, 993))
    assert not mail.udp


def test_no_zone_but_the_declared_ones_may_open_a_service(network: model.Network) -> None:
    router = derived(network)
    declared = {(name, zone) for name, s in network.province.services.items() for zone in s.clients}
    assert {(flow.service, flow.source) for flow in walls(router).services} == declared
    for name, service in network.province.services.items():
        assert len([line for line in rules(router) if f'comment "{name}"' in line]) == 2 * len(service.clients) * len(
            {t.protocol for t in service.transports}
        )


def test_a_wrong_client_in_the_catalogue_opens_no_way_out_of_the_conference_zone(network: model.Network) -> None:
    wrong = derived(with_service(network, "portal", clients=("tslcd", "conference")))
    (wall,) = walls(wrong).closed
    assert "portal" in {flow.service for flow in walls(wrong).services if flow.source == "conference"}
    assert ip_address("10.96.5.84") not in wall.servers_v4
    assert wall == walls(derived(network)).closed[0]


def test_the_conference_wall_stands_before_answers_and_permits(network: model.Network) -> None:
    lines = rules(derived(network))
    forward = lines[lines.index("chain forward {") :]
    wall = next(n for n, line in enumerate(forward) if line.endswith("jump wall_conference"))
    assert wall < forward.index("ct state established,related accept")
    assert wall < next(n for n, line in enumerate(forward) if line.endswith("jump from_conference"))


MANAGERS = ("{ 10.96.5.192/26, 10.96.9.192/26 }", "{ 2001:db8:1500:199::/64, 2001:db8:1500:299::/64 }")


def test_managers_open_ssh_and_nothing_else_to_hosts_of_managed_zones(network: model.Network) -> None:
    forward = chain(derived(network), "forward")
    v4, v6 = MANAGERS
    assert [line for line in forward if " 22 " in line] == [
        f'ip saddr {v4} ip daddr & 0.0.3.192 == 0.0.1.0 tcp dport 22 accept comment "management reaches conference"',
        f"ip6 saddr {v6} ip6 daddr & 0:0:0:ff:: == 0:0:0:20:: tcp dport 22 accept",
        f'ip saddr {v4} ip daddr & 0.0.3.192 == 0.0.1.64 tcp dport 22 accept comment "management reaches services"',
        f"ip6 saddr {v6} ip6 daddr & 0:0:0:ff:: == 0:0:0:30:: tcp dport 22 accept",
    ]
    assert not [line for line in forward if v4 in line and " 22 " not in line]
    assert forward.index("ct state invalid goto refused") < next(n for n, line in enumerate(forward) if v4 in line)


def test_the_conference_wall_lets_out_answers_on_managers_ssh_and_nothing_else_to_them(network: model.Network) -> None:
    with_it = chain(derived(network), "wall_conference")
    only_answers = [
        f"{ip} daddr {managers} tcp sport 22 ct state established ct direction reply return"
        for ip, managers in zip(("ip", "ip6"), MANAGERS, strict=True)
    ]
    without = chain(derived(with_managed(network, "services")), "wall_conference")
    assert with_it == [*without[:-2], *only_answers, *without[-2:]]
    assert not [line for line in without if "ct " in line]


def test_no_host_is_managed_where_no_zone_is_declared(network: model.Network) -> None:
    router = derived(with_managed(network))
    assert not walls(router).managed
    assert not [line for line in chain(router, "forward") if " 22 " in line]
    assert not [line for line in rules(router) if "sport 22" in line]


def test_managed_zones_may_open_nothing_towards_management(network: model.Network) -> None:
    managers = {*walls(derived(network)).managers_v4}
    for zone in ("conference", "services"):
        assert not [f for f in walls(derived(network)).flows if (f.source, f.destination) == (zone, "mgmt")]
        servers = {a for f in walls(derived(network)).services if f.source == zone for a in f.servers_v4}
        assert not [address for address in servers if any(address in subnet for subnet in managers)]


def test_a_document_with_a_guessed_permit_is_refused_outside_the_twin(
    network: model.Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    router = replace(derived(network), assumed=("services.backup",))
    assert {"services.reporting", "services.shared-data", "services.backup"} <= set(derived(network).assumed)
    monkeypatch.setenv("TSLCD_CREDENTIALS", str(tmp_path))
    with pytest.raises(IntendedError, match=r"services\.backup"):
        intended.refuse_assumed(router)
    known = network
    for name in ("reporting", "shared-data", "backup"):
        known = with_service(known, name, assumed=False)
    assert not [name for name in derived(known).assumed if name.startswith("services.")]


def test_day_0_permits_nothing_and_so_assumes_no_service(network: model.Network) -> None:
    assert not [name for name in intent.derive(network, "day0")[ROUTER].assumed if name.startswith("services.")]


def test_segments_are_clamped_on_the_line_that_carries_less_and_only_there(network: model.Network) -> None:
    router = derived(network)
    assert [(u.provider, u.mtu_bytes) for u in router.uplinks] == [("vnpt", 1500), ("viettel", 1492)]
    clamps = [line for line in rules(router) if "maxseg" in line]
    assert len(clamps) == 4
    assert all('"wan2"' in line for line in clamps)
    assert {line.rsplit(" ", 1)[1] for line in clamps if "ipv4" in line} == {"1452"}
    assert {line.rsplit(" ", 1)[1] for line in clamps if "ipv6" in line} == {"1432"}
    assert "mtu wan2 1492\n" in render.document(router, ROOT)
    assert "mtu wan1" not in render.document(router, ROOT)


def test_every_drop_is_logged_with_a_limit_and_counted(network: model.Network) -> None:
    lines = rules(derived(network))
    drops = [n for n, line in enumerate(lines) if line.endswith("drop") and "pkttype" not in line]
    assert len(drops) == 3
    assert all(lines[n] == "counter drop" and lines[n - 1].startswith("limit rate 10/minute log") for n in drops)


def test_a_server_without_a_vlan_is_no_permit(network: model.Network) -> None:
    vlans = tuple(vlan for vlan in network.province.vlans if vlan.name != "services")
    without = network.model_copy(update={"province": network.province.model_copy(update={"vlans": vlans})})
    assert not walls(derived(without)).services


def test_what_comes_in_by_an_undeclared_interface_is_spoofed(network: model.Network) -> None:
    lines = rules(derived(network))
    assert lines[lines.index("chain antispoof {") + 1] == (
        'iifname != { "wan1", "wan2", "vlan10", "vlan20", "vlan30", "vlan99" } goto spoofed'
    )
    assert "sysctl net.ipv4.conf.all.arp_ignore = 1" in render.document(derived(network), ROOT).splitlines()
