"""Section `ovs`: bridges, ports and their VLANs, in one transaction of ovs-vsctl."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from napalm_frr.agent import ovs_text, process
from napalm_frr.agent.ovs_text import Port

_SOCKET = Path("/run/openvswitch/db.sock")
_MODULE = Path("/sys/module/openvswitch")
_NORMAL = "priority=0 actions=NORMAL"

# Columns of which any value other than these is shown as a difference.
_BRIDGE_PLAIN: dict[str, Any] = {
    "controller": [],
    "fail_mode": [],
    "flood_vlans": [],
    "mcast_snooping_enable": False,
    "mirrors": [],
    "other_config": {},
    "rstp_enable": False,
    "stp_enable": False,
}
_PORT_PLAIN: dict[str, Any] = {
    "bond_mode": [],
    "cvlans": [],
    "external_ids": {},
    "lacp": [],
    "other_config": {},
    "protected": False,
    "qos": [],
    "tag": [],
    "trunks": [],
    "vlan_mode": [],
}
_INTERFACE_PLAIN: dict[str, Any] = {
    "error": [],
    "ingress_policing_rate": 0,
    "mtu_request": [],
    "options": {},
    "other_config": {},
    "type": "",
}
_VLAN_COLUMNS = ("tag", "trunks", "vlan_mode")
_DESCRIPTION = "description"
"""Key of a port's external_ids, and the word of a line that stands for it."""


def read() -> str:
    """The section as the switch has it, with attributes that no document can declare: they show as a difference."""
    if not _SOCKET.exists():
        return ""
    bridges, ports, interfaces = _tables()
    by_id = {row["_uuid"][1]: row for row in ports}
    lines: list[str] = []
    for bridge in sorted(bridges, key=_name):
        lines.append(" ".join(["bridge", bridge["name"], *_words(bridge, _BRIDGE_PLAIN)]))
        for port in sorted((by_id[reference] for reference in _references(bridge["ports"])), key=_name):
            is_local = port["name"] == bridge["name"]
            words = _port_words(port, interfaces, is_local)
            if words or not is_local:
                lines.append(" ".join(["port", bridge["name"], port["name"], *words]))
        lines += _strange_flows(bridge["name"])
    return "".join(line + "\n" for line in lines)


def is_alive() -> bool:
    """Whether the database has its socket; whether it answers shows when it is read."""
    return _SOCKET.exists()


def transaction(wanted_text: str, running_text: str) -> list[str]:
    """Arguments of the one ovs-vsctl call that leads from the running section to the wanted one; may be empty."""
    wanted = ovs_text.parse(wanted_text)
    have_bridges, have_ports = _running_lines(running_text)
    ports = {port.name: port for bridge in wanted.values() for port in bridge.values()}
    steps = [["del-br", name] for name in have_bridges if name not in wanted]
    steps += [
        ["del-port", name]
        for name, line in have_ports.items()
        if line.split(" ")[1] in wanted and name not in wanted and name not in ports
    ]
    for name in wanted:
        steps += _bridge_steps(name, have_bridges.get(name), have_ports.get(name))
    for name, port in ports.items():
        steps += _port_steps(port, have_ports.get(name))
    return [word for step in steps for word in ["--", *step]][1:]


def apply(wanted_text: str) -> None:
    """Raises CommandError."""
    if not _SOCKET.exists():
        if wanted_text:
            raise process.CommandError(["ovs"], "Open vSwitch does not run")
        return
    running_text = read()
    if arguments := transaction(wanted_text, running_text):
        process.run(["ovs-vsctl", "--timeout=10", *arguments])
    for line in running_text.splitlines():
        bridge = line.split(" ")[1]
        if line.startswith("flow ") and bridge in ovs_text.parse(wanted_text):
            process.run(["ovs-ofctl", "del-flows", bridge])
            process.run(["ovs-ofctl", "add-flow", bridge, _NORMAL.replace(" ", ",", 1)])
    wanted = ovs_text.parse(wanted_text)
    gone = set(_running_lines(running_text)[1]) - wanted.keys() - {name for ports in wanted.values() for name in ports}
    for name in gone:
        if _is_up(name):  # a socket that is in no switch is dead, as it is after a start
            process.outcome(["ip", "link", "set", "dev", name, "down"])
    for bridge, ports in wanted.items():
        for name in (bridge, *ports):
            is_wanted_up = name not in ports or "link" not in ports[name].attributes
            if _is_up(name) != is_wanted_up:
                process.outcome(["ip", "link", "set", "dev", name, "up" if is_wanted_up else "down"])


def dry_run(wanted_text: str) -> None:
    """Lets ovs-vsctl itself read the transaction without doing it. Raises CommandError."""
    if not _SOCKET.exists():
        return
    if arguments := transaction(wanted_text, read()):
        process.run(["ovs-vsctl", "--dry-run", "--no-wait", "--timeout=10", *arguments])


def _tables() -> list[list[dict[str, Any]]]:
    columns = (
        ["name", "ports", *_BRIDGE_PLAIN],
        ["_uuid", "name", "interfaces", *_PORT_PLAIN],
        ["_uuid", "name", *_INTERFACE_PLAIN],
    )
    request = []
    for table, names in zip(("Bridge", "Port", "Interface"), columns, strict=True):
        request.append({"op": "select", "table": table, "where": [], "columns": names})
    answer = json.loads(
        process.run(
            ["ovsdb-client", "--timeout=10", "transact", f"unix:{_SOCKET}", json.dumps(["Open_vSwitch", *request])]
        )
    )
    return [result["rows"] for result in answer]


def _name(row: dict[str, Any]) -> str:
    return str(row["name"])


def _references(column: Any) -> list[str]:
    """UUIDs of a column that holds one reference or a set of them."""
    members = column[1] if column[0] == "set" else [column]
    return [member[1] for member in members]


def _plain(value: Any) -> Any:
    """OVSDB's JSON for sets and maps as a list or dict; one scalar stays as it is."""
    if isinstance(value, list) and value and value[0] == "set":
        return [_plain(member) for member in value[1]]
    if isinstance(value, list) and value and value[0] == "map":
        return {key: _plain(member) for key, member in value[1]}
    if isinstance(value, list) and value and value[0] == "uuid":
        return "set"
    return value


def _words(row: dict[str, Any], plain: dict[str, Any]) -> list[str]:
    words = []
    for column, usual in plain.items():
        value = _plain(row[column])
        if value == usual:
            continue
        if isinstance(value, dict):
            value = ",".join(f"{key}:{member}" for key, member in sorted(value.items()))
        elif isinstance(value, list):
            value = ",".join(str(member) for member in sorted(value))
        words.append(f"{column}={str(value).replace(' ', '_')}")
    return words


def _port_words(port: dict[str, Any], interfaces: list[dict[str, Any]], is_local: bool) -> list[str]:
    members = _references(port["interfaces"])
    notes = dict(_plain(port["external_ids"]))
    described = notes.pop(_DESCRIPTION, "")
    words = _words({**port, "external_ids": notes}, _PORT_PLAIN)
    words += [f"{_DESCRIPTION}={quote(described, safe='')}"] if described else []
    for row in interfaces:
        if row["_uuid"][1] in members:
            words += _words(row, _INTERFACE_PLAIN)
            if not _is_up(row["name"]):
                words.append("link=down")
    # The local port of a bridge is always internal; that is not worth a word.
    return sorted(word for word in words if not (is_local and word == "type=internal"))


def _is_up(name: str) -> bool:
    try:
        return bool(int((Path("/sys/class/net") / name / "flags").read_text(encoding="ascii"), 16) & 1)
    except OSError:
        return False


def _strange_flows(bridge: str) -> list[str]:
    """Flows other than the one with which a switch learns and forwards; `none` when even that is gone."""
    output = process.run(["ovs-ofctl", "--no-stats", "dump-flows", bridge])
    flows = sorted(line.strip() for line in output.splitlines() if "actions=" in line)
    return (
        []
        if flows == [_NORMAL]
        else [f"flow {bridge} {flow}" for flow in flows if flow != _NORMAL] or [f"flow {bridge} none"]
    )


def _running_lines(text: str) -> tuple[dict[str, str], dict[str, str]]:
    bridges, ports = {}, {}
    for line in text.splitlines():
        words = line.split(" ")
        if words[0] == "bridge":
            bridges[words[1]] = line
        elif words[0] == "port":
            ports[words[2]] = line
    return bridges, ports


def _bridge_steps(name: str, line: str | None, local: str | None) -> list[list[str]]:
    if line is None:
        datapath = "system" if _MODULE.exists() else "netdev"
        return [["add-br", name], ["set", "Bridge", name, f"datapath_type={datapath}"]]
    steps = []
    for word in line.split(" ")[2:]:
        column = word.partition("=")[0]
        plain = _BRIDGE_PLAIN[column]
        steps.append(
            ["set", "Bridge", name, f"{column}=false"] if plain is False else ["clear", "Bridge", name, column]
        )
    for word in local.split(" ")[3:] if local else ():
        column = word.partition("=")[0]
        if column == _DESCRIPTION:
            steps.append(["clear", "Port", name, "external_ids"])
        elif column in _PORT_PLAIN:
            steps.append(
                ["set", "Port", name, f"{column}=false"] if column == "protected" else ["clear", "Port", name, column]
            )
    return steps


def _port_steps(port: Port, line: str | None) -> list[list[str]]:
    """VLAN columns change in place, which keeps the interface's addresses; what differs otherwise is made anew."""
    if line == port.line():
        return []
    columns = {key: value for key, value in port.attributes.items() if key in _VLAN_COLUMNS}
    steps = []
    have = dict(word.partition("=")[::2] for word in line.split(" ")[3:]) if line else {}
    fixed = {key: value for key, value in have.items() if key not in (*_VLAN_COLUMNS, "link", _DESCRIPTION)}
    stays = line is not None and line.split(" ")[1] == port.bridge
    stays = stays and fixed == {k: v for k, v in port.attributes.items() if k == "type"}
    if stays:
        steps += [["clear", "Port", port.name, key] for key in have if key in _VLAN_COLUMNS and key not in columns]
        if _DESCRIPTION in have and _DESCRIPTION not in port.attributes:
            steps.append(["clear", "Port", port.name, "external_ids"])
    else:
        steps += [["del-port", port.name]] if line else []
        steps.append(["add-port", port.bridge, port.name])
        if "type" in port.attributes:
            steps.append(["set", "Interface", port.name, f"type={port.attributes['type']}"])
    described = port.attributes.get(_DESCRIPTION)
    if described is not None and not (stays and have.get(_DESCRIPTION) == described):
        steps.append(["set", "Port", port.name, f"external_ids:{_DESCRIPTION}={json.dumps(unquote(described))}"])
    if columns:
        steps.append(["set", "Port", port.name, *(f"{key}={value}" for key, value in sorted(columns.items()))])
    return steps
