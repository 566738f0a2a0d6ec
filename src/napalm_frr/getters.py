"""NAPALM's getters from the agent's reads: pure functions from JSON to NAPALM's models."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
_SECRET = re.compile(
    r"^(\s*(?:neighbor \S+ password|password|.*authentication-key|.*message-digest-key \d+ md5|.*key-string)) .+$",
    re.MULTILINE,
)
_FRR_VERSION = re.compile(r"FRRouting (\S+)")
_ECHO = re.compile(r"bytes from (\S+?):? icmp_seq=.* time=([\d.]+) ms")
_SENT = re.compile(r"(\d+) packets transmitted, (\d+) received")
_SPREAD = re.compile(r"= ([\d.]+)/([\d.]+)/([\d.]+)/([\d.]+) ms")
_UNASSIGNED = "0.0.0.0"


def facts(data: Json) -> Json:
    """From `show facts`."""
    version = _FRR_VERSION.search(data["frr"])
    return {
        "uptime": float(data["uptime_s"]),
        "vendor": "FRRouting",
        "model": data["model"],
        "hostname": data["hostname"],
        "fqdn": data["hostname"],
        "os_version": f"{data['os']}, FRR {version[1] if version else 'unknown'}, Linux {data['kernel']}",
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


def bgp_neighbors(data: Json) -> Json:
    """From `show bgp`: {"summary": …, "neighbors": …}."""
    families = {
        name.removesuffix("Unicast"): part for name, part in data["summary"].items() if name.endswith("Unicast")
    }
    router_id = next((str(part["routerId"]) for part in families.values()), "")
    peers = {
        address: _peer(row, address, families) for address, row in data["neighbors"].items() if isinstance(row, dict)
    }
    return {"global": {"router_id": router_id, "peers": peers}}


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


def without_secrets(text: str) -> str:
    """The text with every session password or key replaced."""
    return _SECRET.sub(r"\1 <removed>", text)


def _peer(row: Json, address: str, families: dict[str, Json]) -> Json:
    is_up = row.get("bgpState") == "Established"
    prefixes = {}
    for family, part in families.items():
        if (summary := part.get("peers", {}).get(address)) is None:
            continue
        details = row.get("addressFamilyInfo", {}).get(f"{family}Unicast", {})
        accepted = int(details.get("acceptedPrefixCounter", -1)) if is_up else -1
        prefixes[family] = {
            # With soft-reconfiguration FRR counts what it received; otherwise what it accepted is all it knows.
            "received_prefixes": int(summary.get("pfxRcd", -1)) if is_up else -1,
            "accepted_prefixes": accepted,
            "sent_prefixes": int(summary.get("pfxSnt", -1)) if is_up else -1,
        }
    return {
        "local_as": int(row["localAs"]),
        "remote_as": int(row["remoteAs"]),
        "remote_id": row.get("remoteRouterId", _UNASSIGNED),
        "is_up": is_up,
        "is_enabled": not row.get("adminShutDown", False),
        "description": row.get("nbrDesc", ""),
        "uptime": int(row.get("bgpTimerUpMsec", -1000)) // 1000 if is_up else -1,
        "address_family": prefixes,
    }
