"""Hosts: static addresses, and a web server on some."""

from __future__ import annotations

from pathlib import Path

from twin import node
from twin.node import File
from twin.paths import CODE
from twin.process import Process
from twin.shape import Host


def boot(host: Host, first: Process, files: list[File], log: Path) -> None:
    """Give a started node its addresses and services.

    :raises TwinError: when that fails.
    """
    own = [File("/run/twin/addresses", addresses(host))]
    if host.serves_http:
        own.append(File("/run/twin/www/index.html", f"{host.name}\n"))
    node.boot(host.name, first, [*files, *own], (CODE / "host.sh").read_text(), log)


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
