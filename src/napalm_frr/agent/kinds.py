"""What belongs to each kind of device but routers: one section, and the program that runs with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from napalm_frr.agent import baresip, kamailio
from napalm_frr.agent.program import Program
from napalm_frr.document import KINDS, Kind


class Runner(Protocol):
    """A module that owns such a section."""

    def read(self) -> str:
        """The section as it is now."""

    def check(self, text: str, scratch: Path, /) -> list[tuple[int, str]]:
        """Lines (from 1) that are refused; `scratch` is a file that may be written."""

    def apply(self, text: str) -> None:
        """Lets the program run with it."""

    def start(self, text: str) -> None:
        """The same without waiting."""

    def program(self) -> Program:
        """The program."""


_RUNNERS: Mapping[Kind, Runner] = {"endpoint": baresip, "server": kamailio}


def of(kind: Kind) -> tuple[str, Runner] | None:
    """Name of the section, and who owns it; None for a router, which has many."""
    return (KINDS[kind][1], _RUNNERS[kind]) if kind in _RUNNERS else None
