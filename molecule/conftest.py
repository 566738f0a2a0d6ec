"""What the scenarios share: nodes, polling, and results.

A test states its claim in the first line of its docstring, or as its property `claim`;
build/results/<scenario>.json holds one object each.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
import testinfra
import yaml
from testinfra.host import Host

from twin import testinfra_backend  # registers twin://

ROOT = Path(__file__).resolve().parents[1]
RESULTS = pytest.StashKey[list[dict[str, Any]]]()


@pytest.fixture(scope="session")
def node() -> Callable[[str], Host]:
    """A node of the twin, entered directly: hosts and providers."""
    assert testinfra_backend.TwinBackend.NAME == "twin"
    return lambda name: testinfra.get_host(f"twin://{name}")


@pytest.fixture(scope="session")
def router(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Host]:
    """A router over SSH, with the engineer's key, through the network.

    testinfra has all variables of all hosts listed to find an address: it gets those of the twin and nothing else.
    """
    from tslcd.source import open_source  # noqa: PLC0415 - Ansible takes half a second, and few scenarios ask for it

    groups = yaml.safe_load((ROOT / "molecule" / "test_twin.yml").read_text(encoding="utf-8")).values()
    declared = open_source(ROOT).inventory.hosts
    names = [name for group in groups for name in group["hosts"]]
    hosts = {name: {"ansible_host": str(declared[name].vars["ansible_host"])} for name in names}
    inventory = tmp_path_factory.mktemp("inventory") / "addresses.yml"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
    return lambda name: testinfra.get_host(f"ansible://{name}?ansible_inventory={inventory}")


@pytest.fixture(scope="session")
def playbook() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a playbook of the repository on the test twin, as an engineer would."""

    def run(name: str, *arguments: str, inventory: Path = ROOT / "inventory") -> subprocess.CompletedProcess[str]:
        sources = [f"--inventory={source}" for source in (inventory, ROOT / "molecule" / "test_twin.yml")]
        limit = [] if any(a.startswith("--limit") for a in arguments) else ["--limit=test_twin"]
        command = ["ansible-playbook", name, *sources, *limit, *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def twin() -> Callable[..., str]:
    """The command `twin`."""

    def run(*arguments: str) -> str:
        done = subprocess.run(["twin", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"twin {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    return run


@pytest.fixture(scope="session")
def eventually() -> Callable[..., float]:
    """Poll a check with a deadline; returns the seconds it took."""

    def wait(check: Callable[[], object], within_s: float, what: str) -> float:
        start = time.monotonic()
        while not check():
            assert time.monotonic() - start < within_s, f"not within {within_s} s: {what}"
            time.sleep(0.05)
        return time.monotonic() - start

    return wait


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Attach measured values to the claim's result."""

    def record(unit: str, values: list[float], limit: float, **more: object) -> None:
        found = {"unit": unit, "values": values, "limit": limit, **more}
        request.node.user_properties.append(("measured", found))

    return record


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RESULTS] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" or report.failed:
        documentation = getattr(getattr(item, "function", None), "__doc__", None) or item.name
        documentation = dict(item.user_properties).get("claim", documentation)
        measure = dict(item.user_properties).get("measured") or {
            "unit": "claim",
            "values": [int(report.passed)],
            "limit": 1,
        }
        item.config.stash[RESULTS].append(
            {
                "claim": documentation.strip().splitlines()[0],
                "test": item.name,
                "runs": len(measure["values"]),
                **measure,
                "verdict": "pass" if report.passed else "fail",
            }
        )
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    results = session.config.stash[RESULTS]
    if results:
        scenario = Path(session.items[0].path).parents[1].name
        path = ROOT / "build" / "results" / f"{scenario}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
