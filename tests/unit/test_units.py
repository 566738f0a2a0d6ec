"""Official units are dated facts: which unit a site serves depends on the day, and nothing else of the site does."""

from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tslcd import load, model, units

ROOT = Path(__file__).resolve().parents[2]
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture(scope="module")
def network() -> model.Network:
    return load.network(ROOT)


def test_all_units_of_both_lists_are_there_once(network):
    ids = Counter(unit.id for unit in network.official_units)
    assert set(ids.values()) == {1}
    levels = Counter((unit.id.partition("-")[2], unit.level) for unit in network.official_units)
    assert levels == {
        ("2023", "district"): 9,
        ("2023", "commune"): 152,
        ("2025", "province"): 1,
        ("2025", "commune"): 99,
    }


def test_units_are_what_the_model_says(network):
    for unit in network.official_units:
        assert model.Unit.model_validate(unit.model_dump()) == unit
        assert unicodedata.is_normalized("NFC", unit.name)


def test_a_commune_belongs_to_a_district_before_and_to_the_province_after(network):
    assert units.unit_at(network, "02683-2023", BEFORE).parent == "082-2023"
    assert units.unit_at(network, "02683-2023", AFTER).parent == "15-2025"


def test_coc_san_belongs_to_the_city_although_its_code_lies_among_those_of_bat_xat(network):
    assert units.by_id(network)["02746-2023"].parent == "080-2023"


def test_a_district_has_no_successor(network):
    assert units.unit_at(network, "082-2023", BEFORE).name == "Bát Xát"
    assert units.unit_at(network, "082-2023", AFTER) is None


def test_the_152_communes_became_48(network):
    after = {
        units.unit_at(network, unit.id, AFTER).id
        for unit in network.official_units
        if unit.level == "commune" and unit.id.endswith("-2023")
    }
    assert len(after) == 48


def test_the_same_code_may_name_another_unit(network):
    known = units.by_id(network)
    assert (known["02647-2023"].name, known["02647-2025"].name) == ("Kim Tân", "Lào Cai")


def test_ta_chai_ended_before_its_list_did(network):
    at = [units.unit_at(network, "02872-2023", day).id for day in (date(2024, 11, 30), date(2024, 12, 1), AFTER)]
    assert at == ["02872-2023", "02839-2023", "02839-2025"]
    assert "giả định" in units.by_id(network)["02872-2023"].note


def test_the_six_doubtful_codes_say_so(network):
    doubtful = {unit.name for unit in network.official_units if "chưa thống nhất" in (unit.note or "")}
    assert doubtful == {"Cam Đường", "Cao Sơn", "Cầu Thia", "Lâm Thượng", "Khánh Hòa", "Trạm Tấu"}


def test_before_its_list_a_unit_is_unknown(network):
    assert units.unit_at(network, "02683-2025", BEFORE) is None


def test_every_site_of_a_district_or_commune_names_a_unit_of_its_list(network):
    known = units.by_id(network)
    for router in network.routers:
        if router.tier in ("district", "commune"):
            assert known[router.site.unit].level == router.tier


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xff\xfe", "data/laocai_units_2025.csv: not UTF-8 at byte 0; should be text in UTF-8"),
        (b"", "data/laocai_units_2025.csv:1:1: commune_code: missing column; the file has none"),
        (b'"' + b"x" * 200_000, "data/laocai_units_2025.csv: not CSV; field larger than field limit (131072)"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path, network, content, text):
    for file in (ROOT / "data").iterdir():
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "data/laocai_units_2025.csv").write_bytes(content)
    found = units.read(network.province.units, tmp_path / "data")
    assert text in [str(finding) for finding in found.findings]
