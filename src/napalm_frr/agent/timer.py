"""The revert timer: a process of its own, outside the session that started it, on monotonic time.

It holds a lock as long as it lives. Every later agent call looks for it while a commit is pending and starts it again;
until then a second process, its guard, does: the two do the same, and each starts the other again. With systemd there
is one, and systemd starts it again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from napalm_frr.agent import PATH, process, state

_TIMER, _GUARD = Path("/run/napalm-frr.timer"), Path("/run/napalm-frr.guard")
_SYSTEMD = Path("/run/systemd/system")
_STEP_S = 0.5
_PATIENCE_S = 5.0
_REVERT_LIMIT_S = 120.0
_START_LIMIT_S = 10.0
_END_LIMIT_S = 2.0


def start(commit_id: str, settle: Callable[[], object]) -> None:
    """Returns once the timer runs. Raises OSError, CommandError."""
    _wait_for(lambda: not is_alive(), _END_LIMIT_S)  # that of the commit before is just ending
    if _SYSTEMD.is_dir():
        unit = f"--unit=napalm-frr-timer-{commit_id}-{time.monotonic_ns()}"
        words = ["--quiet", "--collect", unit, "--property=Restart=on-failure", PATH, "timer", commit_id]
        process.run(["systemd-run", *words], is_daemon=True)
    else:
        _detach(commit_id, settle, _TIMER)
    if not _wait_for(is_alive, _START_LIMIT_S):
        raise OSError("the revert timer does not start")


def is_alive() -> bool:
    """Whether a timer runs, or its guard, which starts it again."""
    return _is_held(_TIMER) or _is_held(_GUARD)


def _wait_for(condition: Callable[[], bool], limit_s: float) -> bool:
    deadline = time.monotonic() + limit_s
    while not (is_so := condition()) and time.monotonic() < deadline:
        time.sleep(0.005)
    return is_so


def _is_held(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def wait(commit_id: str, settle: Callable[[], object], path: Path = _TIMER) -> None:
    """Body of the timer: until the commit is gone. `settle`, under the lock, brings the router back when it is time."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    if not _is_only(descriptor):
        return
    os.ftruncate(descriptor, 0)
    with contextlib.suppress(OSError):
        os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
    while (this := state.pending()) and this.id == commit_id:
        try:
            with state.lock(wait_s=0):
                settle()
        except state.LockedError:
            _end_hanging(this)
        except Exception as error:  # nobody else may come to bring this router back: try as long as it takes
            state.log(f"timer {commit_id}: {type(error).__name__}: {error}")
        other = _GUARD if path == _TIMER else _TIMER
        if not _SYSTEMD.is_dir() and not _is_held(other):
            _detach(commit_id, settle, other)
        time.sleep(min(_STEP_S, this.left_s()) or _STEP_S)


def _is_only(descriptor: int) -> bool:
    """Somebody who only asks whether a timer lives holds the lock for an instant."""
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.005)
        else:
            return True
    return False


def _detach(commit_id: str, settle: Callable[[], object], path: Path) -> None:
    """A copy of this process: nothing has to be found or loaded any more when the router is half way."""
    if first := os.fork():
        os.waitpid(first, 0)
        return
    try:
        os.setsid()
        if os.fork() == 0:
            null = os.open(os.devnull, os.O_RDWR)
            for number in range(3):
                os.dup2(null, number)
            os.closerange(3, 4096)  # the agent's lock, above all
            process.inherited = ()
            os.chdir("/")
            wait(commit_id, settle, path)
    finally:
        os._exit(0)


def _end_hanging(this: state.Pending) -> None:
    """Whoever holds the lock long after the end hangs, be it an agent or a program that a killed agent left."""
    overdue_s = time.monotonic() - this.deadline
    limit_s = _REVERT_LIMIT_S if this.step.startswith("revert") else _PATIENCE_S
    if this.left_s() > 0 or overdue_s < limit_s:
        return
    for directory in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(directory.name) != os.getpid() and any(
                link.readlink() == state.LOCK for link in (directory / "fd").iterdir()
            ):
                os.kill(int(directory.name), signal.SIGKILL)
