"""The conference VLAN against the outside: nothing of it is even seen on a provider's link."""

from __future__ import annotations

import re

import crafted
import matrix
import pytest
import trial
from sentences import HOSTS
from trial import Probe

from twin.lan import CONTROLLER

SITE = "lci-02686-a-mu-sung"
ROUTER, ROOM, OFFICE = f"{SITE}-r1", f"{SITE}-conference", f"{SITE}-office"
PROVIDERS = ("pe-vnpt", "pe-viettel")
WAYS_OUT = (("tcp", 80), ("tcp", 443), ("tcp", 853), ("udp", 53), ("udp", 123), ("udp", 443), ("icmp", 0))
WATCH = (
    "add table inet probe; add chain inet probe seen {{ type filter hook prerouting priority -300; }}; "
    "add rule inet probe seen ip saddr {v4} counter; add rule inet probe seen ip6 saddr {v6} counter"
)
PORTAL = ("10.96.5.84", "2001:db8:1500:130::20")


def _attempts(node, targets, ways=WAYS_OUT):
    return [
        Probe(node, protocol, HOSTS[node][family], target, port)
        for family, target in enumerate(targets)
        for protocol, port in ways
    ]


def _counters(text):
    return [int(number) for number in re.findall(r"counter packets (\d+)", text)]


@pytest.fixture
def watched(node):
    """Count packets from this conference VLAN on every provider's side of its lines."""
    for provider in PROVIDERS:
        node(provider).check_output(f"nft '{WATCH.format(v4='10.98.9.0/26', v6='2001:db8:1500:8220::/64')}'")
    yield lambda: [n for p in PROVIDERS for n in _counters(node(p).check_output("nft list table inet probe"))]
    for provider in PROVIDERS:
        node(provider).check_output("nft delete table inet probe")


def _walled(twin):
    return sum(_counters(twin("exec", ROUTER, "--", "nft", "list", "chain", "inet", "filter", "wall_conference")))


def test_no_packet_of_an_attempt_to_leave_is_seen_on_a_providers_link(watched, twin, measured):
    """No attempt of a conference room to leave puts a packet on a provider's link; the wall counts them all."""
    attempts = _attempts(ROOM, HOSTS["internet"]) + _attempts(ROOM, HOSTS[OFFICE]) + _attempts(ROOM, PORTAL)
    before = _walled(twin)
    assert not trial.run(attempts).wrong(attempts)
    assert watched() == [0, 0, 0, 0]
    measured("packets on providers' links", [sum(watched())], 0)
    assert _walled(twin) - before >= len(attempts)


def test_the_watch_sees_what_may_leave(watched):
    """The same counters see a call to another room, so that their zeros mean something."""
    room = f"{matrix.THERE}-conference"
    allowed = [Probe(ROOM, "icmp", HOSTS[ROOM][f], HOSTS[room][f], allowed=True, target_node=room) for f in (0, 1)]
    assert not trial.run(allowed).wrong(allowed)
    assert sum(watched()) >= 2


def test_a_wrong_permit_does_not_let_a_conference_room_out(watched, twin):
    """With a permit for everything put before the catalogue's, a conference room still leaves for nowhere.

    Nor to managers, from the port that it answers them on either.
    """
    rule = ("nft", "insert", "rule", "inet", "filter", "from_conference", "accept")
    twin("exec", ROUTER, "--", *rule)
    try:
        attempts = _attempts(ROOM, HOSTS[OFFICE]) + _attempts(ROOM, PORTAL)
        attempts += _attempts(ROOM, HOSTS[CONTROLLER], (("tcp", 22), ("tcp", 443), ("udp", 53), ("icmp", 0)))
        attempts += [probe for _, probe in crafted.ANSWERS if probe.node == ROOM]
        assert not trial.run(attempts).wrong(attempts)
        assert watched() == [0, 0, 0, 0]
    finally:
        handle = re.search(
            r"^\s*accept # handle (\d+)$",
            twin("exec", ROUTER, "--", "nft", "-a", "list", "chain", "inet", "filter", "from_conference"),
            re.MULTILINE,
        )
        twin("exec", ROUTER, "--", "nft", "delete", "rule", "inet", "filter", "from_conference", "handle", handle[1])


def test_the_outside_is_really_there():
    """The Internet host answers to who may ask it, so that the silence above means something."""
    asked = [
        Probe("pe-vnpt", protocol, source, target, port, allowed=True)
        for source, target in zip(("203.0.113.6", "2001:db8:ffff:2::2"), HOSTS["internet"], strict=True)
        for protocol, port in (("tcp", 80), ("udp", 53), ("icmp", 0))
    ]
    assert not trial.run(asked).wrong(asked)


def test_the_carrier_is_no_user_of_the_network():
    """A provider's router reaches neither the hub's services nor a conference room, from a link address either."""
    targets = (PORTAL, HOSTS["lci-hub-services"], HOSTS[ROOM], HOSTS[OFFICE])
    ours = ("10.111.17.4", "2001:db8:15ff:a::104")
    attempts = [
        Probe("pe-vnpt", protocol, ours[family], target[family], port)
        for target in targets
        for family in (0, 1)
        for protocol, port in (("tcp", 443), ("udp", 5060), ("icmp", 0))
    ]
    assert not trial.run(attempts).wrong(attempts)


def test_sessions_of_the_control_plane_are_for_peers_only():
    """BGP and BFD of a router answer no host of its VLANs and no other carrier address."""
    gateways = {ROOM: ("10.98.9.1", "2001:db8:1500:8220::1"), OFFICE: ("10.98.8.1", "2001:db8:1500:8210::1")}
    ways = (("tcp", 22), ("tcp", 179), ("udp", 3784), ("udp", 4784), ("tcp", 2601))
    attempts = [probe for node, targets in gateways.items() for probe in _attempts(node, targets, ways)]
    assert not trial.run(attempts).wrong(attempts)
