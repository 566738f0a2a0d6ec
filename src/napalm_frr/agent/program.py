"""A program that runs with files of a section: by a unit of its own where systemd runs, else by hand.

Whoever starts it, it notes first what it is about to read: a file changed since then shows as a difference.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from napalm_frr.agent import files, process

_SYSTEMD = Path("/run/systemd/system")
_END_LIMIT_S = 2.0
_LOG_BYTES = 4000
_UNIT = """\
# Written by napalm-frr-agent.
[Unit]
Description={name}, as the device's document has it
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/bin/sh -c '{line}'
Restart=on-failure
RestartSec=1
TimeoutStopSec=2
"""


@dataclass(frozen=True)
class Program:
    """`command` runs it in the foreground, without quotes; `reads` are the files that it reads once, at its start."""

    name: str
    command: str
    reads: tuple[Path, ...]
    run: Path = Path("/run")
    log: Path = Path("/dev/null")

    @property
    def _pid_file(self) -> Path:
        return self.run / f"napalm-frr.{self.name}.pid"

    @property
    def _loaded(self) -> Path:
        return self.run / f"napalm-frr.{self.name}"

    @property
    def _unit(self) -> Path:
        return Path(f"/etc/systemd/system/{self.name}.service")

    def runs(self) -> bool:
        """Whether it runs with what its files hold now."""
        return self.is_alive() and self.is_current()

    def is_alive(self) -> bool:
        """Whether the process that was started runs. Asks the process table: a file may outlive its process."""
        return self._pid() in self._members()

    def is_current(self) -> bool:
        """Whether it started with what its files hold now."""
        return files.read(self._loaded) == self._content()

    def remember(self) -> None:
        """Notes that it runs with what its files hold now: it was told otherwise than by a start. Raises OSError."""
        files.write(self._loaded, self._content(), mode=0o600)

    def restart(self) -> None:
        """Ends it and starts it again; does not wait for it. Raises CommandError, OSError."""
        self._create_log()
        if _SYSTEMD.is_dir():
            files.write(self._unit, _UNIT.format(name=self.name, line=self._line().replace("$", "$$")))
            # Not enabled: `boot` starts it, after it has put back what was never confirmed.
            for words in (["daemon-reload"], ["restart", "--no-block", self.name]):
                process.run(["systemctl", *words], timeout_s=60, is_daemon=True)
        else:
            self.end()
            process.run(["setsid", "--fork", "sh", "-c", self._line()], is_daemon=True)

    def stop(self) -> None:
        """Ends it for good. Raises CommandError, OSError."""
        if _SYSTEMD.is_dir() and self._unit.exists():
            process.run(["systemctl", "stop", self.name], timeout_s=60)
            self._unit.unlink()
            process.run(["systemctl", "daemon-reload"], timeout_s=60)
        self.end()

    def end(self) -> None:
        """Nothing of it is left, also of one whose first process was killed. Raises CommandError, OSError."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in self._members():
                if number == signal.SIGKILL or pid == self._pid():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, number)
            if within(_END_LIMIT_S, lambda: not self._members()):
                break
        else:
            raise process.CommandError([self.name], "does not end")
        self._pid_file.unlink(missing_ok=True)
        self._loaded.unlink(missing_ok=True)

    def last_words(self) -> list[str]:
        """The last lines of its log."""
        return files.read(self.log)[-_LOG_BYTES:].splitlines()

    def _line(self) -> str:
        reads = " ".join(map(str, self.reads))
        note = f"umask 077; cat {reads} > {self._loaded}; echo $$ > {self._pid_file}"
        return f"{note}; exec {self.command} < /dev/null >> {self.log} 2>&1"

    def _content(self) -> str:
        return "".join(map(files.read, self.reads))

    def _create_log(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640))

    def _pid(self) -> int:
        with contextlib.suppress(ValueError):
            return int(files.read(self._pid_file))
        return 0

    def _members(self) -> list[int]:
        """Its processes: it was started as the leader of a group, and has its name in its command line."""
        leader = self._pid()
        found = []
        for directory in Path("/proc").glob("[0-9]*") if leader else ():
            with contextlib.suppress(OSError):
                group = (directory / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[2]
                if int(group) == leader and self.name.encode() in (directory / "cmdline").read_bytes():
                    found.append(int(directory.name))
        return found


def within(limit_s: float, is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so in this time."""
    deadline = time.monotonic() + limit_s
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
