"""The journal: what this twin started, written before and after each step that must not be lost."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from twin.errors import TwinError
from twin.paths import Paths
from twin.process import Process
from twin.shape import End, Kind, Link

VERSION = 2


@dataclass(frozen=True, slots=True)
class RunningNode:
    """A node that was started. `boot` says from which configuration: day0, intended, or nothing to say."""

    name: str
    kind: Kind
    boot: str
    addresses: tuple[str, ...]
    first: Process


@dataclass(frozen=True, slots=True)
class Cut:
    """A link that was cut on purpose, loudly (link down) or silently (packets vanish)."""

    link: Link
    silent: bool


@dataclass(frozen=True, slots=True)
class State:
    """A twin: what was asked for (`digest` covers it whole), how far it got, and what it consists of.

    `failed_cores`: providers that were told to drop what they carry from site to site.
    """

    request: str
    digest: str
    phase: Literal["starting", "ready"]
    nodes: tuple[RunningNode, ...] = ()
    links: tuple[Link, ...] = ()
    cuts: tuple[Cut, ...] = field(default=())
    failed_cores: tuple[str, ...] = ()

    def node(self, name: str) -> RunningNode:
        """The node of this name.

        :raises TwinError: when there is none.
        """
        for node in self.nodes:
            if node.name == name:
                return node
        raise TwinError(f"no node {name!r}; there are: {', '.join(node.name for node in self.nodes)}")

    @property
    def dead(self) -> list[str]:
        """Names of nodes that do not run any more."""
        return [node.name for node in self.nodes if not node.first.alive]

    def with_cuts(self, cuts: tuple[Cut, ...]) -> State:
        """The same with other cuts."""
        return replace(self, cuts=cuts)

    def with_failed_cores(self, names: Iterable[str]) -> State:
        """The same with other providers whose core has failed."""
        return replace(self, failed_cores=tuple(names))


def save(paths: Paths, state: State) -> None:
    """Write the journal; a crash leaves the old or the new one."""
    new = paths.state.with_suffix(".new")
    with new.open("w") as stream:
        json.dump({"version": VERSION, **asdict(state)}, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(paths.state)


def read(paths: Paths) -> State | None:
    """Read the journal; None when there is no twin, or only remains that a `down` or `up` clears away."""
    try:
        content = json.loads(paths.state.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return _state(content) if content.pop("version", None) == VERSION else None


def ready(paths: Paths) -> State:
    """Read the journal of a twin that stands.

    :raises TwinError: when there is none.
    """
    state = read(paths)
    if state is None or state.phase != "ready":
        raise TwinError("no twin is up here: start one with `twin up`")
    return state


@contextmanager
def lock(paths: Paths) -> Iterator[None]:
    """Let one command change the twin at a time. The lock lies on the clone's directory: no file remains, and it dies
    with its holder.
    """
    handle = os.open(paths.root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another twin command of this clone to end", file=sys.stderr)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def remains(paths: Paths) -> list[Path]:
    """Files and directories of a twin that exist."""
    return [path for path in (paths.twin, paths.ssh_sockets) if path.exists()]


def _state(content: dict[str, Any]) -> State:
    content["nodes"] = tuple(
        RunningNode(**{**node, "addresses": tuple(node["addresses"]), "first": Process(**node["first"])})
        for node in content["nodes"]
    )
    content["links"] = tuple(_link(link) for link in content["links"])
    content["failed_cores"] = tuple(content["failed_cores"])
    content["cuts"] = tuple(Cut(_link(cut["link"]), cut["silent"]) for cut in content["cuts"])
    return State(**content)


def _link(content: dict[str, Any]) -> Link:
    return Link(End(**content["a"]), End(**content["b"]), content["is_lan"])
