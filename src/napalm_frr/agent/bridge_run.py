"""Runs a bridge in the foreground: linphone-daemon, told to take every call into the one meeting that it holds.

What reaches it has come past the conference server, which lets declared accounts call each other and nobody else.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator

from napalm_frr.agent import bridge, bridge_rc, bridge_text, files, process, service_user

_SETTINGS = bridge.HOME / "linphonerc"
_PLACES = (".local", ".local/share", ".local/share/linphone")
"""Where the daemon keeps what it remembers; without them it says so again and again."""
_COMMAND = [bridge.DAEMON, "--config", str(_SETTINGS), "-C", "-D", "--disable-stats-events"]
_SETTLE_S = 0.5
_EVENT = re.compile(r"Event: (\w+)")
_CALL = re.compile(r"Id: (\d+)")


def run() -> dict[str, str]:
    """Until it ends, which it never does by itself. Raises CommandError, OSError, DocumentError."""
    settings = bridge_text.parse(files.read(bridge.CONFIG))
    if settings is None:
        raise process.CommandError(["bridge"], f"{bridge.CONFIG} is missing or empty")
    uid, gid = service_user.owner(bridge.NAME, bridge.HOME)
    _prepare(bridge_rc.write(settings), uid, gid)
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
        env={"HOME": str(bridge.HOME), "PATH": os.environ.get("PATH", os.defpath)},
        cwd=bridge.HOME,
    ) as daemon:
        # Whoever ends this ends the daemon, too.
        signal.signal(signal.SIGTERM, lambda *_: daemon.terminate())
        with contextlib.suppress(subprocess.TimeoutExpired):
            raise _ended(daemon.wait(_SETTLE_S))
        bridge.READY.touch(mode=0o600)
        assert daemon.stdin
        assert daemon.stdout
        for command in commands(_logged(daemon.stdout)):
            daemon.stdin.write(f"{command}\n")
            daemon.stdin.flush()
    raise _ended(daemon.returncode)


def _prepare(settings: str, uid: int, gid: int) -> None:
    """A directory of the daemon's own, made anew: what a former one left there is not to lead root astray."""
    shutil.rmtree(bridge.HOME, ignore_errors=True)
    places = [bridge.HOME, *(bridge.HOME / name for name in _PLACES)]
    for place in places:
        place.mkdir(mode=0o700)
    files.write(_SETTINGS, settings, mode=0o600, owner=(uid, gid))
    for place in reversed(places):
        os.chown(place, uid, gid, follow_symlinks=False)


def _ended(status: int) -> process.CommandError:
    return process.CommandError(["bridge"], f"{bridge.DAEMON} ended with status {status}")


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
    """Into the log go calls, and what came of commands."""
    for line in lines:
        if line.startswith(("Event: ", "From: ", "Id: ", "Status: ", "Reason: ")):
            print(line.rstrip(), file=sys.stderr, flush=True)
        yield line
