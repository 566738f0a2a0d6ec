"""An engineer at work over the real driver: load, commit, perhaps confirm; a process of its own that can be killed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Literal, Self

from napalm.base.exceptions import NapalmException

from tslcd import session

DANGERS = ("remove-protocol", "management-path")
Said = Literal["loaded", "committed", "confirmed", "failed"]

# Forked from a server that has the driver imported and no threads.
_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["twin.faults.engineer"])


@dataclass(frozen=True, slots=True)
class Task:
    """What to do. `start_s`: wait so long after connecting; `revert_in` in seconds."""

    address: str
    text: str
    revert_in: int
    confirm: bool
    start_s: float = 0


class Engineer:
    """A running engineer. `said` is what the router has promised so far, `reason` why it failed in the end."""

    def __init__(self, task: Task) -> None:
        self._reports, theirs = _CONTEXT.Pipe(duplex=False)
        self._process = _CONTEXT.Process(target=_work, args=(task, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.said = set[Said]()
        self.reason = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def is_over(self) -> bool:
        """Whether nothing more will come."""
        self._listen()
        return not self._process.is_alive()

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()

    def wait(self, seconds: float) -> None:
        """Wait for the end, but not for ever; who hangs is killed."""
        self._process.join(seconds)
        if self._process.is_alive():
            self.kill()
            self._process.join()
        self._listen()

    def _listen(self) -> None:
        try:
            while self._reports.poll():
                said, self.reason = self._reports.recv()
                self.said.add(said)
        except EOFError:
            return


def driver(address: str) -> Any:
    """An unopened driver with the engineer's key, and leave to do dangerous things."""
    device = session.driver("frr", address, "netops", timeout_s=40)
    device.allow = DANGERS
    return device


def _work(task: Task, reports: Connection) -> None:
    device = driver(task.address)
    try:
        device.open()
        time.sleep(task.start_s)
        device.load_replace_candidate(config=task.text)
        reports.send(("loaded", ""))
        device.commit_config(message="a fault is coming", revert_in=task.revert_in)
        device.close()
        reports.send(("committed", ""))
        if task.confirm:
            device.open()
            device.confirm_commit()
            reports.send(("confirmed", ""))
    except NapalmException as error:
        reports.send(("failed", f"{type(error).__name__}: {error}"))
