"""Big packets with DF cross every path, or the sender is told; TCP never needs to be told."""

from __future__ import annotations

import re

import pytest

ROUTER, OTHER_ROUTER = "lci-02686-a-mu-sung-r1", "lci-02701-y-ty-r1"
ROOM, OTHER_ROOM = "lci-02686-a-mu-sung-conference", {4: "10.98.25.10", 6: "2001:db8:1500:8620::10"}
HUB_ROOM = {4: "10.96.5.10", 6: "2001:db8:1500:120::10"}
CONFERENCE_SERVICE = {4: "10.96.5.74", 6: "2001:db8:1500:130::10"}
HEADERS = {4: 28, 6: 48}  # IP and ICMP, bytes
TCP_HEADERS = {4: 40, 6: 60}
VIETTEL_MTU = 1492
TIMESTAMPS = 12  # bytes that TCP's options take of a segment
WITHIN_S = 15
SEGMENT = (
    "import socket; s = socket.create_connection(({address!r}, 5061), 3);"
    "print(s.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG))"
)


def _ping(host, family, target, size, count=1):
    """A ping of an IP packet of `size` bytes that nobody may cut."""
    return host.run(f"ping -{family} -n -M do -c {count} -i 0.3 -W 1 -s {size - HEADERS[family]} {target}")


def _segment(host, family):
    return int(host.check_output("python3 -c %s", SEGMENT.format(address=CONFERENCE_SERVICE[family])))


@pytest.fixture(scope="module")
def secondary(twin):
    """The site's primary line is cut: everything goes over the carrier that takes 1492 bytes."""
    twin("cut", ROUTER, "pe-vnpt")
    yield
    twin("heal")


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("target", [OTHER_ROOM, HUB_ROOM], ids=["another commune", "the hub"])
def test_1500_bytes_cross_the_primary_path(node, eventually, family, target):
    """A packet of 1500 bytes with DF crosses the primary path, to another commune and to the hub."""
    eventually(lambda: _ping(node(ROOM), family, target[family], 1500).succeeded, WITHIN_S, "ping")


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("target", [OTHER_ROOM, HUB_ROOM], ids=["another commune", "the hub"])
def test_the_sender_learns_what_the_secondary_path_carries(node, eventually, secondary, family, target):
    """Over the line of 1492 bytes a packet of 1500 bytes is answered by the size that fits, and that size passes."""
    room = node(ROOM)
    eventually(lambda: _ping(room, family, target[family], VIETTEL_MTU).succeeded, WITHIN_S, "1492 bytes pass")
    room.run("ip route flush cache; ip -6 route flush cache")
    told = _ping(room, family, target[family], 1500, count=2)
    assert told.failed
    assert re.search(rf"mtu[ =]{VIETTEL_MTU}\b|mtu = {VIETTEL_MTU}\b", told.stdout + told.stderr), told.stdout


@pytest.mark.parametrize("family", [4, 6])
def test_segments_fit_the_secondary_path_from_the_first_packet_on(node, eventually, secondary, family):
    """TCP over the line of 1492 bytes is told segments that fit when it connects, without losing a packet first."""
    room = node(ROOM)
    room.run("ip route flush cache; ip -6 route flush cache")
    ping = f"ping -{family} -n -c 1 -W 1 {HUB_ROOM[family]}"
    eventually(lambda: room.run(ping).succeeded, WITHIN_S, "the hub answers")
    assert _segment(room, family) == VIETTEL_MTU - TCP_HEADERS[family] - TIMESTAMPS
