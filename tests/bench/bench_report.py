"""Figures of network_speed.py as a table, verdicts against the targets, and JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from cost import Cost

PHASES = {
    "inventory": "load: inventory, by Ansible",
    "variables": "load: variables of each host, by Ansible",
    "validate": "validate",
    "derive": "derive",
    "words of the platform": "words of the platform",
    "text": "text, by Jinja2",
    "facts as JSON": "facts as JSON",
    "write": "write all files",
    "compare": "compare with what is written",
    "bare Jinja2": "bare Jinja2 (the floor)",
}
PLAYS = {
    "render.yml": "render.yml, nothing written yet",
    "render.yml again": "render.yml, nothing to change",
    "no-op play": "no-op play (Ansible's own share)",
    "check.yml cold": "check.yml, nothing remembered",
    "check.yml warm": "check.yml, everything remembered",
}
# Files are not written: neither does what the figure is compared with, and their creation is the kernel's work.
PAST_LOADING = ("validate", "derive", "words of the platform", "text", "facts as JSON", "compare")
OURS = ("variables", *PAST_LOADING, "write")
FLOOR = "bare Jinja2"


@dataclass(frozen=True)
class Target:
    """What must be true, what was found, and whether that is enough."""

    claim: str
    limit: float
    found: float

    @property
    def met(self) -> bool:
        return self.found <= self.limit

    def __str__(self) -> str:
        return f"{'met   ' if self.met else 'MISSED'} {self.claim}: {self.found:.2f} (at most {self.limit:g})"


@dataclass(frozen=True)
class Report:
    """`costs`: what → sites → cost; `per_device_ms`: other ways; `real`: the size that is not synthetic."""

    costs: Mapping[str, Mapping[int, Cost]]
    per_device_ms: Mapping[str, float]
    real: int

    @property
    def sizes(self) -> list[int]:
        return sorted({sites for found in self.costs.values() for sites in found})

    def slope_ms(self, *names: str) -> float | None:
        """CPU milliseconds for one device more, from the smallest to the largest size measured."""
        found = [self.costs.get(name, {}) for name in names]
        sizes = [sites for sites in self.sizes if all(sites in costs for costs in found)]
        if len(sizes) < 2:
            return None
        least, most = sizes[0], sizes[-1]
        seconds = sum(costs[most].cpu_s - costs[least].cpu_s for costs in found)
        return 1000 * seconds / (most - least)

    def targets(self) -> list[Target]:
        """The targets whose figures were measured."""
        found = []
        whole, floor, past = self.costs.get("render.yml", {}), self.slope_ms(FLOOR), self.slope_ms(*PAST_LOADING)
        for sites, limit in ((185, 4.0), (900, 12.0)):
            if sites in whole:
                found.append(Target(f"render.yml of {sites} sites, CPU-s", limit, whole[sites].cpu_s))
        for fewer, more in pairwise(self.sizes):
            if all(size in self.costs.get(name, {}) for name in OURS for size in (fewer, more)):
                linear = sum(self.costs[name][fewer].cpu_s for name in OURS) * more / fewer
                grown = sum(self.costs[name][more].cpu_s for name in OURS)
                found.append(Target(f"our part from {fewer} to {more} sites, × linear", 1.1, grown / linear))
        if floor and past:
            found.append(Target("one device more past Ansible's loading, × bare Jinja2", 5.0, past / floor))
        for state, limit in (("cold", 100.0), ("warm", 5.0)):
            if (ours := self.check_ms(state)) is not None:
                found.append(Target(f"check.yml {state}, CPU-ms per device past the no-op play", limit, ours))
        return found

    def check_ms(self, state: str) -> float | None:
        """CPU milliseconds per device of check.yml, without what the no-op play costs."""
        whole, idle = self.costs.get(f"check.yml {state}", {}), self.costs.get("no-op play", {})
        if self.real not in whole or self.real not in idle:
            return None
        return 1000 * (whole[self.real].cpu_s - idle[self.real].cpu_s) / self.real

    def text(self) -> str:
        """Everything as a table for people."""
        heads = "".join(f"{sites if sites == self.real else f'{sites} synthetic':>16}" for sites in self.sizes)
        lines = [
            f"{machine()['cpu']}, {machine()['cores']} cores, Python {machine()['python']}",
            "CPU seconds (wall seconds) by number of sites, one router each, stages day0 and full; medians.",
            f"{'':42}{heads}{'ms/device':>11}{'× floor':>9}",
        ]
        floor = self.slope_ms(FLOOR)
        for name, label in (PHASES | PLAYS).items():
            if name in self.costs:
                cells = "".join(f"{_cell(self.costs[name].get(sites)):>16}" for sites in self.sizes)
                lines.append(f"{label:42}{cells}{_per_device(self.slope_ms(name), floor)}")
        sums = {"past Ansible's loading, sum": PAST_LOADING, "our part: that, variables and writing": OURS}
        for label, names in sums.items():
            if self.slope_ms(*names) is not None:
                cells = "".join(f"{sum(self.costs[n][s].cpu_s for n in names):16.2f}" for s in self.sizes)
                lines.append(f"{label:42}{cells}{_per_device(self.slope_ms(*names), floor)}")
        for name, milliseconds in self.per_device_ms.items():
            lines.append(f"{name:42}{'':{16 * len(self.sizes)}}{_per_device(milliseconds, floor)}")
        return "\n".join([*lines, "", *map(str, self.targets())])

    def data(self) -> dict[str, Any]:
        """Everything for programs."""
        return {
            "machine": machine(),
            "synthetic": [sites for sites in self.sizes if sites != self.real],
            "costs": {
                name: {sites: asdict(cost) for sites, cost in found.items()} for name, found in self.costs.items()
            },
            "cpu_ms_per_further_device": {name: self.slope_ms(name) for name in self.costs},
            "cpu_ms_per_device": dict(self.per_device_ms),
            "targets": [asdict(target) | {"met": target.met} for target in self.targets()],
        }


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = next((line.split(":", 1)[1].strip() for line in cpu.splitlines() if line.startswith("model name")), "?")
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        **{name: version(name) for name in ("ansible-core", "jinja2", "nornir", "nornir_jinja2")},
    }


def _cell(cost: Cost | None) -> str:
    if cost is None:
        return ""
    return f"{cost.cpu_s:.2f}" + (f" ({cost.wall_s:.1f})" if cost.wall_s is not None else "")


def _per_device(milliseconds: float | None, floor: float | None) -> str:
    if milliseconds is None:
        return ""
    return f"{milliseconds:11.2f}" + (f"{milliseconds / floor:9.1f}" if floor else "")
