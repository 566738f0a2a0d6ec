"""When official units change, sites keep numbers, names, addresses and AS numbers; only declared life cycles move.

The proposal for July 2025 is applied to a copy of the whole inventory, and the network is derived before and after.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tslcd import cli, documents, intent, load, model, reorganisation, write
from tslcd.errors import DeclarationError

ROOT = Path(__file__).resolve().parents[2]
AFTER = date(2025, 7, 1)


@pytest.fixture(scope="module")
def before() -> model.Network:
    return load.network(ROOT)


@pytest.fixture(scope="module")
def proposals(before) -> list[reorganisation.Proposal]:
    return reorganisation.propose(before, AFTER)


@pytest.fixture(scope="module")
def copy(proposals, tmp_path_factory) -> Path:
    """The repository's declared data with the proposal written into it."""
    root = tmp_path_factory.mktemp("reorganised")
    for name in ("inventory", "group_vars", "data", "plugins", "templates"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "ansible.cfg", root / "ansible.cfg")
    for file in (root / "inventory").glob("district_*.yml"):
        text = file.read_text(encoding="utf-8")
        for found in proposals:
            number = found.router.site.number
            declared = rf"^( +)site:\n( +)number: {number}\n"
            edited = rf"\1parent: {found.parent}\n\1site:\n\2number: {number}\n\2life_cycle: {found.life_cycle}\n"
            text = re.sub(declared, edited, text, flags=re.MULTILINE)
        file.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def after(copy) -> model.Network:
    return load.network(copy)


def test_the_proposal_is_what_is_declared_afterwards(after, proposals):
    sites = {router.site_id: router for router in after.routers}
    for found in proposals:
        router = sites[found.router.site_id]
        assert (router.site.life_cycle, router.parent) == (found.life_cycle, found.parent)


def test_152_communes_become_48_seats_and_104_branch_offices_and_9_districts_end(proposals):
    assert Counter((found.router.tier, found.outcome) for found in proposals) == {
        ("commune", "seat"): 48,
        ("commune", "branch_office"): 104,
        ("district", "decommissioned"): 9,
    }
    seats = Counter(found.after.id for found in proposals if found.outcome == "seat")
    assert set(seats.values()) == {1}


def test_code_decides_and_where_the_name_says_another_site_both_are_shown(proposals):
    by_site = {found.router.site_id: found for found in proposals}
    kim_tan = by_site["lci-02647-kim-tan"]
    assert (kim_tan.outcome, kim_tan.other_seat.site_id) == ("seat", "lci-02641-lao-cai")
    assert by_site["lci-02641-lao-cai"].outcome == "branch_office"
    doubtful = {found.router.site_id for found in proposals if found.other_seat is not None}
    assert len(doubtful) == 6


def test_nothing_is_left_below_a_site_that_ends(after):
    ended = {router.site_id for router in after.routers if not router.in_service}
    assert len(ended) == 9
    assert not [router.site_id for router in after.routers if router.in_service and router.parent in ended]


CENTRES = {"lci-hub-r1", "lci-hub-r2", "lci-dr-r1"}
"""They have a queue, the hub also a multihop session, per site, and so one less per site that ends."""


def without_spokes(own: intent.RouterIntent) -> intent.RouterIntent:
    multihop = [uplink.multihop and replace(uplink.multihop, far=()) for uplink in own.uplinks]
    uplinks = (replace(uplink, spokes=(), multihop=m) for uplink, m in zip(own.uplinks, multihop, strict=True))
    return replace(own, uplinks=tuple(uplinks)) if own.hostname in CENTRES else own


@pytest.mark.parametrize("stage", ["day0", "full"])
def test_no_surviving_site_changes_anything_that_is_derived(before, after, stage):
    was, now = intent.derive(before, stage), intent.derive(after, stage)
    ended = {router.hostname for router in after.routers if not router.in_service}
    assert was.keys() - now.keys() == ended
    assert {host: without_spokes(was[host]) for host in now} == {host: without_spokes(own) for host, own in now.items()}
    assert {host for host in now if was[host] != now[host]} == (CENTRES if stage == "full" else set())


def test_all_other_documents_are_the_same_bytes(before, after, copy):
    def files(network: model.Network, root: Path) -> dict[Path, str]:
        hosts = {router.hostname for router in network.routers}
        return {path.relative_to(root): text for path, text in write.rendering(network, hosts, root).files.items()}

    was, now = files(before, ROOT), files(after, copy)
    assert {path.stem for path in was.keys() - now.keys()} == {
        router.hostname for router in after.routers if not router.in_service
    }
    assert now.keys() <= was.keys()
    changed = [path for path in now if now[path] != was[path]]
    assert {path.stem for path in changed} == CENTRES
    assert {path.parent.name for path in changed} == {"intended"}


def test_a_second_proposal_on_what_was_applied_proposes_the_same(after, proposals):
    again = reorganisation.propose(after, AFTER)
    assert [(p.router.site_id, p.life_cycle, p.parent) for p in again] == [
        (p.router.site_id, p.life_cycle, p.parent) for p in proposals
    ]


def test_before_july_2025_only_ta_chai_moves(before):
    assert {p.outcome for p in reorganisation.propose(before, date(2024, 11, 30))} == {"unchanged"}
    moved = [p for p in reorganisation.propose(before, date(2025, 6, 30)) if p.outcome != "unchanged"]
    assert [(p.router.site_id, p.outcome, p.parent) for p in moved] == [
        ("lci-02872-ta-chai", "branch_office", "lci-02839-bac-ha")
    ]


def test_the_number_of_a_decommissioned_site_cannot_be_given_again(copy, tmp_path):
    root = tmp_path / "again"
    shutil.copytree(copy, root)
    file = root / "inventory/departments.yml"
    text = file.read_text(encoding="utf-8")
    assert "number: 32\n" in text
    file.write_text(text.replace("number: 32\n", "number: 128\n"), encoding="utf-8")  # the office of district Bát Xát
    with pytest.raises(
        DeclarationError, match=r"number \(128\) of the decommissioned lci-082-bat-xat, never given again"
    ):
        load.network(root)


def test_a_router_of_a_decommissioned_site_is_in_no_group_that_plays_have(copy):
    from tslcd.source import open_source

    groups = open_source(copy).inventory.groups
    routers = {host.name for host in groups["role_router"].get_hosts()}
    assert len(routers) == 177
    assert "lci-082-bat-xat-r1" not in routers
    assert "lci-082-bat-xat-r1" not in {host.name for host in groups["platform_frr"].get_hosts()}
    assert "lci-082-bat-xat-r1" in {host.name for host in groups["district_bat_xat"].get_hosts()}


def test_the_checklist_of_an_office_names_everything_that_it_has(before):
    text = documents.reorganisation.checklist(before, AFTER).csv()
    own = [line for line in text.splitlines() if line.startswith("lci-082-bat-xat,")]
    for what in (
        "đường chính, VNPT, 100 Mbit/s",
        "đường dự phòng, Viettel, 100 Mbit/s",
        "thuê riêng cho hội nghị, VNPT, 10 Mbit/s",
        "vnpt-2018",
        "128; 4200100128",
        "10.98.0.0/22",
        "lci-082-bat-xat-r1, frr",
        "10.111.0.128",
        "lci-082-bat-xat-c1, baresip, Phòng họp trực tuyến, tài khoản lci-082-bat-xat",
        "wan2 (Viettel)",
        "lci-02701-y-ty",
    ):
        assert any(what in line for line in own), what
    assert sum("Điểm trực thuộc" in line for line in own) == 21


def test_the_command_says_that_it_proposes(small, monkeypatch, capsys):
    monkeypatch.chdir(small)
    assert cli.main(["reorganisation", "--as-of", "2025-07-01"]) == 0
    assert "a proposal as of 2025-07-01, for people to decide: " in capsys.readouterr().out
    page = (small / "build/reorganisation/reorganisation.md").read_text(encoding="utf-8")
    assert "ĐỀ XUẤT, chờ người có thẩm quyền quyết định" in page
    assert "Số điểm, địa chỉ và số AS giữ nguyên" in (
        small / "build/reorganisation/reorganisation_checklist.md"
    ).read_text(encoding="utf-8")
