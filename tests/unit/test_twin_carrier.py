"""What the twin's providers do to packets follows from their profiles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tslcd import intent, load
from twin import carrier, topology
from twin.shape import Provider

ROOT = Path(__file__).resolve().parents[2]
COMMUNE, RATE = "lci-02686-a-mu-sung-r1", 30_000
BASIC = "lci-02701-y-ty-r1"


def providers(change=lambda provider: provider) -> dict[str, Provider]:
    network = load.network(ROOT)
    declared = {name: change(provider) for name, provider in network.province.providers.items()}
    network = network.model_copy(update={"province": network.province.model_copy(update={"providers": declared})})
    intents = intent.derive(network)
    return {p.name: p for p in topology.build([intents["lci-hub-r1"], intents[COMMUNE], intents[BASIC]]).providers}


@pytest.fixture(scope="module")
def declared():
    return providers()


def classes(provider: Provider, interface: str) -> dict[str, tuple[int, int]]:
    """Number → rate and ceil, kbit/s."""
    found = re.findall(
        rf"class add dev {interface} parent \S+ classid (\S+) htb rate (\d+)kbit ceil (\d+)kbit",
        carrier.queues(provider),
    )
    return {number: (int(rate), int(ceil)) for number, rate, ceil in found}


@pytest.mark.parametrize("interface", ["ce130", "in-ce130"])
def test_each_direction_of_a_line_has_its_contract_rate(declared, interface):
    assert classes(declared["pe-vnpt"], interface)["1:1"] == (RATE, RATE)


def test_a_priority_class_never_gets_more_than_its_share(declared):
    of_vnpt = classes(declared["pe-vnpt"], "ce130")
    assert of_vnpt["1:11"] == (RATE * 10 // 100,) * 2
    assert of_vnpt["1:12"] == (RATE * 35 // 100, RATE)
    assert len(of_vnpt) == 1 + len(declared["pe-vnpt"].sessions[0].classes)


def test_a_provider_without_classes_has_one_drop_tail_queue_for_everything():
    provider = providers(lambda p: p.model_copy(update={"traffic_classes": {}, "class_map": {}}))["pe-vnpt"]
    assert classes(provider, "ce130") == {"1:1": (RATE, RATE), "1:11": (RATE, RATE)}
    assert "dscp" not in carrier.rules(provider)
    assert "dsfield" not in carrier.queues(provider)


def test_products_of_one_network_share_a_pe_and_each_line_has_its_own_classes_and_bfd(declared):
    assert set(declared) == {"pe-vnpt", "pe-viettel"}
    basic, full = classes(declared["pe-viettel"], "ce134"), classes(declared["pe-viettel"], "ce130")
    assert basic == {"1:1": (RATE, RATE), "1:11": (RATE, RATE)}
    assert set(full) == {"1:1", "1:11", "1:12", "1:13"}
    sessions = {session.interface: session.bfd for session in declared["pe-viettel"].sessions}
    assert (sessions["ce134"], sessions["ce130"] is None) == (None, False)
    rules = carrier.rules(declared["pe-viettel"])
    assert 'oifname { "ce134" } meta priority set 1:11\n' in rules
    assert 'oifname { "ce134" } meta priority set ip dscp' not in rules


def test_only_a_provider_that_rewrites_sets_marks_of_its_own(declared):
    assert "dscp set" not in carrier.rules(declared["pe-vnpt"])
    rewriting = re.compile(r'oifname \{ "ce1", "ce130" \} meta priority (\S+) ip6 dscp set (\d+)')
    rewritten = rewriting.findall(carrier.rules(declared["pe-viettel"]))
    assert rewritten == [("1:11", "46"), ("1:12", "24"), ("1:13", "0")]
