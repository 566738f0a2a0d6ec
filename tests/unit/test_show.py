"""`tslcd show` and `tslcd units`: both models of a site, and the place that set each value."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tslcd import cli, intent, load, model, served_units

ROOT = Path(__file__).resolve().parents[2]
QUANG_KIM = "lci-02734-quang-kim"
HOST = f"{QUANG_KIM}-r1"


@pytest.fixture
def tslcd(small, monkeypatch, capsys):
    """Runs the command in the small network; gives exit code, output and errors."""
    monkeypatch.chdir(small)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def shown(tslcd, *arguments: str) -> dict:
    code, out, err = tslcd("show", *arguments, "--json", "--as-of", "2024-01-01")
    assert (code, err) == (0, "")
    return json.loads(out)


def places(shown: dict) -> dict[str, str]:
    return {value["key"]: value["place"] for value in shown["declared"][HOST]}


def test_each_value_stands_at_the_place_that_it_names(small, tslcd):
    values = shown(tslcd, QUANG_KIM)["declared"][HOST]
    assert len(values) > 300
    for value in values:
        if value["place"] == "default":
            assert value["key"] == "site.life_cycle"
            continue
        file, line, column = value["place"].split(":")
        text = (small / file).read_text(encoding="utf-8").splitlines()[int(line) - 1][int(column) - 1 :]
        if isinstance(value["value"], str):
            assert text.lstrip("\"'").startswith(value["value"]), value
        elif isinstance(value["value"], bool) or value["value"] is None:  # no tag: the place of the key
            assert value["key"].rpartition(".")[2] in text or value["key"].endswith("]"), value
        elif isinstance(value["value"], int):
            assert text.startswith(str(value["value"])), value


def test_values_come_from_site_group_tier_and_all(tslcd):
    found = places(shown(tslcd, QUANG_KIM))
    assert found["site.number"].startswith("inventory/district_bat_xat.yml:")
    assert found["tier"].startswith("group_vars/tier_commune/site.yml:")
    assert found["vlans[0].id"].startswith("group_vars/all/vlans.yml:")
    assert found["frr.daemons[0]"].startswith("group_vars/platform_frr/frr.yml:")


def test_an_exception_and_extra_variables_are_named_as_such(small, tslcd):
    (small / "host_vars").mkdir(exist_ok=True)
    (small / f"host_vars/{HOST}.yml").write_text(
        "routing: {primary_local_preference: 200, secondary_local_preference: 100, secondary_prepend: 2,"
        " unwatched_local_preference: 50,"
        " drained: {local_preference: 10, prepend: 4}, max_prefix_restart_minutes: 5, log_level: errors}\n"
        "exception: {reason: noisy line, requested_by: district-it, expires: 2027-06-30}\n",
        encoding="utf-8",
    )
    found = places(shown(tslcd, HOST, "-e", '{"access": "out_of_band"}'))
    assert found["routing.log_level"].startswith(f"host_vars/{HOST}.yml:1:")
    assert found["exception.expires"].startswith(f"host_vars/{HOST}.yml:2:")
    assert found["access"] == "-e"


def test_wrong_extra_variables_are_refused(tslcd):
    assert tslcd("show", HOST, "-e", "@missing.yml")[0] == 2
    code, _, err = tslcd("show", HOST, "-e", "[1]")
    assert (code, err) == (2, "-e: wrong value ([1]); should be KEY=VALUE or a mapping\n")
    code, _, err = tslcd("show", HOST, "-e", "platform=ffr")
    assert code == 2
    assert err.startswith("-e: platform: unknown platform (ffr); did you mean frr? [TS-REF-09]\n")


@pytest.mark.parametrize("stage", ["day0", "full"])
def test_the_intent_is_the_derived_one(small, tslcd, stage):
    derived = intent.derive(load.network(small), stage)[HOST]
    facts = shown(tslcd, HOST, "--stage", stage)["intent"][HOST]
    assert facts["stage"] == stage
    assert facts["loopback_v4"] == str(derived.loopback_v4)
    assert len(facts["vlans"]) == len(derived.vlans)


def test_the_unit_is_the_one_of_the_day(tslcd):
    assert (
        "unit on 2025-06-30: xã Quang Kim, code 02734, huyện Bát Xát\n"
        in tslcd("show", QUANG_KIM, "--as-of", "2025-06-30")[1]
    )
    assert (
        "unit on 2025-07-01: xã Bát Xát, code 02683, tỉnh Lào Cai, set up for 02734-2023\n"
        in tslcd("show", QUANG_KIM, "--as-of", "2025-07-01")[1]
    )


def test_lines_show_their_contract_and_when_it_is_over(tslcd):
    code, out, _ = tslcd("show", "lci-082-bat-xat", "--as-of", "2024-01-01")
    assert code == 0
    conference = next(line for line in out.splitlines() if "vnpt-2018" in line and "Mbit/s" in line)
    assert conference.split("  ")[-2:] == [
        "vnpt-2018: 2018-01-01 to 2022-12-31, ended (assumed)",
        "cost not known",
    ]


def test_a_line_in_maintenance_says_so_and_until_when(small, tslcd):
    inventory = small / "inventory/district_bat_xat.yml"
    line = "{provider: viettel, rate_mbps: 100"
    work = "maintenance: {reason: new cable, requested_by: district-it, until: 2099-12-31}"
    inventory.write_text(inventory.read_text(encoding="utf-8").replace(line, f"{line}, {work}"), encoding="utf-8")
    _, out, _ = tslcd("show", "lci-082-bat-xat")
    (shown_line,) = (line for line in out.splitlines() if "in maintenance" in line)
    assert shown_line.strip().startswith("secondary")
    assert shown_line.endswith("  in maintenance until 2099-12-31: new cable")


def test_a_site_shows_its_endpoint_too_and_an_endpoint_itself_alone(tslcd):
    room = HOST.replace("-r1", "-c1")
    assert list(shown(tslcd, QUANG_KIM)["intent"]) == [HOST, room]
    assert list(shown(tslcd, HOST)["intent"]) == [HOST]
    own = shown(tslcd, room)
    assert list(own["intent"]) == list(own["declared"]) == [room]
    assert own["intent"][room]["account"] == QUANG_KIM
    _, out, _ = tslcd("show", room)
    assert f"derived for {room}, platform baresip\n" in out
    assert list(shown(tslcd, QUANG_KIM, "--stage", "day0")["intent"]) == [HOST]


@pytest.mark.parametrize("name", [QUANG_KIM, HOST, "site_lci_02734_quang_kim"])
def test_site_host_and_group_lead_to_the_site(tslcd, name):
    assert shown(tslcd, name)["site"] == QUANG_KIM


def test_a_misspelt_site_is_told_with_the_nearest_names(tslcd):
    code, out, err = tslcd("show", "lci-02734-quang-kin")
    assert (code, out) == (2, "")
    assert "did you mean lci-02734-quang-kim or lci-02734-quang-kim-r1" in err


def test_wrong_data_are_findings_and_not_a_traceback(small, tslcd):
    file = small / "inventory/district_bat_xat.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("number: 145", "numbr: 145"), encoding="utf-8")
    code, out, err = tslcd("show", QUANG_KIM)
    assert (code, out) == (2, "")
    assert "site.numbr: unknown key; did you mean number?" in err


def test_outside_of_a_clone_the_command_says_where_to_go(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["units"]) == 2
    assert "no inventory/ at or above this directory" in capsys.readouterr().err


def test_units_are_those_of_the_day(tslcd):
    assert "082 huyện Bát Xát\n" in tslcd("units", "--as-of", "2025-06-30")[1]
    code, out, _ = tslcd("units", "--as-of", "2025-07-01")
    assert code == 0
    assert "huyện" not in out.replace("UBND huyện", "")
    assert "02683 xã Bát Xát, tỉnh Lào Cai\n" in out


@pytest.fixture(scope="module")
def network() -> model.Network:
    return load.network(ROOT)


@pytest.mark.parametrize(
    ("as_of", "units", "left"), [(date(2025, 6, 30), 160, set()), (date(2025, 7, 1), 48, {"district"})]
)
def test_every_site_is_in_the_view_once(network, as_of, units, left):
    found = served_units.on(network, as_of)
    sites = [router.site_id for served in found for router in served.routers]
    assert sorted(sites) == sorted({router.site_id for router in network.routers})
    assert sum(served.unit is not None for served in found) == units
    without = [served for served in found if served.reason == served_units.NOTHING_LEFT]
    assert {router.tier for served in without for router in served.routers} == left
