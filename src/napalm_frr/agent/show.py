"""The exact list of reads beside the document itself, and `route` (see there). Each prints one JSON value."""

from __future__ import annotations

import json
import platform
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from napalm_frr.agent import (
    VERSION,
    baresip_reads,
    chain,
    drained,
    files,
    kamailio_reads,
    process,
    route,
    state,
    tc,
)
from napalm_frr.document import Kind, named


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
    kind = state.kind()
    version = process.outcome(["vtysh", "-c", "show version"])[1] if kind == "router" else ""
    dmi = Path("/sys/class/dmi/id")
    return {
        "hostname": socket.gethostname(),
        "uptime_s": float(files.read(Path("/proc/uptime")).split()[0]),
        "os": release.get("PRETTY_NAME", "").strip('"'),
        "kernel": platform.release(),
        "kind": kind,
        "frr": version.partition("\n")[0],
        "model": files.read(dmi / "product_name").strip() or f"Debian {kind}",
        "serial": files.read(dmi / "product_serial").strip(),
        "interfaces": sorted(path.name for path in Path("/sys/class/net").iterdir()),
        "agent": VERSION,
    }


_Reads = Mapping[str, Callable[[], Any]]
_EVERYWHERE: _Reads = {
    "commits": lambda: chain.read(state.COMMITS),
    "facts": _facts,
    "interfaces": _json("ip", "-json", "-statistics", "-details", "address"),
    "listeners": _lines("ss", "-Hlntup"),
    "neighbours": _json("ip", "-json", "-statistics", "neighbour"),
    "rules": _json("ip", "-json", "rule"),
}
_ONLY_ON: Mapping[Kind, _Reads] = {
    "router": {
        "bfd": _vtysh("bfd peers"),
        "bgp": _group(summary="bgp summary", neighbors="bgp neighbors"),
        "bgp-routes": _group(ipv4="bgp ipv4 unicast", ipv6="bgp ipv6 unicast"),
        "drained": drained.counters,
        "ovs-fdb": _lines("ovs-appctl", "fdb/show", "br0"),
        "queues": tc.counters,
        "routes": _group(ipv4="ip route", ipv6="ipv6 route"),
    },
    "endpoint": {"calls": baresip_reads.calls, "registrations": baresip_reads.registrations},
    "server": {"events": kamailio_reads.events, "registrations": kamailio_reads.registrations},
}
READS = sorted({name for reads in (_EVERYWHERE, *_ONLY_ON.values()) for name in reads})
"""Of all kinds of device."""


def is_listed(words: Sequence[str]) -> bool:
    """Whether `show WORDS` is a read."""
    return (len(words) == 1 and words[0] in READS) or route.is_query(words)


def refusal(words: Sequence[str], kind: Kind) -> str:
    """Why this kind of device has no such read, or ""."""
    name = words[0]
    if name in _EVERYWHERE or name in _ONLY_ON[kind] or (kind == "router" and route.is_query(words)):
        return ""
    owners = [named(other) for other, reads in _ONLY_ON.items() if name in reads] or [named("router")]
    return f"show {name} is a read of {' or '.join(owners)}; this device is {named(kind)}"


def show(words: Sequence[str], kind: Kind) -> Any:
    """The answer of a listed read that is not refused. Raises CommandError."""
    return {**_EVERYWHERE, **_ONLY_ON[kind]}[words[0]]() if len(words) == 1 else route.read(words)
