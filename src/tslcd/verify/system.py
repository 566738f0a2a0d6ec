"""System: exactly the declared services listen on the router's addresses, nothing else."""

from __future__ import annotations

import json
import re

from napalm.base import NetworkDriver

from tslcd.intent import RouterIntent
from tslcd.platforms.frr import Settings

# bfdd sends from ports of this range and holds them open (RFC 5881); they change with every session.
_BFD_SOURCES = range(49152, 65536)
_LOCAL = ("127.", "[::1]")


def problems(intent: RouterIntent, device: NetworkDriver) -> list[str]:
    """Services that listen undeclared, and declared ones that do not."""
    lines = json.loads(device.cli(["show listeners"])["show listeners"])
    listening = {name for line in lines if (name := _listener(line))}
    declared = set(Settings.model_validate(intent.settings).listeners)
    return [f"{name} listens, but is not declared" for name in sorted(listening - declared)] + [
        f"{name} does not listen" for name in sorted(declared - listening)
    ]


def _listener(line: str) -> str:
    """`tcp/22 sshd` for a line of `ss -Hlntup`; empty for a socket that only the router itself reaches."""
    protocol, _, _, _, local, *_ = line.split()
    if local.startswith(_LOCAL):
        return ""
    program = re.search(r'users:\(\("([^"]+)"', line)
    name, port = program[1] if program else "unknown", int(local.rsplit(":", 1)[1])
    if name == "bfdd" and protocol == "udp" and port in _BFD_SOURCES:
        return ""
    return f"{protocol}/{port} {name}"
