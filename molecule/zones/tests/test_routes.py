"""Routes that must not spread: a site's rogue announcement, a hijack by a carrier, one's own prefix coming back."""

from __future__ import annotations

import json
import shlex
import time
from functools import partial

import pytest

SITE_ROUTER, OTHER_ROUTER = "lci-02701-y-ty-r1", "lci-02686-a-mu-sung-r1"
WITHIN_S = 20
ADVERTISEMENT_S = 1.5  # what is filtered has by then been seen and refused
# A commune's office, more specific than what it announces; and all that it announces.
HIJACKED = {"ipv4": "10.98.8.0/24", "ipv6": "2001:db8:1500:8210::/64"}
OWN = {"ipv4": "10.98.8.0/22", "ipv6": "2001:db8:1500:8200::/56"}
PEERS = {"ipv4": "10.111.25.5", "ipv6": "2001:db8:15ff:b::105"}  # the site, as the carrier sees it
CARRIER = {"ipv4": "10.111.25.4", "ipv6": "2001:db8:15ff:b::104"}


def _originate(asn, prefixes, *, no=False):
    word = "no " if no else ""
    commands = ["configure terminal", f"router bgp {asn}", f"{'' if no else 'no '}bgp network import-check"]
    for family, prefix in prefixes.items():
        commands += [f"address-family {family} unicast", f"{word}network {prefix}", "exit-address-family"]
    return ["vtysh", *(part for command in commands for part in ("-c", command))]


def _advertised(node, family):
    show = f"show bgp {family} unicast neighbors {PEERS[family]} advertised-routes json"
    return json.loads(node("pe-viettel").check_output(f"vtysh -c '{show}'"))["advertisedRoutes"]


def test_a_site_that_announces_what_is_not_its_own_is_not_heard(node, twin, eventually):
    """A network statement for another commune's office on a site's router reaches no provider, in either family."""

    def held(family, prefix):
        shown = twin("exec", SITE_ROUTER, "--", "vtysh", "-c", f"show bgp {family} unicast {prefix} json")
        return "paths" in json.loads(shown or "{}")

    twin("exec", SITE_ROUTER, "--", *_originate(4200100134, HIJACKED))
    try:
        for family, prefix in HIJACKED.items():
            eventually(partial(held, family, prefix), WITHIN_S, "the site has the route")
        time.sleep(ADVERTISEMENT_S)
        for family, prefix in HIJACKED.items():
            for provider in ("pe-vnpt", "pe-viettel"):
                assert prefix not in node(provider).check_output(f"vtysh -c 'show bgp {family} unicast json'")
    finally:
        twin("exec", SITE_ROUTER, "--", *_originate(4200100134, HIJACKED, no=True))


@pytest.mark.parametrize("prefixes", [HIJACKED, OWN], ids=["more specific routes into a site", "the site's own prefix"])
def test_what_a_carrier_announces_against_a_site_is_refused(node, twin, eventually, prefixes):
    """A carrier announces a site's own addresses back to it, or parts of them; the site's table takes none of that."""

    def announced(family, prefix):
        return prefix in _advertised(node, family)

    pe = node("pe-viettel")
    pe.check_output(shlex.join(_originate(7552, prefixes)))
    try:
        for family, prefix in prefixes.items():
            eventually(partial(announced, family, prefix), WITHIN_S, "the carrier announces it")
        time.sleep(ADVERTISEMENT_S)
        for family, prefix in prefixes.items():
            shown = twin("exec", OTHER_ROUTER, "--", "vtysh", "-c", f"show bgp {family} unicast {prefix} json")
            paths = json.loads(shown or "{}").get("paths", [])
            peers = [path.get("peer", {}).get("peerId") for path in paths]
            assert CARRIER[family] not in peers, peers
    finally:
        pe.check_output(shlex.join(_originate(7552, prefixes, no=True)))
