from __future__ import annotations

import json

import outage
import pytest

OFFICE = "lci-02686-a-mu-sung-office"
ROUTER = "lci-02686-a-mu-sung-r1"
ONE_STOP = {"ipv4": "10.96.5.85:443", "ipv6": "[2001:db8:1500:130::21]:443"}  # a stand-in: HTTP without TLS
PEER_SECONDARY = {"ipv4": "10.111.25.5", "ipv6": "2001:db8:15ff:b::105"}
PATH_LIMIT_S = 15


def _fetches(host, family):
    return host.run(f"curl --noproxy '*' -sf -m 2 -o /dev/null http://{ONE_STOP[family]}/").succeeded


def _received(node, interface, pe):
    return int(node(pe).check_output(f"cat /sys/class/net/{interface}/statistics/rx_bytes"))


@pytest.mark.parametrize("family", ["ipv4", "ipv6"])
def test_the_office_reaches_the_hub_over_the_primary(node, eventually, family):
    """A commune's office reaches the hub's services over the primary uplink and leaves the secondary alone."""
    office = node(OFFICE)
    eventually(lambda: _fetches(office, family), PATH_LIMIT_S, "first fetch")
    before = _received(node, "ce130", "pe-vnpt")
    office.check_output(f"curl --noproxy '*' -sf -m 2 -o /dev/null http://{ONE_STOP[family]}/")
    assert _received(node, "ce130", "pe-vnpt") > before


@pytest.fixture
def cut_primary(twin, eventually, measured):
    """Cut the primary's line, RUNS times, with streams in both directions and families; none is silent for longer."""

    def cut(limit_s, *how):
        def run():
            eventually(lambda: outage.ways(twin) == outage.PRIMARY, outage.WAY_LIMIT_S, "the way over the primary")
            with outage.Meeting(twin, eventually) as meeting:
                try:
                    return meeting.outage(lambda: twin("cut", ROUTER, "pe-vnpt", *how), outage.SECONDARY)
                finally:
                    twin("heal")

        values, repeated = outage.measure(run, limit_s)
        measured("s, longest silence of four streams", values, limit_s, repeated=repeated)
        assert max(values) <= limit_s

    return cut


def test_a_line_that_is_lost_is_left_for_the_secondary(cut_primary):
    """The primary's line is lost: commune and hub meet over the secondary within 0.5 s, in both families."""
    cut_primary(0.5)


def test_a_line_that_is_silent_is_left_for_the_secondary(cut_primary):
    """The primary's PE falls silent, its line stays up: the same within 1.5 s."""
    cut_primary(1.5, "--silent")


def test_a_site_announces_nothing_but_its_own_to_the_other_provider(node):
    """A dual-homed site announces only its own prefixes, and the end of its sessions there, on its secondary uplink."""
    pe = node("pe-viettel")
    expected = {
        "ipv4": {"10.98.8.0/22", "10.111.0.130/32", "10.111.72.130/32"},
        "ipv6": {"2001:db8:1500:8200::/56", "2001:db8:1500:8200::1/128", "2001:db8:15ff:1b::82/128"},
    }
    for family, peer in PEER_SECONDARY.items():
        output = pe.check_output(f"vtysh -c 'show bgp {family} unicast neighbors {peer} routes json'")
        assert set(json.loads(output)["routes"]) == expected[family]


def test_a_site_carries_no_packet_between_the_providers(node, twin):
    """Packets that one provider sends into a site, to a destination behind the other provider, never leave the site.

    They are such as every other line of the firewall lets pass: from one room to another, of two sites that are not
    built here.
    """
    source, target = "10.96.9.10", "10.98.13.10"
    sender, receiver = node("pe-vnpt"), node("pe-viettel")
    twin("exec", ROUTER, "--", "ip", "route", "add", target, "via", "10.111.25.4")
    sender.check_output(f"ip address add {source}/32 dev lo && ip route add {target} via 10.111.17.5")
    receiver.check_output(
        "nft 'add table inet probe; add chain inet probe seen { type filter hook prerouting priority -300; }; "
        f"add rule inet probe seen ip daddr {target} counter'"
    )
    try:
        way = twin("exec", ROUTER, "--", "ip", "route", "get", target, "from", source, "iif", "wan1")
        assert "dev wan2" in way, "the site's routing would carry the packets; only its firewall stops them"
        sender.run(f"ping -n -c 5 -i 0.1 -W 1 -I {source} {target}")
        assert "counter packets 0 " in receiver.check_output("nft list table inet probe")
    finally:
        receiver.check_output("nft delete table inet probe")
        sender.check_output(f"ip route del {target}; ip address del {source}/32 dev lo")
        twin("exec", ROUTER, "--", "ip", "route", "del", target)
