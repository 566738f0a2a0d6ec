"""Documents are complete, say what the intent says, mark what is assumed, and follow from data and day alone."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tslcd import cli, documents, intent, load, model, policy
from tslcd.documents.document import ASSUMED, MISSING
from tslcd.source import open_source

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2024, 1, 1)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def network() -> model.Network:
    return load.network(ROOT)


@pytest.fixture(scope="module")
def files(network) -> dict[str, str]:
    return {path.name: text for path, text in documents.files(network, DAY, ROOT).items()}


def rows(files: dict[str, str], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"])))


def pictures(files: dict[str, str]) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(text) for name, text in files.items() if name.endswith(".svg")]


def changed(network: model.Network, **subjects: object) -> model.Network:
    return network.model_copy(update={"province": network.province.model_copy(update=subjects)})


def test_the_addressing_plan_has_every_site_as_its_intent_has_it(network, files):
    derived = {facts.site_id: facts for facts in intent.derive(network).values()}
    found = {row["site_id"]: row for row in rows(files, "addressing")}
    assert found.keys() == derived.keys()
    for site_id, row in found.items():
        facts = derived[site_id]
        assert row["number"] == str(facts.site_number)
        assert row["asn"] == str(facts.asn)
        assert (row["site_v4"], row["site_v6"]) == (str(facts.site_v4), str(facts.site_v6))
        assert (row["loopback_v4"], row["loopback_v6"]) == (str(facts.loopback_v4), str(facts.loopback_v6))
        uplinks = {uplink.network: uplink for uplink in facts.uplinks}
        for provider in {name for name, declared in network.province.providers.items() if declared.network is None}:
            ends = [row[f"{provider}_{end}_{family}"] for family in ("v4", "v6") for end in ("pe", "ce")]
            if provider not in uplinks:
                assert set(ends) == {"không thuê"}
                continue
            line = uplinks[provider]
            assert [end.split("/")[0] for end in ends[::2]] == [str(line.peer_v4), str(line.peer_v6)]
            assert ends[1::2] == [str(line.local_v4), str(line.local_v6)]


def test_the_subnets_are_those_of_the_intent(network, files):
    found = {(row["site_id"], row["vlan"]): row for row in rows(files, "vlan_subnets")}
    expected = {
        (facts.site_id, str(vlan.id)): vlan for facts in intent.derive(network).values() for vlan in facts.vlans
    }
    assert found.keys() == expected.keys()
    for key, row in found.items():
        vlan = expected[key]
        assert (row["subnet_v4"], row["gateway_v4"]) == (str(vlan.subnet_v4), str(vlan.gateway_v4.ip))
        assert (row["subnet_v6"], row["gateway_v6"]) == (str(vlan.subnet_v6), str(vlan.gateway_v6.ip))


def test_qos_names_every_class_and_what_becomes_of_it(network, files):
    found = {row["class"]: row for row in rows(files, "qos")}
    assert sum(int(row["share_percent"]) for row in found.values()) == 100
    for own in network.province.qos.classes:
        for name, provider in network.province.providers.items():
            assert found[own.name][name].startswith(f"{provider.class_map[own.name]} (")


def test_the_hub_s_budget_is_140_calls_in_a_third_of_its_line(files):
    hub = next(row for row in rows(files, "conference_budgets") if row["site_id"] == "lci-hub")
    assert (hub["needed_mbps"], hub["available_mbps"], hub["percent"]) == ("252.00", "330.00", "76.4")


@pytest.mark.parametrize(
    ("calls", "verdict"), [(146, "Đạt"), (147, "Đạt, trên 80 %"), (183, "Đạt, trên 80 %"), (184, "Không đạt")]
)
def test_a_budget_is_judged_at_80_and_100_percent(network, calls, verdict):
    conference = network.province.conference
    more = conference.model_copy(update={"calls": {**conference.calls, "hub": calls}})
    found = documents.files(changed(network, conference=more), DAY, ROOT)
    text = found[ROOT / "build/documents/conference_budgets.csv"]
    assert next(csv.DictReader(io.StringIO(text)))["verdict"] == verdict


def test_every_line_is_in_the_table_of_circuits_and_no_unknown_cost_is_zero(network, files):
    found = rows(files, "circuits")
    assert len(found) == sum(len(r.site.uplinks) + len(r.site.circuits) for r in network.routers if r.unit == 1)
    assert {row["monthly_cost_vnd"] for row in found} == {MISSING}
    separate = [row for row in found if row["purpose"].startswith("thuê riêng")]
    assert len(separate) == 9
    assert {row["monthly_saving_vnd"] for row in separate} == {MISSING}
    assert f"tiết kiệm tháng khi ngừng: {MISSING}." in files["circuits.md"]


def test_known_costs_are_summed_with_how_many_they_are(network):
    first, *others = network.routers
    priced = first.site.uplinks[0].model_copy(update={"monthly_cost_vnd": 5_000_000})
    site = first.site.model_copy(update={"uplinks": (priced, *first.site.uplinks[1:])})
    one = network.model_copy(update={"routers": (first.model_copy(update={"site": site}), *others)})
    page = documents.files(one, DAY, ROOT)[ROOT / "build/documents/circuits.md"]
    assert "chi phí tháng: 5000000 đồng, của 1 trên " in page


@pytest.mark.parametrize(("day", "word"), [(date(2025, 12, 31), "còn hiệu lực"), (date(2026, 1, 1), "đã hết hạn")])
def test_a_contract_is_over_after_its_last_day(network, day, word):
    text = documents.files(network, day, ROOT)[ROOT / "build/documents/circuits.csv"]
    row = next(row for row in csv.DictReader(io.StringIO(text)) if row["contract"] == "vnpt-2022")
    assert row["in_force"] == word


def test_the_matrix_has_every_service_zone_and_flow(network, files):
    found = Counter((row["service"], row["zone"].split(":")[0], row["flow"]) for row in rows(files, "services"))
    assert set(found.values()) == {1}
    assert len(found) == sum(len(s.clients) * len(s.transports) for s in network.province.services.values())
    assert {row["service"] for row in rows(files, "services")} == set(network.province.services)
    assert {row["approval"] for row in rows(files, "services") if row["service"] == "backup"} == {MISSING}


def test_a_row_is_marked_exactly_when_what_it_says_is_assumed(network, files):
    """Everything of the shipped data but the named services is assumed; once it is confirmed, no mark is left."""
    for name in (
        "addressing", "vlan_subnets", "qos", "conference_budgets", "conference_endpoints", "meetings", "circuits",
    ):  # fmt: skip
        assert {row["basis"] for row in rows(files, name)} == {ASSUMED}, name
        assert "**Giả định** (chưa được xác nhận)" in files[f"{name}.md"], name
    guessed = {name for name, service in network.province.services.items() if service.assumed}
    assert {row["service"] for row in rows(files, "services") if row["basis"] == ASSUMED} == guessed
    province = network.province
    conference = province.conference
    confirmed = changed(
        network,
        addressing=province.addressing.model_copy(update={"assumed": False}),
        qos=province.qos.model_copy(update={"assumed": False}),
        conference=conference.model_copy(
            update={
                "services": {
                    k: s.model_copy(update={"confirmed": dict.fromkeys(s.assumed_facts, "annex 3"), "stand_in": False})
                    for k, s in conference.services.items()
                },
                "meetings": tuple(m.model_copy(update={"assumed": False}) for m in conference.meetings),
            }
        ),
        contracts={k: c.model_copy(update={"assumed": False}) for k, c in province.contracts.items()},
        services={k: s.model_copy(update={"assumed": False}) for k, s in province.services.items()},
        providers={
            k: p.model_copy(update={"confirmed": dict.fromkeys(p.assumed_facts, "annex 2")})
            for k, p in province.providers.items()
        },
    )
    for path, text in documents.files(confirmed, DAY, ROOT).items():
        if path.name == "units.csv":  # the day on which Tà Chải ended stays a guess
            assert next(line for line in text.splitlines() if ASSUMED in line).count("lci-02872-ta-chai") == 1
        elif path.suffix != ".md":
            assert ASSUMED not in text, path.name
        else:
            assert "**Giả định**" not in text, path.name


def test_every_endpoint_is_listed_with_what_it_is_set_to_and_no_unknown_day_is_made_up(network, files):
    found = rows(files, "conference_endpoints")
    assert len(found) == 185
    own = next(row for row in found if row["endpoint"] == "lci-d02-c1")
    assert (
        own
        | {
            "name": "Văn phòng UBND tỉnh",
            "platform": "polycom_group",
            "server": "10.96.5.74:5061",
            "account": "lci-d02",
            "address": "10.96.133.11",
            "rates_kbps": "1500 / 1500",
            "encryption": "bắt buộc",
            "owner": "Trung tâm điều hành mạng tỉnh",
        }
        == own
    )
    assert {row[key] for row in found for key in ("server_set_on", "account_set_on", "legacy")} == {MISSING}
    assert "${" not in files["conference_endpoints.md"]


def test_a_day_on_record_and_a_service_of_before_are_listed(network):
    legacy = model.Legacy(server="meet.example.net", last_used_on=date(2023, 5, 1))
    own = model.Endpoint(server_set_on=date(2023, 5, 2), legacy=legacy)
    first, *others = network.endpoints
    first = first.model_copy(update={"device": first.device.model_copy(update={"endpoint": own})})
    found = documents.files(network.model_copy(update={"endpoints": (first, *others)}), DAY, ROOT)
    text = next(text for path, text in found.items() if path.name == "conference_endpoints.csv")
    line = next(line for line in text.splitlines() if f",{first.hostname}," in line)
    assert ",2023-05-02,Chưa có số liệu," in line
    assert "meet.example.net, dùng đến 2023-05-01" in line


def test_a_meeting_is_listed_in_local_time_with_all_who_meet_then(files):
    provincial, district = rows(files, "meetings")
    assert (provincial["starts_at"], provincial["ends_at"]) == ("2026-12-07 08:00", "2026-12-07 11:00")
    assert (provincial["sites"], provincial["with_endpoint"], provincial["at_once"]) == ("32", "32", "32")
    assert (district["chair"], district["sites"], district["verdict"]) == ("UBND huyện Bát Xát", "22", "Đạt")


def test_every_rule_is_in_the_table_of_findings_with_what_it_found(network):
    source = open_source(ROOT)
    run = policy.Run(DAY)
    warnings = load.examine(source.inventory, source.variable_manager, source.loader, run).warnings
    found = {path.name: text for path, text in documents.files(network, DAY, ROOT, warnings).items()}
    table = rows(found, "findings")
    assert [row["rule"] for row in table] == list(policy.RULES)
    assert {row["rule"]: int(row["count"]) for row in table if row["count"] != "0"} == Counter(w.rule for w in warnings)
    assert sum(int(row["count"]) for row in table) > 10


def test_every_page_says_its_day_and_none_says_today(network, files):
    for name, text in files.items():
        assert name.endswith(".csv") or str(DAY) in text, name
        assert str(date.today()) not in text, name
    assert documents.files(network, DAY, ROOT) == documents.files(network, DAY, ROOT)


def test_a_markdown_table_has_as_many_cells_in_each_row(files):
    for name, text in files.items():
        if name.endswith(".md"):
            table = [line.replace("\\|", "").count("|") for line in text.splitlines() if line.startswith("|")]
            assert len(set(table)) == 1, name


def test_every_site_is_a_node_and_every_uplink_a_line_of_one_picture(network, files):
    nodes: Counter[str] = Counter()
    lines: Counter[tuple[str, str, str]] = Counter()
    for picture in pictures(files):
        for group in picture.iter(f"{SVG}g"):
            if group.get("class") == "site":
                nodes[group.get("id", "").removeprefix("site-")] += 1
            if group.get("class") == "uplink":
                kind = group.find(f"{SVG}line").get("class")
                lines[group.get("data-site"), group.get("data-provider"), kind] += 1
    sites = {router.site_id: router for router in network.routers if router.unit == 1}
    assert nodes == Counter(sites.keys())
    assert lines == Counter(
        (router.site_id, uplink.provider, kind)
        for router in network.routers
        for uplink, kind in zip(router.uplinks, ("primary", "secondary"), strict=False)
    )


def test_a_picture_is_told_by_title_description_and_more_than_colour(files):
    for picture in pictures(files):
        assert picture.find(f"{SVG}title").text
        assert "Nét đứt mảnh: đường dự phòng" in picture.find(f"{SVG}desc").text
        style = picture.find(f"{SVG}style").text
        assert "stroke-dasharray" in style.partition(".secondary")[2].partition("}")[0]
        width, height = (int(number) for number in picture.get("viewBox").split()[2:])
        for rectangle in picture.iter(f"{SVG}rect"):
            x, y, w, h = (int(rectangle.get(name)) for name in ("x", "y", "width", "height"))
            assert 0 <= x <= x + w <= width
            assert 0 <= y <= y + h <= height


def test_a_decommissioned_site_keeps_its_addresses_in_the_plan_and_has_no_line(network):
    router = next(r for r in network.routers if r.site_id == "lci-02701-y-ty")
    site = router.site.model_copy(update={"life_cycle": "decommissioned"})
    others = [r for r in network.routers if r is not router]
    ended = network.model_copy(update={"routers": (*others, router.model_copy(update={"site": site}))})
    files = {path.name: text for path, text in documents.files(ended, DAY, ROOT).items()}
    row = next(row for row in rows(files, "addressing") if row["site_id"] == "lci-02701-y-ty")
    assert (row["site_v4"], row["life_cycle"]) == ("10.98.24.0/22", "đã ngừng, giữ số")
    assert 'data-site="lci-02701-y-ty"' not in files["network_082.svg"]
    assert 'class="site decommissioned" id="site-lci-02701-y-ty"' in files["network_082.svg"]


def test_the_command_writes_what_differs_and_removes_what_is_no_document(small, monkeypatch, capsys):
    monkeypatch.chdir(small)
    stray = small / "build/documents/old.md"
    stray.parent.mkdir(parents=True)
    stray.write_text("old", encoding="utf-8")
    assert cli.main(["documents", "--as-of", "2024-01-01"]) == 0
    assert capsys.readouterr().out == "build/documents: 25 files as of 2024-01-01, 25 changed, 1 removed\n"
    assert not stray.exists()
    assert cli.main(["documents", "--as-of", "2024-01-01"]) == 0
    assert capsys.readouterr().out.endswith("0 changed, 0 removed\n")
