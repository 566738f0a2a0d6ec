from __future__ import annotations

import json
import subprocess
import sys

from twin.faults.lane import GRACE_S, TIMER_S

COUNT = 12  # one round of the plan: every family of faults


def test_every_fault_leaves_a_whole_and_reachable_router(tmp_path, measured):
    """Whatever dies in the middle of a commit: old or new configuration, whole and in time; the next commit works."""
    results = tmp_path / "faults.json"
    command = [sys.executable, "-m", "twin.faults", "--count", str(COUNT), "--seed", "1", "--results", str(results)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == f"faults {COUNT}, whole {COUNT}, reachable {COUNT}", (
        done.stdout + done.stderr
    )
    measured("s", [round(row["away"], 1) for row in json.loads(results.read_text())], TIMER_S + GRACE_S)
