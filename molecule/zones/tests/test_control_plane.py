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
ANSWERS = (
    "add table inet probe; add chain inet probe seen {{ type filter hook prerouting priority -300; }}; "
    "add rule inet probe seen {ip} saddr {address} tcp sport 22 tcp flags syn,ack / syn,ack counter"
)


@pytest.fixture
def meeting(node):
    """Runs a flood while two rooms talk: packets of theirs that were lost, and what the flood returned."""

    def run(family, flood):
        command = f"ping -{family} -n -q -i 0.02 -c {MEETING} -W 2 {OTHER_ROOM[family]}"
        node(ROOM).run(f"ping -{family} -n -c 3 -i 0.3 -W 1 {OTHER_ROOM[family]}")  # neighbours know each other
        with ThreadPoolExecutor(1) as executor:
            flooding = executor.submit(flood)
            received = int(re.search(r"(\d+) received", node(ROOM).run(command).stdout)[1])
            return MEETING - received, flooding.result()

    return run


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


@pytest.mark.parametrize("family", [4, 6])
def test_a_flood_of_pings_is_answered_at_a_bounded_rate(node, meeting, sessions, measured, family):
    """A PC floods its gateway with pings: few are answered, no session goes down, and a meeting loses nothing."""
    before = sessions()
    ping = f"ping -{family} -n -q -i 0.001 -c {PACKETS} -w {SECONDS} -W 1 {GATEWAY[family]}"
    lost, flood = meeting(family, lambda: node(OFFICE).run(f"for n in 1 2 3 4; do {ping} & done; wait").stdout)
    sent, answered = (
        sum(map(int, re.findall(rf"(\d+) {word}", flood))) for word in ("packets transmitted", "received")
    )
    limit = PINGS_AT_ONCE + PINGS_PER_SECOND * SECONDS * LATE
    measured("answered pings", [answered], limit)
    assert sent > 3 * limit
    assert 0 < answered <= limit
    assert lost == 0
    assert sessions() == before


def _connect(here, there):
    """First segments of many connections, at an even pace; the tests run in the management host's own network."""
    with socket.socket(socket.AF_INET6 if ":" in there else socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        start = time.monotonic()
        for number in range(PACKETS):
            raw.sendto(packets.ip(here, there, packets.TCP, packets.syn(here, there, 20000 + number, 22)), (there, 0))
            time.sleep(max(0, start + number * SECONDS / PACKETS - time.monotonic()))


@pytest.mark.parametrize("family", [4, 6])
def test_a_flood_of_connections_is_answered_at_a_bounded_rate(node, meeting, sessions, measured, family):
    """A flood of SSH from a management host: few are answered, no session goes down, and a meeting loses nothing."""
    before = sessions()
    controller, there = node("controller"), LOOPBACK[family]
    controller.check_output("nft %s", ANSWERS.format(ip="ip" if family == 4 else "ip6", address=there))
    try:
        lost, _ = meeting(family, lambda: _connect(MANAGER[family], there))
        text = controller.check_output("nft list chain inet probe seen")
    finally:
        controller.check_output("nft delete table inet probe")
    answered = int(re.search(r"counter packets (\d+)", text)[1])
    limit = SSH_AT_ONCE + SSH_PER_SECOND * SECONDS * LATE
    measured("answered connections", [answered], limit)
    assert 0 < answered <= limit
    assert lost == 0
    assert sessions() == before
