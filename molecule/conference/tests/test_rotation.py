"""Accounts of a district get new passwords: one commit each, and the old ones are worth nothing afterwards."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import date

import yaml

from conftest import BRIDGE, CREDENTIALS, ROOMS, ROOT, SERVER, SERVER_HOST, intended, password
from tslcd.policy import run

PC = "lci-02734-quang-kim-conference"
PLANTED = "planted" + os.urandom(8).hex()


def test_all_accounts_of_the_twin_get_new_passwords_and_the_old_ones_are_refused(
    rooms, register, shown, eventually, *, agent, node
):
    """All register with new passwords, old ones are refused, the day is kept; no output, log or built file has any."""
    begun = run.today()
    old = {room: password(room) for room in ROOMS}
    secrets = CREDENTIALS / "secrets.yml"
    values = yaml.safe_load(secrets.read_text(encoding="utf-8"))
    new = {intended(room)["secret"]: f"{PLANTED}{n}" for n, room in enumerate(ROOMS)}
    of_bridge = values["conference_bridge"]
    new["conference_bridge"] = f"{PLANTED}bridge"
    secrets.write_text(yaml.safe_dump(values | new, width=1000), encoding="utf-8")
    done = rooms("site.yml", "--diff", "-vvv")
    assert done.returncode == 0, done.stdout
    assert done.stdout.strip().splitlines()[-1] == f"commit: {len(ROOMS) + 1} devices, {len(ROOMS) + 1} committed"
    accounts = {BRIDGE, *(intended(room)["account"] for room in ROOMS)}
    eventually(lambda: {one["account"] for one in shown(SERVER, "registrations")} == accounts, 30, "all rooms are back")
    for room in ROOMS:
        account = intended(room)["account"]
        assert register(PC, account, account, old[room]) == 401
    assert register(PC, BRIDGE, BRIDGE, of_bridge) == 401
    for room in ROOMS:
        kept = json.loads((ROOT / "build" / "evidence" / f"{room}.json").read_text(encoding="utf-8"))
        assert kept["account"] == intended(room)["account"]
        assert date.fromisoformat(kept["account_set_on"]) >= begun
    said = done.stdout + done.stderr
    assert not [secret for secret in (PLANTED, of_bridge, *old.values()) if secret in said]
    words = [word for secret in (PLANTED, of_bridge, *old.values()) for word in ("-e", secret)]
    found = subprocess.run(["grep", "-rlF", *words, "build"], cwd=ROOT, capture_output=True, text=True, check=False)
    held = str(CREDENTIALS.relative_to(ROOT)) if CREDENTIALS.is_relative_to(ROOT) else "build/twin"
    assert [line for line in found.stdout.splitlines() if not line.startswith(held)] == []
    for host in (*ROOMS, SERVER_HOST):  # its logs, and what its processes were started with
        kept = node(host).check_output("cat $(find /var/log -type f) /proc/[0-9]*/cmdline | tr -cd '[:print:]\\n'")
        assert len(kept) > 1000
        assert not [secret for secret in (PLANTED, of_bridge, *old.values()) if secret in kept], host
    for name in (*ROOMS, SERVER):
        assert PLANTED not in agent(name, "running", "redacted")
    assert rooms("audit.yml").returncode == 0
