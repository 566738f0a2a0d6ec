"""NAPALM's BGP neighbours from the agent's `show bgp`: {"summary": …, "neighbors": …}."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
_UNASSIGNED = "0.0.0.0"
_VRF = "global"


def summary(data: Json) -> Json:
    """For get_bgp_neighbors."""
    families = {
        name.removesuffix("Unicast"): part for name, part in data["summary"].items() if name.endswith("Unicast")
    }
    router_id = next((str(part["routerId"]) for part in families.values()), "")
    return {
        _VRF: {"router_id": router_id, "peers": {a: _peer(row, a, families) for a, row in _rows(data, "")}},
    }


def detail(data: Json, address: str) -> Json:
    """For get_bgp_neighbors_detail: remote AS -> neighbours, of one address or of all ("")."""
    by_as: dict[int, list[Json]] = {}
    for neighbor, row in _rows(data, address):
        by_as.setdefault(int(row["remoteAs"]), []).append(_details(neighbor, row, data["summary"]))
    return {_VRF: by_as} if by_as else {}


def _rows(data: Json, address: str) -> list[tuple[str, Json]]:
    return [(a, row) for a, row in data["neighbors"].items() if isinstance(row, dict) and address in ("", a)]


def _peer(row: Json, address: str, families: dict[str, Json]) -> Json:
    is_up = row.get("bgpState") == "Established"
    prefixes = {}
    for family, part in families.items():
        if (numbers := part.get("peers", {}).get(address)) is None:
            continue
        details = row.get("addressFamilyInfo", {}).get(f"{family}Unicast", {})
        prefixes[family] = {
            # With soft-reconfiguration FRR counts what it received; otherwise what it accepted is all it knows.
            "received_prefixes": int(numbers.get("pfxRcd", -1)) if is_up else -1,
            "accepted_prefixes": int(details.get("acceptedPrefixCounter", -1)) if is_up else -1,
            "sent_prefixes": int(numbers.get("pfxSnt", -1)) if is_up else -1,
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


def _details(address: str, row: Json, tables: Json) -> Json:
    families = row.get("addressFamilyInfo", {})
    numbers = [part["peers"][address] for part in tables.values() if address in part.get("peers", {})]
    messages = row.get("messageStats", {})
    state = str(row.get("bgpState", ""))
    accepted = sum(int(family.get("acceptedPrefixCounter", 0)) for family in families.values())
    return {
        "up": state == "Established",
        "local_as": int(row["localAs"]),
        "remote_as": int(row["remoteAs"]),
        "router_id": row.get("localRouterId", _UNASSIGNED),
        "local_address": row.get("hostLocal", ""),
        "routing_table": _VRF,
        "local_address_configured": "updateSource" in row,
        "local_port": int(row.get("portLocal", -1)),
        "remote_address": address,
        "remote_port": int(row.get("portForeign", -1)),
        "multihop": int(row.get("externalBgpNbrMaxHopsAway", 1)) > 1,
        "multipath": False,  # FRR sets it for the whole instance, not for a neighbour
        "remove_private_as": any("privateAsNumsRemovedInUpdatesToNbr" in family for family in families.values()),
        "import_policy": _joined(families, "routeMapForIncomingAdvertisements"),
        "export_policy": _joined(families, "routeMapForOutgoingAdvertisements"),
        "input_messages": int(messages.get("totalRecv", -1)),
        "output_messages": int(messages.get("totalSent", -1)),
        "input_updates": int(messages.get("updatesRecv", -1)),
        "output_updates": int(messages.get("updatesSent", -1)),
        "messages_queued_out": int(messages.get("depthOutq", -1)),
        "connection_state": state,
        "previous_connection_state": "",
        "last_event": str(row.get("lastResetDueTo", "")),
        "suppress_4byte_as": row.get("neighborCapabilities", {}).get("4byteAs", "") == "received",
        "local_as_prepend": not row.get("localAsNoPrepend", True),
        "holdtime": _seconds(row, "bgpTimerHoldTimeMsecs"),
        "configured_holdtime": _seconds(row, "bgpTimerConfiguredHoldTimeMsecs"),
        "keepalive": _seconds(row, "bgpTimerKeepAliveIntervalMsecs"),
        "configured_keepalive": _seconds(row, "bgpTimerConfiguredKeepAliveIntervalMsecs"),
        "active_prefix_count": accepted,
        "received_prefix_count": sum(int(part.get("pfxRcd", 0)) for part in numbers),
        "accepted_prefix_count": accepted,
        "suppressed_prefix_count": -1,
        "advertised_prefix_count": sum(int(part.get("pfxSnt", 0)) for part in numbers),
        "flap_count": int(row.get("connectionsDropped", -1)),
    }


def _joined(families: Json, key: str) -> str:
    return ",".join(str(family[key]) for family in families.values() if key in family)


def _seconds(row: Json, key: str) -> int:
    return int(row.get(key, -1000)) // 1000
