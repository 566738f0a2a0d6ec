from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TRAFFIC = (ROOT / "molecule" / "traffic.py").read_text(encoding="utf-8")
RUNS = int(os.environ.get("MAINTENANCE_RUNS", "1"))
NOTE = "reason: a new cable, requested_by: district-it, until: 2099-12-31"
ROUTER, PRIMARY, SECONDARY = "lci-02686-a-mu-sung-r1", "pe-vnpt", "pe-viettel"
LINE, SITE = "ce130", {"ip": "10.98.8.0/22", "ip6": "2001:db8:1500:8200::/56"}
ACTIVE, STANDBY, GATEWAY = "lci-hub-r1", "lci-hub-r2", "10.96.5.1/26"
RETURN_LIMIT_S = 40  # the hub's first router waits before it takes the gateways back
ROOMS = {
    "lci-02686-a-mu-sung-conference": {"IPv4": "10.98.9.10", "IPv6": "2001:db8:1500:8220::10"},
    "lci-hub-conference": {"IPv4": "10.96.5.10", "IPv6": "2001:db8:1500:120::10"},
}
FLOW = {"dscp": 46, "bytes": 172, "kbps": 137.6, "seconds": 300, "stops": True}  # 100 packets a second
LIMIT_S = 20
QUIET_S = 1
SENT_LEAST = 1000  # packets of each flow: it ran all the time
NOTICED_S = 1.5  # BFD has noticed a cut line


@pytest.fixture(scope="module")
def at_work():
    """Where to find the declared inventory with work in one of its files, as an engineer would write it."""
    folder = ROOT / "build" / "maintenance"
    shutil.rmtree(folder, ignore_errors=True)

    def declare(name, file, host, line, note):
        """`line`: what stands before the site's next `}`, to which the note is added; it follows `host`."""
        copy = folder / name
        shutil.copytree(ROOT / "inventory", copy / "inventory")
        (copy / "group_vars").symlink_to(ROOT / "group_vars")  # addresses of routers follow from it
        path = copy / "inventory" / file
        before, here, after = path.read_text(encoding="utf-8").partition(host)
        assert line in after
        after = after.replace(line, f"{line}, maintenance: {{{note}}}", 1)
        path.write_text(before + here + after, encoding="utf-8")
        return copy / "inventory"

    yield declare
    shutil.rmtree(folder)


def _start(node, action, flows):
    command = ["twin", "exec", node, "--", "python3", "-c", TRAFFIC, action, json.dumps(flows)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@contextmanager
def _meeting():
    """Sound between commune and hub, both ways and in both families; afterwards the dict holds each way's counters."""
    found = {}
    flows = {
        to: [
            {"name": family, "address": own, "port": 21000 + n, **FLOW} for n, (family, own) in enumerate(ends.items())
        ]
        for to, ends in ROOMS.items()
    }
    receivers = {to: _start(to, "receive", flows[to]) for to in ROOMS}
    for receiver in receivers.values():
        assert receiver.stdout.readline() == "ready\n"
    senders = {to: _start(next(room for room in ROOMS if room != to), "send", flows[to]) for to in ROOMS}
    try:
        yield found
    finally:
        sent = {to: json.loads(sender.communicate()[0]) for to, sender in senders.items()}
        for to, receiver in receivers.items():
            for family, counters in json.loads(receiver.communicate()[0]).items():
                found[to, family] = {"sent": sent[to][family]["sent"], **counters}


@pytest.fixture
def passing(node):
    """How many packets of users have passed the provider's end of the commune's line so far, by family and direction.

    Sessions across the provider's core pass there, too: they have other addresses than users.
    """
    pe = node(PRIMARY)
    rules = "".join(
        f"add rule inet probe seen {hook} {LINE} {word} {end} {site} counter; "
        for word, site in SITE.items()
        for hook, end in (("iifname", "saddr"), ("oifname", "daddr"))
    )
    chain = "add chain inet probe seen { type filter hook forward priority 0; }; "
    pe.check_output(f"nft 'add table inet probe; {chain}{rules}'")
    yield lambda: [
        int(words.split(" packets ")[1].split()[0])
        for words in pe.check_output("nft list chain inet probe seen").splitlines()
        if " packets " in words
    ]
    pe.check_output("nft delete table inet probe")


def _is_quiet(passing):
    before = passing()
    time.sleep(QUIET_S)
    return passing() == before


def _carries_both_ways(passing):
    before = passing()
    time.sleep(QUIET_S)
    return all(now > then for then, now in zip(before, passing(), strict=True))


def _sessions(twin):
    """Family → state of the commune's session with the provider of its primary line."""
    summary = json.loads(twin("exec", ROUTER, "--", "vtysh", "-c", "show bgp summary json"))
    peers = {"ipv4Unicast": "10.111.17.4", "ipv6Unicast": "2001:db8:15ff:a::104"}
    return {family: summary[family]["peers"][peer]["state"] for family, peer in peers.items()}


def _is_reached():
    """Whether the controller reaches the router's SSH, over the network as an engineer does."""
    with suppress(OSError), socket.create_connection(("10.111.0.1", 22), timeout=1):
        return True
    return False


@pytest.fixture(scope="module", autouse=True)
def acquainted(node, eventually):
    """Neighbours know each other: what is measured is not the first packet."""
    one, other = ROOMS
    for address in ROOMS[other].values():
        eventually(lambda a=address: node(one).run(f"ping -n -c 1 -W 1 {a}").succeeded, 15, f"{address} answers")


class _Engineer:
    """What the operators' page says, step by step, for one router."""

    def __init__(self, playbook, host):
        self._playbook, self._limit = playbook, f"--limit={host}"

    def commits(self, **declared):
        done = self._playbook("site.yml", self._limit, **declared)
        assert done.returncode == 0, done.stdout
        assert done.stdout.strip().splitlines()[-1] == "commit: 1 devices, 1 committed"

    def sees_empty_lines(self, inventory):
        done = self._playbook("verify.yml", self._limit, "--tags=maintenance", inventory=inventory)
        assert done.returncode == 0, done.stdout

    def audits(self):
        done = self._playbook("audit.yml", self._limit)
        assert done.returncode == 0, done.stdout


def _lost(found):
    assert min(counters["sent"] for counters in found.values()) > SENT_LEAST, found
    lost = sum(counters["sent"] - counters["received"] for counters in found.values())
    assert lost == 0, found
    return lost


@pytest.fixture
def work_on_the_line(playbook, at_work, twin, eventually, passing):
    """Drain a commune's primary line, cut it, heal it, take the declaration back, under traffic; gives its counters."""
    engineer = _Engineer(playbook, ROUTER)
    inventory = at_work("line", "district_bat_xat.yml", "number: 130", "- {provider: vnpt, rate_mbps: 30", NOTE)

    def run():
        with _meeting() as found:
            eventually(lambda: _carries_both_ways(passing), LIMIT_S, "the primary line carries the meeting")
            engineer.commits(inventory=inventory)
            engineer.sees_empty_lines(inventory)
            assert _is_quiet(passing)
            assert set(_sessions(twin).values()) == {"Established"}
            twin("cut", ROUTER, PRIMARY, "--silent")
            time.sleep(NOTICED_S)
            assert "Established" not in _sessions(twin).values()
            twin("heal")
            engineer.commits()
            eventually(lambda: _carries_both_ways(passing), LIMIT_S, "the primary line carries it again")
        return found

    yield run
    engineer.audits()


@pytest.fixture
def work_on_the_hub(playbook, at_work, twin, eventually):
    """Drain the hub's active router, let its gateways leave, turn it off and on, take the declaration back."""
    engineer = _Engineer(playbook, ACTIVE)
    host = f"{ACTIVE}: {{role: router, platform: frr"
    draining = at_work("draining", "hub.yml", "hosts:", host, NOTE)
    drained = at_work("drained", "hub.yml", "hosts:", host, f"{NOTE}, state: drained")

    def has_gateways(router):
        return GATEWAY in twin("exec", router, "--", "ip", "-o", "address", "show", "dev", "vlan20")

    def run():
        with _meeting() as found:
            assert has_gateways(ACTIVE)
            engineer.commits(inventory=draining)
            engineer.sees_empty_lines(draining)
            engineer.commits(inventory=drained)
            assert has_gateways(STANDBY)
            assert not has_gateways(ACTIVE)
            twin("reboot", ACTIVE, "--power-loss")
            eventually(_is_reached, LIMIT_S, "the router is back")
            engineer.commits()
            eventually(lambda: has_gateways(ACTIVE), RETURN_LIMIT_S, "the gateways are back")
            time.sleep(QUIET_S)
        return found

    yield run
    engineer.audits()


def test_planned_work_on_a_line_loses_no_packet(work_on_the_line, measured):
    """Drain, cut, heal and undrain a commune's primary line under traffic both ways, both families: 0 packets lost."""
    measured("packets lost", [_lost(work_on_the_line()) for _ in range(RUNS)], 0)


@pytest.mark.skipif(os.environ.get("MAINTENANCE") != "all", reason="a minute: part of `make campaign`")
def test_planned_work_on_the_active_hub_router_loses_no_packet(work_on_the_hub, measured):
    """Drain the hub's active router, move its gateways, turn it off and on, and bring all back: 0 packets lost."""
    measured("packets lost", [_lost(work_on_the_hub()) for _ in range(RUNS)], 0)
