from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TRAFFIC = (ROOT / "molecule" / "traffic.py").read_text(encoding="utf-8")
RUNS = int(os.environ.get("MAINTENANCE_RUNS", "1"))
WORK = "maintenance: {reason: a new cable, requested_by: district-it, until: 2099-12-31}"
DECLARED = "number: 130"  # the commune of this scenario
ROUTER, PRIMARY, SECONDARY = "lci-02686-a-mu-sung-r1", "pe-vnpt", "pe-viettel"
LINE, SITE = "ce130", {"ip": "10.98.8.0/22", "ip6": "2001:db8:1500:8200::/56"}
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
    """The declared inventory with the commune's primary line in maintenance, as an engineer would write it."""
    copy = ROOT / "build" / "maintenance"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(ROOT / "inventory", copy / "inventory")
    (copy / "group_vars").symlink_to(ROOT / "group_vars")  # addresses of routers follow from it
    file = copy / "inventory" / "district_bat_xat.yml"
    before, site, after = file.read_text(encoding="utf-8").partition(DECLARED)
    line = "- {provider: vnpt, rate_mbps: 30"
    assert after.index(line) < after.index("number:")
    file.write_text(before + site + after.replace(line, f"{line}, {WORK}", 1), encoding="utf-8")
    yield copy / "inventory"
    shutil.rmtree(copy)


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


@pytest.fixture(scope="module", autouse=True)
def acquainted(node, eventually):
    """Neighbours know each other: what is measured is not the first packet."""
    one, other = ROOMS
    for address in ROOMS[other].values():
        eventually(lambda a=address: node(one).run(f"ping -n -c 1 -W 1 {a}").succeeded, 15, f"{address} answers")


class _Engineer:
    """What the operators' page says, step by step."""

    def __init__(self, playbook, at_work):
        self._playbook, self._at_work = playbook, at_work

    def drains(self):
        self._commits(inventory=self._at_work)

    def sees_an_empty_line(self):
        done = self._playbook("verify.yml", f"--limit={ROUTER}", "--tags=maintenance", inventory=self._at_work)
        assert done.returncode == 0, done.stdout

    def takes_it_back(self):
        self._commits()

    def _commits(self, **declared):
        done = self._playbook("site.yml", f"--limit={ROUTER}", **declared)
        assert done.returncode == 0, done.stdout
        assert done.stdout.strip().splitlines()[-1] == "commit: 1 devices, 1 committed"


@pytest.fixture
def work(playbook, at_work, twin, eventually, passing):
    """Drain, cut, heal, take the declaration back, under traffic; gives its counters."""
    engineer = _Engineer(playbook, at_work)

    def run():
        with _meeting() as found:
            eventually(lambda: _carries_both_ways(passing), LIMIT_S, "the primary line carries the meeting")
            engineer.drains()
            engineer.sees_an_empty_line()
            assert _is_quiet(passing)
            assert set(_sessions(twin).values()) == {"Established"}
            twin("cut", ROUTER, PRIMARY, "--silent")
            time.sleep(NOTICED_S)
            assert "Established" not in _sessions(twin).values()
            twin("heal")
            engineer.takes_it_back()
            eventually(lambda: _carries_both_ways(passing), LIMIT_S, "the primary line carries it again")
        return found

    return run


def test_planned_work_on_a_line_loses_no_packet(work, measured):
    """Drain, cut, heal and undrain a commune's primary line under traffic both ways, both families: 0 packets lost."""
    lost = []
    for _ in range(RUNS):
        found = work()
        assert min(counters["sent"] for counters in found.values()) > SENT_LEAST, found
        lost.append(sum(counters["sent"] - counters["received"] for counters in found.values()))
        assert lost[-1] == 0, found
    measured("packets lost", lost, 0)


def test_afterwards_the_site_is_as_it_was_declared(playbook):
    """After the work the site audits as compliant with the declaration that has no maintenance in it."""
    done = playbook("audit.yml", f"--limit={ROUTER}")
    assert done.returncode == 0, done.stdout
