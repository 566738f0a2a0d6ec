"""The ledger of a scripted meeting is exact: of eight invited one is absent, one outside, one drops and comes back."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from tslcd import ledger
from tslcd.ledger import Invited, Window
from tslcd.model import Meeting

BEGINS = datetime(2026, 12, 8, 1, tzinfo=UTC)
WINDOW = Window(BEGINS, BEGINS + timedelta(hours=2))
AFTERWARDS = WINDOW.ends.timestamp() + 3600
INSIDE = [ip_network("10.96.0.0/12"), ip_network("2001:db8:1500::/40")]
CHAIR, ABSENT, OUTSIDE, BACK, V6, EARLY, LATE, PLAIN = (
    "chair",
    "absent",
    "outside",
    "back",
    "v6",
    "early",
    "late",
    "plain",
)
SITES = (CHAIR, ABSENT, OUTSIDE, BACK, V6, EARLY, LATE, PLAIN)
INVITED = [Invited(f"lci-{name}", f"Điểm {name}", name) for name in SITES]
MEETING = Meeting(
    key="2026-12-thu", name_vi="Họp thử", tier="district_commune", chair="lci-chair", sites=("lci-back",),
    starts_at=WINDOW.begins, ends_at=WINDOW.ends,
)  # fmt: skip
CLEAN = "EX=BareSip;PR=250;PS=251;PL=0,0;JI=1"


def at(minutes):
    return BEGINS.timestamp() + 60 * minutes


def call(number, caller, source, start, end, *, stats=CLEAN, callee=CHAIR):
    """Events of a call to the chair; `end` None: its end was never seen."""
    words = {"account": caller, "peer": callee, "call": f"call-{number}"}
    events = [
        {"event": "invite", "at": at(start) - 1, "from": f"{source}:5061", **words},
        {"event": "answered", "at": at(start), "from": "10.98.1.11:5061", **words},
    ]
    if end is not None:
        # Who hangs up is the account of the end: here the chair.
        over = {"account": callee, "peer": caller, "call": f"call-{number}", "from": "10.98.1.11:5061"}
        events.append({"event": "ended", "at": at(end), "stats": stats, "peer_stats": "", **over})
    return events


EVENTS = [
    *call(1, BACK, "10.98.5.11", 0, 30),
    *call(2, BACK, "10.98.5.11", 40, 120, stats="PR=1;PL=3,4"),  # dropped midway, and back
    *call(3, V6, "[2001:DB8:1500:8620:0:0:0:11]", 0, None),  # its end was never seen: until the meeting's
    *call(4, EARLY, "10.98.9.11", -20, 60),  # what was before the meeting does not count
    *call(5, LATE, "10.98.25.11", 100, 150),
    *call(6, PLAIN, "10.98.69.11", 10, 20),
    *call(7, PLAIN, "10.98.69.11", 15, 25),  # at once with the other one: counted once
    *call(8, "somebody", "10.98.69.11", 0, 120),  # not invited
    *call(9, PLAIN, "10.98.69.11", 130, 140),  # afterwards
    {"event": "outside", "at": at(5), "account": OUTSIDE, "from": "203.0.113.80:40000", "call": ""},
    {"event": "wrong_password", "at": at(6), "account": OUTSIDE, "from": "10.98.13.10:40000", "call": ""},
    {"event": "wrong_password", "at": at(-5), "account": ABSENT, "from": "10.98.13.11:40000", "call": ""},
    {
        "event": "registered",
        "at": at(1),
        "account": ABSENT,
        "from": "10.98.13.11:40000",
        "call": "",
    },  # and never joined
]

GONE = {"event": "unregistered", "at": at(20), "account": BACK}


@pytest.fixture
def found():
    backwards = list(reversed(EVENTS))  # of several servers, in any order
    return {
        one.invited.account: one for one in ledger.attend(INVITED, backwards, WINDOW, inside=INSIDE, now=AFTERWARDS)
    }


def minutes(one):
    return one.seconds / 60


def test_the_sentence_counts_every_invited_site_once(found):
    assert ledger.sentence(list(found.values())) == "8 invited, 6 over TSLCD, 1 absent, 1 from outside"


def test_who_was_absent_and_who_came_from_outside_are_told_apart(found):
    assert (found[ABSENT].status, found[ABSENT].times, found[ABSENT].refused) == ("absent", 0, 0)
    assert (found[OUTSIDE].status, found[OUTSIDE].outside, found[OUTSIDE].refused) == ("outside", ("203.0.113.80",), 2)


def test_who_dropped_and_came_back_is_counted_for_the_time_between_not_at_all(found):
    own = found[BACK]
    assert (own.status, own.times, minutes(own), own.lost) == ("present", 2, 110, 7)
    assert (own.joined, own.left) == (WINDOW.begins, WINDOW.ends)


def test_a_call_counts_inside_the_meeting_and_once(found):
    assert [(minutes(found[name]), found[name].times) for name in (V6, EARLY, LATE, PLAIN)] == [
        (120, 1),
        (60, 1),
        (20, 1),
        (15, 1),
    ]
    assert found[V6].lost is None, "nobody said what it lost"
    assert found[V6].addresses == ("2001:db8:1500:8620::11",)
    assert minutes(found[CHAIR]) == 120


def test_whoever_takes_part_from_an_address_outside_is_not_counted_as_over_the_network():
    events = call(1, BACK, "198.51.100.7", 0, 120)
    own = next(
        one
        for one in ledger.attend(INVITED, events, WINDOW, inside=INSIDE, now=AFTERWARDS)
        if one.invited.account == BACK
    )
    assert (own.status, own.outside) == ("outside", ("198.51.100.7",))


@pytest.mark.parametrize(
    ("events", "now", "minutes_there"),
    [
        (call(1, BACK, "10.98.5.11", -30, None), AFTERWARDS, 0),
        (call(1, BACK, "10.98.5.11", 10, None), at(25), 15),
        (
            [*call(1, BACK, "10.98.5.11", 10, None), {"event": "unregistered", "at": at(20), "account": BACK}],
            AFTERWARDS,
            10,
        ),
    ],
    ids=["from before the meeting", "while it is held", "until it was gone"],
)
def test_a_call_whose_end_was_not_seen_is_counted_as_far_as_anybody_knows(events, now, minutes_there):
    own = next(o for o in ledger.attend(INVITED, events, WINDOW, inside=INSIDE, now=now) if o.invited.account == BACK)
    assert minutes(own) == minutes_there


def test_a_site_without_an_endpoint_is_absent():
    lone = [*INVITED, Invited("lci-new", "Điểm mới", "")]
    assert ledger.attend(lone, EVENTS, WINDOW, inside=INSIDE, now=AFTERWARDS)[-1].status == "absent"


def test_who_was_refused_and_not_invited_is_named_with_where_and_how_often(found):
    unknown = {"event": "unknown_account", "account": "x", "from": "10.98.5.10:1", "call": ""}
    events = [*EVENTS, *({**unknown, "at": at(minute)} for minute in (-1, 1, 2, 121))]
    others = ledger.strangers(INVITED, events, WINDOW, now=AFTERWARDS)
    assert others == [ledger.Stranger("unknown_account", "x", "10.98.5.10", 2)]
    said = list(ledger.table(MEETING, list(found.values()), others))
    assert said[-2] == "  không được mời: x từ 10.98.5.10, không có tài khoản này: 2 lần"


def test_who_was_not_invited_and_came_in_is_named(found):
    events = [*EVENTS, *call(20, "y", "10.98.5.9", 10, 20, callee="bridge"), *call(21, "z", "10.98.5.8", 130, 140)]
    others = ledger.strangers(INVITED, events, WINDOW, now=AFTERWARDS, bridges=["bridge"])
    assert others == [ledger.Stranger("joined", "y", "10.98.5.9", 1)]
    assert "y từ 10.98.5.9, đã vào họp: 1 lần" in "\n".join(ledger.table(MEETING, list(found.values()), others))


def test_a_name_from_the_network_does_not_look_like_a_line_of_the_ledger(found):
    forged = "x\n  Điểm absent  dự họp qua mạng TSLCD\x1b[2J" + "x" * 100
    others = [ledger.Stranger("unknown_account", forged, "10.98.5.10", 1)] * 12
    lines = list(ledger.table(MEETING, list(found.values()), others))
    assert not [line for line in lines if "\n" in line or "\x1b" in line]
    assert lines[-2] == "  không được mời: còn 2 trường hợp, xem tệp .json"
    assert len(lines) == 1 + len(SITES) + 10 + 2


@pytest.mark.parametrize("callee", ["bridge", CHAIR])
def test_whoever_calls_the_bridge_has_joined_and_the_bridge_itself_is_no_site(callee):
    events = call(1, BACK, "10.98.5.11", 0, 60, callee=callee)
    found = ledger.attend(INVITED, events, WINDOW, inside=INSIDE, now=AFTERWARDS, bridges=["bridge"])
    present = {one.invited.account for one in found if one.status == "present"}
    assert present == {BACK, callee} - {"bridge"}


def test_it_is_kept_by_quarter_as_csv_and_json(found, tmp_path):
    rows = list(csv.DictReader(io.StringIO(ledger.as_csv(list(found.values())))))
    assert [row["status"] for row in rows] == ["present", "absent", "outside", *["present"] * 5]
    assert (rows[3]["joined"], rows[3]["minutes"], rows[3]["lost"]) == ("2026-12-08T01:00:00Z", "110.0", "7")
    facts = ledger.as_json(MEETING, WINDOW, list(found.values()), time="2026-12-08T04:00:00Z")
    assert facts["summary_vi"] == ("Mời 8 điểm: 6 điểm dự họp qua mạng TSLCD, 1 điểm vắng, 1 điểm từ ngoài mạng.")
    assert ledger.path(tmp_path, MEETING, WINDOW, "csv") == tmp_path / "build/ledger/2026-q4/2026-12-thu.csv"


def test_people_read_every_site_and_the_count(found):
    lines = list(ledger.table(MEETING, list(found.values())))
    assert lines[0] == "Họp thử"
    assert "  Điểm back     dự họp qua mạng TSLCD: 110 phút 0 giây, vào 2 lần, mất 7 gói" in lines
    assert "  Điểm outside  từ ngoài mạng TSLCD: 203.0.113.80; 2 lần bị từ chối" in lines
    assert len(lines) == 1 + len(SITES) + 1


def test_a_meeting_is_held_as_planned_or_at_the_moments_given():
    assert ledger.window(MEETING, "", "") == WINDOW
    given = ledger.window(MEETING, "2026-12-08T08:10:00+07:00", "")
    assert given.begins == BEGINS + timedelta(minutes=10)
    assert given.begins.tzinfo is UTC


@pytest.mark.parametrize(
    ("begins", "ends", "why"),
    [
        ("2026-12-08T08:10:00", "", "has no time zone"),
        ("yesterday", "", "Invalid isoformat"),
        ("", "2026-12-08T00:00:00Z", "should be after ledger_begins"),
    ],
)
def test_a_time_that_is_none_is_refused(begins, ends, why):
    with pytest.raises(ValueError, match=why):
        ledger.window(MEETING, begins, ends)


def test_records_that_begin_after_the_meeting_did_are_said_to():
    assert ledger.gap(EVENTS, WINDOW) == ""
    assert "2026-12-08T01:10:00+00:00" in ledger.gap([{"at": at(10)}], WINDOW)
