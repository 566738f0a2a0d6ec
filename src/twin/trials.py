"""Trials: a line that the network lives by is taken out of a template, and the scenario that guards it must fail.

`python -m twin.trials [NAME…]`. Each trial of molecule/trials.yml gets a copy of the work tree below build/trials/, a
twin of its own, and only the tests that it names. First the same tests run on a copy that nothing was taken out of:
there they must pass, or a failure would say nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import yaml

from twin import paths
from twin.errors import TwinError

LIST = Path("molecule/trials.yml")
UNTOUCHED = "nothing taken out"
MESSAGE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Trial:
    """`remove` stands in `file` exactly once and `put` takes its place; `test` selects tests of the scenario (-k)."""

    name: str
    file: str
    remove: str
    scenario: str
    test: str
    put: str = ""

    def apply(self, root: Path) -> None:
        """Change the template below `root`.

        :raises TwinError: when the text is not there exactly once.
        """
        path = root / self.file
        text = path.read_text(encoding="utf-8")
        if (found := text.count(self.remove)) != 1:
            raise TwinError(f"trial {self.name}: its text stands in {self.file} {found} times; should be there once")
        path.write_text(text.replace(self.remove, self.put), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a trial: `noticed` by a failing test, `unnoticed`, or `broken`: it says nothing; and seconds."""

    trial: str
    scenario: str
    verdict: Literal["noticed", "unnoticed", "broken"]
    failed: tuple[str, ...]
    message: str
    seconds: int


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Of the selected tests: names that ran, names that failed themselves, why the first did; else what broke."""

    ran: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    message: str = ""
    broken: str = ""


def read(root: Path) -> tuple[Trial, ...]:
    """The trials of the repository at `root`, in the order of the file."""
    listed = yaml.safe_load((root / LIST).read_text(encoding="utf-8"))
    return tuple(Trial(name, **values) for name, values in listed.items())


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; exit 0 only when every trial was noticed by its tests."""
    root = paths.find(Path.cwd()).root
    trials = {trial.name: trial for trial in read(root)}
    parser = argparse.ArgumentParser(prog="python -m twin.trials", description=__doc__)
    parser.add_argument("name", nargs="*", choices=[*trials, []], help="trials to run (default: all)")
    names = parser.parse_args(argv).name
    chosen = [trials[name] for name in names or trials]

    verdicts = list[Verdict]()
    for verdict in _verdicts(root, chosen):
        verdicts.append(verdict)
        print(
            f"{verdict.trial:24} {verdict.scenario:12} {verdict.verdict:10} {verdict.seconds:3} s  "
            f"{', '.join(verdict.failed)}\n    {verdict.message}",
            flush=True,
        )
    results = root / "build/results/trials.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps([asdict(verdict) for verdict in verdicts], indent=1) + "\n", encoding="utf-8")
    noticed = sum(verdict.verdict == "noticed" for verdict in verdicts)
    print(f"trials {len(chosen)}, noticed {noticed}")
    return 0 if noticed == len(chosen) else 1


def _verdicts(root: Path, trials: Sequence[Trial]) -> Iterator[Verdict]:
    """One per scenario whose tests fail without any change, as soon as that is known; then one per trial."""
    start = time.monotonic()
    of_scenario = {trial.scenario: [t.test for t in trials if t.scenario == trial.scenario] for trial in trials}
    broken = set[str]()
    with _twin(root, UNTOUCHED.replace(" ", "-"), None) as copy:
        for scenario, tests in of_scenario.items():
            outcome = _run(copy, scenario, " or ".join(f"({test})" for test in tests))
            if outcome.broken or outcome.failed:
                broken.add(scenario)
                text = (outcome.broken or outcome.message)[:MESSAGE_LENGTH]
                yield Verdict(UNTOUCHED, scenario, "broken", outcome.failed, text, _since(start))
    for trial in (trial for trial in trials if trial.scenario not in broken):
        start = time.monotonic()
        try:
            with _twin(root, trial.name, trial) as copy:
                outcome = _run(copy, trial.scenario, trial.test)
        except TwinError as error:
            outcome = _Outcome(broken=str(error))
        if outcome.broken:
            yield Verdict(trial.name, trial.scenario, "broken", (), outcome.broken, _since(start))
        elif not outcome.failed:
            yield Verdict(trial.name, trial.scenario, "unnoticed", (), f"{trial.test} passes", _since(start))
        else:
            yield Verdict(
                trial.name, trial.scenario, "noticed", outcome.failed, outcome.message[:MESSAGE_LENGTH], _since(start)
            )


@contextmanager
def _twin(root: Path, name: str, trial: Trial | None) -> Iterator[Path]:
    """A copy of the work tree with the trial applied and its twin up. Nothing of it stays.

    :raises TwinError: when the trial does not fit, or its twin does not come up.
    """
    copy = root / "build/trials" / name
    shutil.rmtree(copy, ignore_errors=True)
    try:
        _copy(root, copy)
        if trial:
            trial.apply(copy)
        done = _in(copy, "-m", "twin", "up", "--boot", "intended")
        if done.returncode:
            raise TwinError(f"no twin comes up: {done.stderr.strip()[-MESSAGE_LENGTH:]}")
        yield copy
    finally:
        if (copy / "ansible.cfg").exists():
            _in(copy, "-m", "twin", "down")
        shutil.rmtree(copy, ignore_errors=True)


def _copy(root: Path, copy: Path) -> None:
    """What git knows or would take, as it stands."""
    listing = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listing.stdout.split("\0")):
        if (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)


def _run(copy: Path, scenario: str, selection: str) -> _Outcome:
    """Run the selected tests of a scenario on the copy's twin."""
    report = copy / "build/trial.xml"
    command = [
        "pytest",
        f"molecule/{scenario}/tests",
        "-k",
        selection,
        f"--junitxml={report}",
        "-p",
        "no:cacheprovider",
    ]
    done = _in(copy, "-m", "twin", "run", "--", sys.executable, "-m", *command)
    if not report.is_file():
        return _Outcome(broken=f"pytest says nothing: {(done.stdout + done.stderr).strip()[-MESSAGE_LENGTH:]}")
    ran, failed, messages = list[str](), list[str](), list[str]()
    for case in ElementTree.parse(report).iter("testcase"):
        ran.append(case.get("name", ""))
        for failure in case.iter("failure"):
            failed.append(ran[-1])
            messages.append(" ".join((failure.get("message") or "").split()))
        for error in case.iter("error"):
            return _Outcome(broken=f"{ran[-1]}: {error.get('message')}")
    if not ran:
        return _Outcome(broken=f"no test is called {selection}")
    return _Outcome(tuple(ran), tuple(failed), messages[0] if messages else "")


def _in(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the copy's own code, in the copy."""
    environment = os.environ | {"PYTHONPATH": str(copy / "src"), "ANSIBLE_CONFIG": str(copy / "ansible.cfg")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def _since(start: float) -> int:
    return round(time.monotonic() - start)


if __name__ == "__main__":
    sys.exit(main())
