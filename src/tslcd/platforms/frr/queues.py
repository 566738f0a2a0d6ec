"""An uplink's queues as section `tc` says them: HTB trees, with every value as the kernel gives it back.

Class 1:1 is the whole uplink, 1:2 to 1:f are our classes in the order of the declaration. Site n that is shaped on its
own has 1:(16n + 1) and its classes behind it. HTB counts what a packet takes on the wire, hence `overhead`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from tslcd.intent import RouterIntent, UplinkIntent
from tslcd.qos import ClassIntent, SpokeIntent

OVERHEAD_BYTES = 24  # Ethernet: preamble 8, frame check 4, gap 12; HTB knows of the header
FRAME_BYTES = 1514
KBPS_PER_MBPS = 1000
BURST_MS = 4
"""How late the kernel may wake up without losing rate."""
SPOKES_PERCENT = 90
"""Of an uplink's guarantees where sites are shaped on their own; what goes to nobody's site has the rest."""
QUEUE_MS = 50
"""How long a packet waits at most while its class has all that it may have …"""
STARVED_MS = 400
"""… and while it has its guarantee only."""
PRIORITY_QUEUE_MS = {1: 20, 2: 100}  # sound; pictures come in bursts
LEAST_QUEUE_FRAMES = 4
PRIO = {"guarantee": 2, "fair": 3, "leftover": 4}  # below the priority classes: 0 and 1
_KIB, _MIB = 1 << 10, 1 << 20


@dataclass(frozen=True, slots=True)
class QueueClass:
    """One line `class`: rates in kbit/s, sizes in bytes. Without a parent it is the root, with a queue a leaf."""

    name: str
    parent: str
    rate_kbps: int
    ceil_kbps: int
    burst: int
    cburst: int
    overhead: int
    prio: int
    quantum: int
    queue: str


@dataclass(frozen=True, slots=True)
class Tree:
    """What shapes an interface; `default` takes packets that name no class."""

    interface: str
    default: str
    classes: tuple[QueueClass, ...]


def trees(intent: RouterIntent) -> tuple[Tree, ...]:
    """One per uplink, by the name of its port; none on day-0."""
    marking = intent.marking
    if marking is None:
        return ()
    return tuple(
        _tree(uplink, marking.default_class) for uplink in sorted(intent.uplinks, key=lambda uplink: uplink.port)
    )


def class_name(number: int, position: int) -> str:
    """Of the class at this position of the declaration, towards site `number`, or towards no site in particular (0)."""
    return f"1:{16 * number + 2 + position:x}"


def _tree(uplink: UplinkIntent, default: str) -> Tree:
    position = next(n for n, this in enumerate(uplink.classes) if this.name == default)
    return Tree(uplink.port, class_name(0, position), tuple(_classes(uplink)))


def _classes(uplink: UplinkIntent) -> Iterator[QueueClass]:
    rate = _rate(uplink.rate_mbps * KBPS_PER_MBPS)
    yield _inner("1:1", "", rate, rate)
    common = rate * (100 - SPOKES_PERCENT) // 100 if uplink.spokes else rate
    yield from _leaves(uplink.classes, 0, common, rate)
    together = sum(spoke.rate_mbps for spoke in uplink.spokes) * KBPS_PER_MBPS
    for spoke in uplink.spokes:
        whole = _rate(min(spoke.rate_mbps * KBPS_PER_MBPS, rate))
        guaranteed = _rate(min(whole, whole * (rate * SPOKES_PERCENT // 100) // together))
        yield _inner(f"1:{16 * spoke.site_number + 1:x}", "1:1", guaranteed, whole)
        yield from _leaves(uplink.classes, spoke.site_number, guaranteed, whole)


def _inner(name: str, parent: str, rate: int, ceil: int) -> QueueClass:
    return QueueClass(name, parent, rate, ceil, _burst(rate), _burst(ceil), OVERHEAD_BYTES, 0, 0, "")


def _leaves(classes: Sequence[ClassIntent], number: int, guaranteed: int, whole: int) -> Iterator[QueueClass]:
    """`guaranteed` and `whole`: what all of them have for certain, and at most; a priority class keeps to its share."""
    for position, this in enumerate(classes):
        rate = _rate(guaranteed * this.share_percent // 100)
        is_priority = this.treatment == "priority"
        ceil = max(rate, _rate(whole * this.share_percent // 100)) if is_priority else whole
        level = this.priority_level or 1
        yield QueueClass(
            name=class_name(number, position),
            parent=f"1:{16 * number + 1:x}",
            rate_kbps=rate,
            ceil_kbps=ceil,
            burst=_burst(rate),
            cburst=_burst(ceil),
            overhead=OVERHEAD_BYTES,
            prio=level - 1 if is_priority else PRIO[this.treatment],
            quantum=FRAME_BYTES * max(1, this.share_percent // 2),
            queue=f"bfifo:{_queue_bytes(rate, ceil, PRIORITY_QUEUE_MS[level] if is_priority else 0)}b",
        )


def _queue_bytes(rate: int, ceil: int, priority_ms: int) -> int:
    waiting = _bytes(ceil, priority_ms) if priority_ms else min(_bytes(ceil, QUEUE_MS), _bytes(rate, STARVED_MS))
    return _shown(max(LEAST_QUEUE_FRAMES * FRAME_BYTES, waiting))


def _bytes(kbps: int, ms: int) -> int:
    return kbps * ms // 8


def _rate(kbps: int) -> int:
    """The nearest lower rate that tc prints exactly and that sends whole bytes in a millisecond."""
    step = 1000 if kbps >= 1_000_000 else 8
    return max(step, kbps // step * step)


@cache
def _burst(kbps: int) -> int:
    """At least one frame, in whole milliseconds: these survive the kernel's clock."""
    ms = BURST_MS
    while (size := _bytes(kbps, ms)) < FRAME_BYTES + OVERHEAD_BYTES or _shown(size) != size:
        ms += 1
    return size


def _shown(size: int) -> int:
    """What tc prints of a size: near a multiple of a KiB or MiB, only that."""
    for unit, slack in ((_MIB, _KIB), (_KIB, 16)):
        if size >= unit:
            multiple = unit * round(size / unit)
            if abs(multiple - size) < slack:
                return multiple
    return size


def spoke_map(spokes: Sequence[SpokeIntent], family: str, position: int) -> str:
    """Prefix of a site → its class at this position, as nftables prints the elements; empty without sites."""
    return ", ".join(
        f"{spoke.v4 if family == 'v4' else spoke.v6} : {class_name(spoke.site_number, position)}" for spoke in spokes
    )
