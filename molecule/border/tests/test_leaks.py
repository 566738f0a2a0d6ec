"""A provider leaks routes towards a site: the Internet, the province as a whole, a part of the hub's servers."""

from __future__ import annotations

import time

import pytest
from announcements import FAMILIES, networks

SITE = "lci-02686-a-mu-sung"
ASN = 4200100130
PE = "pe-viettel"
SECONDARY = {"ipv4": "10.111.25.5", "ipv6": "2001:db8:15ff:b::105"}  # the site on that provider's line
# Of the length that sites announce, but nobody's: the site takes it, so its filter has seen what came with it.
CANARY = {"ipv4": "10.111.3.200/32", "ipv6": "2001:db8:1500:fe00::1/128"}
OUTSIDE = {"ipv4": "203.0.113.80", "ipv6": "2001:db8:ffff::80"}
NOBODY = {"ipv4": "10.103.208.10", "ipv6": "2001:db8:1500:f410::10"}  # in the aggregate, of no site
HUB = {"ipv4": "10.96.4.0/22", "ipv6": "2001:db8:1500:100::/56"}
SERVER = {"ipv4": "10.96.5.74", "ipv6": "2001:db8:1500:130::10"}  # of conferences, at the hub
LEAKED = {
    "a default route": {"ipv4": "0.0.0.0/0", "ipv6": "::/0"},
    "a prefix of the Internet": {"ipv4": "203.0.113.0/24", "ipv6": "2001:db8:ffff::/48"},
    "the province's aggregate": {"ipv4": "10.96.0.0/12", "ipv6": "2001:db8:1500::/40"},
    "the subnet of the hub's servers": {"ipv4": "10.96.5.64/26", "ipv6": "2001:db8:1500:130::/64"},
}
WITHIN_S = 60
GRACE_S = 0.3  # what came in the same flush as the canary has been judged
CONNECT = "import socket; socket.create_connection(({address!r}, 5061), 5)"


@pytest.fixture(scope="module", autouse=True)
def leaking(speaker, eventually):
    """The site's second provider announces all of it, and the canary last."""
    pe, site = speaker(PE), speaker(f"{SITE}-r1", ASN)
    more = ("the province's aggregate", "the subnet of the hub's servers")  # than the twin's providers always leak
    told = {family: [*(LEAKED[claim][family] for claim in more), CANARY[family]] for family in FAMILIES}
    for family in FAMILIES:
        eventually(lambda f=family: site.route(f, HUB[f]) == "wan1", WITHIN_S, "the usual way")
    pe.in_bgp(*(command for family in FAMILIES for command in networks(family, told[family])))
    try:
        for family in FAMILIES:
            eventually(lambda f=family: site.route(f, CANARY[f]), WITHIN_S, f"the canary of {family}")
        time.sleep(GRACE_S)
        yield
    finally:
        pe.in_bgp(*(command for family in FAMILIES for command in networks(family, told[family], no=True)))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("prefixes", LEAKED.values(), ids=LEAKED)
def test_a_leaked_route_is_not_installed(speaker, prefixes, family):
    """What a provider leaks is in no table of the site, while a prefix of a site's length from it is."""
    prefix, site = prefixes[family], speaker(f"{SITE}-r1", ASN)
    assert prefix in speaker(PE).advertised(family, SECONDARY[family]), "the provider leaks it"
    assert not site.heard_from(family, prefix)
    assert site.route(family, prefix) is None


@pytest.mark.parametrize("family", FAMILIES)
def test_no_packet_follows_a_leaked_route(node, twin, arriving, family):
    """Nothing that the site sends to leaked prefixes reaches a provider; what is for the hub goes its usual way."""
    count = arriving(OUTSIDE[family], NOBODY[family], SERVER[family])
    ping = "ping -n -c 2 -i 0.2 -W 1"
    for target in (OUTSIDE[family], NOBODY[family]):
        node(f"{SITE}-office").run(f"{ping} {target}")
        # ping fails, as it should: what it says tells whether a route was missing
        assert "unreachable" in twin("exec", f"{SITE}-r1", "--", "sh", "-c", f"{ping} {target} 2>&1 || true")
    node(f"{SITE}-conference").check_output("python3 -c %s", CONNECT.format(address=SERVER[family]))
    assert count(PE) == {OUTSIDE[family]: 0, NOBODY[family]: 0, SERVER[family]: 0}
    primary = count("pe-vnpt")
    assert (primary[OUTSIDE[family]], primary[NOBODY[family]]) == (0, 0)
    assert primary[SERVER[family]] > 0
