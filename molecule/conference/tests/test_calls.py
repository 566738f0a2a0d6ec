"""Calls between rooms: no loss, marked as declared, nothing leaves, and alive when a line dies in silence."""

from __future__ import annotations

import json
import re
import subprocess
import time

import pytest

from conftest import PICTURES, RTP, SERVER, SILENT_LIMIT_S, SOUND, address, intended

HERE, THERE = "lci-02686-a-mu-sung", "lci-02734-quang-kim"  # two uplinks, and one
BESIDE = "lci-02683-bat-xat"  # two uplinks: nobody carries calls from one provider to the other
SECONDS = 6
PACKETS_PER_S, FRAMES_PER_S = 50, 25


def _look(site, source):
    """What arrives at a room from another one's address."""
    command = ["twin", "exec", f"{site}-c1", "--", "python3", "-c", RTP, address(source)]
    looking = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert looking.stdout.readline() == "ready\n"
    return looking


@pytest.fixture
def call(agent, shown, eventually):
    """A call between two rooms: what arrived at either end while it was held."""

    def hold(caller, callee, meanwhile):
        begun = len(shown(SERVER, "events"))
        agent(f"{caller}-c1", "call", "dial", intended(f"{callee}-c1")["account"])
        try:
            eventually(lambda: _is_held(shown(f"{caller}-c1", "calls")), 10, f"a call from {caller} to {callee}")
            looking = [_look(callee, caller), _look(caller, callee)]
            meanwhile()
            ends = [json.loads(one.communicate("enough\n")[0]) for one in looking]
            assert _is_held(shown(f"{caller}-c1", "calls")), "the call has ended"
        finally:
            agent(f"{caller}-c1", "call", "hangup")
        accounts = {intended(f"{site}-c1")["account"] for site in (caller, callee)}
        events = [one for one in shown(SERVER, "events")[begun:] if {one["account"], one["peer"]} == accounts]
        assert [one["event"] for one in events] == ["invite", "answered", "ended"]
        return ends

    return hold


def _is_held(calls):
    return any(one["state"] == "established" for one in calls)


@pytest.fixture
def marks(node):
    """Packets of the room's that the carrier's router took in: as EF, as AF41, with another mark."""
    pe = node("pe-vnpt")
    rules = "".join(
        f"add rule inet probe seen ip saddr {address(HERE)} ip protocol udp {which} counter; "
        for which in ("ip dscp ef", "ip dscp af41", "ip dscp != { ef, af41 }")
    )
    pe.check_output(
        "nft %s",
        "add table inet probe; add chain inet probe seen { type filter hook prerouting priority -300; }; " + rules,
    )
    yield lambda: [int(n) for n in re.findall(r"packets (\d+)", pe.check_output("nft list chain inet probe seen"))]
    pe.check_output("nft delete table inet probe")


def test_two_communes_call_each_other_without_loss_and_marked_as_declared(call, marks, measured):
    """A call between two communes loses no packet of sound or pictures; they leave the router as EF and AF41."""
    ends = call(HERE, THERE, lambda: time.sleep(SECONDS))
    measured("lost packets of sound and pictures", [sum(end[kind]["lost"] for kind in end) for end in ends], 0)
    for end in ends:
        assert end.keys() == {SOUND, PICTURES}
        assert end[SOUND]["received"] >= SECONDS * PACKETS_PER_S * 0.9
        assert end[PICTURES]["received"] >= SECONDS * FRAMES_PER_S * 0.9
        assert [end[kind]["lost"] for kind in end] == [0, 0]
    sound, pictures, other = marks()
    assert sound >= SECONDS * PACKETS_PER_S * 0.9
    assert pictures >= SECONDS * FRAMES_PER_S * 0.9
    assert other == 0


def test_a_call_survives_a_line_that_dies_in_silence(call, twin, measured):
    """The primary line of a site is cut without a sign during a call: sound is back in time, and the call goes on."""

    def cut():
        time.sleep(1)
        twin("cut", f"{HERE}-r1", "pe-vnpt", "--silent")
        time.sleep(SECONDS)

    try:
        ends = call(HERE, BESIDE, cut)
    finally:
        twin("heal")
    silences = [end[SOUND]["silence_s"] for end in ends]
    measured("s without sound, the longer of both directions", [max(silences)], SILENT_LIMIT_S)
    assert all(end[SOUND]["received"] > SECONDS * PACKETS_PER_S / 2 for end in ends), ends
    assert 0.1 < max(silences) <= SILENT_LIMIT_S, ends
