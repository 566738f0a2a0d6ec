"""Floods at a router itself: it answers at its own rate, keeps its sessions, and forwards a meeting as before."""

from __future__ import annotations

import json
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import packets
import pytest

SITE = "lci-02686-a-mu-sung"
ROUTER, OFFICE, ROOM = f"{SITE}-r1", f"{SITE}-office", f"{SITE}-conference"
OTHER_ROOM = {4: "10.98.25.10", 6: "2001:db8:1500:8620::10"}
GATEWAY = {4: "10.98.8.1", 6: "2001:db8:1500:8210::1"}
LOOPBACK = {4: "10.111.0.130", 6: "2001:db8:1500:8200::1"}
MANAGER = {4: "10.96.5.202", 6: "2001:db8:1500:199::10"}
SECONDS = 3
PACKETS = 3000
PINGS_PER_SECOND, PINGS_AT_ONCE = 50, 100
SSH_PER_SECOND, SSH_AT_ONCE = 20, 40
LATE = 1.5  # a busy machine sends for longer
MEETING = 100  # packets, 50 a second
TRIES = 3
ANSWERS = (
    "add table inet probe; add chain inet probe seen {{ type filter hook prerouting priority -300; }}; "
    "add rule inet probe seen {ip} saddr {address} tcp sport 22 tcp flags syn,ack / syn,ack counter"
)


@pytest.fixture
def sessions(node):
    """How often each session of the router came up and went down, and whether BFD sees all its peers."""

    def look():
        router = node(ROUTER)
        found = {}
        for family in ("ipv4", "ipv6"):
            shown = json.loads(router.check_output(f"vtysh -c 'show bgp {family} unicast summary json'"))["peers"]
            found |= {peer: (state["state"], state["connectionsEstablished"]) for peer, state in shown.items()}
        shown = json.loads(router.check_output("vtysh -c 'show bfd peers json'"))
        return found | {f"bfd {session['peer']}": session["status"] for session in shown}

    return look


@pytest.fixture
def withstood(node, sessions, eventually):
    """Runs a flood while two rooms talk: packets of theirs that were lost, sessions that moved, what it returned.

    Again when something was: a machine that stands still for a second takes sessions down by itself, but not each time.
    """

    def once(family, flood):
        ping = f"ping -{family} -n -q -W 2 {OTHER_ROOM[family]}"
        eventually(lambda: node(ROOM).run(f"{ping} -c 1").rc == 0, 60, "the rooms reach each other")
        before = sessions()
        with ThreadPoolExecutor(1) as executor:
            flooding = executor.submit(flood)
            received = int(re.search(r"(\d+) received", node(ROOM).run(f"{ping} -i 0.02 -c {MEETING}").stdout)[1])
            result = flooding.result()
        after = sessions()
        return MEETING - received, {name for name in before | after if before.get(name) != after.get(name)}, result

    def run(family, flood):
        for _ in range(TRIES):
            lost, moved, result = once(family, flood)
            if not lost and not moved:
                break
        return lost, moved, result

    return run


@pytest.mark.parametrize("family", [4, 6])
def test_a_flood_of_pings_is_answered_at_a_bounded_rate(node, withstood, measured, family):
    """A PC floods its gateway with pings: few are answered, no session goes down, and a meeting loses nothing."""
    ping = f"ping -{family} -n -q -i 0.001 -c {PACKETS} -w {SECONDS} -W 1 {GATEWAY[family]}"
    lost, moved, flood = withstood(family, lambda: node(OFFICE).run(f"for n in 1 2 3 4; do {ping} & done; wait").stdout)
    sent, answered = (
        sum(map(int, re.findall(rf"(\d+) {word}", flood))) for word in ("packets transmitted", "received")
    )
    limit = PINGS_AT_ONCE + PINGS_PER_SECOND * SECONDS * LATE
    measured("answered pings", [answered], limit)
    assert sent > 3 * limit
    assert 0 < answered <= limit
    assert lost == 0
    assert not moved


def _connect(here, there):
    """First segments of many connections, at an even pace; the tests run in the management host's own network."""
    with socket.socket(socket.AF_INET6 if ":" in there else socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        start = time.monotonic()
        for number in range(PACKETS):
            raw.sendto(packets.ip(here, there, packets.TCP, packets.syn(here, there, 20000 + number, 22)), (there, 0))
            time.sleep(max(0, start + number * SECONDS / PACKETS - time.monotonic()))


@pytest.mark.parametrize("family", [4, 6])
def test_a_flood_of_connections_is_answered_at_a_bounded_rate(node, withstood, measured, family):
    """A flood of SSH from a management host: few are answered, no session goes down, and a meeting loses nothing."""
    controller, there = node("controller"), LOOPBACK[family]
    controller.check_output("nft %s", ANSWERS.format(ip="ip" if family == 4 else "ip6", address=there))

    def answered_now():
        return int(re.search(r"counter packets (\d+)", controller.check_output("nft list chain inet probe seen"))[1])

    def flood():
        so_far = answered_now()
        _connect(MANAGER[family], there)
        return answered_now() - so_far

    try:
        lost, moved, answered = withstood(family, flood)
    finally:
        controller.check_output("nft delete table inet probe")
    limit = SSH_AT_ONCE + SSH_PER_SECOND * SECONDS * LATE
    measured("answered connections", [answered], limit)
    assert 0 < answered <= limit
    assert lost == 0
    assert not moved
