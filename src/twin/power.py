"""Power of one router: off, with or without losing what its disk had not written yet, and on again.

The first process and the wires stay; everything else that a box loses is lost: processes, links made by software,
addresses, routes, rules, nftables, tc, kernel settings, /run, /tmp. The disk is a real ext4 on a loop device: without
power, data and names that nobody synchronised are gone, as after a real power cut. Not imitated: connection tracking
keeps its entries, an interface's IPv4 settings no longer follow those of `default`, blocks of the disk are never torn
or written out of order, the machine's clock goes on.
"""

from __future__ import annotations

import fcntl
import os
import struct
import uuid
from contextlib import suppress
from pathlib import Path

from twin import links, node, process
from twin.errors import TwinError
from twin.node import File
from twin.paths import CODE, Paths
from twin.process import Process
from twin.state import RunningNode, State

DISK = "/run/.layer"
_EXT4_SHUTDOWN, _WITHOUT_JOURNAL_FLUSH = 0x8004587D, 2  # linux/fs/ext4/ext4.h: nothing is written any more, from now on
_SLEEPER = ["sleep", "infinity"]  # the first process waits for it


def reboot(paths: Paths, standing: State, name: str, loss: bool) -> None:
    """Turn a router off and on; returns when its boot script is done, before routing has converged.

    :raises TwinError: when it is no router, or does not boot.
    """
    router = find(standing, name)
    off(router, loss)
    on(paths, standing, router)


def find(standing: State, name: str) -> RunningNode:
    """The router of this name.

    :raises TwinError: when there is none.
    """
    found = standing.node(name)
    if found.kind != "router":
        raise TwinError(f"{name} is a {found.kind}: only routers have a power switch")
    return found


def off(router: RunningNode, loss: bool) -> None:
    """No process of the router runs on return. With `loss` the disk stops at once; otherwise it is written first.

    :raises TwinError: when something of it stays.
    """
    if loss:
        _stop_disk(router.first)
    while running := _processes(router.first):
        process.kill(running)
    node.ask(router.name, router.first, ["sh", "-c", "cat > /run/.kernel"], (CODE / "kernel.sh").read_text())
    node.ask(router.name, router.first, ["sh"], (CODE / "power_off.sh").read_text())


def on(paths: Paths, standing: State, router: RunningNode) -> None:
    """Boot a router that is off.

    :raises TwinError: with the end of its log, when it does not boot.
    """
    mount(router)
    start = [
        File("/run/twin/router", (CODE / "router.sh").read_text()),
        File("/run/twin/boot_id", f"{uuid.uuid4()}\n"),
    ]
    log = paths.logs / f"{router.name}.log"
    node.boot(router.name, router.first, start, (CODE / "power_on.sh").read_text(), log)
    ends = [link.b for link in standing.links if link.b.node == router.name and not link.is_lan]
    links.raise_ends(ends, {router.name: router.first})


def mount(router: RunningNode) -> None:
    """Let the disk of a router that is off be seen, as it will be found by the boot; `on` does it, too."""
    if not (root(router) / DISK[1:] / "etc").exists():
        node.ask(router.name, router.first, ["sh", "-s", "disk"], (CODE / "layers.sh").read_text())


def root(router: RunningNode) -> Path:
    """The router's file system, seen from the machine."""
    return Path(f"/proc/{router.first.pid}/root")


def _stop_disk(first: Process) -> None:
    disk = os.open(f"/proc/{first.pid}/root{DISK}", os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.ioctl(disk, _EXT4_SHUTDOWN, struct.pack("I", _WITHOUT_JOURNAL_FLUSH))
    finally:
        os.close(disk)


def _processes(first: Process) -> list[Process]:
    """What runs in the node, but for its first process and what that one waits for."""
    inside = process.namespace(first.pid, "pid")
    found = list[Process]()
    for pid in process.everyone():
        if pid == first.pid or process.namespace(pid, "pid") != inside or process.arguments(pid) == _SLEEPER:
            continue
        with suppress(ProcessLookupError):
            running = process.identify(pid)
            if running.alive:
                found.append(running)
    return found
