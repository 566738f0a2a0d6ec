"""Which faults, where and when: a pure function of seed, count and routers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import Literal

from twin.faults.variations import VARIATIONS, WITH_STEP

Family = Literal["client", "agent", "daemon", "power", "path", "disk", "two"]

KINDS: dict[Family, tuple[str, ...]] = {
    "client": ("client",),
    "agent": ("agent", "agent-and-children", "agent-and-timer", "timer"),
    "daemon": ("zebra", "bgpd", "bfdd", "staticd", "watchfrr", "ovs-vswitchd", "ovsdb-server", "sshd"),
    "power": ("power-loss", "power-loss-torn"),
    "path": ("path-firewall", "path-bgp", "path-loopback", "path-sshd"),
    "disk": ("disk-full", "disk-nearly-full"),
    "two": ("two-committers",),
}
# One round has every family; those with most to find come more often.
ROUND: tuple[Family, ...] = (
    *("power", "daemon", "agent", "path", "client", "disk"),
    *("two", "power", "daemon", "agent", "daemon", "path"),
)
# Steps of a commit as the agent's journal names them, in their order.
STEPS = (
    *("read", "check", "begin", "timer", "system", "release", "ovs", "sysctl", "daemons", "frr", "keepalived"),
    *("kernel", "tc", "nft", "sshd", "compare", "applied", "confirm", "confirmed"),
)
CONFIRMING = {"confirm", "confirmed"}
LATEST_IN_STEP_S = 0.4
MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. It strikes `delay_s` after the commit has begun `step`. `changes` make the candidate out of what is
    declared; `others` those of a second engineer; `number` and `grain` (0 to 1) decide what else is random.
    """

    number: int
    router: str
    kind: str
    step: str
    delay_s: float
    changes: tuple[str, ...]
    others: tuple[str, ...]
    confirm: bool
    grain: float

    @property
    def family(self) -> Family:
        """What is hit."""
        return next(family for family, kinds in KINDS.items() if self.kind in kinds)


def make(seed: int, count: int, routers: Sequence[str]) -> list[Fault]:
    """Plan faults, numbered from 1, spread evenly over routers, kinds and steps."""
    random = Random(seed)
    kinds = {family: _shuffled(random, KINDS[family]) for family in KINDS}
    steps = {family: _shuffled(random, STEPS) for family in KINDS}
    faults = list[Fault]()
    for number, family in zip(range(1, count + 1), cycle(ROUND), strict=False):
        kind = next(kinds[family])
        step = _step(family, kind, next(steps[family]))
        faults.append(
            Fault(
                number=number,
                router=routers[number % len(routers)],
                kind=kind,
                step=step,
                delay_s=round(LATEST_IN_STEP_S * random.random() ** 3, 3),
                changes=_changes(random, family, step),
                others=_changes(random, family, ""),
                confirm=step in CONFIRMING or (family != "path" and random.random() < 0.5),
                grain=round(random.random(), 4),
            )
        )
    return faults


def _step(family: Family, kind: str, step: str) -> str:
    if family == "path":
        return "applied"  # the configuration itself strikes
    if kind in ("timer", "agent-and-timer") and step not in WITH_STEP:
        return "applied" if kind == "timer" else "compare"  # the timer does not live before and after
    return step


def _changes(random: Random, family: Family, step: str) -> tuple[str, ...]:
    """Some variations, among them one that makes the step necessary."""
    names = sorted(VARIATIONS.keys() - ({"day0"} if family == "path" else set()))  # day-0 has no firewall to cut it off
    chosen = random.sample(names, random.randint(1, MOST_CHANGES))
    needed = WITH_STEP.get(step, ())
    if needed and not set(needed) & set(chosen):
        chosen.append(random.choice(needed))
    return tuple(sorted(set(chosen)))


def _shuffled(random: Random, items: Sequence[str]) -> Iterator[str]:
    """All items in random order, again and again."""
    while True:
        yield from random.sample(items, len(items))
