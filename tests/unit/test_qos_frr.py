"""What an uplink's queues and the trust boundary are, from the declared province to the words of platform frr."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from napalm_frr.agent import tc_text
from napalm_frr.document import split
from tslcd import intent, load, render
from tslcd.platforms.frr import queues

ROOT = Path(__file__).resolve().parents[2]
COMMUNE, HUB = "lci-02686-a-mu-sung-r1", "lci-hub-r1"
RATE_KBPS, HUB_KBPS = 30_000, 1_000_000


@pytest.fixture(scope="module")
def network():
    return load.network(ROOT)


@pytest.fixture(scope="module")
def intents(network):
    return intent.derive(network)


@pytest.fixture(scope="module")
def trees(intents):
    return {name: {tree.interface: tree for tree in queues.trees(intents[name])} for name in (COMMUNE, HUB)}


@pytest.fixture(scope="module")
def rules(intents):
    return split(render.document(intents[COMMUNE]))["nft"]


def leaves(tree):
    return [this for this in tree.classes if this.queue]


def test_what_is_printed_is_in_the_grammar_of_the_router(intents):
    for name in (COMMUNE, HUB):
        assert tc_text.parse(split(render.document(intents[name]))["tc"]).keys() == {"wan1", "wan2"}


def test_a_router_on_day_0_shapes_nothing(network):
    day0 = split(render.document(intent.derive(network, "day0")[COMMUNE]))
    assert day0["tc"] == ""
    assert "qos" not in day0["nft"]


def test_guarantees_are_the_declared_shares_and_never_more_than_the_contract_rate(trees, intents):
    tree = trees[COMMUNE]["wan1"]
    assert (tree.classes[0].rate_kbps, tree.classes[0].ceil_kbps) == (RATE_KBPS, RATE_KBPS)
    for this, declared in zip(leaves(tree), intents[COMMUNE].uplinks[0].classes, strict=True):
        assert declared.rate_kbps - 8 < this.rate_kbps <= declared.rate_kbps
    assert sum(this.rate_kbps for this in leaves(tree)) <= RATE_KBPS


def test_priority_keeps_to_its_share_and_everything_else_may_use_the_whole_line(trees, intents):
    for this, declared in zip(leaves(trees[COMMUNE]["wan1"]), intents[COMMUNE].uplinks[0].classes, strict=True):
        expected = this.rate_kbps if declared.treatment == "priority" else RATE_KBPS
        assert this.ceil_kbps == expected, declared.name


def test_sound_goes_before_pictures_and_both_before_the_rest(trees, intents):
    prio = {
        declared.name: this.prio
        for this, declared in zip(leaves(trees[COMMUNE]["wan1"]), intents[COMMUNE].uplinks[0].classes, strict=True)
    }
    assert prio["conference-audio"] < prio["conference-video"] < prio["network-control"] < prio["default"]
    assert prio["default"] < prio["scavenger"]


def test_the_hub_never_sends_a_site_more_than_its_line_carries(trees, network):
    found = {this.name: this for this in trees[HUB]["wan1"].classes}
    lines = {
        r.site.number: u.rate_mbps * 1000
        for r in network.routers
        if r.tier not in ("hub", "dr")
        for u in r.site.uplinks
        if u.provider == "vnpt"
    }
    assert len(lines) == 183
    for number, rate in lines.items():
        whole = found[f"1:{16 * number + 1:x}"]
        assert (whole.parent, whole.ceil_kbps) == ("1:1", rate)
        below = [this for this in found.values() if this.parent == whole.name]
        assert len(below) == 9
        assert max(this.ceil_kbps for this in below) == rate
        assert sum(this.rate_kbps for this in below) <= whole.rate_kbps


def test_the_hubs_guarantees_fit_into_its_uplink(trees):
    """A class within its guarantee does not ask its parent: more guarantees than rate would be more than the line."""
    below = [this for this in trees[HUB]["wan1"].classes if this.parent == "1:1"]
    assert sum(this.rate_kbps for this in below) <= HUB_KBPS


@pytest.mark.parametrize("kbps", [8, 296, 1496, 8400, 15_000, 28_504, 30_000, 61_440, 999_992, 1_000_000, 2_345_000])
def test_bursts_survive_the_kernels_clock_and_the_units_of_tc(kbps):
    burst = queues._burst(kbps)
    assert burst * 8 % kbps == 0, "whole milliseconds"
    assert burst >= queues.FRAME_BYTES
    near = 1024 * round(burst / 1024)
    assert near == burst or abs(near - burst) >= 16


def test_each_class_leaves_with_its_own_dscp_and_queue(rules):
    chains = dict(re.findall(r"chain (mark-\S+) \{\n(.*?)\n\t\}", rules, re.DOTALL))
    assert len(chains) == 9
    assert {name: re.findall(r"ip6 dscp set (\S+)", body) for name, body in chains.items()} == {
        "mark-network-control": ["cs6"],
        "mark-conference-audio": ["ef"],
        "mark-conference-video": ["af41"],
        "mark-signalling": ["cs3"],
        "mark-management": ["cs2"],
        "mark-shared-critical": ["af31"],
        "mark-shared-bulk": ["af11"],
        "mark-default": ["cs0"],
        "mark-scavenger": ["lephb"],
    }
    numbers = [re.search(r"meta priority set (1:\w)$", body, re.MULTILINE)[1] for body in chains.values()]
    assert sorted(numbers) == [f"1:{n:x}" for n in range(2, 11)]
    assert all("counter" in body for body in chains.values())


def test_the_office_may_call_itself_nothing_better_than_it_is(rules):
    said = re.findall(r"iifname (.*) ip6 dscp vmap \{ (.*) \}", rules)
    assert [verdicts for interfaces, verdicts in said if "vlan10" in interfaces] == ["lephb : goto mark-scavenger"]
    assert not any("vlan99" in interfaces for interfaces, _ in said)


def test_answers_on_managers_ssh_are_management_whatever_mark_the_host_chose(rules):
    forward = rules.partition("table inet qos {")[2].partition("\n\t}")[0]
    answers = re.findall(r"iifname (.*) ip6? daddr \{ .* \} tcp sport 22 goto (\S+)", forward)
    assert answers == [('{ "vlan20", "vlan30" }', "mark-management")] * 2
    assert forward.index("tcp sport 22") < forward.index("dscp")


def test_a_line_whose_carrier_takes_a_class_for_another_is_remarked_alone(network):
    """The carrier knows no AF11: what we call shared-bulk must arrive with a mark of the class that it is to be in."""
    providers = dict(network.province.providers)
    viettel = providers["viettel"]
    providers["viettel"] = viettel.model_copy(update={"class_map": {**viettel.class_map, "shared-bulk": "assured"}})
    changed = network.model_copy(update={"province": network.province.model_copy(update={"providers": providers})})
    rules = split(render.document(intent.derive(changed)[COMMUNE]))["nft"]
    assert re.findall(r'oifname "(\S+)" ip6 dscp set (\S+)', rules) == [("wan2", "cs3")]


def test_ports_of_a_service_may_belong_to_a_class_of_their_own(rules):
    hub = "2001:db8:1500:130::10"
    assert f"{hub} . tcp . 5061 : goto mark-signalling" in rules
    assert f"{hub} . udp . 16384-32767 : goto mark-conference-video" in rules
    assert "10.96.5.84 . tcp . 443 : goto mark-shared-bulk" in rules
