from __future__ import annotations

import json

import outage
import pytest
from outage import HUB_ROUTER, PRIMARY, ROUTER, SECONDARY, Meeting

LIMIT_S = 10
RETURN_LIMIT_S = 0.5
SINGLE = "lci-02734-quang-kim"
PES = {"ipv4Unicast": "10.111.17.4", "ipv6Unicast": "2001:db8:15ff:a::104"}
WATCHES = "add table inet probe; add chain inet probe lost { type filter hook forward priority -300; }; "
WATCHES += "add rule inet probe lost udp dport 4784 drop"


def _is_silent(twin):
    """Whether nothing but the far end could have noticed: line, BGP and BFD with the PE are up at both ends."""
    summary = json.loads(twin("exec", ROUTER, "--", "vtysh", "-c", "show bgp summary json"))
    states = {summary[family]["peers"][pe]["state"] for family, pe in PES.items()}
    peers = json.loads(twin("exec", ROUTER, "--", "vtysh", "-c", "show bfd peers json"))
    lines = {peer["status"] for peer in peers if peer["peer"] in PES.values()}
    return (states, lines) == ({"Established"}, {"up"})


def test_a_silent_failure_of_the_primary_core_is_left_in_both_directions(twin, eventually, measured):
    """The primary's core fails, all lines up: commune and hub meet over the secondary within 10 s, both families."""

    def run():
        eventually(lambda: outage.ways(twin) == PRIMARY, outage.WAY_LIMIT_S, "the way over the primary")
        with Meeting(twin, eventually) as meeting:
            try:
                seconds = meeting.outage(lambda: twin("cut", "--core", "pe-vnpt"), SECONDARY)
                assert _is_silent(twin)
            finally:
                twin("heal")
        return seconds

    values, repeated = outage.measure(run, LIMIT_S)
    measured("s, longest silence of four streams", values, LIMIT_S, repeated=repeated)
    assert max(values) <= LIMIT_S


def test_a_mended_core_is_used_again_without_an_outage(twin, eventually, measured):
    """After the core is mended commune and hub return to the primary, and lose no more than half a second by it."""
    twin("cut", "--core", "pe-vnpt")
    try:
        eventually(lambda: outage.ways(twin) == SECONDARY, outage.WAY_LIMIT_S, "the way over the secondary")
        with Meeting(twin, eventually) as meeting:
            seconds = meeting.outage(lambda: twin("heal"), PRIMARY)
    finally:
        twin("heal")
    measured("s, longest silence", [seconds], RETURN_LIMIT_S)
    assert seconds <= RETURN_LIMIT_S


@pytest.mark.parametrize("site", [outage.SITE, SINGLE], ids=["two uplinks", "one uplink"])
def test_sessions_that_fail_without_reason_cost_nothing(node, twin, eventually, measured, site):
    """Both providers lose BFD across their cores and nothing else: no site loses the hub, whatever uplinks it has."""
    providers = [node("pe-vnpt"), node("pe-viettel")]

    def unwatched():
        for router in (ROUTER, HUB_ROUTER):
            table = json.loads(twin("exec", router, "--", "vtysh", "-c", "show bfd peers json"))
            if any(peer["multihop"] and peer["status"] == "up" for peer in table):
                return False
        return True

    def lose():
        for pe in providers:
            pe.check_output(f"nft '{WATCHES}'")
        eventually(unwatched, outage.WAY_LIMIT_S, "no multihop session is left")

    with Meeting(twin, eventually, site) as meeting:
        try:
            seconds = meeting.outage(lose, PRIMARY)
        finally:
            for pe in providers:
                pe.check_output("nft delete table inet probe")
        watched = meeting.outage(lambda: None, PRIMARY)
    measured("s, longest silence", [seconds, watched], RETURN_LIMIT_S)
    assert max(seconds, watched) <= RETURN_LIMIT_S
