from __future__ import annotations

import json

import pytest

SITE = "lci-02686-a-mu-sung"
ROUTER = f"{SITE}-r1"
HUB_SERVICES = {"ipv4": "10.96.5.74", "ipv6": "[2001:db8:1500:130::10]"}
OUTSIDE = {"ipv4": "203.0.113.80", "ipv6": "[2001:db8:ffff::80]"}
PROVIDERS = ("pe-vnpt", "pe-viettel")
ATTEMPTS = (
    "ping -n -c 2 -i 0.2 -W 1 203.0.113.80",
    "ping -n -6 -c 2 -i 0.2 -W 1 2001:db8:ffff::80",
    "curl --noproxy '*' -sf -m 1 http://203.0.113.80/",
    "curl --noproxy '*' -sf -m 1 -g 'http://[2001:db8:ffff::80]/'",
    "bash -c 'echo query > /dev/udp/203.0.113.80/53'",
    "bash -c 'echo query > /dev/udp/2001:db8:ffff::80/53'",
)


def _fetches(host, address):
    return host.run(f"curl --noproxy '*' -sf -m 2 -o /dev/null -g http://{address}/").succeeded


@pytest.mark.parametrize("family", ["ipv4", "ipv6"])
def test_the_conference_room_reaches_the_hub(node, eventually, family):
    """A commune's conference room reaches the hub's services over the level-II network."""
    room = node(f"{SITE}-conference")
    eventually(lambda: _fetches(room, HUB_SERVICES[family]), 15, "fetch from the hub")


@pytest.mark.parametrize("family", ["ipv4", "ipv6"])
def test_two_conference_rooms_reach_each_other(node, eventually, family):
    """Conference rooms of two communes reach each other directly."""
    room = node(f"{SITE}-conference")
    target = {"ipv4": "10.98.5.10", "ipv6": "2001:db8:1500:8120::10"}[family]
    eventually(lambda: room.run(f"ping -n -c 1 -W 1 {target}").succeeded, 15, "ping")


def test_nothing_from_the_conference_room_leaves_the_level_ii_network(node):
    """Every attempt of a conference room to reach the Internet fails, and no packet of it reaches a provider."""
    room = node(f"{SITE}-conference")
    for provider in PROVIDERS:
        node(provider).check_output(
            "nft 'add table inet probe; add chain inet probe seen { type filter hook prerouting priority -300; }; "
            "add rule inet probe seen ip daddr 203.0.113.0/24 counter; "
            "add rule inet probe seen ip6 daddr 2001:db8:ffff::/48 counter'"
        )
    try:
        outcomes = [room.run(attempt) for attempt in ATTEMPTS]
        assert all(outcome.failed for outcome in outcomes[:4])
        for provider in PROVIDERS:
            assert node(provider).check_output("nft list table inet probe").count("counter packets 0 ") == 2
    finally:
        for provider in PROVIDERS:
            node(provider).check_output("nft delete table inet probe")


def test_the_outside_is_really_there(node):
    """The Internet host answers to who may ask it, so that the silence above means something."""
    pe = node("pe-vnpt")
    assert pe.run("ping -n -c 1 -W 1 203.0.113.80").succeeded
    assert pe.run("ping -n -6 -c 1 -W 1 2001:db8:ffff::80").succeeded


def test_the_default_route_that_providers_leak_is_refused(node, router):
    """Providers announce a default route and an outside prefix; the site's routing table has neither."""
    for family, leaked in (("ipv4", {"0.0.0.0/0", "203.0.113.0/24"}), ("ipv6", {"::/0", "2001:db8:ffff::/48"})):
        peer = {"ipv4": "10.111.17.5", "ipv6": "2001:db8:15ff:a::105"}[family]
        show = f"show bgp {family} unicast neighbors {peer} advertised-routes json"
        told = node("pe-vnpt").check_output(f"vtysh -c '{show}'")
        assert leaked & set(json.loads(told)["advertisedRoutes"]), "the provider leaks"
        table = json.loads(router(ROUTER).check_output("sudo napalm-frr-agent show routes"))[family]
        assert not leaked & set(table)


@pytest.mark.parametrize(
    "command",
    [
        "curl --noproxy '*' -s -m 1 -o /dev/null http://10.96.5.74/",
        "curl --noproxy '*' -s -m 1 -o /dev/null -g 'http://[2001:db8:1500:130::10]/'",
        "ping -n -c 2 -i 0.2 -W 1 10.98.9.10",
    ],
)
def test_the_carrier_is_no_user_of_the_network(node, command):
    """A provider's router reaches neither the hub's services nor a conference room, from a link address either."""
    assert node("pe-vnpt").run(command).failed


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("office", "10.98.5.10"),  # another commune's conference room
        ("office", "2001:db8:1500:8120::10"),
        ("office", "10.98.9.10"),  # the conference room next door
        ("conference", "10.98.8.10"),  # the office of the same site
        ("conference", "10.111.0.130"),  # the router itself is no target beyond the gateway
        ("services", "10.98.9.202"),  # management
    ],
)
def test_zones_do_not_reach_each_other(node, source, target):
    """What no declared flow allows is dropped: zones of the same and of other sites."""
    assert node(f"{SITE}-{source}").run(f"curl --noproxy '*' -s -m 1 -g telnet://{_bracketed(target)}:22").rc == 28


def _bracketed(address):
    return f"[{address}]" if ":" in address else address
