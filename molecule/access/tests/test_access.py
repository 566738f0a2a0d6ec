from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ADDRESS = "10.111.0.130"
CREDENTIALS = Path(os.environ["TSLCD_CREDENTIALS"])


def _options(*more):
    known = ("-o", f"UserKnownHostsFile={CREDENTIALS / 'known_hosts'}", "-o", "StrictHostKeyChecking=yes")
    return ("-F", "none", *more, *known, "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes")


def _ssh(account, *command, key=None, options=(), stdin=""):
    identity = str(key or CREDENTIALS / account)
    return subprocess.run(
        ["ssh", *_options(*options), "-i", identity, f"{account}@{ADDRESS}", *command],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_root_cannot_log_in():
    """Nobody logs in as root, also with a key that opens other accounts."""
    for key in ("netops", "auditor"):
        done = _ssh("root", "id", key=CREDENTIALS / key)
        assert done.returncode == 255
        assert "Permission denied (publickey)" in done.stderr


def test_no_password_is_asked_for():
    """A login without a key is refused; the server offers no password."""
    done = _ssh("netops", "id", options=("-o", "PubkeyAuthentication=no"))
    assert "Permission denied (publickey)" in done.stderr


def test_a_router_with_an_unknown_host_key_is_not_talked_to(tmp_path):
    """A changed host key stops the session before anything is sent."""
    foreign = tmp_path / "foreign"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(foreign)], check=True)
    known = tmp_path / "known_hosts"
    known.write_text(f"{ADDRESS} {' '.join(foreign.with_suffix('.pub').read_text().split()[:2])}\n")
    done = _ssh("netops", "id", options=("-o", f"UserKnownHostsFile={known}", "-o", "GlobalKnownHostsFile=/dev/null"))
    assert done.returncode == 255
    assert "HOST IDENTIFICATION HAS CHANGED" in done.stderr or "Host key verification failed" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "id",
        "sh",
        "running; id",
        "running && id",
        "running\nid",
        "$(id)",
        "commit",
        "check",
        "rollback",
        "show facts --help",
        "",
    ],
)
def test_the_auditor_runs_nothing_but_the_listed_reads(command):
    """The auditor's account refuses every command that is not exactly one of the listed reads."""
    done = _ssh("auditor", command, stdin="" if command else "id\nexit\n")
    assert "uid=" not in done.stdout
    if command:
        assert done.returncode != 0


@pytest.mark.parametrize("command", ["running", "status", "show facts", "show bgp", "show listeners"])
def test_every_read_of_the_audit_works(command):
    """The auditor reads the running document and the live state that an audit needs."""
    done = _ssh("auditor", command)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_netops_is_root_through_the_agent_only():
    """sudo lets the engineer run the agent and nothing else."""
    assert _ssh("netops", "sudo", "-n", "id").returncode != 0
    assert _ssh("netops", "sudo", "-n", "/usr/local/sbin/napalm-frr-agent", "status").returncode == 0
    assert _ssh("netops", "cat", "/etc/shadow").returncode != 0


def test_ports_are_not_forwarded():
    """A session carries commands only: no port, agent or file forwarding."""
    done = _ssh("auditor", "running", options=("-W", "127.0.0.1:2601"))
    assert "administratively prohibited" in done.stderr or done.returncode == 255
    copied = subprocess.run(
        ["sftp", "-b", "-", *_options(), "-i", str(CREDENTIALS / "auditor"), f"auditor@{ADDRESS}"],
        input="get /etc/passwd /dev/null\n",
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert copied.returncode != 0
