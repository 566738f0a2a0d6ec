from __future__ import annotations

import json
from pathlib import Path

import pytest

REPORT = Path(__file__).resolve().parents[3] / "build" / "audit" / "audit.json"

PLANTED = {
    ("lci-02683-bat-xat-r1", "frr"): "vtysh -c 'configure terminal' -c 'ip route 192.0.2.0/24 blackhole'",
    ("lci-02686-a-mu-sung-r1", "nft"): "nft insert rule inet filter input tcp dport 23 accept",
    ("lci-02701-y-ty-r1", "ovs"): "ovs-vsctl set port lan2 tag=10",
    ("lci-082-bat-xat-r1", "tc"): "tc class del dev wan1 classid 1:3",
    ("lci-02734-quang-kim-r1", "system"): "sh -c 'echo PermitEmptyPasswords no >> /etc/ssh/sshd_config'",
}

# Around the daemons, on one router: section, what the audit says, and how it was done.
ONE = "lci-02701-y-ty-r1"
AROUND = (
    ("system", "unmanaged route -4 blackhole 192.0.2.0/25 table 254", "ip route add blackhole 192.0.2.0/25"),
    (
        "system",
        "unmanaged rule -4 priority 99 from 192.0.2.0/24",
        "ip rule add from 192.0.2.0/24 priority 99 lookup main",
    ),
    ("system", "mtu lan2 1400", "ip link set dev lan2 mtu 1400"),
    ("system", "unmanaged /etc/sudoers.d/planted", "echo 'auditor ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/planted"),
    (
        "keepalived",
        "unmanaged keepalived does not run",
        "printf 'vrrp_instance planted {\\n}\\n' > /etc/keepalived/keepalived.conf",
    ),
    ("tc", "unmanaged qdisc lan3 root pfifo", "tc qdisc add dev lan3 root pfifo"),
)


def _report():
    return json.loads(REPORT.read_text(encoding="utf-8"))


def _drift(report) -> set[tuple[str, str]]:
    return {
        (host, section)
        for host, device in report["devices"].items()
        for section, finding in device["sections"].items()
        if finding["status"] not in ("compliant", "no content")
    }


@pytest.fixture(scope="module")
def found(playbook, twin):
    """An audit of all routers after all changes by hand: how it ended, and its report."""
    for (host, _), command in PLANTED.items():
        twin("exec", host, "--", "sh", "-c", command)
    for _, _, command in AROUND:
        twin("exec", ONE, "--", "sh", "-c", command)
    return playbook("audit.yml"), _report()


@pytest.fixture(scope="module")
def repaired(playbook, found):
    """The same after the command that is used for every change: how that ended, how the audit ended, its report."""
    return playbook("site.yml"), playbook("audit.yml"), _report()


def test_changes_by_hand_are_found_named_and_repaired(found, repaired):
    """Changes by hand in FRR, queues, nftables, Open vSwitch and system files are found, named and repaired."""
    audit, report = found
    assert audit.returncode == 2, audit.stdout
    assert _drift(report) == {*PLANTED, *((ONE, section) for section, _, _ in AROUND)}
    last = audit.stdout.strip().splitlines()[-1]
    assert last == "audit: 7 devices, 2 compliant, 5 drift, 0 pending, 0 not verified, 0 unreachable"
    assert report["summary"] == {
        "devices": 7,
        "compliant": 2,
        "drift": 5,
        "pending": 0,
        "not verified": 0,
        "unreachable": 0,
    }

    repair, audit, report = repaired
    assert repair.returncode == 0, repair.stdout
    assert audit.returncode == 0, audit.stdout
    assert _drift(report) == set()


def test_changes_around_the_daemons_are_found_named_and_repaired(found, repaired):
    """A kernel route, a rule, an MTU, a sudoers file, VRRP and a qdisc made by hand are found, named, repaired."""
    _, report = found
    sections = report["devices"][ONE]["sections"]
    for section, line, _ in AROUND:
        assert f"\n-{line}" in sections[section]["diff"], line
    _, audit, report = repaired
    assert audit.returncode == 0, audit.stdout
    assert {finding["diff"] for finding in report["devices"][ONE]["sections"].values()} == {""}


def test_an_unreachable_router_is_reported_as_such_and_not_as_compliant(playbook, twin):
    """A router without a path is counted as unreachable, and the exit code says so."""
    twin("cut", "lci-02734-quang-kim-r1", "pe-vnpt")
    try:
        found = playbook("audit.yml")
    finally:
        twin("heal")
    assert found.returncode == 4, found.stdout
    assert (
        found.stdout.strip().splitlines()[-1]
        == "audit: 7 devices, 6 compliant, 0 drift, 0 pending, 0 not verified, 1 unreachable"
    )


def test_check_mode_shows_what_would_happen_and_writes_nothing(playbook, twin):
    """site.yml --check --diff shows the difference of a drifted router and changes nothing on it."""
    host = ONE
    twin("exec", host, "--", "nft", "add", "table", "inet", "planted")
    before = twin("exec", host, "--", "sh", "-c", "cd /var/lib/napalm-frr && sha256sum * && nft -s list ruleset")
    shown = playbook("site.yml", "--check", "--diff", f"--limit={host}")
    after = twin("exec", host, "--", "sh", "-c", "cd /var/lib/napalm-frr && sha256sum * && nft -s list ruleset")
    assert shown.returncode == 0, shown.stdout
    assert "-table inet planted" in shown.stdout
    assert after == before
    assert playbook("site.yml", f"--limit={host}").returncode == 0
    assert "planted" not in twin("exec", host, "--", "nft", "list", "tables")
