"""A real node: its namespaces, its private file system, and its end."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from twin import down, node, process
from twin.errors import TwinError
from twin.node import File
from twin.paths import Paths
from twin.process import Process

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="namespaces need root")


@pytest.fixture
def paths(tmp_path: Path) -> Iterator[Paths]:
    paths = Paths(tmp_path)
    paths.logs.mkdir(parents=True)
    yield paths
    down.down(paths)


@pytest.fixture(params=["memory", "disk"])
def first(paths: Paths, request: pytest.FixtureRequest) -> Process:
    return node.Starting("one", paths.twin, paths.logs / "one.log", request.param).wait()


def test_what_a_node_writes_stays_inside(paths: Paths, first: Process) -> None:
    files = [File("/etc/twin-test", "inside\n"), File("/usr/local/sbin/twin-test", "#!/bin/sh\n", 0o755)]
    node.boot("one", first, files, "touch /var/twin-test /run/twin-test /tmp/twin-test", paths.logs / "one.log")
    asked = node.ask(
        "one", first, ["sh", "-c", "hostname; cat /etc/twin-test; ls /var/twin-test /run/twin-test; twin-test"]
    )
    assert asked.split() == ["one", "inside", "/run/twin-test", "/var/twin-test"]
    assert not [p for p in ("/etc", "/var", "/run", "/tmp", "/usr/local/sbin") if Path(p, "twin-test").exists()]


def test_a_boot_that_fails_shows_the_nodes_log(paths: Paths, first: Process) -> None:
    with pytest.raises(TwinError, match=r"one does not boot \(exit 3\):\n +no cheese"):
        node.boot("one", first, [], "echo no cheese; exit 3", paths.logs / "one.log")


def test_down_finds_everything_without_a_journal(paths: Paths, first: Process) -> None:
    node.boot("one", first, [], "sleep 1000 & (setsid sleep 1000 &)", paths.logs / "one.log")
    visitor = subprocess.Popen(node.enter_network(first, ["sleep", "1000"]))
    while process.namespace(visitor.pid, "net") != process.namespace(first.pid, "net"):
        assert visitor.poll() is None
    assert down.down(paths) == 1
    assert not first.alive
    assert visitor.wait(timeout=5) == -9
    assert node.marked(paths.twin) == ([], [])
    assert not paths.twin.exists()


def test_a_number_given_to_another_process_is_not_killed() -> None:
    bystander = subprocess.Popen(["sleep", "1000"])
    real = process.identify(bystander.pid)
    process.kill([Process(real.pid, real.started - 1)])
    assert real.alive
    process.kill([real])
    assert bystander.wait(timeout=5) == -9
