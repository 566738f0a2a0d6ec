"""What strikes a router. Everything is done from outside, by the processes' own numbers."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

from twin import node, power, process
from twin.paths import Paths
from twin.process import Process
from twin.state import RunningNode, State

AGENT = "/usr/local/sbin/napalm-frr-agent"
STATE = Path("var/lib/napalm-frr")
FILLER = Path("run/.layer/filler")
_SPARED = {"journal", "log", "conf.db", ".conf.db.~lock~", "reserve", ".napalm-frr.reserve"}
_OVS = "--pidfile --detach --no-chdir --monitor --log-file"
_OVSDB = f"ovsdb-server --remote=punix:/run/openvswitch/db.sock {_OVS} /etc/openvswitch/conf.db"
# What Debian's systemd units would do: seconds until the restart, and the commands. Other daemons are watchfrr's. (Open
# vSwitch's own monitor does not restart what SIGKILL killed.)
RESTARTS: dict[str, tuple[float, str, str]] = {
    "ovs-vswitchd": (0.1, "true", f"ovs-vswitchd {_OVS}"),
    "ovsdb-server": (
        0.1,
        "true",
        f"ovsdb-server --remote=punix:/run/openvswitch/db.sock {_OVS} /etc/openvswitch/conf.db",
    ),
    "sshd": (0.1, "true", "/usr/sbin/sshd -t && /usr/sbin/sshd -E /var/log/sshd.log"),
    "watchfrr": (5, "/usr/lib/frr/frrinit.sh stop", "pgrep -x watchfrr || /usr/lib/frr/frrinit.sh start"),
}


class MissedError(Exception):
    """There was nothing to strike: the fault did not happen."""


def kill(router: RunningNode, name: str) -> None:
    """SIGKILL, and what systemd does then where it would do something.

    :raises MissedError: when no such process runs.
    """
    victims = list(_victims(router, name))
    if not victims:
        raise MissedError(f"no {name} runs")
    for victim in victims:
        with suppress(ProcessLookupError):
            os.kill(victim.pid, signal.SIGKILL)
    if name in RESTARTS:
        threading.Thread(target=_restart, args=(router, *RESTARTS[name]), daemon=True).start()


def synchronise(router: RunningNode) -> None:
    """Write the disk, as a quiet minute would: only what the coming commit writes is at stake."""
    node.ask(router.name, router.first, ["sync", "-f", power.DISK])


def power_loss(paths: Paths, standing: State, router: RunningNode, torn: Random | None) -> str:
    """Off and on. With `torn` the disk also lied: the journal and the files written last end at random bytes.

    :returns: what was torn.
    """
    power.off(router, loss=True)
    power.mount(router)
    damage = _tear(router, torn) if torn else ""
    power.on(paths, standing, router)
    return damage


def fill(router: RunningNode, left: int) -> None:
    """Leave so many bytes free on the router's disk."""
    path = power.root(router) / FILLER
    with path.open("wb") as filler:
        for _ in range(4):  # the filler's own bookkeeping takes some, too
            free = _free(path.parent)
            if free <= left:
                break
            with suppress(OSError):
                os.posix_fallocate(filler.fileno(), filler.seek(0, os.SEEK_END), free - left)
    step = 1 << 16
    while left == 0 and step >= 1024:
        with path.open("ab") as filler:
            try:
                os.posix_fallocate(filler.fileno(), path.stat().st_size, step)
            except OSError:
                step //= 2


def empty(router: RunningNode) -> None:
    """Take the filler away."""
    (power.root(router) / FILLER).unlink(missing_ok=True)


def calm(router: RunningNode) -> None:
    """Let the watchdog forget earlier faults: it waits longer each time before it restarts a daemon."""
    script = "pkill -x watchfrr; while pgrep -x watchfrr; do sleep 0.05; done; /usr/lib/frr/frrinit.sh start"
    node.ask(router.name, router.first, ["sh", "-c", script])


def _restart(router: RunningNode, after_s: float, at_once: str, then: str) -> None:
    _quietly(router, at_once)
    for _ in range(5):
        time.sleep(after_s)
        if _quietly(router, then):
            return


def _quietly(router: RunningNode, command: str) -> bool:
    done = subprocess.run(
        node.enter(router.first, ["sh", "-c", command]),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=node.environment(router.name),
        check=False,
    )
    return done.returncode == 0


def _victims(router: RunningNode, name: str) -> Iterator[Process]:
    inside = process.namespace(router.first.pid, "pid")
    words = {pid: process.arguments(pid) for pid in process.everyone() if process.namespace(pid, "pid") == inside}
    timer = _timer(router, words)
    agents = {pid for pid, argv in words.items() if _is_agent(argv)} - timer
    match name:
        case "timer":
            found = timer
        case "agent":
            found = agents
        case "agent-and-timer":
            found = agents | timer if agents and timer else set()
        case "agent-and-children":
            found = agents | {pid for pid in words if process.ancestry(pid) & agents} - timer
        case "sshd":
            found = {pid for pid, argv in words.items() if argv and argv[0].startswith("sshd:")}
        case _:
            found = {pid for pid, argv in words.items() if argv and Path(argv[0]).name == name}
    for pid in found:
        with suppress(ProcessLookupError):
            yield process.identify(pid)


def _is_agent(argv: list[str]) -> bool:
    """The agent that commits or confirms, not the sudo or the shell before it."""
    return "python" in "".join(argv[:1]) and AGENT in argv and bool({"commit", "confirm"} & set(argv))


def _timer(router: RunningNode, pids: Iterable[int]) -> set[int]:
    """The revert timer; its file has its number as the node sees it."""
    with suppress(OSError, ValueError):
        number = int((power.root(router) / "run/napalm-frr.timer").read_text())
        return {pid for pid in pids if process.inner_number(pid) == number}
    return set()


def _tear(router: RunningNode, random: Random) -> str:
    """Cut the journal, the last-written file of the agent's directory and that of /etc at random bytes.

    Databases and logs of others have their own ways to survive, and are left alone.
    """
    root = power.root(router)
    found = [root / STATE / "journal", _latest(router, STATE), _latest(router, Path("etc"))]
    said = []
    for path in found:
        if path and path.is_file():
            length = random.randrange(path.stat().st_size + 1)
            os.truncate(path, length)
            said.append(f"{path.name} at {length}")
    return ", ".join(said)


def _latest(router: RunningNode, directory: Path) -> Path | None:
    """The file that was written last, of those that were written in the router."""
    top, *below = directory.parts
    written = power.root(router) / power.DISK[1:] / top / "upper"
    files = [path for path in written.joinpath(*below).rglob("*") if path.is_file() and path.name not in _SPARED]
    latest = max(files, key=lambda path: path.stat().st_mtime_ns, default=None)
    return latest and power.root(router) / top / latest.relative_to(written)


def _free(path: Path) -> int:
    facts = os.statvfs(path)
    return facts.f_bavail * facts.f_frsize
