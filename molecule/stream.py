"""A steady stream of echo requests from one host to another: when answers came, and how long none did."""

from __future__ import annotations

import re
import subprocess
import time
from itertools import pairwise
from threading import Thread

INTERVAL_S = 0.04
LONGEST_S = 120  # a stream that nobody ends ends by itself
_ANSWER = re.compile(r"^\[(\d+\.\d+)\] \d+ bytes from .* icmp_seq=(\d+) ")


class Stream:
    """Answers to echo requests from a node of the twin to an address, until `stop`."""

    def __init__(self, node: str, address: str) -> None:
        # Not ping's own deadline (-w): with it ping ends at the first error that the network reports.
        ping = ["timeout", str(LONGEST_S), "ping", "-n", "-D", "-i", str(INTERVAL_S), address]
        self._process = subprocess.Popen(["twin", "exec", node, "--", *ping], stdout=subprocess.PIPE, text=True)
        self._answers: list[tuple[float, int]] = []
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            if answer := _ANSWER.match(line):
                self._answers.append((float(answer[1]), int(answer[2])))

    def answers_since(self, moment: float) -> int:
        """How many answers have come since `moment` (seconds, as time.time())."""
        return sum(when >= moment for when, _ in self._answers)

    def longest_silence(self, since: float) -> float:
        """Longest time between two answers in a row, the second one after `since`; up to now if none has come."""
        times = [when for when, _ in self._answers]
        gaps = [later - earlier for earlier, later in pairwise(times) if later >= since]
        return max([*gaps, time.time() - times[-1]])

    def lost(self) -> int:
        """Requests without an answer, before the last one that has one."""
        return self._answers[-1][1] - len({number for _, number in self._answers})

    def stop(self) -> None:
        """End it; what it knows stays."""
        self._process.terminate()  # what runs in the node ends with it
        self._process.wait()
        self._reader.join()
