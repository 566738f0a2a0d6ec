from __future__ import annotations

import ctypes
import json
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import configurations
import pytest
from napalm.base.exceptions import NapalmException

from napalm_frr import FrrDriver, compare
from napalm_frr.document import SECTIONS, split
from napalm_frr.driver import split_running
from tslcd import audit, secrets
from twin import paths, state

HOST, ADDRESS = "lci-02683-bat-xat-r1", "10.111.0.129"
CREDENTIALS = Path(os.environ["TSLCD_CREDENTIALS"])
WALK_S = 25  # of `make test`; LAWS=all walks every transition
CLONE_NEWNET = 0x40000000
DRIFT = {
    "system": "sysctl -qw net.ipv4.tcp_syncookies=0",
    "ovs": "ovs-vsctl set port lan2 tag=10",
    "frr": "vtysh -c 'configure terminal' -c 'interface wan2' -c 'description planted'",
    "keepalived": "printf 'vrrp_instance planted {\\n}\\n' > /etc/keepalived/keepalived.conf",
    "tc": "tc class change dev wan1 parent 1:1 classid 1:9 htb rate 1mbit ceil 2mbit",
    "nft": "nft insert rule inet filter input tcp dport 23 accept",
}


def _device(account="netops", **more):
    files = {"known_hosts": str(CREDENTIALS / "known_hosts"), "key_file": str(CREDENTIALS / account)}
    allow = ["remove-protocol", "management-path"]
    return FrrDriver(ADDRESS, account, "", optional_args=files | {"allow": allow, "conn_timeout": 10} | more)


def _enter_network(pid):
    """Put this thread into a node's network: a configuration without a way to the hub can be left, too."""
    with Path(f"/proc/{pid}/ns/net").open() as handle:
        if ctypes.CDLL(None, use_errno=True).setns(handle.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")


@pytest.fixture(scope="module")
def documents():
    """Name → document of every configuration."""
    return configurations.documents(HOST)


@pytest.fixture(scope="module")
def at_the_router():
    """Run a function with SSH to the router from its own network."""
    pid = state.ready(paths.find(Path.cwd())).node(HOST).first.pid
    with ThreadPoolExecutor(1, initializer=_enter_network, initargs=(pid,)) as thread:
        yield lambda function, *arguments: thread.submit(function, *arguments).result()


@pytest.fixture(scope="module")
def home(documents, at_the_router, eventually):
    """The declared document; in the end the router runs it and is reached through the network again."""
    yield documents["declared"]
    at_the_router(_commit, documents["declared"])
    eventually(_is_reached_and_routed, 90, f"{HOST} through the network, with all its BGP sessions")


def _is_reached_and_routed():
    try:
        with _device(conn_timeout=2) as device:
            return all(peer["is_up"] for peer in device.get_bgp_neighbors()["global"]["peers"].values())
    except NapalmException:
        return False


def _commit(text, revert_in=None):
    """Commit a document; what runs afterwards, and the difference that the controller sees."""
    with _device() as device:
        device.load_replace_candidate(config=text)
        device.commit_config(revert_in=revert_in)
        return device.get_config(retrieve="running")["running"], device.compare_config()


def _counters(device):
    """How often each BGP session came up and went down: they say more than uptimes, which are clocks."""
    neighbors = json.loads(device.cli(["show bgp"])["show bgp"])["neighbors"]
    return {
        address: (row["connectionsEstablished"], row["connectionsDropped"], row["bgpState"])
        for address, row in neighbors.items()
        if isinstance(row, dict)
    }


def test_a_second_deploy_changes_nothing(home):
    """The same document twice: the second difference is empty, and no BGP session flapped at either."""
    with _device() as device:
        before = _counters(device)
        device.load_replace_candidate(config=home.replace("description viettel ", "description line of viettel "))
        assert device.compare_config()
        device.commit_config()
        assert device.compare_config() == ""
        device.commit_config()
        assert device.compare_config() == ""
        assert _counters(device) == before
        assert {state for _, _, state in before.values()} == {"Established"}


def test_rollback_leads_exactly_home(home, documents, at_the_router):
    """Replace, then rollback, before the confirm and after it: the router runs what it ran, to the byte."""

    def there_and_back(confirm):
        with _device() as device:
            before = device.get_config(retrieve="running")["running"]
            device.load_replace_candidate(config=documents["uplinks swapped"])
            device.commit_config(revert_in=120)
            if confirm:
                device.confirm_commit()
            device.rollback()
            return before, device.get_config(retrieve="running")["running"], device.has_pending_commit()

    at_the_router(_commit, home)
    for confirm in (False, True):
        before, after, is_pending = at_the_router(there_and_back, confirm)
        assert before == after == home
        assert not is_pending


@pytest.fixture(scope="module")
def visits(home, documents, at_the_router):
    """The walk: (from, to, what was committed, what ran, remaining difference), as many as there is time for."""
    names, texts = list(documents), list(documents.values())
    found = []
    start = time.monotonic()
    at_the_router(_commit, home)
    for here, there in configurations.walk(len(names)):
        lap_is_over = len(found) >= len(names)
        if lap_is_over and not configurations.is_whole() and time.monotonic() - start > WALK_S:
            break
        running, difference = at_the_router(_commit, texts[there])
        found.append((names[here], names[there], texts[there], running, difference))
    return found


def test_every_configuration_leads_to_every_other(visits, documents, measured):
    """From any configuration to any other: the difference afterwards is empty (every one is reached at least once)."""
    left = {f"{here} → {there}": difference for here, there, _, _, difference in visits if difference}
    measured("lines of difference after a transition", [v[4].count("\n") for v in visits], 0)
    assert left == {}
    assert {there for _, there, *_ in visits} == set(documents)
    if configurations.is_whole():
        assert len({visit[:2] for visit in visits}) == len(documents) * (len(documents) - 1)


@pytest.mark.parametrize("section", SECTIONS)
def test_what_runs_is_what_was_printed(section, visits):
    """canonical(text) == text: a section that is read back is the committed one, to the byte, wherever it was put."""
    differing = {
        there for _, there, text, running, _ in visits if split_running(running)[section] != split(text)[section]
    }
    assert differing == set()


def _agent(*words, text=""):
    command = ["twin", "exec", HOST, "--", "napalm-frr-agent", *words]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def _differs_here(text):
    """Section names that differ, as the controller sees it with the auditor's account."""
    intended = audit.with_digests(text, HOST, secrets.digest_master(CREDENTIALS))
    with _device("auditor") as device:
        running = split_running(device.get_config(retrieve="running")["running"])
    return {name for name, diff in compare.diff(split(intended), running).items() if diff}


def _differs_natively(text, twin):
    """The same for sections that native tools can compare on the router: frr-reload.py, and nft in an empty network."""
    parts = split(text)
    delta = subprocess.run(
        ["twin", "exec", HOST, "--", "sh", "-c", FRR_DELTA],
        input=parts["frr"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert delta.returncode == 0, delta.stderr
    rules = subprocess.run(
        ["twin", "exec", HOST, "--", "sh", "-c", NFT_DELTA],
        input=parts["nft"],
        capture_output=True,
        text=True,
        check=False,
    )
    return {name for name, differs in (("frr", delta.stdout.strip()), ("nft", rules.returncode)) if differs}


FRR_DELTA = """
cd /run && cat > laws.conf && /usr/lib/frr/frr-reload.py --test --stdout laws.conf > laws.out 2>&1 || exit
sed -n '/^Lines To/,$p' laws.out | sed '/^Lines To/d; /^=*$/d'
rm laws.*"""
NFT_DELTA = """
cd /run && cat > laws.nft && nft -s list ruleset > laws.live || exit
unshare -n sh -c 'nft -f laws.nft && nft -s list ruleset' | cmp -s - laws.live
status=$?; rm laws.*; exit $status"""


@pytest.mark.parametrize(
    "drift", [[], *([section] for section in DRIFT), list(DRIFT)], ids=lambda d: "+".join(d) or "none"
)
def test_controller_and_router_see_the_same_difference(drift, home, at_the_router, twin):
    """What the controller finds different (auditor's account), the agent repairs and the native tools see too."""
    at_the_router(_commit, home)
    for section in drift:
        twin("exec", HOST, "--", "sh", "-c", DRIFT[section])
    seen = at_the_router(_differs_here, home)
    assert seen == set(drift)
    assert _differs_natively(home, twin) == seen & {"frr", "nft"}
    answer = json.loads(_agent("commit", text=home).stdout)
    assert (answer["result"] == "unchanged") == (not drift)
    assert set(SECTIONS) & set(answer.get("ms", {})) >= set(drift)
    assert at_the_router(_differs_here, home) == set()
