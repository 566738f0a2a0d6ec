"""Maintenance: nothing but control traffic passes over a line that is drained."""

from __future__ import annotations

import json
import time

from napalm.base import NetworkDriver

from tslcd.intent import RouterIntent

WINDOW_S = 2.0
WAYS = {"in": "came in", "out": "went out"}


def problems(intent: RouterIntent, device: NetworkDriver) -> list[str]:
    """Drained lines over which packets of users passed within two seconds: work on them would lose packets."""
    lines = {uplink.port: uplink.provider for uplink in intent.uplinks if uplink.drained}
    if not lines:
        return []
    before = _passed(device)
    time.sleep(WINDOW_S)
    after = _passed(device)
    found = [f"{port} ({provider}) is not drained" for port, provider in lines.items() if port not in after]
    for port, counters in after.items():
        counts = [(counters[way] - before.get(port, {}).get(way, 0), way) for way in WAYS]
        found += [
            f"the line of {lines.get(port, port)} is not empty: {count} packets {WAYS[way]} within {WINDOW_S:.0f} s"
            for count, way in counts
            if count
        ]
    return found


def _passed(device: NetworkDriver) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = json.loads(device.cli(["show drained"])["show drained"])
    return found
