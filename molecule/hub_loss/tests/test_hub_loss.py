from __future__ import annotations

import time
from contextlib import contextmanager

import pytest
from outage import HUB_ROOM, PRIMARY, RUNS, SECONDARY, STEADY, WAY_LIMIT_S, ways
from stream import Stream

FIRST, SECOND = "lci-hub-r1", "lci-hub-r2"
COMMUNES = ("lci-02686-a-mu-sung", "lci-02734-quang-kim")  # with two uplinks, and with VNPT alone
ALONE = ("10.98.69.10", "2001:db8:1500:9120::10")  # a room of the latter
GATEWAYS = {"10.96.5.1/26", "2001:db8:1500:120::1/64"}
LIMIT_S = 3
LINE_LIMIT_S = 1.5
BFD_S = 0.9  # what it takes to notice: less means that nothing went over the line
ANSWERS_LIMIT_S = 90
RETURN_LIMIT_S = 120  # its start, its routes, and the delay before it takes the gateways back


def _is_active(twin, router):
    """Whether a router of the hub has the conference room's gateway, in both families."""
    shown = twin("exec", router, "--", "ip", "-brief", "address", "show", "dev", "vlan20").split()
    return set(shown) >= GATEWAYS


@contextmanager
def _meeting(eventually):
    """Both communes ask the hub's conference room all the time, in both families."""
    streams = [Stream(f"{site}-conference", address) for site in COMMUNES for address in HUB_ROOM.values()]

    def goes_on(since):
        eventually(
            lambda: all(stream.answers_since(since) >= STEADY for stream in streams), ANSWERS_LIMIT_S, "answers to all"
        )
        return round(max(stream.longest_silence(since) for stream in streams), 2)

    try:
        goes_on(time.time())
        yield goes_on
    finally:
        for stream in streams:
            stream.stop()


@pytest.fixture(autouse=True)
def first_router_is_active(twin, eventually):
    """Each claim begins, and leaves the hub, with the first router active, on its own primary line."""
    eventually(lambda: _is_active(twin, FIRST), RETURN_LIMIT_S, "the first router is active")
    eventually(lambda: ways(twin) == PRIMARY, WAY_LIMIT_S, "the first router's own line is used")
    yield
    eventually(lambda: _is_active(twin, FIRST), RETURN_LIMIT_S, "the first router is active again")


def test_the_active_router_uses_its_own_line_to_a_site_with_one_provider(router, eventually):
    """Where nothing tells two lines of a provider apart, the active router takes its own, in both families.

    Over the other router's line, the same site would be sent to at twice its rate.
    """
    for address in ALONE:
        show = f"ip -o route get {address}"
        eventually(lambda show=show: " dev wan1 " in router(FIRST).check_output(show), WAY_LIMIT_S, show)


def test_the_hub_is_reached_after_its_active_router_lost_its_power(twin, eventually, measured):
    """The hub's active router loses its power: communes reach the hub again within 3 s; its return costs no more."""
    lost, returned = [], []
    for _ in range(RUNS):
        with _meeting(eventually) as goes_on:
            since = time.time()
            twin("off", FIRST)
            try:
                eventually(lambda: _is_active(twin, SECOND), LIMIT_S, "the second router has the gateways")
                lost.append(goes_on(since))
                since = time.time()
            finally:
                twin("on", FIRST)
        with _meeting(eventually) as goes_on:
            eventually(lambda: _is_active(twin, FIRST), RETURN_LIMIT_S, "the first router has the gateways again")
            assert not _is_active(twin, SECOND)
            returned.append(goes_on(since))
    measured("s, longest silence of four streams", lost, LIMIT_S, returned=returned)
    assert max(lost + returned) <= LIMIT_S


def test_a_silent_line_of_the_active_router_is_left(twin, eventually, measured):
    """The active router's primary line falls silent: its other line, or the other router's, is used within 1.5 s."""
    with _meeting(eventually) as goes_on:
        since = time.time()
        twin("cut", FIRST, "pe-vnpt", "--silent")
        try:
            eventually(lambda: ways(twin) == {*PRIMARY, *SECONDARY}, WAY_LIMIT_S, "the hub's way over its other line")
            seconds = goes_on(since)
            assert _is_active(twin, FIRST)
        finally:
            twin("heal")
    measured("s, longest silence of four streams", [seconds], LINE_LIMIT_S)
    assert BFD_S / 2 < seconds <= LINE_LIMIT_S


def test_the_standby_router_has_no_gateway_and_drops_what_its_site_did_not_send(node, twin):
    """What a provider sends to the standby router for somebody else's prefix does not cross the cable beside it."""
    assert not _is_active(twin, SECOND)
    pe, target = node("pe-vnpt"), "10.96.8.10"  # the recovery site's
    counted = "nft 'add table inet probe; add chain inet probe seen { type filter hook postrouting priority 300; }; "
    twin("exec", SECOND, "--", "sh", "-c", f"{counted} add rule inet probe seen ip daddr {target} counter'")
    twin("exec", SECOND, "--", "ip", "route", "add", target, "via", "10.111.8.0")
    pe.check_output(f"ip route add {target} via 10.111.23.253")
    try:
        pe.run(f"ping -n -c 5 -i 0.1 -W 1 {target}")
        assert "counter packets 0 " in twin("exec", SECOND, "--", "nft", "list", "table", "inet", "probe")
    finally:
        pe.check_output(f"ip route del {target}")
        twin("exec", SECOND, "--", "ip", "route", "del", target)
        twin("exec", SECOND, "--", "nft", "delete", "table", "inet", "probe")
