"""LAN switches of sites: one bridge per segment, since this kernel's bridges know no VLANs."""

from __future__ import annotations

from pathlib import Path

from twin import node
from twin.node import File
from twin.paths import CODE
from twin.process import Process
from twin.shape import Switch


def boot(switch: Switch, first: Process, files: list[File], log: Path) -> None:
    """Join the segments of a started node.

    :raises TwinError: when that fails.
    """
    own = [File("/run/twin/bridges", bridges(switch)), File("/run/twin/addresses", ends(switch))]
    node.boot(switch.name, first, [*files, *own], (CODE / "switch.sh").read_text(), log)


def bridges(switch: Switch) -> str:
    """Commands for `ip -batch` that make the segments. Without snooping: what is sent to a group goes everywhere."""
    lines = list[str]()
    for name, interfaces in switch.segments:
        lines += [f"link add name {name} type bridge mcast_snooping 0", f"link set dev {name} up"]
        lines += [f"link set dev {interface} master {name}" for interface in interfaces]
    return "\n".join(lines) + "\n"


def ends(switch: Switch) -> str:
    """Commands for `ip -batch` that raise its ports; they may be repeated."""
    return "".join(f"link set dev {interface} up\n" for _, interfaces in switch.segments for interface in interfaces)
