"""The inventory says what the official plan in data/ says."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from tslcd import addressing, load, model

ROOT = Path(__file__).resolve().parents[2]


def rows(name: str) -> dict[str, dict[str, str]]:
    with (ROOT / "data" / name).open(encoding="utf-8", newline="") as file:
        return {row["site_id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def plan() -> dict[str, dict[str, str]]:
    return rows("site_plan_2023.csv")


@pytest.fixture(scope="module")
def network() -> model.Network:
    return load.network(ROOT)


@pytest.fixture(scope="module")
def sites(network: model.Network) -> dict[str, model.Router]:
    return {router.site_id: router for router in network.routers if router.unit == 1}


def test_every_planned_site_is_declared_once_and_no_other(network, plan):
    assert sorted({router.site_id for router in network.routers}) == sorted(plan)
    assert len(plan) == 185
    assert [router.hostname for router in network.routers if router.unit == 2] == ["lci-hub-r2"]


@pytest.mark.parametrize(
    ("column", "declared"),
    [
        ("site_no", lambda router: str(router.site.number)),
        ("tier", lambda router: router.tier),
        ("parent", lambda router: router.parent or ""),
        ("name", lambda router: router.site.name),
        ("site_id", lambda router: router.hostname.removesuffix("-r1")),
    ],
)
def test_declared_facts_are_the_planned_ones(sites, plan, column, declared):
    assert {site_id: declared(router) for site_id, router in sites.items()} == {
        site_id: row[column] for site_id, row in plan.items()
    }


@pytest.mark.parametrize(
    ("column", "derived"),
    [
        ("v4_site", lambda p, n: addressing.site_v4(p.addressing, n)),
        ("v6_site", lambda p, n: addressing.site_v6(p.addressing, n)),
        ("loopback_a", lambda p, n: addressing.loopback_v4(p.addressing, n, 1)),
        ("loopback_b", lambda p, n: addressing.loopback_v4(p.addressing, n, 2)),
        ("pece_a", lambda p, n: addressing.link_v4(p.providers["vnpt"], n).pe),
        ("pece_b", lambda p, n: addressing.link_v4(p.providers["viettel"], n).pe),
        ("asn4", lambda p, n: addressing.asn(p.addressing, n)),
    ],
)
def test_derived_addresses_are_the_planned_ones(network, sites, plan, column, derived):
    assert {site_id: str(derived(network.province, router.site.number)) for site_id, router in sites.items()} == {
        site_id: row[column] for site_id, row in plan.items()
    }


def test_names_are_nfc(sites):
    assert all(unicodedata.is_normalized("NFC", router.site.name) for router in sites.values())


def test_communes_are_the_official_units(sites):
    units = rows("laocai_units_2023.csv")
    assert {site_id for site_id, router in sites.items() if router.tier == "commune"} == set(units)
    assert Counter(unit["commune_type"] for unit in units.values()) == {"phường": 16, "thị trấn": 9, "xã": 127}
    for site_id, unit in units.items():
        assert sites[site_id].site.name == f"UBND {unit['commune_type']} {unit['commune_name']}"
        assert sites[site_id].parent == f"lci-{unit['district_code']}-{unit['district_slug']}"


def test_tiers(sites):
    counts = Counter(router.tier for router in sites.values())
    assert counts == {"hub": 1, "dr": 1, "department": 22, "district": 9, "commune": 152}


def test_every_router_but_of_a_commune_has_two_uplinks(network, sites):
    assert all(len(router.uplinks) == 2 for router in network.routers if router.tier != "commune")
    assert [uplink.provider for uplink in sites["lci-02734-quang-kim"].site.uplinks] == ["vnpt"]
    assert all(router.site.uplinks[0].provider == "vnpt" for router in sites.values())


def test_every_file_opens_with_what_it_decides():
    for directory in ("inventory", "group_vars"):
        for file in (ROOT / directory).rglob("*.yml"):
            comments = [line for line in file.read_text(encoding="utf-8").splitlines()[:3] if line != "---"][:2]
            assert comments[0].startswith("# Decides"), file
            assert comments[1].startswith("# "), file
