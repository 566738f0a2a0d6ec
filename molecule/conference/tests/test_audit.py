"""What was changed by hand at rooms is found, told before a meeting, and brought back."""

from __future__ import annotations

import json
import re
import subprocess
from contextlib import contextmanager

import pytest

from conftest import ROOMS, ROOT, SERVER, SIP, intended, password

REPORT = ROOT / "build" / "audit" / "audit.json"
READINESS = ROOT / "build" / "readiness" / "readiness.json"
MOVED, LOCKED_OUT, OFF = "lci-02701-y-ty-c1", "lci-02683-bat-xat-c1", "lci-082-bat-xat-c1"
PC_BESIDE = "lci-082-bat-xat-conference"
ACCOUNTS = "/var/lib/baresip/accounts"


def _audit(rooms):
    """How an audit ends, what it found by device, and what it printed."""
    done = rooms("audit.yml")
    return done.returncode, json.loads(REPORT.read_text(encoding="utf-8"))["devices"], done.stdout


@contextmanager
def _registered(source, account, word):
    """While it lasts, a host that holds a registration."""
    words = ["10.96.5.74", "hoi-nghi.laocai.internal", account, account, word, "hold"]
    command = ["twin", "exec", source, "--", "python3", "-c", SIP, *words]
    holding = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holding.stdout.readline() == "200\n"
        yield
    finally:
        holding.communicate()


@pytest.fixture(scope="module")
def changed(rooms, node):
    """Three rooms are changed by hand, each in its own way, and a PC takes one's account; what an audit says of it."""
    node(MOVED).check_output(f"sed -i s/sip:10.96.5.74:/sip:10.98.25.10:/ {ACCOUNTS}")
    node(LOCKED_OUT).check_output(f"sed -i 's/auth_pass=[^;]*/auth_pass=plantedplanted/' {ACCOUNTS}")
    node(OFF).check_output("kill -9 $(cat /run/napalm-frr.baresip.pid)")
    with _registered(PC_BESIDE, intended(OFF)["account"], password(OFF)):
        found = _audit(rooms)
    yield found
    done = rooms("site.yml")
    assert done.returncode == 0, done.stdout
    assert done.stdout.strip().splitlines()[-1] == f"commit: {len(ROOMS) + 1} devices, 3 committed, 4 unchanged"
    code, found, said = _audit(rooms)
    assert (code, {device["status"] for device in found.values()}) == (0, {"compliant"}), said


@pytest.mark.parametrize(
    ("room", "line"),
    [
        (
            MOVED,
            '-accounts <sip:lci-02701-y-ty@hoi-nghi.laocai.internal;transport=tls>;.*outbound="sip:10.98.25.10:5061',
        ),
        (LOCKED_OUT, "-accounts <sip:lci-02683-bat-xat@.*auth_pass=<hmac-sha256:"),
        (OFF, "-unmanaged baresip does not run"),
    ],
    ids=["another server", "another password", "off"],
)
def test_what_was_changed_by_hand_at_a_room_is_found(changed, room, line):
    """A room with another server, with another password, or whose program is off is a drift, and the audit says how."""
    code, found, _ = changed
    assert code == 2
    assert found[room]["status"] == found[room]["sections"]["baresip"]["status"] == "drift"
    assert any(re.match(line, one) for one in found[room]["sections"]["baresip"]["diff"].splitlines()), found[room]


def test_rooms_that_run_what_is_declared_are_compliant(changed):
    """The other rooms audit as compliant at the same time."""
    _, found, _ = changed
    others = {*ROOMS} - {MOVED, LOCKED_OUT, OFF}
    assert {found[name]["status"] for name in others} == {"compliant"}


def test_an_account_that_is_registered_from_elsewhere_is_found(changed):
    """Somebody registers from the PC beside a room, with its password: the audit says where, at the server."""
    _, found, _ = changed
    assert found[SERVER]["status"] == "drift"
    assert {section["status"] for section in found[SERVER]["sections"].values()} == {"compliant"}
    account = intended(OFF)["account"]
    assert found[SERVER]["reason"] == f"{account} is registered from 10.98.1.10, not from its endpoint"


def test_before_a_meeting_each_room_is_said_to_be_ready_or_why_it_is_not(changed, rooms, shown, twin, eventually):
    """A room that is off is not ready; one that lost its primary line is, over the other one, and its call works."""
    account = intended(OFF)["account"]
    eventually(lambda: account not in {one["account"] for one in shown(SERVER, "registrations")}, 30, "it is gone")
    twin("cut", "lci-02686-a-mu-sung-r1", "pe-vnpt")
    try:
        done = rooms("readiness.yml")
    finally:
        twin("heal")
    assert done.returncode == 2, done.stdout
    assert done.stdout.strip().splitlines()[-1] == "readiness: 6 rooms, 5 ready, 1 not ready"
    assert "UBND huyện Bát Xát: CHƯA sẵn sàng: chưa đăng ký tại máy chủ hội nghị." in done.stdout
    found = json.loads(READINESS.read_text(encoding="utf-8"))["rooms"]
    moved = found["lci-02686-a-mu-sung-c1"]
    assert (moved["ready"], moved["look"]["provider"], moved["call"]["lost"]) == (True, "viettel", 0)


def test_no_password_is_in_an_audits_papers(changed):
    """Neither what an audit prints nor its report holds a password, the declared one or the one put in by hand."""
    _, _, said = changed
    for secret in (*map(password, ROOMS), "plantedplanted"):
        assert secret not in said
        assert secret not in REPORT.read_text(encoding="utf-8")
