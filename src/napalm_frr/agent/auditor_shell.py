"""The auditor's login: an exact list of reads, compared as whole strings, and `show route PREFIX [longer]`.

Runs without rights; sudo has the same list again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping

from napalm_frr.agent import PATH, route
from napalm_frr.agent.show import READS

_SUDO = "/usr/bin/sudo"
ALLOWED = ("running", "startup", "status", *(f"show {name}" for name in READS))
_WITH_SECRETS = ("running", "startup")
_BY_DRIVER = f"sudo -n {PATH} "


def words(command: str) -> list[str] | None:
    """Arguments for the agent, or None when the command is not on the list. The driver's spelling is also known."""
    plain = command.removeprefix(_BY_DRIVER)
    parts = plain.split(" ")
    if plain in _WITH_SECRETS:
        return [plain, "redacted"]
    return parts if plain in ALLOWED or (parts[0] == "show" and route.is_query(parts[1:])) else None


def main(environment: Mapping[str, str]) -> int:
    """One command, or a prompt when there is none. Exit status 126 for a refusal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    command = environment.get("SSH_ORIGINAL_COMMAND")
    if command is not None:
        return _run(command)
    status = 0
    while True:
        print("$ ", end="", flush=True)
        line = sys.stdin.readline(4096)
        if not line or line.strip() in ("exit", "logout"):
            return status
        if line.strip():
            status = _run(line.rstrip("\r\n"))


def _run(command: str) -> int:
    if (arguments := words(command)) is None:
        print(f"refused. Allowed: {', '.join(ALLOWED)}, show route PREFIX [longer]", file=sys.stderr, flush=True)
        return 126
    # A document or any other input of the auditor never reaches a root process.
    return subprocess.run(
        [_SUDO, "-n", PATH, *arguments], stdin=subprocess.DEVNULL, check=False, env={"PATH": os.defpath, "LC_ALL": "C"}
    ).returncode
