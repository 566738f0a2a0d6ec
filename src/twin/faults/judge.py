"""Whether a router is whole: it runs exactly one of the texts it may run, will boot with it, and its kernel agrees."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import closing
from difflib import unified_diff
from pathlib import Path
from typing import Any, Self

from napalm.base.exceptions import NapalmException

from napalm_frr import redaction
from twin import node, reach
from twin.errors import TwinError
from twin.faults.engineer import driver
from twin.state import RunningNode

_SCRIPT = (Path(__file__).parent / "fingerprint.sh").read_text()
_PAUSE_S = 0.2
_SHOWN_LINES = 8

Fingerprint = str


class Judge:
    """Looks at one router, and remembers what its kernel and daemons looked like with each text."""

    def __init__(self, router: RunningNode) -> None:
        self.router = router
        self.address = router.addresses[0]
        self.known = dict[str, Fingerprint]()

    def wait_whole(self, texts: Mapping[str, str], deadline: float) -> tuple[str, str]:
        """Wait until the router is whole; `texts` are those it may run, by name.

        :returns: name of the text it runs, and what is wrong ("" when it is whole).
        """
        while True:
            try:
                name, wrong = self._look(texts)
            except (NapalmException, TwinError, OSError) as error:
                name, wrong = "?", f"{type(error).__name__}: {error}"
            if not wrong or time.monotonic() > deadline:
                return name, wrong
            time.sleep(_PAUSE_S)

    def commit(self, text: str, revert_in: int) -> str:
        """Commit and confirm as usual, then look; "" when everything is as it should be, otherwise what is wrong."""
        try:
            device = driver(self.address)
            device.open()
            with closing(device):
                device.load_replace_candidate(config=text)
                device.commit_config(message="after a fault", revert_in=revert_in)
                device.confirm_commit()
        except NapalmException as error:
            return f"a following commit fails: {type(error).__name__}: {error}"
        wrong = self.wait_whole({"it": text}, time.monotonic() + revert_in)[1]
        return f"after a following commit: {wrong}" if wrong else ""

    def _look(self, texts: Mapping[str, str]) -> tuple[str, str]:
        device = driver(self.address)
        device.open()
        with closing(device):
            if pending := device.status()["pending"]:
                return "?", f"a commit is still pending: {pending}"
            running = device.get_config(retrieve="running")["running"]
            startup = device.get_config(retrieve="startup")["startup"]
        name = next((name for name, text in texts.items() if text == running), "?")
        if name == "?":
            return name, "runs none of the texts it may run; " + "; ".join(
                f"from {name} to what runs: {_difference(text, running)}" for name, text in texts.items()
            )
        if startup != running:
            return name, f"would boot another text than it runs: {_difference(running, startup)}"
        seen = node.ask(self.router.name, self.router.first, ["sh"], _SCRIPT)
        if seen != self.known.setdefault(running, seen):
            return name, f"its kernel and daemons differ from earlier: {_difference(self.known[running], seen)}"
        return name, ""


class Probe:
    """Asks again and again whether SSH answers in-band; `missed`: when it last did not (monotonic time)."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.missed = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()

    def _ask(self) -> None:
        while not self._stop.wait(_PAUSE_S):
            if not reach.answers(self._address, 22, b"SSH-2.0-"):
                self.missed = time.monotonic()


def _difference(before: Any, after: Any) -> str:
    before, after = redaction.hide(str(before)), redaction.hide(str(after))
    lines = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[2:]
    lines = [line for line in lines if not line.startswith("@@")]
    more = f" … {len(lines)} lines" if len(lines) > _SHOWN_LINES else ""
    return " | ".join(lines[:_SHOWN_LINES]) + more
