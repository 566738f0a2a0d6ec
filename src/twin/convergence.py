"""When a twin is ready: every BGP session is up in both families, ssh answers the controller, servers answer."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from twin import node, provider
from twin.errors import TwinError
from twin.lan import CONTROLLER
from twin.paths import CODE
from twin.process import Process
from twin.shape import Device, Router, Topology

PAUSE_S = 0.15


def wait(
    topology: Topology, devices: Iterable[Device], firsts: Mapping[str, Process], logs: Path, timeout_s: float
) -> None:
    """Wait until the twin is ready.

    :param devices: conference devices that the controller reaches: behind a router in day-0 there is no way to one.

    :raises TwinError: naming what is missing when the time is over.
    """
    deadline = time.monotonic() + timeout_s
    for host in topology.hosts:
        served = [listener for listener in host.listeners if listener.protocol == "tcp"]
        if served and _silent(firsts[host.name], deadline, "", served[-1].first, [served[-1].address]):
            raise TwinError(f"the servers on {host.name} do not answer:\n{node.tail(logs / f'{host.name}.log')}")
    wait_for_sessions({pe.name: firsts[pe.name] for pe in topology.providers}, timeout_s)
    managed: tuple[Router | Device, ...] = (*topology.routers, *devices)
    device_of = {address: device.name for device in managed for address in device.addresses}
    if silent := _silent(firsts[CONTROLLER], deadline, "SSH-2.0-", 22, device_of):
        name = device_of[silent[0]]
        raise TwinError(
            f"the controller reaches no ssh on {', '.join(f'{device_of[address]} ({address})' for address in silent)}; "
            f"the log of {name}:\n{node.tail(logs / f'{name}.log')}"
        )


def wait_for_sessions(providers: Mapping[str, Process], timeout_s: float) -> None:
    """Wait until all BGP sessions of these PEs are up.

    :raises TwinError: naming the peers that are missing when the time is over.
    """
    deadline = time.monotonic() + timeout_s
    for name, first in providers.items():
        while missing := provider.sessions_missing(name, first):
            if time.monotonic() > deadline:
                raise TwinError(f"{name} has no session with {', '.join(missing)} after {timeout_s:.0f} s")
            time.sleep(PAUSE_S)


def _silent(first: Process, deadline: float, banner: str, port: int, addresses: Iterable[str]) -> list[str]:
    seconds = max(0.0, deadline - time.monotonic())
    command = [sys.executable, "-ISs", str(CODE / "reach.py"), str(seconds), banner, str(port), *addresses]
    done = subprocess.run(node.enter_network(first, command), capture_output=True, text=True, check=False)
    if done.returncode and not done.stdout.strip():
        raise TwinError(f"cannot look from inside the twin: {done.stderr.strip()}")
    return done.stdout.split()
