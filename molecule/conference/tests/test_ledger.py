"""After a meeting: the ledger of what the server really saw."""

from __future__ import annotations

import csv
import json
import time
from datetime import UTC, datetime

import pytest

from conftest import ROOT, intended

HERE, THERE, REFUSED = "lci-02686-a-mu-sung", "lci-02734-quang-kim", "lci-02701-y-ty"
MEETING = "2026-12-bat-xat"
HELD_S = 6


@pytest.fixture(scope="module")
def meeting(agent, shown, register, eventually):
    """Two communes meet, somebody tries a third one's account; when it began and ended."""
    begins = datetime.now(UTC)
    assert register(f"{REFUSED}-conference", REFUSED, REFUSED, "wrongwrong") == 401
    agent(f"{HERE}-c1", "call", "dial", intended(f"{THERE}-c1")["account"])
    try:
        held = {"state": "established"}.items()
        eventually(lambda: any(held <= one.items() for one in shown(f"{HERE}-c1", "calls")), 10, "the call")
        time.sleep(HELD_S)
    finally:
        agent(f"{HERE}-c1", "call", "hangup")
    return begins, datetime.now(UTC)


def test_the_ledger_says_who_met_for_how_long_and_who_was_absent(meeting, rooms):
    """Of the district's meeting two communes took part over the network, the others were absent, one was refused."""
    begins, ends = (moment.isoformat() for moment in meeting)
    window = ("-e", f"ledger_begins={begins}", "-e", f"ledger_ends={ends}")
    done = rooms("ledger.yml", "-e", f"ledger_meeting={MEETING}", *window)
    assert done.returncode == 0, done.stdout
    quarter = f"{meeting[0].year}-q{(meeting[0].month + 2) // 3}"
    kept = ROOT / "build" / "ledger" / quarter
    facts = json.loads((kept / f"{MEETING}.json").read_text(encoding="utf-8"))
    sites = {site["site"]: site for site in facts["sites"]}
    total = len(sites)
    assert total > 20
    said = f"{total} invited, 2 over TSLCD, {total - 2} absent, 0 from outside"
    assert facts["summary"] == said
    assert done.stdout.strip().splitlines()[-1] == f"ledger: {said}"
    for site, address in ((HERE, "10.98.9.11"), (THERE, "10.98.69.11")):
        own = sites[site]
        assert (own["status"], own["times"], own["addresses"], own["lost"]) == ("present", 1, [address], 0)
        assert HELD_S - 1 <= own["seconds"] <= HELD_S + 10
    assert (sites[REFUSED]["status"], sites[REFUSED]["refused"]) == ("absent", 1)
    rows = list(csv.DictReader((kept / f"{MEETING}.csv").open(encoding="utf-8")))
    assert [row["site_id"] for row in rows] == list(sites)
