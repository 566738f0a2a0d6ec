"""The exact list of reads beside the document itself, and `route` (see there). Each prints one JSON value."""

from __future__ import annotations

import json
import platform
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from napalm_frr.agent import VERSION, chain, drained, files, process, route, state, tc


def _vtysh(command: str) -> Callable[[], Any]:
    return lambda: json.loads(process.run(["vtysh", "-c", f"show {command} json"]) or "{}")


def _group(**commands: str) -> Callable[[], Any]:
    return lambda: {name: _vtysh(command)() for name, command in commands.items()}


def _json(*argv: str) -> Callable[[], Any]:
    return lambda: json.loads(process.run(list(argv)) or "[]")


def _lines(*argv: str) -> Callable[[], Any]:
    return lambda: process.run(list(argv)).splitlines()


def _facts() -> dict[str, Any]:
    release = dict(line.partition("=")[::2] for line in files.read(Path("/etc/os-release")).splitlines())
    frr = process.outcome(["vtysh", "-c", "show version"])[1].partition("\n")[0]
    dmi = Path("/sys/class/dmi/id")
    return {
        "hostname": socket.gethostname(),
        "uptime_s": float(files.read(Path("/proc/uptime")).split()[0]),
        "os": release.get("PRETTY_NAME", "").strip('"'),
        "kernel": platform.release(),
        "frr": frr,
        "model": files.read(dmi / "product_name").strip() or "Debian router",
        "serial": files.read(dmi / "product_serial").strip(),
        "interfaces": sorted(path.name for path in Path("/sys/class/net").iterdir()),
        "agent": VERSION,
    }


READS: dict[str, Callable[[], Any]] = {
    "bfd": _vtysh("bfd peers"),
    "bgp": _group(summary="bgp summary", neighbors="bgp neighbors"),
    "bgp-routes": _group(ipv4="bgp ipv4 unicast", ipv6="bgp ipv6 unicast"),
    "commits": lambda: chain.read(state.COMMITS),
    "drained": drained.counters,
    "facts": _facts,
    "interfaces": _json("ip", "-json", "-statistics", "-details", "address"),
    "listeners": _lines("ss", "-Hlntup"),
    "neighbours": _json("ip", "-json", "-statistics", "neighbour"),
    "ovs-fdb": _lines("ovs-appctl", "fdb/show", "br0"),
    "queues": tc.counters,
    "routes": _group(ipv4="ip route", ipv6="ipv6 route"),
    "rules": _json("ip", "-json", "rule"),
}


def is_listed(words: Sequence[str]) -> bool:
    """Whether `show WORDS` is a read."""
    return (len(words) == 1 and words[0] in READS) or route.is_query(words)


def show(words: Sequence[str]) -> Any:
    """The answer of a listed read. Raises CommandError."""
    return READS[words[0]]() if len(words) == 1 else route.read(words)
