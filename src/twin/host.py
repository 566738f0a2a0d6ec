"""Hosts: static addresses, and stand-ins of the services that are answered there."""

from __future__ import annotations

import json
from pathlib import Path

from twin import node
from twin.node import File
from twin.paths import CODE
from twin.process import Process
from twin.shape import Host

_NO_RTP = "@th,64,2 != 2"


def boot(host: Host, first: Process, files: list[File], log: Path) -> None:
    """Give a started node its addresses and services.

    :raises TwinError: when that fails.
    """
    own = [File("/run/twin/addresses", addresses(host))]
    if host.listeners:
        bound = [(listener.protocol, listener.address, listener.first) for listener in host.listeners]
        own.append(File("/run/twin/listeners", json.dumps(bound)))
        own.append(File("/run/twin/responder.py", (CODE / "responder.py").read_text()))
    if rules := ranges(host):
        own.append(File("/run/twin/ranges", rules))
    node.boot(host.name, first, [*files, *own], (CODE / "host.sh").read_text(), log)


def ranges(host: Host) -> str:
    """Rules for nft: one socket, on the first port, answers for a whole range of them. Empty where there is none.

    Not for RTP, whose packets begin with its version: that belongs to a real device that runs on the host.
    A host without any keeps a kernel that tracks no connections, which would put its own crafted fragments together.
    """
    rules = "".join(
        f"{_family(ports.address)} daddr {ports.address} {ports.protocol} dport {ports.first}-{ports.last} {_NO_RTP} "
        f"dnat {_family(ports.address)} to {_with_port(ports.address, ports.first)}\n"
        for ports in host.listeners
        if ports.last > ports.first
    )
    if not rules:
        return ""
    return f"table inet ranges {{\nchain prerouting {{\ntype nat hook prerouting priority dstnat;\n{rules}}}\n}}\n"


def _family(address: str) -> str:
    return "ip6" if ":" in address else "ip"


def _with_port(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def addresses(host: Host) -> str:
    """Commands for `ip -batch` that set addresses and routes; they may be repeated."""
    lines = list[str]()
    for interface in host.interfaces:
        name = interface.interface
        lines += [
            f"link set dev {name} up",
            f"address replace {interface.v4} dev {name}",
            f"address replace {interface.v6} dev {name} nodad",
        ]
    if host.gateway_v4 and host.gateway_v6:
        name = host.interfaces[0].interface
        lines += [f"route replace default via {gateway} dev {name}" for gateway in (host.gateway_v4, host.gateway_v6)]
    return "\n".join(lines) + "\n"
