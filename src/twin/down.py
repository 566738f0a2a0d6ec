"""Take a twin down, whatever is left of it: standing, half built, half gone, or only remains of a killed command."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress

from twin import node, process, state
from twin.errors import TwinError
from twin.paths import Paths
from twin.process import Process

VISITORS_TIMEOUT_S = 10
TWIN_VARIABLE = "TSLCD_TWIN"  # set by `twin run`: whatever it starts, also in the background, is found by it


def down(paths: Paths) -> int:
    """Remove processes, then files; nothing of the twin is left on return. The caller holds the lock.

    :returns: number of nodes that ran.
    :raises TwinError: when a process cannot be killed.
    """
    firsts, parents = node.marked(paths.twin)
    _kill_visitors(paths, firsts)
    process.kill([*firsts, *parents])
    for path in state.remains(paths):
        shutil.rmtree(path)
    with suppress(OSError):
        paths.twin.parent.rmdir()  # only when it is empty
    return len(firsts)


def _kill_visitors(paths: Paths, firsts: list[Process]) -> None:
    """Kill what runs in the twin's networks without being inside a node (`twin run`, a lingering ssh): it would keep
    the namespaces. Done while the nodes live, so that a namespace's number cannot mean another one yet.
    """
    deadline = time.monotonic() + VISITORS_TIMEOUT_S
    while visitors := _visitors(paths, firsts):
        if time.monotonic() > deadline:
            raise TwinError(f"processes {sorted(v.pid for v in visitors)} in the twin's network do not end")
        process.kill(visitors)


def _visitors(paths: Paths, firsts: list[Process]) -> list[Process]:
    networks = {process.namespace(first.pid, "net") for first in firsts} - {""}
    insides = {process.namespace(first.pid, "pid") for first in firsts} - {""}
    mark = f"{TWIN_VARIABLE}={paths.twin}"
    ours = process.ancestry(os.getpid())  # `twin run -- twin down` is odd but must not kill itself
    found = list[Process]()
    for pid in process.everyone():
        if pid in ours or process.namespace(pid, "pid") in insides:
            continue
        if process.namespace(pid, "net") in networks or mark in process.environment(pid):
            with suppress(ProcessLookupError):
                visitor = process.identify(pid)
                if visitor.alive:
                    found.append(visitor)
    return found
