"""Live verification, one module per feature: does the router do what its intent says?

Every module has `problems(intent, device)`, which reads the router (and tries it from where we stand) and returns one
sentence per thing that is not as intended; an empty list is the proof. `until_clean` polls them with a deadline.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Any

from napalm.base import NetworkDriver

from tslcd.conference.endpoint import EndpointIntent
from tslcd.conference.server import ServerIntent
from tslcd.intended import DeviceIntent
from tslcd.verify import (
    conference_endpoint,
    conference_server,
    firewall,
    maintenance,
    multihop,
    qos,
    registrations,
    router,
    system,
    vlan,
)
from tslcd.witness import Witness

Problems = Callable[[Any, NetworkDriver], list[str]]
"""Each takes the intent of the role that it is for."""

FEATURES: Mapping[str, Problems] = MappingProxyType(
    {
        "system": system.problems,
        "router": router.problems,
        "multihop": multihop.problems,
        "vlan": vlan.problems,
        "firewall": firewall.problems,
        "qos": qos.problems,
        "maintenance": maintenance.problems,
        "conference_endpoint": conference_endpoint.problems,
        "conference_server": conference_server.problems,
        "registrations": registrations.problems,
    }
)
ALONE = ("system", "router", "vlan", "firewall", "qos")
"""What a router can do by itself, so that a commit is judged by it: in a roll-out the hub's ends come last, and a line
that it drains is empty some time later, or never."""


def judged_by(intent: DeviceIntent) -> tuple[str, ...]:
    """The features that a commit of a device is judged by."""
    if isinstance(intent, EndpointIntent):
        return ("conference_endpoint",)
    return ("conference_server",) if isinstance(intent, ServerIntent) else ALONE


def until_clean(
    intent: DeviceIntent,
    device: NetworkDriver,
    timeout_s: float,
    features: Iterable[str] | None = None,
    witness: Witness | None = None,
) -> list[str]:
    """Poll features (those that a commit is judged by unless named) and neighbour until none has a problem or the time
    is over; return the problems that stayed.
    """
    features = judged_by(intent) if features is None else tuple(features)
    deadline = time.monotonic() + timeout_s
    with ThreadPoolExecutor(1) as beside:  # the neighbour is another device: it is asked at the same time
        while True:
            missed = beside.submit(witness.problems, intent) if witness else None
            found = [f"{name}: {problem}" for name in features for problem in FEATURES[name](intent, device)]
            found += [f"neighbour: {problem}" for problem in missed.result()] if missed else []
            if not found or time.monotonic() > deadline:
                return found
            time.sleep(0.3)
