from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
HOST, PE = "lci-02686-a-mu-sung-r1", "pe-viettel"
SECRET = f"bgp_viettel_{HOST}"
CREDENTIALS = Path(os.environ["TSLCD_CREDENTIALS"])
OTHER = "planted-" + os.urandom(8).hex()
REPORT = ROOT / "build" / "audit" / "audit.json"


@pytest.fixture(scope="module")
def said():
    """Everything that playbooks printed in this scenario."""
    return []


@pytest.fixture
def run(playbook, said):
    """A playbook on the one router; what it prints is kept."""

    def limited(name, *arguments):
        done = playbook(name, f"--limit={HOST}", *arguments)
        said.append(done.stdout + done.stderr)
        return done

    return limited


def _intended():
    uplinks = json.loads((ROOT / "build" / "intended" / f"{HOST}.json").read_text(encoding="utf-8"))["uplinks"]
    return next(uplink for uplink in uplinks if uplink["provider"] == "viettel")


def _with_password(directory, value):
    path = directory / "secrets.yml"
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(values | {SECRET: value}, width=1000), encoding="utf-8")


def _configure(twin, node, asn, *lines):
    words = [word for line in ("configure terminal", f"router bgp {asn}", *lines) for word in ("-c", line)]
    twin("exec", node, "--", "vtysh", *words)


def _at_the_carrier(twin, value):
    """The other end of the line gets this password, for both of its sessions."""
    line = _intended()
    peers = (line[key].split("/")[0] for key in ("local_v4", "local_v6"))
    _configure(twin, PE, line["pe_asn"], *(f"neighbor {peer} password {value}" for peer in peers))


def _states(twin):
    """States of the two sessions, and whether they are signed, as the router's daemon says it."""
    line = _intended()
    shown = json.loads(twin("exec", HOST, "--", "vtysh", "-c", "show bgp neighbors json"))
    return [(shown[line[key]]["bgpState"], shown[line[key]].get("authenticationEnabled", 0)) for key in PEERS]


PEERS = ("peer_v4", "peer_v6")
UP = [("Established", 1)] * 2


def test_a_wrong_password_gets_no_session_and_is_rolled_back(run, twin, eventually, tmp_path, monkeypatch):
    """With another password than the carrier's both sessions stay down, and the commit is rolled back."""
    assert _states(twin) == UP
    wrong = shutil.copytree(CREDENTIALS, tmp_path / "credentials")
    _with_password(wrong, OTHER)
    monkeypatch.setenv("TSLCD_CREDENTIALS", str(wrong))
    done = run("site.yml", "-e", "commit_revert_s=20", "-e", "commit_verify_s=5")
    assert done.returncode == 2, done.stdout
    assert done.stdout.strip().splitlines()[-1] == "commit: 1 devices, 1 reverted"
    for key in PEERS:
        assert f"BGP session with viettel at {_intended()[key]} is not established" in done.stdout
    eventually(lambda: _states(twin) == UP, 15, "the sessions with the old password")


def test_a_new_password_is_a_commit_that_changes_exactly_that(run, twin):
    """A password is changed at both ends: two lines differ, shown as digests, and both sessions are up again."""
    _with_password(CREDENTIALS, OTHER)
    _at_the_carrier(twin, OTHER)
    done = run("site.yml", "--diff")
    assert done.returncode == 0, done.stdout
    changed = [line for line in done.stdout.splitlines() if line.startswith(("- ", "+ "))]
    assert [line.split()[0] for line in changed] in (["-", "+"] * 2, ["-", "-", "+", "+"], ["-", "+", "-", "+"])
    assert all(" password <hmac-sha256:" in line for line in changed), changed
    assert _states(twin) == UP


def test_a_wrong_and_a_missing_password_are_drift(run, twin, eventually):
    """An auditor, who sees no password, finds one that was changed and one that was taken away, and nothing else."""
    line = _intended()
    asn = json.loads((ROOT / "build" / "intended" / f"{HOST}.json").read_text(encoding="utf-8"))["asn"]
    v4, v6 = (line[key] for key in PEERS)
    _configure(twin, HOST, asn, f"neighbor {v4} password by-hand", f"no neighbor {v6} password")
    found = run("audit.yml")
    assert found.returncode == 2, found.stdout
    sections = json.loads(REPORT.read_text(encoding="utf-8"))["devices"][HOST]["sections"]
    assert {name for name, section in sections.items() if section["diff"]} == {"frr"}
    changed = [line for line in sections["frr"]["diff"].splitlines() if line.startswith(("- ", "+ "))]
    assert [words[:4] for words in map(str.split, changed)] == [
        ["-", "neighbor", v4, "password"],
        ["+", "neighbor", v4, "password"],
        ["+", "neighbor", v6, "password"],
    ]
    _configure(twin, HOST, asn, f"neighbor {v4} password {OTHER}", f"neighbor {v6} password {OTHER}")
    eventually(lambda: _states(twin) == UP, 15, "the sessions with the right password")


def test_no_password_is_found_where_people_look(said, twin):
    """Neither build/ nor anything printed, logged or recorded holds a password; the router alone has its own."""
    values = yaml.safe_load((CREDENTIALS / "secrets.yml").read_text(encoding="utf-8"))
    passwords = [value for name, value in values.items() if name.startswith("bgp_")]
    assert OTHER in passwords
    assert len(said) == 3
    texts = {f"output {number}": text for number, text in enumerate(said)}
    for path in (ROOT / "build").rglob("*"):
        if path.is_file() and CREDENTIALS not in path.parents:
            texts[str(path)] = path.read_text(encoding="utf-8", errors="replace")
    for node in (HOST, PE):
        texts[node] = twin("exec", node, "--", "sh", "-c", "cat $(find /var/log -type f) | tr -cd '[:print:]\\n'")
    record = "cd /var/lib/napalm-frr && cat log commits journal | tr -cd '[:print:]\\n'"
    texts["record"] = twin("exec", HOST, "--", "sh", "-c", record)
    assert all(len(texts[name]) > 0 for name in (HOST, PE, "record"))
    assert [name for name, text in texts.items() if any(password in text for password in passwords)] == []
    assert OTHER in twin("exec", HOST, "--", "cat", "/var/lib/napalm-frr/confirmed.conf")
