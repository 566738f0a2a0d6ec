"""NAPALM's getters from the agent's reads: pure functions from JSON to NAPALM's models."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any

from napalm_frr.document import Document

Json = dict[str, Any]
_DESCRIPTION = re.compile(r"^interface (\S+)\n description (.+)$", re.MULTILINE)
_FRR_VERSION = re.compile(r"FRRouting (\S+)")
_ECHO = re.compile(r"bytes from (\S+?):? icmp_seq=.* time=([\d.]+) ms")
_SENT = re.compile(r"(\d+) packets transmitted, (\d+) received")
_SPREAD = re.compile(r"= ([\d.]+)/([\d.]+)/([\d.]+)/([\d.]+) ms")


def facts(data: Json) -> Json:
    """From `show facts`."""
    version = _FRR_VERSION.search(data["frr"])
    is_router = data.get("kind", "router") == "router"
    frr = f" FRR {version[1] if version else 'unknown'}," if is_router else ""
    return {
        "uptime": float(data["uptime_s"]),
        "vendor": "FRRouting" if is_router else "Debian",
        "model": data["model"],
        "hostname": data["hostname"],
        "fqdn": data["hostname"],
        "os_version": f"{data['os']},{frr} Linux {data['kernel']}",
        "serial_number": data["serial"],
        "interface_list": data["interfaces"],
    }


def interfaces(data: list[Json]) -> Json:
    """From `show interfaces`. `last_flapped` is not recorded by Linux (-1.0); a virtual link has no speed (0.0)."""
    return {
        row["ifname"]: {
            "is_up": row["operstate"] == "UP" or (row["operstate"] == "UNKNOWN" and "LOWER_UP" in row["flags"]),
            "is_enabled": "UP" in row["flags"],
            "description": row.get("ifalias", ""),
            "last_flapped": -1.0,
            "mtu": int(row["mtu"]),
            "speed": 0.0,
            "mac_address": row.get("address", "").upper(),
        }
        for row in data
    }


def interfaces_ip(data: list[Json]) -> Json:
    """From `show interfaces`. Without the host's own 127.0.0.1 and ::1; link-local addresses are listed."""
    result: Json = {}
    for row in data:
        for address in row.get("addr_info", ()):
            if "local" not in address or (address["scope"] == "host"):
                continue
            family = "ipv4" if address["family"] == "inet" else "ipv6"
            member = result.setdefault(row["ifname"], {}).setdefault(family, {})
            member[address["local"]] = {"prefix_length": int(address["prefixlen"])}
    return result


def neighbours(data: list[Json], version: int) -> list[Json]:
    """From `show neighbours`: who answered with a hardware address, of IP version 4 or 6."""
    return [
        {
            "interface": row["dev"],
            "mac": row["lladdr"].upper(),
            "ip": row["dst"],
            "age": float(row.get("confirmed", -1)),
            "state": " ".join(row.get("state", [])),
        }
        for row in data
        if "lladdr" in row and ip_address(row["dst"]).version == version
    ]


def vlans(document: Document) -> Json:
    """From the running document: a port belongs to its tag and to its trunks. Only routers have any."""
    names = dict(_DESCRIPTION.findall(document.get("frr", "")))
    members: dict[str, list[str]] = {}
    for line in document.get("ovs", "").splitlines():
        if not line.startswith("port "):
            continue
        _, _, port, *words = line.split(" ")
        options = dict(word.split("=", 1) for word in words)
        numbers = [options["tag"]] if "tag" in options else []
        for number in numbers + [n for n in options.get("trunks", "").split(",") if n]:
            members.setdefault(number, []).append(port)
    return {
        number: {"name": next((names[port] for port in ports if port in names), ""), "interfaces": ports}
        for number, ports in sorted(members.items(), key=lambda item: int(item[0]))
    }


def ping(output: str, probes: int) -> Json:
    """From what `ping` printed. Without any answer, or when it could not even send: `error`."""
    times = [(match[1], float(match[2])) for match in _ECHO.finditer(output)]
    counts = _SENT.search(output)
    if not counts or not times:
        return {"error": output.strip().splitlines()[-1] if output.strip() and not counts else "no answer"}
    spread = _SPREAD.search(output)
    low, mean, high, deviation = map(float, spread.groups()) if spread else (0.0, 0.0, 0.0, 0.0)
    return {
        "success": {
            "probes_sent": int(counts[1]),
            "packet_loss": probes - int(counts[2]),
            "rtt_min": low,
            "rtt_max": high,
            "rtt_avg": mean,
            "rtt_stddev": deviation,
            "results": [{"ip_address": address, "rtt": rtt} for address, rtt in times],
        }
    }
