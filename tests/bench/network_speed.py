"""What a whole network costs to load, validate, derive, render and check, beside other ways to do the same.

Run by `make bench`; needs no root and no twin. Figures are CPU seconds, medians of several runs, all of one run on one
machine; networks larger than the real one are synthetic (synthetic.py).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import bench_report
import plays
import synthetic
from cost import Cost, of_command, repeated

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REAL = 185
RUNS = {185: 5, 900: 3, 5000: 1}
FEW_HOSTS = 4


@dataclass
class Bench:
    """Copies of the repository by number of sites, below one temporary directory, and what was measured on them."""

    directory: Path
    costs: dict[str, dict[int, Cost]] = field(default_factory=dict)
    per_device_ms: dict[str, float] = field(default_factory=dict)

    def network(self, sites: int) -> Path:
        """The copy with `sites` sites; made when it is first asked for."""
        root = self.directory / str(sites)
        if not root.exists():
            root.mkdir()
            if sites == REAL:
                synthetic.copy_real(root)
            else:
                synthetic.write(root, sites)
            plays.write_no_op(root)
        return root

    def keep(self, what: str, sites: int, cost: Cost) -> None:
        """Remember a figure."""
        self.costs.setdefault(what, {})[sites] = cost
        print(f"{sites:6} {what}: {cost.cpu_s:.2f} CPU-s", file=sys.stderr)

    def playbook(self, root: Path, *arguments: str) -> Cost:
        """Run ansible-playbook in a copy."""
        return of_command(["ansible-playbook", *arguments], root, _environment())

    def script(self, name: str, root: Path) -> Mapping[str, float]:
        """Run a script of this directory on a copy; it prints CPU seconds by name."""
        command = [sys.executable, str(HERE / name), str(root)]
        done = subprocess.run(command, env=_environment(), check=True, stdout=subprocess.PIPE, text=True)
        found: dict[str, float] = json.loads(done.stdout)
        return found

    def phases(self, sites: int, runs: int) -> None:
        """Each phase by itself, in one process."""
        root = self.network(sites)
        found = []
        for _ in range(runs):
            shutil.rmtree(root / "build", ignore_errors=True)
            found.append(self.script("phases.py", root))
        for name in found[0]:
            self.keep(name, sites, Cost(statistics.median(one[name] for one in found)))

    def whole(self, sites: int, runs: int) -> None:
        """ansible-playbook render.yml beside a play that does nothing."""
        root = self.network(sites)

        def from_nothing() -> Cost:
            shutil.rmtree(root / "build", ignore_errors=True)
            return self.playbook(root, "render.yml")

        self.keep("render.yml", sites, repeated(runs, from_nothing))
        self.keep("render.yml again", sites, repeated(runs, lambda: self.playbook(root, "render.yml")))
        self.keep("no-op play", sites, repeated(runs, lambda: self.playbook(root, plays.NO_OP)))

    def check(self, runs: int) -> None:
        """check.yml with nothing remembered, and with everything remembered."""
        root = self.network(REAL)
        self.playbook(root, "render.yml")

        def cold() -> Cost:
            shutil.rmtree(root / "build" / "check", ignore_errors=True)
            return self.playbook(root, "check.yml")

        self.keep("check.yml cold", REAL, repeated(runs, cold))
        self.keep("check.yml warm", REAL, repeated(runs, lambda: self.playbook(root, "check.yml")))

    def other_ways(self) -> None:
        """Nornir on all routers, one template task per feature on a few: CPU milliseconds per device."""
        root = self.network(REAL)
        for name, seconds in self.script("nornir_render.py", root).items():
            self.per_device_ms[f"Nornir, {name}"] = 1000 * seconds / REAL
        hosts = sorted(path.stem for path in (root / "build" / "intended").glob("*-r[12].conf"))[: FEW_HOSTS + 1]
        documents = plays.write_template_tasks(root, hosts)
        one, all_ = (
            self.playbook(root, plays.TEMPLATE_TASKS, f"--limit={','.join(some)}") for some in (hosts[:1], hosts[1:])
        )
        self.per_device_ms["template task per feature"] = 1000 * (all_.cpu_s - one.cpu_s) / (len(hosts[1:]) - 1)
        for host, document in documents.items():
            # Ansible drops the last line end of an included template.
            squeezed = document.replace("\n", "")
            assert all(part.replace("\n", "") in squeezed for part in plays.parts(root, host)), host


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    return kept | {"ANSIBLE_NOCOLOR": "1", "LC_ALL": "C.UTF-8"}


def main() -> None:
    """Measure, print the table, write build/results/bench.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, nargs="+", default=list(RUNS), help="sizes of network to measure")
    parser.add_argument("--only", choices=["phases", "whole", "check", "other_ways"], help="measure one part")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tslcd-bench-") as directory:
        bench = Bench(Path(directory))
        for sites in options.sites:
            if options.only in {None, "phases"}:
                bench.phases(sites, RUNS.get(sites, 1))
            if options.only in {None, "whole"}:
                bench.whole(sites, RUNS.get(sites, 1))
        if options.only in {None, "check"}:
            bench.check(RUNS[REAL] - 2)
        if options.only in {None, "other_ways"}:
            bench.playbook(bench.network(REAL), "render.yml")
            bench.other_ways()
    report = bench_report.Report(bench.costs, bench.per_device_ms, REAL)
    print(report.text())
    path = ROOT / "build" / "results" / "bench.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report.data(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
