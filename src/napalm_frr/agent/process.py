"""Runs the system's programs with a fixed environment and a time limit."""

from __future__ import annotations

import subprocess

inherited: tuple[int, ...] = ()
"""The agent's lock, while it holds it: programs keep it until they end, also when the agent is killed."""

_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/", "TERM": "dumb"}


class CommandError(Exception):
    """A program ended with a status other than 0, or not at all within its time. `output` is what it said."""

    def __init__(self, argv: list[str], output: str) -> None:
        self.argv, self.output = argv, output.strip()
        super().__init__(f"{argv[0]}: {self.output or 'failed without a message'}")


def run(
    argv: list[str], text: str = "", timeout_s: float = 30, ok: tuple[int, ...] = (0,), is_daemon: bool = False
) -> str:
    """Standard output of the program. Raises CommandError."""
    status, output, errors = outcome(argv, text, timeout_s, is_daemon=is_daemon)
    if status not in ok:
        raise CommandError(argv, errors + output)
    return output


def outcome(
    argv: list[str], text: str = "", timeout_s: float = 30, umask: int = -1, is_daemon: bool = False
) -> tuple[int, str, str]:
    """Exit status, standard output and standard error. Raises CommandError when it does not start or end.

    What starts daemons (`is_daemon`) must not keep the agent's lock: they live on.
    """
    try:
        done = subprocess.run(
            argv,
            input=text,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            env=_ENVIRONMENT,
            check=False,
            umask=umask,
            pass_fds=() if is_daemon else inherited,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CommandError(argv, str(error)) from error
    return done.returncode, done.stdout, done.stderr
