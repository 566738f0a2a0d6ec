"""One router and its faults, one after the other: commit, strike, wait, judge, commit again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from random import Random

from tslcd.model import Network
from twin import power
from twin.errors import TwinError
from twin.faults import inject, variations
from twin.faults.cuts import CUTS
from twin.faults.engineer import Engineer, Task
from twin.faults.journal import Journal
from twin.faults.judge import Judge, Probe
from twin.faults.plan import Fault
from twin.paths import Paths
from twin.state import RunningNode, State

TIMER_S = 10
GRACE_S = 10  # within the timer and this a router must be reachable
SETTLING_S = 30  # and within the timer and this it must be whole
FOLLOWING_TIMER_S = 60
PATIENCE_S = 15  # how long an engineer looks at a session that may be dead
ATTEMPTS = 6
_NEARLY_FULL_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a router: `seconds` after the strike it was whole, `away` seconds after it reachable for good."""

    fault: Fault
    step: str
    outcome: str
    seconds: float
    away: float
    wrong: str
    detail: str = ""

    @property
    def reachable(self) -> bool:
        """In time."""
        return self.away <= TIMER_S + GRACE_S

    @property
    def whole(self) -> bool:
        """Old or new, exactly, and a following commit worked."""
        return not self.wrong

    def line(self) -> str:
        """For people, one line."""
        fault = self.fault
        name = f"{fault.number:4} {fault.router:24} {fault.kind:18} {'confirm' if fault.confirm else '-':8}"
        text = f"{name} {self.step:16} {self.outcome:4} {self.seconds:5.1f} s, away {self.away:4.1f} s"
        text += f"  {self.detail}" if self.detail else ""
        text += "" if self.reachable else "  UNREACHABLE"
        return text + (f"  NOT WHOLE: {self.wrong}" if self.wrong else "")


@dataclass(frozen=True, slots=True)
class _Struck:
    """What happened: when (monotonic time), at which step, and what the router may run now, by name.

    `missed` says why nothing was struck; `unnoticed`: nobody ended the commit by himself.
    """

    at: float
    step: str
    texts: Mapping[str, str]
    detail: str = ""
    missed: str = ""
    unnoticed: bool = False


class Lane:
    """One router; `current` is the text it runs."""

    def __init__(
        self, paths: Paths, standing: State, router: RunningNode, network: Network, secrets: Mapping[str, str]
    ) -> None:
        self.paths, self.standing, self.router = paths, standing, router
        self.judge = Judge(router)
        self._text = partial(variations.document, network, router.name, values=secrets)
        self.base = self._text(())
        self.current = self.base

    def prepare(self) -> None:
        """Bring the router to what is declared; also after the faults, for whoever comes next.

        :raises TwinError: when that fails.
        """
        if wrong := self.judge.commit(self.base, FOLLOWING_TIMER_S):
            raise TwinError(f"{self.router.name}: {wrong}")
        self.current = self.base

    def repair(self) -> None:
        """After a fault that broke the router: start it again, so that what follows is judged by itself.

        :raises TwinError: when that does not help.
        """
        power.reboot(self.paths, self.standing, self.router.name, loss=False)
        self.judge.wait_whole({"old": self.current}, time.monotonic() + FOLLOWING_TIMER_S)
        self.prepare()

    def run(self, fault: Fault) -> Verdict:
        """Let the fault happen, and look. A fault that struck nothing is tried again."""
        missed = list[str]()
        for _ in range(ATTEMPTS):
            candidate = self._candidate(fault)
            inject.synchronise(self.router)
            journal = Journal(power.root(self.router))
            task = Task(self.judge.address, candidate, TIMER_S, fault.confirm)
            with Probe(self.judge.address) as probe, Engineer(task) as engineer:
                if fault.family == "two":
                    struck = self._second(fault, candidate, engineer)
                else:
                    struck = self._strike(fault, candidate, engineer, journal)
                if not struck.missed:
                    return self._verdict(fault, struck, probe)
                missed.append(struck.missed)
                outcome, wrong = self.judge.wait_whole(struck.texts, time.monotonic() + TIMER_S + SETTLING_S)
                if wrong:
                    return Verdict(fault, fault.step, "?", 0, 0, wrong, f"missed: {struck.missed}")
                self.current = struck.texts[outcome]
        return Verdict(fault, fault.step, "?", 0, 0, f"the fault did not happen: {' / '.join(missed)}")

    def _candidate(self, fault: Fault) -> str:
        text = self._text(fault.changes)
        if text == self.current:
            text = self._text((*fault.changes, "log-errors")) if "log-errors" not in fault.changes else self.base
        return CUTS.get(fault.kind, str)(text)

    def _strike(self, fault: Fault, candidate: str, engineer: Engineer, journal: Journal) -> _Struck:
        step = journal.wait("begin" if fault.family == "path" else fault.step, engineer.is_over)
        at, detail, missed, unnoticed = time.monotonic(), "", "", False
        if step is None:
            missed = f"no step {fault.step}; {engineer.reason}"
        else:
            time.sleep(fault.delay_s)
            at, step = time.monotonic(), "-" if fault.family == "path" else journal.steps()[-1]
            try:
                detail = self._hit(fault, engineer)
            except inject.MissedError as error:
                missed = str(error)
            if fault.kind == "timer" and not missed:  # any question to the agent would also start it again
                unnoticed = not journal.wait_end(at + TIMER_S + GRACE_S)
        if fault.confirm:  # otherwise nothing that it hears can change what the router may run
            engineer.wait(PATIENCE_S)
        texts = self._allowed(engineer, fault.confirm, candidate)
        return _Struck(at, step or "", texts, detail, missed, unnoticed)

    def _hit(self, fault: Fault, engineer: Engineer) -> str:
        random = Random(fault.grain)
        match fault.family:
            case "client":
                engineer.kill()
            case "power":
                torn = random if fault.kind == "power-loss-torn" else None
                return inject.power_loss(self.paths, self.standing, self.router, torn)
            case "disk":
                left = 0 if fault.kind == "disk-full" else int(fault.grain * _NEARLY_FULL_BYTES)
                inject.fill(self.router, left)
                return f"{left} bytes free"
            case "agent" | "daemon":
                inject.kill(self.router, fault.kind)
        return ""

    def _second(self, fault: Fault, candidate: str, first: Engineer) -> _Struck:
        """Somebody else commits something else at the same time; one of the two wins, or none."""
        other = self._text(fault.others)
        with Engineer(Task(self.judge.address, other, TIMER_S, fault.confirm, start_s=fault.grain)) as second:
            first.wait(PATIENCE_S)
            second.wait(PATIENCE_S)
        if not {"committed", "confirmed"} & (first.said | second.said):
            missed = f"nobody could commit: {first.reason}; {second.reason}"
            return _Struck(time.monotonic(), "two", {"old": self.current}, missed=missed)
        texts = {"old": self.current}
        if "confirmed" in first.said:
            texts = {"new": candidate}
        if "confirmed" in second.said:
            texts = {"new": other}  # the second can also have come after the first
        return _Struck(time.monotonic(), "two", texts)

    def _allowed(self, engineer: Engineer, confirm: bool, candidate: str) -> dict[str, str]:
        """What was promised is kept: confirmed means new, never asked to confirm means old."""
        if "confirmed" in engineer.said:
            return {"new": candidate}
        if confirm and "committed" in engineer.said:
            return {"old": self.current, "new": candidate}
        return {"old": self.current}

    def _verdict(self, fault: Fault, struck: _Struck, probe: Probe) -> Verdict:
        known = set(self.judge.known)
        outcome, wrong = self.judge.wait_whole(struck.texts, struck.at + TIMER_S + SETTLING_S)
        seconds = time.monotonic() - struck.at
        away = max(0.0, probe.missed - struck.at)
        if fault.family == "disk":
            inject.empty(self.router)
        if struck.unnoticed and not wrong:
            wrong = "the commit was still pending until somebody asked"
        if not wrong:
            wrong = self._go_on(fault, struck.texts[outcome], known)
        if fault.family == "daemon" and not wrong:
            inject.calm(self.router)
        return Verdict(fault, struck.step, outcome, seconds, away, wrong, struck.detail)

    def _go_on(self, fault: Fault, now: str, known: set[str]) -> str:
        """A following commit works. What the kernel looked like after the fault is also what a quiet commit makes."""
        before, self.current = self.current, now
        following = before if now != before else self._text(fault.others)
        if following == now:
            following = self._text((*fault.others, "another-engineer", "log-errors"))
        targets = [following] if now in known else [following, now]
        for target in targets:
            if wrong := self.judge.commit(target, FOLLOWING_TIMER_S):
                return wrong
            self.current = target
        return ""
