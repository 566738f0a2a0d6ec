"""Somebody at a commune's router announces what is not the commune's; later the router's own filter is gone too."""

from __future__ import annotations

import time

import pytest
from announcements import FAMILIES, in_family, networks

ROGUE, ROGUE_ASN = "lci-02734-quang-kim-r1", 4200100145
LINE = {"ipv4": "10.111.17.35", "ipv6": "2001:db8:15ff:a::123"}  # the rogue, as its only provider sees it
PE = "pe-vnpt"
VICTIM, ASN = "lci-02686-a-mu-sung", 4200100130
ITS_CARRIER = {"ipv4": "10.111.17.34", "ipv6": "2001:db8:15ff:a::122"}  # that provider, as the rogue sees it
VICTIMS_CARRIER = {"ipv4": "10.111.17.4", "ipv6": "2001:db8:15ff:a::104"}  # and as the victim does
VICTIMS_LINE = {"ipv4": "10.111.17.5", "ipv6": "2001:db8:15ff:a::105"}
OUT_FILTER = {"ipv4": "vnpt-out-v4", "ipv6": "vnpt-out-v6"}
ITS_OWN = {
    "ipv4": {"10.98.68.0/22", "10.111.0.145/32"},
    "ipv6": {"2001:db8:1500:9100::/56", "2001:db8:1500:9100::1/128"},
}
SERVER = {"ipv4": "10.96.5.74", "ipv6": "2001:db8:1500:130::10"}
CANARY = {"ipv4": "10.111.3.202/32", "ipv6": "2001:db8:1500:fe00::3/128"}
COMMUNE = {"ipv4": "10.98.24.0/22", "ipv6": "2001:db8:1500:8600::/56"}
FORGED = {
    "ipv4": {
        "the hub": "10.96.4.0/22",
        "the hub's router": "10.111.0.1/32",
        "the hub's end of a session across the core": "10.111.64.1/32",
        "the end at its second router": "10.111.71.254/32",
        "the recovery site, which nobody else announces here": "10.96.8.0/22",
        "the hub's servers": "10.96.5.64/26",
        "the whole province": "10.96.0.0/12",
        "a default route": "0.0.0.0/0",
    },
    "ipv6": {
        "the hub": "2001:db8:1500:100::/56",
        "the hub's router": "2001:db8:1500:100::1/128",
        "the hub's end of a session across the core": "2001:db8:15ff:1a::1/128",
        "the end at its second router": "2001:db8:15ff:1a:ffff:ffff:ffff:fffe/128",
        "the recovery site, which nobody else announces here": "2001:db8:1500:200::/56",
        "the hub's servers": "2001:db8:1500:130::/64",
        "the whole province": "2001:db8:1500::/40",
        "a default route": "::/0",
    },
}
WITHIN_S = 60
FLUSH_S = 1.5  # what a filter does not stop has been announced by then
CONNECT = "import socket; socket.create_connection(({address!r}, 5061), 2)"


def _all(commands):
    return [command for family in FAMILIES for command in commands(family)]


@pytest.fixture(scope="module")
def rogue(speaker):
    """The router announces other sites' prefixes, as far as its own filter lets it."""
    router = speaker(ROGUE, ROGUE_ASN)
    forged = {family: [*FORGED[family].values(), COMMUNE[family]] for family in FAMILIES}
    router.in_bgp("no bgp network import-check", *_all(lambda f: networks(f, forged[f])))
    time.sleep(FLUSH_S)
    yield router
    router.in_bgp("bgp network import-check", *_all(lambda f: networks(f, FORGED[f].values(), no=True)))


@pytest.fixture(scope="module")
def unfiltered(rogue, speaker, eventually):
    """The router's filter is gone too, and its provider believes it before everybody else."""
    pe, victim = speaker(PE), speaker(f"{VICTIM}-r1", ASN)
    pe.in_bgp(*_all(lambda f: in_family(f, [f"neighbor {LINE[f]} weight 100"])))
    rogue.configure("route-map anything permit 10")
    for family in FAMILIES:
        rogue.in_bgp(
            *networks(family, [COMMUNE[family]], no=True),  # nobody but the carrier could refuse it: docs/border.md
            *in_family(family, [f"neighbor {ITS_CARRIER[family]} route-map anything out"]),
            *networks(family, [CANARY[family]]),
        )
    try:
        for family in FAMILIES:
            eventually(lambda f=family: victim.route(f, CANARY[f]), WITHIN_S, f"the canary of {family}")
        for family in FAMILIES:
            hub = FORGED[family]["the hub"]
            eventually(lambda f=family, p=hub: victim.route(f, p) == "wan2", WITHIN_S, "the believing provider is left")
        yield
    finally:
        for family in FAMILIES:
            filtered = f"neighbor {ITS_CARRIER[family]} route-map {OUT_FILTER[family]} out"
            rogue.in_bgp(*networks(family, [CANARY[family]], no=True), *in_family(family, [filtered]))
        rogue.configure("no route-map anything")
        pe.in_bgp(*_all(lambda f: in_family(f, [f"no neighbor {LINE[f]} weight"])))
        for family in FAMILIES:
            hub, carrier = FORGED[family]["the hub"], VICTIMS_CARRIER[family]
            eventually(lambda f=family, p=hub, c=carrier: c in victim.heard_from(f, p), WITHIN_S, "the hub is back")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_routers_own_filter_lets_out_nothing_but_its_own(rogue, speaker, family):
    """`network` statements for others' prefixes on a site's router reach no provider."""
    heard = speaker(PE).show(f"bgp {family} unicast neighbors {LINE[family]} routes")["routes"]
    assert set(heard) == ITS_OWN[family]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("claim", FORGED["ipv4"])
def test_a_forged_announcement_without_any_filter_is_refused_by_the_others(unfiltered, speaker, claim, family):
    """A site without an out-filter announces what is not its own; its provider passes it on, and no site takes it."""
    prefix, pe, victim = FORGED[family][claim], speaker(PE), speaker(f"{VICTIM}-r1", ASN)
    assert LINE[family] in pe.heard_from(family, prefix)
    assert prefix in pe.advertised(family, VICTIMS_LINE[family])
    assert VICTIMS_CARRIER[family] not in victim.heard_from(family, prefix)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_meeting_goes_to_the_real_hub_by_the_other_provider(unfiltered, node, arriving, family):
    """While one provider believes a forged hub, a site with two uplinks reaches the real one through the other."""
    count = arriving(SERVER[family])
    node(f"{VICTIM}-conference").check_output("python3 -c %s", CONNECT.format(address=SERVER[family]))
    assert count(PE)[SERVER[family]] == 0
    assert count("pe-viettel")[SERVER[family]] > 0
