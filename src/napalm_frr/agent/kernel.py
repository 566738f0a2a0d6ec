"""Kernel state around the daemons: MTUs, and what nothing in a document declares; every commit takes that away.

Lines of the latter begin with `unmanaged` and say what `ip` needs to remove the thing. Routes of FRR's protocols and of
the kernel itself, link-local addresses, and what the kernel gives a new interface are not shown.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from napalm_frr.agent import keepalived_text, process
from napalm_frr.agent.system_text import USUAL_MTU

_BY_KERNEL, _BY_ZEBRA = "2", "11"
_BY_FRR = {_BY_KERNEL, _BY_ZEBRA, *(str(number) for number in range(186, 199))}
"""Routing protocol numbers: the kernel's own, zebra's, and those of FRR's daemons (bgp 186 to srte 198)."""

_ROUTE_TYPES = {"1": "", "6": "blackhole", "7": "unreachable", "8": "prohibit", "9": "throw"}
_ATTEMPTS = 5
_NET = Path("/sys/class/net")


def lines(frr: str, ovs: str, keepalived: str) -> list[str]:
    """MTUs that are not usual; addresses, routes and rules that no section declares (without FRR no addresses).

    Addresses of keepalived may be there or not: routers agree on that among themselves.
    """
    mtus = [f"mtu {name} {mtu}" for name, mtu in _mtus(frr, ovs).items() if mtu != USUAL_MTU]
    return mtus + sorted(_unmanaged(frr, keepalived))


def _unmanaged(frr: str, keepalived: str) -> list[str]:
    found = [*_routes("-4"), *_routes("-6"), *_rules("-4"), *_rules("-6")]
    return [*found, *_addresses(frr, keepalived)] if frr else found


def set_mtus(frr: str, ovs: str, wanted: dict[str, int]) -> None:
    """Gives every interface of these sections the MTU that it is to have, or the usual one."""
    for name, mtu in _mtus(frr, ovs).items():
        if mtu != wanted.get(name, USUAL_MTU):
            process.outcome(["ip", "link", "set", "dev", name, "mtu", str(wanted.get(name, USUAL_MTU))])


def repair(frr: str, ovs: str, keepalived: str, mtus: dict[str, int]) -> None:
    """Sets MTUs and removes what is shown as unmanaged against these sections. What resists stays, and shows."""
    set_mtus(frr, ovs, mtus)
    for _ in range(_ATTEMPTS):
        found = _unmanaged(frr, keepalived)
        if not found:
            return
        for line in found:
            process.outcome(removal(line))
        time.sleep(0.02)


def removal(line: str) -> list[str]:
    """The command that takes away what a line shows."""
    _, kind, *words = line.split(" ")
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


def _addresses(frr: str, keepalived: str) -> Iterator[str]:
    declared = _declared_addresses(frr)
    declared |= {(this.interface, this.address) for this in keepalived_text.addresses(keepalived)}
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


def _mtus(frr: str, ovs: str) -> dict[str, int]:
    """MTU of every interface of these sections that exists."""
    found = {}
    for name in _declared_interfaces(frr, ovs):
        with suppress(OSError):
            found[name] = int((_NET / name / "mtu").read_text(encoding="ascii"))
    return found
