"""NAPALM's get_route_to from the agent's `show route`: one entry for each BGP path, else for each next hop."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import Any

Json = dict[str, Any]
_UPTIME_UNITS_S = {"w": 604800, "d": 86400, "h": 3600, "m": 60}
_UPTIME_CLOCK = re.compile(r"(\d+):(\d+):(\d+)")
_UPTIME_PART = re.compile(r"(\d+)([wdhm])")
_EBGP, _IBGP = 20, 200


def question(destination: str, longer: bool) -> str:
    """The agent's command, with the destination in its canonical spelling. Raises ValueError."""
    if "/" in destination:
        return f"show route {ip_network(destination, strict=False)}{' longer' if longer else ''}"
    if longer:
        raise ValueError(f"{destination!r} is no prefix: only a prefix has longer ones")
    return f"show route {ip_address(destination)}"


def route_to(data: Json, protocol: str) -> Json:
    """Prefix -> routes, of one protocol or of all ("")."""
    wanted = {"direct": "connected"}.get(protocol.lower(), protocol.lower())
    result = {}
    for prefix in {**data["zebra"], **data["bgp"]}:
        entries, paths = data["zebra"].get(prefix, []), data["bgp"].get(prefix, [])
        routes = [_path(path, entries, data) | _activity(path, entries, paths) for path in paths]
        for entry in entries:
            if entry["protocol"] != "bgp":
                routes += [_next_hop(entry, hop) for hop in entry["nexthops"]]
        if routes := [route for route in routes if wanted in ("", route["protocol"])]:
            result[prefix] = routes
    return result


def _path(path: Json, entries: list[Json], data: Json) -> Json:
    hop = next((hop for hop in path["nexthops"] if hop.get("used")), path["nexthops"][0])
    entry = next((entry for entry in entries if entry["protocol"] == "bgp"), {})
    interfaces = [h.get("interfaceName", "") for h in entry.get("nexthops", []) if h.get("ip") == hop["ip"]]
    external = path["peer"].get("type") == "external"
    numbers = [number for segment in path["aspath"]["segments"] for number in segment["list"]]
    return {
        "protocol": "bgp",
        "age": max(0, data["now"] - int(path["lastUpdate"]["epoch"])),
        "next_hop": hop["ip"],
        "outgoing_interface": interfaces[0] if interfaces else "",
        "selected_next_hop": bool(interfaces),
        "preference": int(entry.get("distance", _EBGP if external else _IBGP)),
        "routing_table": entry.get("vrfName", "default"),
        "protocol_attributes": {
            "local_as": int(data["asn"]),
            "remote_as": int(numbers[0]) if external and numbers else int(data["asn"]),
            "peer_id": path["peer"]["peerId"],
            "as_path": path["aspath"]["string"],
            "communities": path.get("community", {}).get("list", []),
            "local_preference": int(path.get("locPrf", -1)),
            "preference2": -1,
            "metric": int(path.get("metric", 0)),
            "metric2": -1,
        },
    }


def _activity(path: Json, entries: list[Json], paths: list[Json]) -> Json:
    """FRR tells why the best path won; that is why the others lost."""
    best: Json = next((path["bestpath"] for path in paths if _is_best(path)), {})
    used = _is_best(path) and any(entry["protocol"] == "bgp" and entry.get("selected") for entry in entries)
    reason = "another protocol's route is used" if _is_best(path) else best.get("selectionReason", "no best path")
    return {"current_active": used, "last_active": used, "inactive_reason": "" if used else reason}


def _is_best(path: Json) -> bool:
    return bool(path.get("bestpath", {}).get("overall"))


def _next_hop(entry: Json, hop: Json) -> Json:
    active = bool(entry.get("selected")) and bool(hop.get("active"))
    return {
        "protocol": entry["protocol"],
        "current_active": active,
        "last_active": active,
        "age": _seconds(entry["uptime"]),
        "next_hop": hop.get("ip", "blackhole" if hop.get("blackhole") else ""),
        "outgoing_interface": hop.get("interfaceName", ""),
        "selected_next_hop": active and bool(hop.get("fib")),
        "preference": int(entry["distance"]),
        "inactive_reason": "" if active else "another route is preferred",
        "routing_table": entry.get("vrfName", "default"),
        "protocol_attributes": {},
    }


def _seconds(uptime: str) -> int:
    """From FRR's `01:02:03`, `1d02h03m` or `3w2d01h`."""
    if clock := _UPTIME_CLOCK.fullmatch(uptime):
        hours, minutes, seconds = map(int, clock.groups())
        return hours * 3600 + minutes * 60 + seconds
    return sum(int(number) * _UPTIME_UNITS_S[unit] for number, unit in _UPTIME_PART.findall(uptime))
