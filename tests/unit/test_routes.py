"""get_route_to: which questions are asked, and what is made of FRR's answers."""

import pytest

from napalm_frr import routes
from napalm_frr.agent import auditor_shell, route

HOP = {"ip": "10.0.0.1", "interfaceName": "wan1", "active": True, "fib": True}
ZEBRA = {
    "protocol": "bgp",
    "selected": True,
    "distance": 20,
    "uptime": "00:01:05",
    "nexthops": [HOP],
    "vrfName": "default",
}


def _path(peer, asn, *, best):
    return {
        "aspath": {"string": str(asn), "segments": [{"type": "as-sequence", "list": [asn]}]},
        "locPrf": 200 if best else 100,
        "bestpath": {"overall": True, "selectionReason": "Local Pref"} if best else {},
        "lastUpdate": {"epoch": 900},
        "nexthops": [{"ip": peer, "used": True}],
        "peer": {"peerId": peer, "type": "external"},
    }


DATA = {
    "now": 1000,
    "asn": 65000,
    "zebra": {
        "10.1.0.0/16": [ZEBRA],
        "10.2.0.0/16": [{**ZEBRA, "protocol": "static", "nexthops": [{"blackhole": True, "active": True}]}],
    },
    "bgp": {"10.1.0.0/16": [_path("10.0.0.1", 65001, best=True), _path("10.0.0.2", 65002, best=False)]},
}


def test_every_path_is_told_and_why_it_is_used_or_not():
    best, other = routes.route_to(DATA, "bgp")["10.1.0.0/16"]
    assert (best["current_active"], best["outgoing_interface"], best["inactive_reason"]) == (True, "wan1", "")
    assert (other["current_active"], other["next_hop"], other["inactive_reason"]) == (False, "10.0.0.2", "Local Pref")
    assert best["protocol_attributes"]["remote_as"] == 65001
    assert best["age"] == 100


def test_a_protocol_selects():
    assert list(routes.route_to(DATA, "bgp")) == ["10.1.0.0/16"]
    assert list(routes.route_to(DATA, "STATIC")) == ["10.2.0.0/16"]
    assert list(routes.route_to(DATA, "")) == ["10.1.0.0/16", "10.2.0.0/16"]


@pytest.mark.parametrize(("text", "seconds"), [("00:01:05", 65), ("1d02h03m", 93780), ("3w2d01h", 1990800)])
def test_uptimes_of_frr_are_read(text, seconds):
    assert routes._seconds(text) == seconds


@pytest.mark.parametrize(
    ("destination", "longer", "command"),
    [
        ("10.1.2.3/16", False, "show route 10.1.0.0/16"),
        ("2001:DB8:0::/32", True, "show route 2001:db8::/32 longer"),
        ("10.1.2.3", False, "show route 10.1.2.3"),
    ],
)
def test_a_destination_is_asked_for_in_its_canonical_spelling(destination, longer, command):
    assert routes.question(destination, longer) == command
    assert route.is_query(command.split()[1:])
    assert auditor_shell.words(command) == command.split()


@pytest.mark.parametrize(
    ("destination", "longer"), [("", False), ("x", False), ("10.0.0.1", True), ("10.0.0.0/8;id", False)]
)
def test_other_destinations_are_not_asked_for(destination, longer):
    with pytest.raises(ValueError, match=r".+"):
        routes.question(destination, longer)


@pytest.mark.parametrize(
    "words",
    [
        "route",
        "route 10.0.0.1/8",
        "route 010.0.0.0/8",
        "route 10.0.0.0/8 longer longer",
        "route 10.0.0.1 longer",
        "route fe80::1%wan1",
        "route FE80::1",
        "route ::ffff:10.0.0.1",
        "route 10.0.0.0/8 json",
        "route 10.0.0.0/8\n",
        "routes 10.0.0.0/8",
    ],
)
def test_only_the_canonical_spelling_is_accepted(words):
    assert not route.is_query(words.split(" "))
    assert auditor_shell.words(f"show {words}") is None
