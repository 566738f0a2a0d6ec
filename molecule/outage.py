"""How long a commune with two uplinks and the hub do not reach each other when something fails, in both families."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable

from stream import Stream

SITE, ROUTER, HUB, HUB_ROUTER = "lci-02686-a-mu-sung", "lci-02686-a-mu-sung-r1", "lci-hub", "lci-hub-r1"
HUB_ROOM = {"ipv4": "10.96.5.10", "ipv6": "2001:db8:1500:120::10"}
_PREFIXES = {
    ROUTER: ("10.96.4.0/22", "2001:db8:1500:100::/56"),
    HUB_ROUTER: ("10.98.8.0/22", "2001:db8:1500:8200::/56"),
}
RUNS = int(os.environ.get("FAILOVER_RUNS", "1"))
PRIMARY, SECONDARY = {"wan1"}, {"wan2"}
STEADY = 25  # answers, a second's
WAY_LIMIT_S = 150  # until routing has settled: a session that failed several times waits longer before it tries

Twin = Callable[..., str]
Eventually = Callable[..., float]


def ways(twin: Twin) -> set[str]:
    """Interfaces that carry what the site sends to the hub and the hub to the site, in both families."""
    found = set()
    for router, prefixes in _PREFIXES.items():
        for word, prefix in zip(("ip", "ipv6"), prefixes, strict=True):
            shown = json.loads(twin("exec", router, "--", "vtysh", "-c", f"show {word} route {prefix} json"))
            hops = [
                hop for route in shown.get(prefix, ()) for hop in route.get("nexthops", ()) if route.get("selected")
            ]
            found |= {hop["interfaceName"] for hop in hops if hop.get("fib") and "interfaceName" in hop}
    return found


class Meeting:
    """The commune's and the hub's conference rooms send each other packets all the time, in both families."""

    def __init__(self, twin: Twin, eventually: Eventually, site: str = SITE) -> None:
        self._twin, self._eventually = twin, eventually
        self._streams = [Stream(f"{site}-conference", address) for address in HUB_ROOM.values()]
        self.since = time.time()

    def __enter__(self) -> Meeting:
        self.goes_on()
        return self

    def __exit__(self, *_: object) -> None:
        for stream in self._streams:
            stream.stop()

    def goes_on(self) -> None:
        """Wait until answers come steadily; what is measured begins here."""
        self.since = moment = time.time()
        self._eventually(
            lambda: all(stream.answers_since(moment) >= STEADY for stream in self._streams), WAY_LIMIT_S, "answers"
        )

    def outage(self, cause: Callable[[], object], way: set[str]) -> float:
        """Do something, wait until both directions take `way` and answers come; the longest silence, in seconds."""
        since = time.time()
        cause()
        self._eventually(lambda: ways(self._twin) == way, WAY_LIMIT_S, f"the way over {', '.join(way)}")
        self.goes_on()
        return round(max(stream.longest_silence(since) for stream in self._streams), 2)


def measure(run: Callable[[], float], limit_s: float) -> tuple[list[float], list[float]]:
    """The outages of all runs, and what a lone one was that was repeated: the machine was late, not the network."""
    values: list[float] = []
    repeated: list[float] = []
    while len(values) < RUNS:
        value = run()
        if value > limit_s and not repeated:
            repeated.append(value)
        else:
            values.append(value)
    return values, repeated
