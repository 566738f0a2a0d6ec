"""Kernel state that somebody made around the daemons: nothing in a document declares it, every commit takes it away.

Lines begin with `unmanaged` and say what `ip` needs to remove the thing. Routes of FRR's protocols and of the
kernel itself, link-local addresses, and what the kernel gives a new interface are not shown.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from napalm_frr.agent import process

_BY_KERNEL, _BY_ZEBRA = "2", "11"
_BY_FRR = {_BY_KERNEL, _BY_ZEBRA, *(str(number) for number in range(186, 199))}
"""Routing protocol numbers: the kernel's own, zebra's, and those of FRR's daemons (bgp 186 to srte 198)."""

_ROUTE_TYPES = {"1": "", "6": "blackhole", "7": "unreachable", "8": "prohibit", "9": "throw"}
_MTU = 1500
_ATTEMPTS = 5
_NET = Path("/sys/class/net")


def lines(frr: str, ovs: str) -> list[str]:
    """Addresses, routes, rules and MTUs that neither section declares. Without FRR addresses are not judged."""
    found = [*_routes("-4"), *_routes("-6"), *_rules("-4"), *_rules("-6"), *_mtus(_declared_interfaces(frr, ovs))]
    return sorted([*found, *_addresses(frr)] if frr else found)


def repair(frr: str, ovs: str) -> None:
    """Removes what `lines` shows against these sections. What resists stays, and shows."""
    for _ in range(_ATTEMPTS):
        found = lines(frr, ovs)
        if not found:
            return
        for line in found:
            process.outcome(removal(line))
        time.sleep(0.02)


def removal(line: str) -> list[str]:
    """The command that takes away what a line shows."""
    _, kind, *words = line.split(" ")
    if kind == "mtu":
        return ["ip", "link", "set", "dev", words[0], "mtu", str(_MTU)]
    if kind == "address":
        return ["ip", "address", "del", words[0], "dev", words[1]]
    return ["ip", words[0], kind, "del", *(words[1:3] if kind == "rule" else words[1:])]


def _json(*words: str) -> list[dict[str, Any]]:
    return list(json.loads(process.run(["ip", "-json", "-Numeric", *words]) or "[]"))


def _routes(family: str) -> Iterator[str]:
    for row in _json(family, "route", "show", "table", "all"):
        if row.get("protocol", "3") in _BY_FRR or row.get("type", "1") not in _ROUTE_TYPES:
            continue
        destination = row["dst"] if row["dst"] != "default" else "0.0.0.0/0" if family == "-4" else "::/0"
        words = [_ROUTE_TYPES[row.get("type", "1")], destination, "table", str(row.get("table", "254"))]
        for name, key in (("via", "gateway"), ("dev", "dev"), ("proto", "protocol"), ("metric", "metric")):
            if key in row:
                words += [name, str(row[key])]
        yield " ".join(["unmanaged", "route", family, *(word for word in words if word)])


def _rules(family: str) -> Iterator[str]:
    for row in _json("-details", family, "rule"):
        if row.get("protocol", "3") in (_BY_KERNEL, _BY_ZEBRA):
            continue
        does = f"lookup {row['table']}" if "table" in row else row.get("action", "")
        source = f"{row['src']}/{row['srclen']}" if "srclen" in row else row["src"]
        yield f"unmanaged rule {family} priority {row['priority']} from {source} {does}".rstrip()


def _addresses(frr: str) -> Iterator[str]:
    declared = _declared_addresses(frr)
    for link in _json("address"):
        for row in link["addr_info"]:
            if not row.get("local"):
                continue
            address = f"{row['local']}/{row['prefixlen']}"
            is_kernels = link["ifname"] == "lo" and address in ("127.0.0.1/8", "::1/128")
            is_link_local = row["family"] == "inet6" and row["local"].startswith("fe80:")
            if not (is_kernels or is_link_local or (link["ifname"], address) in declared):
                yield f"unmanaged address {address} {link['ifname']}"


def _declared_addresses(frr: str) -> set[tuple[str, str]]:
    found = set()
    interface = ""
    for line in frr.splitlines():
        words = line.split()
        if line.startswith("interface "):
            interface = words[1]
        elif line.startswith((" ip address ", " ipv6 address ")):
            found.add((interface, words[2]))
    return found


def _declared_interfaces(frr: str, ovs: str) -> list[str]:
    names = {line.split(" ")[1] for line in frr.splitlines() if line.startswith("interface ")}
    names |= {line.split(" ")[2] for line in ovs.splitlines() if line.startswith("port ")}
    return sorted(names - {"lo"})


def _mtus(names: list[str]) -> Iterator[str]:
    for name in names:
        try:
            mtu = int((_NET / name / "mtu").read_text(encoding="ascii"))
        except OSError:
            continue
        if mtu != _MTU:
            yield f"unmanaged mtu {name} {mtu}"
