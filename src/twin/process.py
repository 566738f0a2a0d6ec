"""Processes by identity: a number alone may have been given to somebody else in the meantime."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from twin.errors import TwinError

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """A process: its number and when it started (clock ticks since the machine's boot)."""

    pid: int
    started: int

    @property
    def alive(self) -> bool:
        """Whether it still runs (a zombie does not)."""
        return _stat(self.pid) == (self.started, True)


def identify(pid: int) -> Process:
    """The process that has this number now.

    :raises ProcessLookupError: when there is none.
    """
    stat = _stat(pid)
    if stat is None:
        raise ProcessLookupError(pid)
    return Process(pid, stat[0])


def everyone() -> Iterator[int]:
    """Numbers of all processes."""
    return (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())


def ancestry(pid: int) -> set[int]:
    """The process and all its ancestors."""
    line = set[int]()
    while pid and pid not in line:
        line.add(pid)
        fields = _fields(pid)
        pid = int(fields[1]) if fields else 0
    return line


def arguments(pid: int) -> list[str]:
    """The command line; empty when the process is gone."""
    return _strings(pid, "cmdline")


def environment(pid: int) -> list[str]:
    """The environment it was started with, NAME=VALUE each; empty when the process is gone or not ours to read."""
    return _strings(pid, "environ")


def namespace(pid: int, kind: Literal["net", "pid"]) -> str:
    """The identity of a namespace that it is in; empty when the process is gone."""
    with suppress(OSError):
        return str((PROC / str(pid) / "ns" / kind).readlink())
    return ""


def inner_number(pid: int) -> int:
    """Its number in its own namespace; 0 when it is gone."""
    with suppress(OSError):
        for line in (PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("NSpid:"):
                return int(line.split()[-1])
    return 0


def kill(processes: Iterable[Process], timeout_s: float = 20) -> None:
    """Kill processes and wait until they are gone.

    :raises TwinError: when one outlives the time.
    """
    deadline = time.monotonic() + timeout_s
    with ExitStack() as stack:
        waiting = dict[int, Process]()
        poll = select.poll()
        for process in processes:
            with suppress(ProcessLookupError):
                handle = os.pidfd_open(process.pid)
                stack.callback(os.close, handle)
                if process.alive:  # asked only now: the handle cannot change hands any more
                    signal.pidfd_send_signal(handle, signal.SIGKILL)
                    poll.register(handle, select.POLLIN)
                    waiting[handle] = process
        while waiting:
            ready = poll.poll(max(0, deadline - time.monotonic()) * 1000)
            if not ready:
                raise TwinError(f"processes {sorted(p.pid for p in waiting.values())} do not end although killed")
            for handle, _ in ready:
                poll.unregister(handle)
                del waiting[handle]


def _stat(pid: int) -> tuple[int, bool] | None:
    """Start time and whether it runs; None when there is no such process."""
    fields = _fields(pid)
    return (int(fields[19]), fields[0] not in "ZX") if fields else None


def _fields(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the third on (state); the second, a name in brackets, may hold spaces."""
    with suppress(OSError):
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return []


def _strings(pid: int, name: str) -> list[str]:
    with suppress(OSError):
        return (PROC / str(pid) / name).read_bytes().decode(errors="replace").split("\0")[:-1]
    return []
