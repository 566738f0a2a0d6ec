"""Dates, profiles and purposes of a run: what they change, and how it is shown."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from tslcd import load, policy, write
from tslcd.errors import DeclarationError, Finding, Place
from tslcd.policy import report, table
from tslcd.policy.run import Run, from_extra_variables, today
from tslcd.render import ROOT
from tslcd.source import open_source


def examined(root, run):
    source = open_source(root)
    return load.examine(source.inventory, source.variable_manager, source.loader, run)


@pytest.mark.parametrize(
    ("day", "profile"),
    [
        ("2018-01-01", "2018"),
        ("2023-04-30", "2018"),
        ("2023-05-01", "2023"),
        ("2025-12-31", "2023"),
        ("2026-01-01", "2026"),
    ],
)
def test_a_day_has_the_profile_that_has_begun_last(small_network, tmp_path, day, profile):
    network = load.network(small_network(tmp_path / "small"))
    assert network.province.policy.profile_of(date.fromisoformat(day)) == profile
    assert network.province.policy.profile_of(date(2017, 12, 31)) is None


def test_the_day_changes_findings_and_never_documents(small):
    early, late = examined(small, Run(date(2024, 6, 1))), examined(small, Run(date(2026, 11, 22)))
    assert (early.judged_by, late.judged_by) != (early.judged_by, early.judged_by)
    assert early.judged_by.endswith("policy profile 2023")
    assert set(early.warnings) != set(late.warnings)
    hosts = {router.hostname for router in early.network.routers}
    assert write.rendering(early.network, hosts, small).files == write.rendering(late.network, hosts, small).files


def test_assumed_values_are_errors_in_a_run_for_production_alone(small):
    assert {finding.severity for finding in examined(small, Run()).warnings} == {"warning"}
    with pytest.raises(DeclarationError) as raised:
        examined(small, Run(production=True))
    assert {finding.rule for finding in raised.value.findings} == {"TS-ASM-01", "TS-ASM-02", "TS-CNF-11"}
    assert "for production" in raised.value.judged_by


def test_a_run_is_of_today_and_not_for_production_unless_it_is_said():
    assert from_extra_variables({}) == Run(today(), production=False)
    assert str(Run()).endswith("(today)")
    assert from_extra_variables({"as_of": "2024-02-29", "production": "true"}) == Run(date(2024, 2, 29), True)
    assert from_extra_variables({"as_of": date(2024, 2, 29), "production": False}) == Run(date(2024, 2, 29))


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"as_of": "tomorrow"}, '-e: as_of: wrong value ("tomorrow"); should be a day, for example '),
        ({"as_of": "2026-02-30"}, '-e: as_of: wrong value ("2026-02-30"); should be a day, for example '),
        ({"production": "maybe"}, '-e: production: wrong value ("maybe"); should be true or false'),
    ],
)
def test_a_wrong_day_or_purpose_is_one_clear_error(extra, message):
    with pytest.raises(DeclarationError) as raised:
        from_extra_variables(extra)
    assert str(raised.value).startswith(message)
    assert len(raised.value.findings) == 1


def test_findings_with_one_text_are_one_line_with_a_count():
    first = Finding(Place("a.yml", 1, 1), "x", "ended", "TS-CIR-01", "warning")
    other = replace(first, text="begins")
    assert report.lines([first, replace(first, place=Place("b.yml", 2, 1)), other]) == [
        "a.yml:1:1: x: ended [TS-CIR-01] (and 1 more)",
        "a.yml:1:1: x: begins [TS-CIR-01]",
    ]


def test_each_finding_is_in_the_file_for_programs(small):
    found = examined(small, Run(date(2026, 11, 22)))
    written = json.loads(report.as_json(found.judged_by, found.warnings))
    assert len(written["findings"]) == len(found.warnings) > 10
    assert set(written["findings"][0]) == {"id", "severity", "place", "key", "text", "source"}


def test_the_shipped_data_has_no_error_and_no_full_conference():
    found = examined(ROOT, Run(date(2026, 11, 22)))
    rules = {finding.rule for finding in found.warnings}
    assert rules == {"TS-ASM-01", "TS-ASM-02", "TS-CIR-01", "TS-CNF-11", "TS-CNF-18", "TS-QOS-10", "TS-UNT-02"}


def test_the_page_is_not_stale():
    assert (ROOT / table.FILE).read_text(encoding="utf-8") == table.text(), "run `python -m tslcd.policy.table`"


def test_every_rule_stands_in_a_module_of_its_subject():
    modules = {rule.check.__module__ for rule in policy.RULES.values()}
    assert modules == {module.__name__ for module in policy.SUBJECTS}
