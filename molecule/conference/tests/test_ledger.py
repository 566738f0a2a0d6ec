"""After a meeting of eight: the ledger of what the server really saw."""

from __future__ import annotations

import csv
import json
import time
from datetime import UTC, datetime

import pytest
import yaml

from conftest import BRIDGE, ROOMS, ROOT, SERVER, intended
from tslcd.conference import records

CHAIR, BACK, REFUSED = "lci-hub", "lci-02734-quang-kim", "lci-02701-y-ty"
ABSENT, OUTSIDE = "lci-02710-ban-vuoc", "lci-02695-trinh-tuong"  # declared sites that the twin does not have
UNKNOWN = "phong-la"
MEETING = "2026-12-tam-diem"
STRANGER = "198.51.100.9"
HELD_S, AWAY_S = 6, 4
HUB, PE, LINK = "lci-hub-r1", "pe-vnpt", ("10.111.16.3", "10.111.16.2")  # the hub's end, and the carrier's


def _sites():
    return {intended(room)["site_id"]: intended(room)["account"] for room in ROOMS}


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """A file of variables that declares one more meeting, of eight sites: the twin's six, and two others."""
    declared = yaml.safe_load((ROOT / "group_vars/all/conference.yml").read_text(encoding="utf-8"))
    invited = [site for site in _sites() if site != CHAIR]
    declared["conference"]["meetings"].append(
        {
            "key": MEETING,
            "name_vi": "Họp tám điểm",
            "tier": "district_commune",
            "chair": CHAIR,
            "sites": [*invited, ABSENT, OUTSIDE],
            "starts_at": "2026-12-09T01:00:00Z",
            "ends_at": "2026-12-09T03:00:00Z",
            "assumed": True,
        }
    )
    path = tmp_path_factory.mktemp("meeting") / "conference.yml"
    path.write_text(yaml.safe_dump(declared, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hole(node):
    """Three walls are taken away by hand: a stranger at the carrier reaches the server, and answers find their way."""
    route = f"10.96.5.74/32 via {LINK[0]} src {STRANGER}"
    node(PE).check_output(f"ip address add {STRANGER}/32 dev lo && ip route add {route}")
    try:
        for rule in (f"ip saddr {STRANGER}", f"ip daddr {STRANGER}"):
            node(HUB).check_output(f"nft insert rule inet filter forward {rule} accept")
        node(HUB).check_output(f"ip route add {STRANGER}/32 via {LINK[1]}")
        yield
    finally:
        node(PE).run(f"ip route del {route}; ip address del {STRANGER}/32 dev lo")
        node(HUB).run(f"ip route del {STRANGER}/32")
        shown = node(HUB).check_output("nft --handle list chain inet filter forward").splitlines()
        for line in (line for line in shown if STRANGER in line):
            node(HUB).check_output(f"nft delete rule inet filter forward handle {line.rpartition(' ')[2]}")


@pytest.fixture(scope="module")
def held(agent, shown, register, eventually, hole):
    """Six rooms meet; one leaves and comes back, one was refused first, somebody tries from outside. When it was."""
    begins = datetime.now(UTC)
    assert register(f"{REFUSED}-conference", REFUSED, REFUSED, "wrongwrong") == 401
    assert register(f"{REFUSED}-conference", UNKNOWN, UNKNOWN, "wrongwrong") == 403
    assert register(PE, OUTSIDE, OUTSIDE, "wrongwrong") == 0

    def is_in(site):
        return any(one["state"] == "established" for one in shown(f"{site}-c1", "calls"))

    marks = {site: [] for site in _sites()}  # of each time there: before it called, in, about to leave, out

    def join(sites):
        for site in sites:
            marks[site].append([time.time()])
            agent(f"{site}-c1", "call", "dial", BRIDGE)
        eventually(lambda: all(map(is_in, sites)), 20, f"{sites} in the meeting")
        for site in sites:
            marks[site][-1].append(time.time())

    def leave(sites):
        for site in sites:
            marks[site][-1].append(time.time())
            agent(f"{site}-c1", "call", "hangup")
            marks[site][-1].append(time.time())

    try:
        join(list(marks))
        leave([BACK])
        time.sleep(AWAY_S)
        join([BACK])
        time.sleep(HELD_S)
    finally:
        leave([site for site in marks if marks[site]])
    return begins, datetime.now(UTC), marks


def test_the_ledger_of_a_meeting_of_eight_is_exact(held, planned, rooms, shown):
    """Six over the network, one twice, one absent, one from outside, one refused at first; and how long each."""
    marks = held[2]
    begins, ends = (moment.isoformat() for moment in held[:2])
    window = ("-e", f"ledger_begins={begins}", "-e", f"ledger_ends={ends}")
    done = rooms("ledger.yml", "-e", f"ledger_meeting={MEETING}", "-e", f"@{planned}", *window)
    assert done.returncode == 0, done.stdout
    kept = ROOT / "build" / "ledger" / f"{held[0].year}-q{(held[0].month + 2) // 3}"
    facts = json.loads((kept / f"{MEETING}.json").read_text(encoding="utf-8"))
    said = "8 invited, 6 over TSLCD, 1 absent, 1 from outside"
    assert facts["summary"] == said
    assert done.stdout.strip().splitlines()[-1] == f"ledger: {said}"
    sites = {site["site"]: site for site in facts["sites"]}
    assert set(sites) == {*_sites(), ABSENT, OUTSIDE}
    for room in ROOMS:
        own, address = sites[intended(room)["site_id"]], intended(room)["address_v4"].partition("/")[0]
        came = 2 if own["site"] == BACK else 1
        refused = 1 if own["site"] == REFUSED else 0
        assert (own["status"], own["times"], own["addresses"]) == ("present", came, [address]), own
        assert (own["outside"], own["refused"]) == ([], refused), own
        times = marks[own["site"]]
        least, most = sum(to - there for _, there, to, _ in times), sum(out - call for call, _, _, out in times)
        assert least - 1 <= own["seconds"] <= most + 1, own
    said = [site["lost"] for site in sites.values() if site["lost"] is not None]
    assert len(said) >= len(ROOMS) / 2, sites  # baresip says it only where control packets came in time
    ended = [one for one in shown(SERVER, "events") if one["event"] == "ended" and one["at"] >= held[0].timestamp()]
    assert {one["code"] for one in ended} == {200}  # the bridge was told that they left
    assert sum(said) == sum(records.lost(one["stats"], one["peer_stats"]) or 0 for one in ended)
    assert (sites[ABSENT]["status"], sites[ABSENT]["times"], sites[ABSENT]["refused"]) == ("absent", 0, 0)
    own = sites[OUTSIDE]
    assert (own["status"], own["times"], own["outside"], own["refused"]) == ("outside", 0, [STRANGER], 1)
    stranger = {"event": "unknown_account", "account": UNKNOWN, "address": "10.98.25.10", "times": 1}
    assert facts["others"] == [stranger]
    rows = list(csv.DictReader((kept / f"{MEETING}.csv").open(encoding="utf-8")))
    assert [row["site_id"] for row in rows] == list(sites)
