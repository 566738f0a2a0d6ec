"""How long an engineer waits for one router, from opening the session to the result, on a standing twin.

Run by `make benchcommit` on the controller. Measures side by side, in one run: nothing to do, a small change committed
and verified and its way back, and the whole `site.yml --limit` for the same router: the ratio shows what Ansible adds.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tslcd import commit, session
from tslcd.intended import Build
from tslcd.witness import HubRoutes

ROOT = Path(__file__).resolve().parents[2]
HOST = "lci-02686-a-mu-sung-r1"
HUB = "lci-hub-r1"
RUNS = 5


def main() -> None:
    """Measure, print a table, write build/results/benchcommit.json."""
    build = Build(ROOT)
    wanted, intent, hub = build.text(HOST, "full"), build.intent(HOST, "full"), build.intent(HUB, "full")
    changed = wanted.replace("limit rate 10/minute", "limit rate 11/minute")
    assert changed != wanted

    def deploy(text: str) -> commit.Outcome:
        device = session.driver("frr", str(intent.loopback_v4.ip), "netops")
        witness = HubRoutes(session.driver("frr", str(hub.loopback_v4.ip), "netops"), HUB)
        return commit.deploy(device, text, intent, witness)

    times: dict[str, list[float]] = {"no change": [], "commit with verification": [], "site.yml --limit, no change": []}
    for _ in range(RUNS):
        times["no change"].append(_timed(lambda: deploy(wanted), "unchanged"))
        for text in (changed, wanted):
            times["commit with verification"].append(_timed(lambda text=text: deploy(text), "committed"))
        start = time.monotonic()
        subprocess.run(
            ["ansible-playbook", "site.yml", f"--limit={HOST}"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
        times["site.yml --limit, no change"].append(time.monotonic() - start)
    floor = statistics.median(times["no change"])
    print(f"{'one router':30}{'runs':>6}{'min s':>8}{'median s':>10}{'max s':>8}{'ratio':>8}")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:30}{len(values):6}{min(values):8.2f}{median:10.2f}{max(values):8.2f}{median / floor:8.1f}")
    path = ROOT / "build" / "results" / "benchcommit.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(times, indent=1) + "\n", encoding="utf-8")


def _timed(run: Callable[[], commit.Outcome], expected: str) -> float:
    start = time.monotonic()
    outcome = run()
    assert outcome.result == expected, outcome
    return time.monotonic() - start


if __name__ == "__main__":
    main()
