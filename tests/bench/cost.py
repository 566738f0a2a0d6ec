"""What a command costs: CPU seconds of it and of all it started and waited for, and wall seconds."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """Seconds; CPU is user and system time. Wall time is None where only a part of a process was measured."""

    cpu_s: float
    wall_s: float | None = None


def of_command(argv: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command to its end.

    :raises subprocess.CalledProcessError: when it fails; what it said is printed.
    """
    start = time.monotonic()
    with subprocess.Popen(
        argv, cwd=cwd, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.stderr.write(said)
        raise subprocess.CalledProcessError(process.returncode, argv)
    return Cost(used.ru_utime + used.ru_stime, time.monotonic() - start)


def repeated(runs: int, measure: Callable[[], Cost]) -> Cost:
    """The median of several runs, of each figure by itself."""
    costs = [measure() for _ in range(runs)]
    walls = [cost.wall_s for cost in costs if cost.wall_s is not None]
    return Cost(statistics.median(cost.cpu_s for cost in costs), statistics.median(walls) if walls else None)
