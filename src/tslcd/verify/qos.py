"""QoS: every uplink is shaped, and every class has its queue there."""

from __future__ import annotations

import json

from napalm.base import NetworkDriver

from tslcd.intent import RouterIntent
from tslcd.platforms.frr.queues import trees


def problems(intent: RouterIntent, device: NetworkDriver) -> list[str]:
    """Uplinks that are not shaped, and classes that they lack."""
    if intent.marking is None:
        return []
    queues = json.loads(device.cli(["show queues"])["show queues"])
    found = []
    for tree, uplink in zip(trees(intent), sorted(intent.uplinks, key=lambda uplink: uplink.port), strict=True):
        running = queues.get(tree.interface, {})
        if not running:
            found.append(f"{tree.interface} ({uplink.provider}) is not shaped")
            continue
        found += [f"{tree.interface} has no class {this.name}" for this in tree.classes if this.name not in running]
    return found
