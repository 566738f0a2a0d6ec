"""Conference server: it answers at its port, in both families, and to its managers."""

from __future__ import annotations

import json

from napalm.base import NetworkDriver

from tslcd.conference.server import ServerIntent
from tslcd.firewall import SSH_PORT
from tslcd.verify.reach import answers


def problems(intent: ServerIntent, device: NetworkDriver) -> list[str]:
    """A service that does not listen, an address that does not answer."""
    lines = json.loads(device.cli(["show listeners"])["show listeners"])
    protocol = "udp" if intent.service.transport == "udp" else "tcp"
    found = []
    for address in (str(intent.address_v4.ip), f"[{intent.address_v6.ip}]"):
        where = f"{address}:{intent.service.port}"
        if not any(line.split()[0] == protocol and line.split()[4] == where for line in lines):
            found.append(f"nothing listens at {protocol} {where}")
    address = str(intent.address_v4.ip)
    return found if answers(address, SSH_PORT) else [*found, f"{address} does not answer from here"]
