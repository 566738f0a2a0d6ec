"""Runs the system's programs with a fixed environment and a time limit."""

from __future__ import annotations

import subprocess

_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/", "TERM": "dumb"}


class CommandError(Exception):
    """A program ended with a status other than 0, or not at all within its time. `output` is what it said."""

    def __init__(self, argv: list[str], output: str) -> None:
        self.argv, self.output = argv, output.strip()
        super().__init__(f"{argv[0]}: {self.output or 'failed without a message'}")


def run(argv: list[str], text: str = "", timeout_s: float = 30, ok: tuple[int, ...] = (0,)) -> str:
    """Standard output of the program. Raises CommandError."""
    status, output, errors = outcome(argv, text, timeout_s)
    if status not in ok:
        raise CommandError(argv, errors + output)
    return output


def outcome(argv: list[str], text: str = "", timeout_s: float = 30, umask: int = -1) -> tuple[int, str, str]:
    """Exit status, standard output and standard error. Raises CommandError when it does not start or end."""
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
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CommandError(argv, str(error)) from error
    return done.returncode, done.stdout, done.stderr
