"""The command `twin`."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from twin import core, links, paths, state, status, visit
from twin.errors import TwinError
from twin.paths import Paths
from twin.state import Cut

HEAL_TIMEOUT_S = 60
CANNOT_ENTER = 125  # exec and run: not the command failed but the way to it, as env and others say it


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    before, command = _split(sys.argv[1:] if argv is None else argv)
    parser = _parser()
    arguments = parser.parse_args(before)
    if command is not None and arguments.action not in ("exec", "run"):
        parser.error(f"`{arguments.action}` takes no command")
    if os.geteuid() != 0 and arguments.action != "status":
        parser.error("namespaces need root: use sudo")
    signal.signal(signal.SIGTERM, _stop)
    try:
        return _act(paths.find(Path.cwd()), arguments, command or [])
    except TwinError as error:
        print(f"twin: {error}", file=sys.stderr)
        return CANNOT_ENTER if arguments.action in ("exec", "run") else 1
    except KeyboardInterrupt:
        print("twin: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT


def _act(where: Paths, arguments: argparse.Namespace, command: list[str]) -> int:
    if arguments.action == "exec":
        visit.execute(where, arguments.node, command)
    if arguments.action == "run":
        visit.run(where, command)
    actions = {
        "up": _up,
        "down": _down,
        "status": _status,
        "cut": _cut,
        "heal": _heal,
        "reboot": _reboot,
        "off": _off,
        "on": _on,
    }
    return actions[arguments.action](where, arguments)


def _up(where: Paths, arguments: argparse.Namespace) -> int:
    from twin.plan import Request  # noqa: PLC0415 - models and Ansible take half a second, which only `up` needs
    from twin.up import up  # noqa: PLC0415

    start = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - start:5.1f} s  {text}", file=sys.stderr, flush=True)

    with state.lock(where):
        built = up(where, Request(arguments.limit, arguments.boot), arguments.recreate, say)
    print(status.table(built))
    print(f"{len(built.nodes)} nodes ready in {time.monotonic() - start:.1f} s")
    return 0


def _down(where: Paths, _arguments: argparse.Namespace) -> int:
    from twin.down import down  # noqa: PLC0415

    start = time.monotonic()
    with state.lock(where):
        there_was = bool(state.remains(where))
        count = down(where)
    seconds = time.monotonic() - start
    print(
        f"took down {count} nodes in {seconds:.1f} s" if there_was or count else "no twin is up here", file=sys.stderr
    )
    return 0


def _status(where: Paths, arguments: argparse.Namespace) -> int:
    standing = state.ready(where)
    print(json.dumps(status.as_json(standing), indent=1) if arguments.json else status.table(standing))
    return 1 if standing.dead else 0


def _cut(where: Paths, arguments: argparse.Namespace) -> int:
    if (arguments.core is None) == (not arguments.nodes) or len(arguments.nodes) not in (0, 2):
        raise TwinError("cut takes two nodes, or --core and a provider")
    with state.lock(where):
        standing = state.ready(where)
        if arguments.core is not None:
            pe = core.provider(standing, arguments.core)
            state.save(where, standing.with_failed_cores(dict.fromkeys([*standing.failed_cores, pe.name])))
            core.fail(pe)
            return 0
        cut = Cut(links.find(standing, *arguments.nodes), arguments.silent)
        if cut not in standing.cuts:
            state.save(where, standing.with_cuts((*standing.cuts, cut)))
            links.cut(standing, cut)
    return 0


def _heal(where: Paths, arguments: argparse.Namespace) -> int:
    from twin import convergence  # noqa: PLC0415 - keeps exec and run quick

    nodes: list[str] = arguments.nodes
    if len(nodes) not in (0, 2):
        raise TwinError("heal takes two nodes, or none to heal everything")
    with state.lock(where):
        standing = state.ready(where)
        link = links.find(standing, *nodes) if nodes else None
        healed = [cut for cut in standing.cuts if link in (None, cut.link)]
        for cut in healed:
            links.heal(standing, cut)
        for name in standing.failed_cores if not nodes else ():
            core.mend(standing.node(name))
        left = standing.with_cuts(tuple(cut for cut in standing.cuts if cut not in healed))
        state.save(where, left if nodes else left.with_failed_cores(()))
    if not arguments.no_wait:
        ends = [standing.node(cut.link.a.node) for cut in healed]
        providers = {node.name: node.first for node in ends if node.kind == "provider"}
        convergence.wait_for_sessions(providers, HEAL_TIMEOUT_S)
    return 0


def _reboot(where: Paths, arguments: argparse.Namespace) -> int:
    from twin import power  # noqa: PLC0415 - keeps exec and run quick

    with state.lock(where):
        power.reboot(where, state.ready(where), arguments.node, arguments.power_loss)
    return 0


def _off(where: Paths, arguments: argparse.Namespace) -> int:
    from twin import power  # noqa: PLC0415 - keeps exec and run quick

    with state.lock(where):
        power.off(power.find(state.ready(where), arguments.node), loss=False)
    return 0


def _on(where: Paths, arguments: argparse.Namespace) -> int:
    from twin import power  # noqa: PLC0415 - keeps exec and run quick

    with state.lock(where):
        standing = state.ready(where)
        power.on(where, standing, power.find(standing, arguments.node))
    return 0


def _split(argv: Sequence[str]) -> tuple[list[str], list[str] | None]:
    """What stands before `--` is ours; after it is the command, untouched."""
    words = list(argv)
    with suppress(ValueError):
        position = words.index("--")
        return words[:position], words[position + 1 :]
    return words, None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="twin", description="The network's digital twin: real daemons in namespaces.")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    up = actions.add_parser("up", help="build the twin and wait until it is ready")
    up.add_argument("--limit", metavar="PATTERN", help="Ansible host pattern of the routers (default: the test twin)")
    up.add_argument("--boot", choices=("day0", "intended"), default="day0", help="what sites boot with (default: day0)")
    up.add_argument("--recreate", action="store_true", help="replace a twin that stands")

    actions.add_parser("down", help="take the twin down; nothing is left")

    show = actions.add_parser("status", help="table of nodes and cut links; exit 1 when none is up or a node is dead")
    show.add_argument("--json", action="store_true", help="the same as JSON")

    execute = actions.add_parser("exec", help="run a command inside a node", usage="twin exec NODE -- CMD")
    execute.add_argument("node")

    actions.add_parser("run", help="run a command of this machine on the controller", usage="twin run -- CMD")

    cut = actions.add_parser("cut", help="cut the link between two nodes, or a provider's core")
    cut.add_argument("nodes", nargs="*", metavar="NODE")
    cut.add_argument("--silent", action="store_true", help="drop all packets but leave the link up")
    cut.add_argument("--core", metavar="PROVIDER", help="instead of a link: its PE drops what goes from site to site")

    heal = actions.add_parser("heal", help="heal a link, or all links and cores, and wait until routing is back")
    heal.add_argument("--no-wait", action="store_true", help="do not wait for the providers' BGP sessions")
    heal.add_argument("nodes", nargs="*", metavar="NODE")

    reboot = actions.add_parser("reboot", help="turn a router off and on; returns before routing has converged")
    reboot.add_argument("--power-loss", action="store_true", help="what its disk had not written yet is lost")
    reboot.add_argument("node")

    off = actions.add_parser("off", help="turn a router off")
    off.add_argument("node")

    on = actions.add_parser("on", help="turn a router on again; returns before routing has converged")
    on.add_argument("node")
    return parser


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + signal.SIGTERM)
