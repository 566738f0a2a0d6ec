"""Which FRR daemons run, and making it so."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import signal
import time
from pathlib import Path

from napalm_frr.agent import files, process
from napalm_frr.agent.system_text import DAEMONS

_STATE = Path("/run/frr")
_FILE = Path("/etc/frr/daemons")
_INIT = "/usr/lib/frr/frrinit.sh"
_START = "/usr/lib/frr/watchfrr.sh"
_START_LIMIT_S = 15
_YOUNG_S = 5
# It looks every second, not every 5: it starts a dead daemon only when it has looked twice. Between two starts it waits
# 5 s, not 60: the one at boot counts, and a daemon that died soon afterwards would stay dead for a minute. Each further
# start doubles the time, up to a minute.
# A hub tells its daemons some 7,000 lines; who is cut off in the midst leaves BGP waiting for the rest for 10 minutes.
_WATCHDOG = "-i 1 --min-restart-interval 5 --max-restart-interval 60 --restart-timeout 120"


def is_alive(name: str) -> bool:
    """Asks the process table, not files: a pid file may outlive its daemon."""
    with contextlib.suppress(OSError, ValueError):
        pid = int((_STATE / f"{name}.pid").read_text(encoding="ascii"))
        return (Path("/proc") / str(pid) / "comm").read_text(encoding="ascii").strip() == name
    return False


def running() -> list[str]:
    """The daemons besides zebra and staticd that run now, sorted."""
    return [name for name in DAEMONS if is_alive(name)]


def expected() -> list[str]:
    """The daemons besides zebra and staticd that ought to run, by FRR's own file, sorted."""
    lines = files.read(_FILE).splitlines()
    return [name for name in DAEMONS if f"{name}=yes" in lines]


def is_settled() -> bool:
    """False when a daemon is dead, or so young that it may not have read its configuration yet."""
    return all(_age_s(name) > _YOUNG_S for name in ("zebra", "staticd", "watchfrr", *expected()))


def _age_s(name: str) -> float:
    """Seconds since the daemon started; -1 when it does not run."""
    if not is_alive(name):
        return -1
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int((_STATE / f"{name}.pid").read_text(encoding="ascii"))
        started = int((Path("/proc") / str(pid) / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK")
    return -1


def lines() -> list[str]:
    """`daemon NAME`, sorted. While FRR runs, a missing watchdog or basic daemon shows as a difference."""
    found = [f"daemon {name}" for name in running()]
    if is_alive("zebra") or is_alive("watchfrr"):
        found += [f"daemon {name}=dead" for name in ("staticd", "watchfrr", "zebra") if not is_alive(name)]
    return found


def write_file(daemons: list[str]) -> None:
    """/etc/frr/daemons, which FRR's own scripts read when they start."""
    lines = [f"{name}={'yes' if name in daemons else 'no'}" for name in DAEMONS]
    lines += ["vtysh_enable=yes", f'watchfrr_options="{_WATCHDOG}"']
    # No daemon listens for telnet (-P 0): vtysh talks through their sockets. An IPv6 route that changes is replaced, as
    # an IPv4 one is; otherwise zebra deletes it first, and what passes meanwhile is lost.
    lines += ['zebra_options="-P 0 --v6-rr-semantics"']
    lines += [f'{name}_options="-P 0"' for name in ("staticd", *DAEMONS)]
    write_owned(_FILE, "".join(line + "\n" for line in lines))


def write_owned(path: Path, text: str) -> None:
    """A file of FRR's: its user reads it, others do not (it may hold session passwords). Boot writes it again."""
    owner = (pwd.getpwnam("frr").pw_uid, grp.getgrnam("frr").gr_gid)
    files.write(path, text, mode=0o640, owner=owner)


def apply(daemons: list[str]) -> None:
    """Starts and stops daemons; the others keep running. Raises CommandError."""
    write_file(daemons)
    wanted = ["zebra", "staticd", *daemons]
    if _is_as(wanted):
        return
    if Path("/run/systemd/system").is_dir():
        process.run(["systemctl", "reload" if is_alive("zebra") else "restart", "frr"], timeout_s=120, is_daemon=True)
    else:
        _restart_by_hand(wanted)
    deadline = time.monotonic() + _START_LIMIT_S
    while not (_is_as(wanted) and all(_answers(name) for name in wanted)):
        if time.monotonic() > deadline:
            raise process.CommandError(["frr"], f"runs {running()} instead of {daemons}")
        time.sleep(0.05)


def _is_as(wanted: list[str]) -> bool:
    return sorted(wanted) == sorted(["zebra", "staticd", *running()]) and all(map(is_alive, [*wanted, "watchfrr"]))


def _restart_by_hand(wanted: list[str]) -> None:
    """What `frrinit.sh reload` does, but it also works when the watchdog is dead: then that script starts nothing."""
    for name in ("watchfrr", *DAEMONS):
        if name not in wanted:
            _end(name)
    for name in wanted:
        if not is_alive(name):
            # Its watchdog may start it at the same moment; whether it runs in the end is looked at below.
            process.outcome([_START, "start", name], is_daemon=True)
    process.run([_INIT, "start"], is_daemon=True)


def _end(name: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        os.kill(int((_STATE / f"{name}.pid").read_text(encoding="ascii")), signal.SIGINT)
    deadline = time.monotonic() + _START_LIMIT_S
    while is_alive(name):
        if time.monotonic() > deadline:
            raise process.CommandError([name], "does not end")
        time.sleep(0.02)


def _answers(name: str) -> bool:
    return (_STATE / f"{name}.vty").exists() and process.outcome(["vtysh", "-d", name, "-c", "show version"])[0] == 0
