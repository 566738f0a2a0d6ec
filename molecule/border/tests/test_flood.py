"""A provider announces more prefixes than its profile allows, each of a length that the filter accepts."""

from __future__ import annotations

import os

import pytest
from announcements import FAMILIES, PROVIDERS, in_family

SITE, ASN = "lci-02686-a-mu-sung", 4200100130
PE = "pe-vnpt"
LIMIT = 1500  # of its profile, in both families
LINE = {"ipv4": "10.111.17.5", "ipv6": "2001:db8:15ff:a::105"}
CARRIER = {"ipv4": "10.111.17.4", "ipv6": "2001:db8:15ff:a::104"}
SERVER = {"ipv4": "10.96.5.74", "ipv6": "2001:db8:1500:130::10"}
HUB = {"ipv4": "10.96.4.0/22", "ipv6": "2001:db8:1500:100::/56"}
RESTART_S = 300  # as declared
MARK = 64999  # in the AS paths of the flood alone
WITHIN_S = 60
CONNECT = "import socket; socket.create_connection(({address!r}, 5061), 5)"
# 1700 prefixes that sites might have and none of the twin has: loopbacks, and sites' prefixes beyond the last number.
FLOOD = {
    "ipv4": "[f'10.111.{n // 256}.{n % 256}/32' for n in range(256 + 3, 256 + 1703)]",
    "ipv6": "[f'2001:db8:15{n // 256:02x}:{n % 256:02x}00::/56' for n in range(1024, 1024 + 1700)]",
}
PRINT = "for prefix in {prefixes}: print('{before}network', prefix{behind})"


def _networks(pe, family, before, behind):
    """Too many lines for arguments: written inside the node."""
    head = f"router bgp {pe.asn}\naddress-family {family} unicast"
    lines = PRINT.format(prefixes=FLOOD[family], before=before, behind=behind)
    pe.host.check_output("{ echo %s; python3 -ISs -c %s; } > /tmp/flood.conf && vtysh -f /tmp/flood.conf", head, lines)


def _spare(pe, family, no=""):
    """Keep the flood from the lines of all other sites."""
    others = pe.peers(family).keys() - {LINE[family]}
    pe.in_bgp(*in_family(family, [f"{no}neighbor {peer} filter-list spare out" for peer in others]))


def _rib(speaker, family):
    """Prefixes in a speaker's table."""
    return speaker.show(f"bgp {family} unicast summary")["ribCount"]


def _established(speaker):
    """(family, peer) → how often its session came up, of all on lines that are up: not those across a core."""
    return {
        (family, peer): state["connectionsEstablished"]
        for family in FAMILIES
        for peer, state in speaker.peers(family).items()
        if state["state"] == "Established" and {speaker.asn, state["remoteAs"]} & set(PROVIDERS.values())
    }


class Flood:
    """What one family's flood did, and its end."""

    def __init__(self, pe, site, family, eventually):
        self.family, self._pe, self._site, self._eventually = family, pe, site, eventually
        self._before, self.most, self.is_over = self._sessions(), 0, False

    def _sessions(self):
        """Of the site and of the provider, all but the flooded one."""
        own = {(self.family, CARRIER[self.family]), (self.family, LINE[self.family])}
        ends = (_established(self._site), _established(self._pe))
        return [{session: count for session, count in end.items() if session not in own} for end in ends]

    def begin(self):
        """Announce; the site's other sessions are known by then."""
        _spare(self._pe, self.family)
        _networks(self._pe, self.family, "", ", 'route-map flood'")

    def end(self):
        """Withdraw, once; the other lines are opened after that."""
        if not self.is_over:
            _networks(self._pe, self.family, "no ", "")
            self._eventually(lambda: _rib(self._pe, self.family) < LIMIT // 10, WITHIN_S, "nothing of it is left")
            _spare(self._pe, self.family, no="no ")
            self.is_over = True

    def has_closed_the_session(self):
        """Whether the site has closed it; notes what it had brought by then."""
        state = self._site.peers(self.family)[CARRIER[self.family]]
        self.most = max(self.most, state["pfxRcd"])
        return state["state"] == "Idle (PfxCt)"

    def is_forgotten(self):
        """Whether the hub is heard of over the flooded line again."""
        return CARRIER[self.family] in self._site.heard_from(self.family, HUB[self.family])

    def other_sessions_are_as_before(self):
        """Whether no other session of the site or of the provider went down, not even once."""
        return self._sessions() == self._before


@pytest.fixture(scope="module", params=FAMILIES)
def flooded(speaker, eventually, request):
    """The provider floods the session of one family on this site's line; every test waits for what follows."""
    pe, site = speaker(PE), speaker(f"{SITE}-r1", ASN)
    pe.configure(
        f"bgp as-path access-list spare deny _{MARK}_",
        "bgp as-path access-list spare permit .*",
        *("route-map flood permit 10", f"set as-path prepend {MARK}"),
    )
    flood = Flood(pe, site, request.param, eventually)
    try:
        flood.begin()
        yield flood
    finally:
        flood.end()
        if (flood.family, CARRIER[flood.family]) not in _established(site):
            site.clear(flood.family, CARRIER[flood.family])
        eventually(flood.is_forgotten, WITHIN_S, "the session is back")
        pe.configure("no route-map flood", "no bgp as-path access-list spare")


def test_a_flooded_session_closes_alone(flooded, eventually):
    """A session that brings more prefixes than its limit closes, and no other one does, nor the other family's."""
    eventually(flooded.has_closed_the_session, WITHIN_S, "the session closes")
    assert flooded.other_sessions_are_as_before()


def test_a_flood_leaves_nothing_in_the_table(flooded, speaker, eventually, measured):
    """A flooded router takes no more than the limit, and forgets all of it with the session."""
    eventually(flooded.has_closed_the_session, WITHIN_S, "the session closes")
    measured("prefixes from the flooding session, most", [flooded.most], LIMIT)
    assert flooded.most <= LIMIT
    assert _rib(speaker(f"{SITE}-r1", ASN), flooded.family) < LIMIT // 10


def test_a_meeting_goes_by_the_line_that_is_not_flooded(flooded, node, eventually, arriving):
    """While one provider's session is closed by a flood, the hub's servers are reached over the other line."""
    eventually(flooded.has_closed_the_session, WITHIN_S, "the session closes")
    server = SERVER[flooded.family]
    count = arriving(server)
    node(f"{SITE}-conference").check_output("python3 -c %s", CONNECT.format(address=server))
    assert (count(PE)[server], count("pe-viettel")[server] > 0) == (0, True)


def test_a_closed_session_is_tried_again_by_itself(flooded, speaker, eventually):
    """A session that a flood closed comes back by itself: its timer runs, and with BORDER=all the test waits for it."""
    site, family = speaker(f"{SITE}-r1", ASN), flooded.family
    eventually(flooded.has_closed_the_session, WITHIN_S, "the session closes")
    flooded.end()
    remaining_ms = site.show(f"bgp neighbors {CARRIER[family]}")[CARRIER[family]]["restartInTimerMsec"]
    assert 0 < remaining_ms <= RESTART_S * 1000
    if os.environ.get("BORDER") != "all":
        site.clear(family, CARRIER[family])
    eventually(flooded.is_forgotten, RESTART_S + WITHIN_S, "the session is back")
    assert flooded.other_sessions_are_as_before()
