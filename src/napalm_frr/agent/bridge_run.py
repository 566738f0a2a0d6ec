"""Runs a bridge in the foreground: linphone-daemon, told to take every call into the one meeting that it holds.

What reaches it has come past the conference server, which lets declared accounts call each other and nobody else.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from napalm_frr.agent import bridge, bridge_rc, bridge_text, files, process, service_user

_HOME = Path(f"/run/{bridge.NAME}")
_COMMAND = ["linphone-daemon", "--config", str(_HOME / "linphonerc"), "-C", "-D", "--disable-stats-events"]
_EVENT = re.compile(r"Event: (\w+)")
_CALL = re.compile(r"Id: (\d+)")


def run() -> dict[str, str]:
    """Until it ends, which it never does by itself. Raises CommandError, OSError, DocumentError."""
    settings = bridge_text.parse(files.read(bridge.CONFIG))
    if settings is None:
        raise process.CommandError(["bridge"], f"{bridge.CONFIG} is missing or empty")
    uid, gid = service_user.owner(bridge.NAME, _HOME)
    for directory in (_HOME, _HOME / ".local/share/linphone"):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in (_HOME, *_HOME.rglob("*")):
        os.chown(path, uid, gid, follow_symlinks=False)
    files.write(_HOME / "linphonerc", bridge_rc.write(settings), mode=0o600, owner=(uid, gid))
    with subprocess.Popen(
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        user=uid,
        group=gid,
        extra_groups=[],
        env={"HOME": str(_HOME), "PATH": os.environ.get("PATH", os.defpath)},
        cwd=_HOME,
    ) as daemon:
        # Whoever ends this ends the daemon, too.
        signal.signal(signal.SIGTERM, lambda *_: daemon.terminate())
        assert daemon.stdin
        assert daemon.stdout
        for command in commands(_logged(daemon.stdout)):
            daemon.stdin.write(f"{command}\n")
            daemon.stdin.flush()
    raise process.CommandError(["bridge"], f"linphone-daemon ended with status {daemon.returncode}")


def commands(lines: Iterable[str]) -> Iterator[str]:
    """What to tell the daemon, by what it says: each call that comes is answered and taken into the meeting."""
    event = ""
    for line in lines:
        if match := _EVENT.fullmatch(line.rstrip()):
            event = match[1]
        elif (match := _CALL.fullmatch(line.rstrip())) and event:
            if event == "LinphoneCallIncomingReceived":
                yield f"answer {match[1]}"
                yield f"conference add {match[1]}"
            event = ""


def _logged(lines: Iterable[str]) -> Iterator[str]:
    """Into the log go events and what came of commands."""
    for line in lines:
        if line.startswith(("Event: ", "From: ", "Id: ")):
            print(line.rstrip(), file=sys.stderr, flush=True)
        yield line
