"""Rates of the classes on an uplink, and what the carrier must see to treat them as was agreed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tslcd import load, qos

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def province(tmp_path_factory, small_network):
    return load.network(small_network(tmp_path_factory.mktemp("qos"))).province


def test_rates_are_shares_of_the_contract_rate_and_use_all_of_it(province):
    found = qos.classes(province.qos, province.providers["vnpt"], rate_mbps=30)
    assert {c.name: c.rate_kbps for c in found}["conference-video"] == 8400
    assert sum(c.rate_kbps for c in found) == 30_000


def test_every_class_is_in_a_class_of_the_carrier(province):
    for provider in province.providers.values():
        found = qos.classes(province.qos, provider, rate_mbps=30)
        assert {c.provider_class for c in found} <= provider.traffic_classes.keys()


def test_nothing_is_remarked_where_the_carrier_recognises_our_marks(province):
    for provider in province.providers.values():
        assert {c.remark for c in qos.classes(province.qos, provider, rate_mbps=30)} == {None}


@pytest.mark.parametrize(
    ("ours", "theirs", "mark"),
    [
        ("shared-bulk", "realtime", "EF"),  # the first mark that puts a packet into the class
        ("conference-audio", "standard", "DF"),  # the class of the rest has no mark of its own
        ("default", "video", "AF41"),
        ("shared-bulk", "business", None),
    ],
)
def test_a_class_that_the_carrier_would_take_for_another_is_remarked(province, ours, theirs, mark):
    vnpt = province.providers["vnpt"]
    agreed = vnpt.model_copy(update={"class_map": vnpt.class_map | {ours: theirs}})
    found = {c.name: c for c in qos.classes(province.qos, agreed, rate_mbps=30)}[ours]
    assert (found.provider_class, found.remark) == (theirs, mark)
