"""A site's own addresses come back to it from a provider, whole or in parts."""

from __future__ import annotations

import time

import pytest
from announcements import FAMILIES, in_family, networks

ROUTER, ASN = "lci-02686-a-mu-sung-r1", 4200100130
PE = "pe-viettel"
LINE = {"ipv4": "10.111.25.5", "ipv6": "2001:db8:15ff:b::105"}  # the site, as the provider sees it
CARRIER = {"ipv4": "10.111.25.4", "ipv6": "2001:db8:15ff:b::104"}
CANARY = {"ipv4": "10.111.3.201/32", "ipv6": "2001:db8:1500:fe00::2/128"}
OWN = {
    "ipv4": ["10.98.8.0/22", "10.98.8.0/24", "10.111.0.130/32"],
    "ipv6": ["2001:db8:1500:8200::/56", "2001:db8:1500:8210::/64", "2001:db8:1500:8200::1/128"],
}
WITHIN_S = 60
GRACE_S = 0.3


@pytest.fixture(params=["", "no "], ids=["with as-override", "with its own AS in the path"])
def returned(speaker, eventually, request):
    """The provider announces the site's own addresses as routes that began in the site's AS, and the canary."""
    pe, site = speaker(PE), speaker(ROUTER, ASN)
    pe.configure("route-map returned permit 10", f"set as-path prepend {ASN}")
    for family in FAMILIES:
        pe.in_bgp(
            *in_family(family, [f"{request.param}neighbor {LINE[family]} as-override"]),
            *networks(family, OWN[family], route_map="returned"),
            *networks(family, [CANARY[family]]),
        )
    try:
        for family in FAMILIES:
            eventually(lambda f=family: site.route(f, CANARY[f]), WITHIN_S, f"the canary of {family}")
        time.sleep(GRACE_S)
        yield pe
    finally:
        for family in FAMILIES:
            pe.in_bgp(
                *networks(family, [*OWN[family], CANARY[family]], no=True),
                *in_family(family, [f"neighbor {LINE[family]} as-override"]),
            )
        pe.configure("no route-map returned")
        for family in FAMILIES:
            eventually(lambda f=family: not site.route(f, CANARY[f]), WITHIN_S, f"no canary of {family}")


def test_a_sites_own_prefix_that_comes_back_is_refused(returned, speaker):
    """A site takes none of its own addresses back, whether or not the AS path still shows where they began."""
    site = speaker(ROUTER, ASN)
    for family in FAMILIES:
        assert set(OWN[family]) <= returned.advertised(family, LINE[family])
        for prefix in OWN[family]:
            assert CARRIER[family] not in site.heard_from(family, prefix), prefix
