"""What is said of a drained line, live: where it is still used, who does not know yet, and what still passes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from napalm_frr.agent import drained as agent
from tslcd import intent, load
from tslcd.verify import ALONE, maintenance, router
from tslcd.witness import GRACEFUL_SHUTDOWN, HubRoutes

COMMUNE = "lci-02686-a-mu-sung-r1"
VNPT, VIETTEL = "10.111.17.4", "10.111.25.4"
ELSEWHERE = "10.98.4.0/22"


@pytest.fixture(scope="module")
def declared(small_network, tmp_path_factory) -> intent.RouterIntent:
    return intent.derive(load.network(small_network(tmp_path_factory.mktemp("small"))))[COMMUNE]


@pytest.fixture
def drained(declared) -> intent.RouterIntent:
    """With its primary line in maintenance."""
    first, second = declared.uplinks
    return replace(declared, uplinks=(replace(first, drained=True, local_preference=10), second))


class Router:
    """Answers reads with JSON; what is asked again gets the next answer."""

    def __init__(self, sessions=True, **answers):
        self._answers = {name.replace("_", "-"): list(values) for name, values in answers.items()}
        self._sessions = sessions

    def cli(self, commands):
        (command,) = commands
        return {command: json.dumps(self._answers[command.removeprefix("show ")].pop(0))}

    def get_bgp_neighbors(self):
        return {"global": {"peers": {"10.111.25.4": {"is_up": True}, "2001:db8:15ff:b::104": {"is_up": True}}}}


def paths(vnpt: int | None, viettel: int | None, best: str):
    found = [
        {"peerId": peer, "locPrf": preference, "valid": True, "bestpath": peer == best}
        for peer, preference in ((VNPT, vnpt), (VIETTEL, viettel))
        if preference is not None
    ]
    return [{"ipv4": {"routes": {ELSEWHERE: found}}, "ipv6": {}}]


@pytest.fixture(autouse=True)
def _nothing_is_reached(monkeypatch):
    monkeypatch.setattr(router, "answers", lambda address, port: True)
    monkeypatch.setattr(maintenance, "WINDOW_S", 0.0)


def test_the_sessions_of_a_drained_line_may_be_down_and_no_others(declared, drained):
    device = Router(bgp_routes=paths(10, 100, best=VIETTEL))
    assert router.problems(drained, device) == []
    assert len(router.problems(declared, device)) == 2


@pytest.mark.parametrize("way", ["the PE", "a session across the core"])
def test_a_drained_line_that_is_still_the_way_although_there_is_a_better_one(drained, way):
    peer = VNPT if way == "the PE" else str(drained.uplinks[0].multihop.far[0].end_v4)
    device = Router(bgp_routes=json.loads(json.dumps(paths(200, 100, best=VNPT)).replace(VNPT, peer)))
    said = "the line of vnpt is drained, but still the way to 1 prefixes, for example 10.98.4.0/22"
    assert router.problems(drained, device) == [said]


@pytest.mark.parametrize("other", [None, 0], ids=["no other way", "the other way is drained at the far end"])
def test_a_drained_line_carries_what_has_no_better_way(drained, other):
    assert router.problems(drained, Router(bgp_routes=paths(10, other, best=VNPT))) == []


class Hub:
    """The hub's view of every prefix: paths by peer → AS path and communities, and one by Viettel without any."""

    def __init__(self, **paths):
        self._paths = {**paths, "10.111.24.2": ("7552 4200100130", [])}

    def open(self):
        pass

    def close(self):
        pass

    def get_route_to(self, prefix):
        attributes = [
            {"peer_id": peer, "as_path": path, "communities": communities}
            for peer, (path, communities) in self._paths.items()
        ]
        return {prefix: [{"protocol": "bgp", "protocol_attributes": of_path} for of_path in attributes]}


@pytest.mark.parametrize("way", ["the PE", "a session across the core"])
def test_the_hub_must_see_the_mark_of_a_drained_line_on_every_prefix(declared, drained, way):
    end = str(declared.uplinks[0].multihop.end_v4)
    peer, path = {"the PE": ("10.111.16.2", "45899 4200100130"), "a session across the core": (end, "4200100130")}[way]
    unmarked, marked = Hub(**{peer: (path, [])}), Hub(**{peer: (path, [GRACEFUL_SHUTDOWN])})
    said = HubRoutes(unmarked, "lci-hub-r1").problems(drained)
    assert said[0] == "lci-hub-r1 does not see that 10.98.8.0/22 is on a drained line of vnpt"
    assert len(said) == 4
    assert HubRoutes(marked, "lci-hub-r1").problems(drained) == []
    assert HubRoutes(unmarked, "lci-hub-r1").problems(declared) == []


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"in": 7, "out": 9}, []),
        ({"in": 8, "out": 9}, ["the line of vnpt is not empty: 1 packets came in within 0 s"]),
        ({"in": 7, "out": 12}, ["the line of vnpt is not empty: 3 packets went out within 0 s"]),
    ],
)
def test_a_drained_line_is_empty_when_no_packet_of_users_passes_either_way(drained, after, said):
    device = Router(drained=[{"wan1": {"in": 7, "out": 9}}, {"wan1": after}])
    assert maintenance.problems(drained, device) == said


def test_a_line_that_is_declared_and_not_drained_yet_is_no_empty_one(declared, drained):
    assert maintenance.problems(drained, Router(drained=[{}, {}])) == ["wan1 (vnpt) is not drained"]
    assert maintenance.problems(declared, Router()) == []


def test_a_commit_does_not_wait_for_an_empty_line():
    assert "router" in ALONE
    assert "maintenance" not in ALONE


def test_counters_are_read_by_interface_and_direction():
    def rule(key, packets):
        match = {"op": "==", "left": {"meta": {"key": key}}, "right": "wan1"}
        return {"rule": {"chain": "drained", "expr": [{"match": match}, {"counter": {"packets": packets, "bytes": 0}}]}}

    listed = {"nftables": [{"metainfo": {}}, {"chain": {"name": "drained"}}, rule("iifname", 3), rule("oifname", 5)]}
    assert agent.parse(listed) == {"wan1": {"in": 3, "out": 5}}
