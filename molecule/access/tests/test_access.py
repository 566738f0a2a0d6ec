from __future__ import annotations

import os
import subprocess
from pathlib import Path

ADDRESS = "10.111.0.129"
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


def test_a_key_opens_its_own_account_only():
    """The auditor's key does not open the engineer's account, nor the other way round."""
    for account, key in (("netops", "auditor"), ("auditor", "netops"), ("sshd", "netops"), ("frr", "netops")):
        assert "Permission denied (publickey)" in _ssh(account, "status", key=CREDENTIALS / key).stderr


def test_a_router_with_an_unknown_host_key_is_not_talked_to(tmp_path):
    """A changed host key stops the session before anything is sent."""
    foreign = tmp_path / "foreign"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(foreign)], check=True)
    known = tmp_path / "known_hosts"
    known.write_text(f"{ADDRESS} {' '.join(foreign.with_suffix('.pub').read_text().split()[:2])}\n")
    done = _ssh("netops", "id", options=("-o", f"UserKnownHostsFile={known}", "-o", "GlobalKnownHostsFile=/dev/null"))
    assert done.returncode == 255
    assert "HOST IDENTIFICATION HAS CHANGED" in done.stderr or "Host key verification failed" in done.stderr
