"""What belongs to each kind of device but routers: sections, each with the program that runs with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from napalm_frr.agent import baresip, bridge, kamailio
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


_RUNNERS: Mapping[str, Runner] = {"baresip": baresip, "kamailio": kamailio, "bridge": bridge}


def of(kind: Kind) -> dict[str, Runner]:
    """Sections and their owners, in their order; none for a router, whose sections belong together."""
    return {} if kind == "router" else {name: _RUNNERS[name] for name in KINDS[kind][1:]}
