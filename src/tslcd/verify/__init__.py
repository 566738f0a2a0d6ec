"""Live verification, one module per feature: does the router do what its intent says?

Every module has `problems(intent, device)`, which reads the router (and tries it from where we stand) and returns one
sentence per thing that is not as intended; an empty list is the proof. `until_clean` polls them with a deadline.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from napalm.base import NetworkDriver

from tslcd.intent import RouterIntent
from tslcd.verify import firewall, maintenance, multihop, qos, router, system, vlan
from tslcd.witness import Witness

Problems = Callable[[RouterIntent, NetworkDriver], list[str]]

FEATURES: Mapping[str, Problems] = MappingProxyType(
    {
        "system": system.problems,
        "router": router.problems,
        "multihop": multihop.problems,
        "vlan": vlan.problems,
        "firewall": firewall.problems,
        "qos": qos.problems,
        "maintenance": maintenance.problems,
    }
)
ALONE: tuple[str, ...] = tuple(name for name in FEATURES if name not in ("multihop", "maintenance"))
"""What a router can do by itself, so that a commit is judged by it: in a roll-out the hub's ends come last, and a line
that it drains is empty some time later, or never."""


def until_clean(
    intent: RouterIntent,
    device: NetworkDriver,
    timeout_s: float,
    features: Iterable[str] = ALONE,
    witness: Witness | None = None,
) -> list[str]:
    """Poll features and neighbour until none has a problem or the time is over; return the problems that stayed."""
    deadline = time.monotonic() + timeout_s
    while True:
        found = [f"{name}: {problem}" for name in features for problem in FEATURES[name](intent, device)]
        found += [f"neighbour: {problem}" for problem in witness.problems(intent)] if witness else []
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.3)
