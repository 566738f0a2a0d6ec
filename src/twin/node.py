"""One node: a set of namespaces with a first process that makes its file system (init.sh)."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from twin import process
from twin.errors import TwinError
from twin.paths import CODE
from twin.process import Process

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
LOG_TAIL_LINES = 15
BOOT_TIMEOUT_S = 120
Disk = Literal["disk", "memory"]  # whether what is not synchronised can be lost
_NAMESPACES = ("--mount", "--uts", "--ipc", "--net", "--pid")


@dataclass(frozen=True, slots=True)
class File:
    """A file to put into a node, owned by root."""

    path: str
    content: str | bytes
    mode: int = 0o644


class Starting:
    """A node whose first process was started but has not reported yet."""

    def __init__(self, name: str, twin: Path, log: Path, disk: Disk) -> None:
        """Start it. `twin` marks the process as this twin's, so that it is found whatever happens next."""
        self.name = name
        self.log = log
        with log.open("ab") as stream:
            self._unshare = subprocess.Popen(
                [
                    *("unshare", *_NAMESPACES, "--fork", "--kill-child=SIGKILL", "--"),
                    *("sh", str(CODE / "init.sh"), marker(twin), name, disk),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stream,
                cwd="/",
                start_new_session=True,
            )

    def wait(self) -> Process:
        """Wait until the file system stands; the node's first process.

        :raises TwinError: when it died.
        """
        assert self._unshare.stdout
        with self._unshare.stdout as report:
            line = report.readline()
        with suppress(ValueError, ProcessLookupError):
            return process.identify(int(line))
        raise TwinError(f"node {self.name} does not start:\n{tail(self.log)}")


def marker(twin: Path) -> str:
    """The argument that every first process of this twin carries."""
    return f"--twin={twin}"


def marked(twin: Path) -> tuple[list[Process], list[Process]]:
    """The twin's own processes, found without its journal: first processes, and their parents outside the nodes."""
    firsts, parents = list[Process](), list[Process]()
    for pid in process.everyone():
        arguments = process.arguments(pid)
        if marker(twin) in arguments and arguments[0] in ("sh", "unshare"):
            with suppress(ProcessLookupError):
                (firsts if arguments[0] == "sh" else parents).append(process.identify(pid))
    return firsts, parents


def enter(first: Process, command: Sequence[str]) -> list[str]:
    """The command line that runs `command` in all namespaces of a node, and ends it when its caller ends."""
    return [
        *("nsenter", "--target", str(first.pid), *_NAMESPACES, "--"),
        *("setpriv", "--pdeathsig", "TERM", "--"),
        *command,
    ]


def enter_network(first: Process, command: Sequence[str]) -> list[str]:
    """The command line that runs `command` in the node's network only, with the machine's files and processes."""
    return ["nsenter", "--target", str(first.pid), "--net", "--", *command]


def environment(name: str) -> dict[str, str]:
    """The environment of commands in a node: nothing of the machine's shows through."""
    return {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", "TWIN_NODE": name}


def boot(name: str, first: Process, files: Iterable[File], script: str, log: Path) -> None:
    """Put files into a node and run a boot script there.

    :raises TwinError: with the end of the node's log, when the script fails or hangs.
    """
    boot_file = File("/run/twin/boot", script)
    command = enter(first, ["sh", "-c", "tar -x -C / --no-same-owner && exec sh /run/twin/boot < /dev/null"])
    archive = _archive([*files, boot_file])
    with log.open("ab") as out:
        try:
            done = subprocess.run(
                command,
                input=archive,
                stdout=out,
                stderr=out,
                env=environment(name),
                timeout=BOOT_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TwinError(f"node {name} does not boot within {BOOT_TIMEOUT_S} s:\n{tail(log)}") from error
    if done.returncode:
        raise TwinError(f"node {name} does not boot (exit {done.returncode}):\n{tail(log)}")


def ask(name: str, first: Process, command: Sequence[str], stdin: str = "") -> str:
    """Run a command in a node and return what it prints.

    :raises TwinError: when it fails.
    """
    done = subprocess.run(
        enter(first, command), input=stdin, capture_output=True, text=True, env=environment(name), check=False
    )
    if done.returncode:
        raise TwinError(f"on node {name}: {' '.join(command)}: {done.stderr.strip() or f'exit {done.returncode}'}")
    return done.stdout


def tail(log: Path) -> str:
    """The last lines of a log, indented."""
    lines = log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:] if log.exists() else []
    return "\n".join(f"    {line}" for line in lines) or "    (its log is empty)"


def _archive(files: Iterable[File]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for file in files:
            content = file.content.encode() if isinstance(file.content, str) else file.content
            entry = tarfile.TarInfo(file.path.lstrip("/"))
            entry.size, entry.mode = len(content), file.mode
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
