"""The command `python -m twin.faults`: so many faults, from one seed, on the routers of the twin that stands."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from threading import Lock

from tslcd import load, secrets
from twin import paths, state
from twin.errors import TwinError
from twin.faults import plan
from twin.faults.lane import Lane, Verdict
from twin.faults.plan import Fault

LANES = 3  # routers at a time


def main(argv: Sequence[str] | None = None) -> int:
    """Run the campaign; exit 0 only when every fault happened and left its router whole and reachable."""
    arguments = _parser().parse_args(argv)
    where = paths.find(Path.cwd())
    standing = state.ready(where)
    network = load.network(where.root)
    hubs = {router.hostname for router in network.routers if router.tier == "hub"}
    sites = [node for node in standing.nodes if node.kind == "router" and node.name not in hubs][: arguments.lanes]
    values = secrets.read(secrets.credentials_directory())
    lanes = {site.name: Lane(where, standing, site, network, values) for site in sites}
    faults = plan.make(arguments.seed, arguments.count, [site.name for site in sites])
    if arguments.only:
        faults = [fault for fault in faults if fault.number in arguments.only]

    start = time.monotonic()
    with ThreadPoolExecutor(len(lanes)) as executor:
        futures = [executor.submit(_run, lane, faults) for lane in lanes.values()]
        verdicts = [verdict for future in futures for verdict in future.result()]
    print(_counted("kinds", (verdict.fault.kind for verdict in verdicts)))
    print(_counted("steps", (verdict.step for verdict in verdicts)))
    print(f"seed {arguments.seed}, {len(sites)} routers, {time.monotonic() - start:.0f} s")
    if arguments.results:
        rows = [asdict(verdict) | {"whole": verdict.whole, "reachable": verdict.reachable} for verdict in verdicts]
        arguments.results.write_text(json.dumps(rows, indent=1) + "\n")
    whole, reachable = sum(v.whole for v in verdicts), sum(v.reachable for v in verdicts)
    print(f"faults {len(faults)}, whole {whole}, reachable {reachable}")
    return 0 if whole == reachable == len(faults) else 1


_PRINTING = Lock()


def _run(lane: Lane, faults: list[Fault]) -> list[Verdict]:
    """The lane's own faults. A router that cannot be repaired ends the lane; its other faults then count as failed."""
    verdicts = list[Verdict]()
    try:
        lane.prepare()
        for fault in faults:
            if fault.router == lane.router.name:
                verdicts.append(lane.run(fault))
                with _PRINTING:
                    print(verdicts[-1].line(), flush=True)
                if not (verdicts[-1].whole and verdicts[-1].reachable):
                    lane.repair()
        lane.prepare()
    except TwinError as error:
        print(f"given up: {error}", flush=True)
    return verdicts


def _counted(name: str, values: Iterable[str]) -> str:
    return f"{name}: " + ", ".join(f"{value} {count}" for value, count in sorted(Counter(values).items()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m twin.faults", description=__doc__)
    parser.add_argument("--count", type=int, default=12, metavar="N", help="how many faults (default: 12)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="what all chance comes from (default: 1)")
    parser.add_argument("--only", type=int, nargs="+", metavar="NUMBER", help="of these, only some")
    parser.add_argument("--lanes", type=int, default=LANES, help=f"routers at a time (default: {LANES})")
    parser.add_argument("--results", type=Path, metavar="FILE", help="write the verdicts as JSON")
    return parser
