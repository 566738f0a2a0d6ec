"""The revert timer: a process of its own, outside the session that started it, on monotonic time."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from napalm_frr.agent import PATH, state

_STEP_S = 1.0
_PATIENCE_S = 5.0


def start(commit_id: str) -> None:
    """Returns once the timer runs, or raises OSError. It outlives the SSH session: own session, no inherited pipes."""
    subprocess.Popen(
        [PATH, "timer", commit_id],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
        close_fds=True,
    )


def wait(commit_id: str, take_back: Callable[[state.Pending], object]) -> None:
    """Body of the timer process: sleeps until the commit is gone or its time is over, then takes the router back."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    while (this := state.pending()) and this.id == commit_id:
        if this.left_s() > 0:
            time.sleep(min(_STEP_S, this.left_s()))
            continue
        try:
            with state.lock(wait_s=_PATIENCE_S):
                if (current := state.pending()) and current.id == commit_id:
                    take_back(current)
        except state.LockedError:
            _end_applier(this.applier)
        except Exception as error:  # nobody else will bring this router back: try as long as it takes
            state.log(f"timer {commit_id}: {type(error).__name__}: {error}")
            time.sleep(_STEP_S)


def _end_applier(pid: int) -> None:
    """An agent that still applies after its time hangs; it must not keep the router from going back."""
    with contextlib.suppress(OSError):
        if b"napalm-frr-agent" in (Path("/proc") / str(pid) / "cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
