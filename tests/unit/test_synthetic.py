"""Networks for measurements are valid, as large as asked for, and cannot be taken for the real one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import synthetic

from tslcd import addressing, load, model

ROOT = Path(__file__).resolve().parents[2]
BEYOND_REAL = 230


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("synthetic") / "larger"
    synthetic.write(root, BEYOND_REAL)
    return root


@pytest.fixture(scope="module")
def network(larger: Path) -> model.Network:
    return load.network(larger)


def test_it_has_as_many_sites_as_asked_for(network):
    assert len({router.site_id for router in network.routers}) == BEYOND_REAL


def test_a_part_of_a_district_is_a_network_too(tmp_path):
    synthetic.write(tmp_path / "part", 27)
    assert Counter(router.tier for router in load.network(tmp_path / "part").routers)["commune"] == 2


def test_as_many_sites_have_one_uplink_as_in_the_real_network(network):
    def share_of_one_uplink(found: model.Network) -> float:
        return sum(len(router.site.uplinks) == 1 for router in found.routers) / len(found.routers)

    assert share_of_one_uplink(network) == pytest.approx(share_of_one_uplink(load.network(ROOT)), abs=0.05)


def test_every_declared_file_of_it_says_synthetic(larger):
    files = [path for directory in ("inventory", "group_vars") for path in (larger / directory).rglob("*.yml")]
    assert [path for path in files if not path.read_text(encoding="utf-8").startswith(synthetic.LABEL)] == []


def test_no_copied_site_carries_a_real_name_or_id(network):
    real = load.network(ROOT).routers
    copied = [router for router in network.routers if router.tier in {"district", "commune"}]
    assert {router.site_id for router in copied}.isdisjoint(router.site_id for router in real)
    assert all(router.site.name.endswith("(synthetic)") for router in copied)


def test_its_base_prefixes_hold_8000_sites(network):
    plan = network.province.addressing
    last = addressing.site_v4(plan, 8000)
    assert not last.overlaps(network.province.firewall.infrastructure_v4)
    for provider in network.province.providers.values():
        assert addressing.link_v4(provider, 8000).ce.ip in network.province.firewall.infrastructure_v4
    assert addressing.loopback_v4(plan, 8000, 2).ip in network.province.firewall.infrastructure_v4


def test_fewer_sites_than_hub_and_departments_are_refused(tmp_path):
    with pytest.raises(ValueError, match="too few"):
        synthetic.write(tmp_path / "none", 24)
