"""Sessions across the carriers' cores: who has one with whom, and what may pass over it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest

from tslcd import intent, load, model, render
from tslcd.intent import RouterIntent, UplinkIntent
from tslcd.verify import multihop

ROOT = Path(__file__).resolve().parents[2]
HUBS = ("lci-hub-r1", "lci-hub-r2")
HUB, TWO, ONE = "lci-hub-r1", "lci-02686-a-mu-sung-r1", "lci-02734-quang-kim-r1"


@pytest.fixture(scope="module")
def network() -> model.Network:
    return load.network(ROOT)


@pytest.fixture(scope="module")
def intents(network: model.Network) -> dict[str, RouterIntent]:
    return intent.derive(network)


def without(network: model.Network, provider: str) -> model.Network:
    providers = dict(network.province.providers)
    providers[provider] = providers[provider].model_copy(update={"bfd_multihop": None})
    return network.model_copy(update={"province": network.province.model_copy(update={"providers": providers})})


def uplink(router: RouterIntent, provider: str) -> UplinkIntent:
    return next(uplink for uplink in router.uplinks if uplink.provider == provider)


def sessions(router: RouterIntent) -> Iterator[tuple[str, int, IPv4Address, str, int, IPv4Address]]:
    """Each session as its router sees it: carrier, own and far AS numbers and ends."""
    for line in router.uplinks:
        for far in line.multihop.far if line.multihop else ():
            yield line.provider, router.asn, line.multihop.end_v4, far.hostname, far.asn, far.end_v4


def frr(router: RouterIntent) -> list[str]:
    return render.document(router, ROOT).partition("#@ frr\n")[2].partition("#@ tc\n")[0].splitlines()


def test_a_session_has_two_ends_that_say_the_same(intents: dict[str, RouterIntent]) -> None:
    at_hub = {
        (provider, far, far_asn, far_end, asn, end)
        for name in HUBS
        for provider, asn, end, far, far_asn, far_end in sessions(intents[name])
    }
    at_sites = {
        (provider, name, asn, end, far_asn, far_end)
        for name, router in intents.items()
        if name not in HUBS
        for provider, asn, end, _, far_asn, far_end in sessions(router)
    }
    assert at_hub == at_sites
    others = [router for name, router in intents.items() if len(router.uplinks) == 2 and name not in HUBS]
    watched = [line for router in others for line in router.uplinks if line.provider in ("vnpt", "viettel")]
    assert len(at_hub) == 2 * len(watched) >= 400
    assert len(watched) < 2 * len(others), "some line is a product without it"


def test_a_site_without_another_way_has_no_session_that_could_fail(intents: dict[str, RouterIntent]) -> None:
    assert len(intents[ONE].uplinks) == 1
    assert not list(sessions(intents[ONE]))
    assert not [line for line in frr(intents[ONE]) if "multihop" in line or "local-preference 50" in line]


def test_a_site_accepts_of_the_hub_what_the_hub_announces_and_the_other_way_round(
    intents: dict[str, RouterIntent],
) -> None:
    for here, there in ((TWO, HUB), (HUB, TWO)):
        far = next(far for far in uplink(intents[here], "vnpt").multihop.far if far.hostname == there)
        assert set(far.announced_v4) == set(intents[there].announced_v4)
        assert set(far.announced_v6) == set(intents[there].announced_v6)
        names = [f"{there}-{family}" for family in ("v4", "v6")]
        listed = [line for line in frr(intents[here]) if any(f"prefix-list {name} seq" in line for name in names)]
        prefixes = {str(prefix) for prefix in (*far.announced_v4, *far.announced_v6)}
        assert {line.partition(" permit ")[2] for line in listed} == prefixes
        for end, name in ((far.end_v4, names[0]), (far.end_v6, names[1])):
            assert f"  neighbor {end} prefix-list {name} in" in frr(intents[here])


def test_an_end_is_announced_to_its_own_carrier_alone(intents: dict[str, RouterIntent]) -> None:
    lines = frr(intents[TWO])
    for provider in ("vnpt", "viettel"):
        (listed,) = [line for line in lines if line.startswith(f"ip prefix-list {provider}-end-v4 ")]
        assert listed.endswith(f" permit {uplink(intents[TWO], provider).multihop.end_v4}/32")
        matches = [n for n, line in enumerate(lines) if line == f" match ip address prefix-list {provider}-end-v4"]
        assert [lines[n - 1] for n in matches] == [f"route-map {provider}-out-v4 permit 20"]


def test_what_nobody_watches_keeps_its_preference(network: model.Network) -> None:
    """Where the secondary's core is not watched, its routes must beat those of a primary whose core has failed."""
    intents = intent.derive(without(network, "viettel"))
    for name in (HUB, TWO):
        assert {provider for provider, *_ in sessions(intents[name])} == {"vnpt"}
        lines = frr(intents[name])
        assert "route-map viettel-in-v4 permit 5" not in lines
        for provider, preference in (("vnpt", 50 if name == HUB else 200), ("viettel", 100)):
            entry = lines.index(f"route-map {provider}-in-v4 permit 10")
            assert lines[entry + 2] == f" set local-preference {preference}"
    lines = frr(intents[TWO])
    entry = lines.index("route-map vnpt-in-v4 permit 5")
    assert lines[entry + 1 : entry + 3] == [
        " match ip address prefix-list vnpt-except-v4",
        " set local-preference 50",
    ]
    assert {line.partition(" permit ")[2] for line in lines if line.startswith("ip prefix-list vnpt-except-v4 ")} == {
        str(prefix) for name in HUBS for prefix in intents[name].announced_v4
    }
    routing = network.province.routing
    assert routing.unwatched_local_preference < routing.secondary_local_preference


def test_the_firewall_lets_sessions_in_from_the_far_ends_alone(intents: dict[str, RouterIntent]) -> None:
    document = render.document(intents[TWO], ROOT)
    for port in ("udp dport 4784", "tcp dport 179"):
        for address in (
            "ip saddr { 10.111.64.1, 10.111.71.254 }",
            "ip6 saddr { 2001:db8:15ff:1a::1, 2001:db8:15ff:1a:ffff:ffff:ffff:fffe }",
        ):
            assert f'iifname "wan1" {address} {port} accept' in document
            assert f'iifname "wan2" {address} {port} accept' not in document
    assert document.count("4784 accept") == 4


class Device:
    """Answers as the driver does, with these sessions down."""

    def __init__(self, router: RouterIntent, down: str = "", unwatched: str = "") -> None:
        ends = [str(e) for u in router.uplinks if u.multihop for f in u.multihop.far for e in (f.end_v4, f.end_v6)]
        self._up = {end: {"is_up": end != down} for end in ends}
        self._bfd = [{"peer": end, "status": "down" if end == unwatched else "up"} for end in ends]

    def get_bgp_neighbors(self) -> dict[str, Any]:
        return {"global": {"peers": self._up}}

    def cli(self, commands: list[str]) -> dict[str, str]:
        return {command: json.dumps(self._bfd) for command in commands}


def test_a_site_answers_for_its_sessions_and_the_hub_does_not(intents: dict[str, RouterIntent]) -> None:
    end = str(uplink(intents[TWO], "vnpt").multihop.far[0].end_v4)
    assert multihop.problems(intents[TWO], Device(intents[TWO])) == []
    (down,) = multihop.problems(intents[TWO], Device(intents[TWO], down=end))
    (unwatched,) = multihop.problems(intents[TWO], Device(intents[TWO], unwatched=end))
    assert (f"at {end} is not established" in down, f"at {end} is down" in unwatched) == (True, True)
    assert multihop.problems(replace(intents[TWO], tier="hub"), Device(intents[TWO], down=end)) == []


def test_a_product_without_sessions_in_a_watched_network_keeps_its_preference_at_the_hub(
    intents: dict[str, RouterIntent],
) -> None:
    """The hub must prefer such a line to a primary whose core has failed, although its network is watched elsewhere."""
    basic = "lci-02701-y-ty-r1"
    assert uplink(intents[basic], "viettel_basic").multihop is None
    assert basic not in {far.hostname for far in uplink(intents[HUB], "viettel").multihop.far}
    assert basic in {far.hostname for far in uplink(intents[HUB], "vnpt").multihop.far}
    lines = frr(intents[HUB])
    listed = {line.partition(" permit ")[2] for line in lines if line.startswith("ip prefix-list viettel-except-v4 ")}
    assert set(map(str, intents[basic].announced_v4)) <= listed
    assert not listed & set(map(str, intents[TWO].announced_v4))
    entry = lines.index("route-map viettel-in-v4 permit 5")
    assert lines[entry + 2] == " set local-preference 100"
