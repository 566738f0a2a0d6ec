"""QoS as MQC: class maps by DSCP, and per uplink a shaper to the contract rate around a policy of classes."""

from __future__ import annotations

from dataclasses import dataclass

from tslcd.intent import RouterIntent, UplinkIntent
from tslcd.platforms.ios.names import dscp
from tslcd.qos import ClassIntent

BITS_PER_MBIT = 1_000_000
BITS_PER_KBIT = 1000
# What no class map recognises belongs to this class, and so does default forwarding.
REST = "class-default"


@dataclass(frozen=True, slots=True)
class TrafficClass:
    """A class map: packets with one of these DSCP values."""

    name: str
    dscp: str


@dataclass(frozen=True, slots=True)
class PolicyClass:
    """What a policy does with a class; 0 and "" where it does nothing of the kind. Rates are bit/s.

    `ratio` shares what the policed priority classes leave, so that every class gets its share of the whole.
    """

    name: str
    priority_level: int
    police: int
    ratio: int
    is_fair: bool
    remark: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The shaper of an uplink (bit/s) and the policy of classes inside it."""

    name: str
    child: str
    shape: int
    classes: tuple[PolicyClass, ...]


def uplink_policy(uplink: UplinkIntent) -> str:
    """Name of the policy that an uplink's interface sends by."""
    return f"{uplink.provider}-{uplink.rate_mbps}m"


def traffic_classes(intent: RouterIntent) -> tuple[TrafficClass, ...]:
    """The class maps: the same on every uplink."""
    if not intent.uplinks:
        return ()
    return tuple(
        TrafficClass(found.name, " ".join(map(dscp, found.dscp)))
        for found in intent.uplinks[0].classes
        if _name(found) != REST
    )


def policies(intent: RouterIntent) -> tuple[Policy, ...]:
    """The policies of all uplinks."""
    return tuple(
        Policy(
            name=uplink_policy(uplink),
            child=f"{uplink_policy(uplink)}-classes",
            shape=uplink.rate_mbps * BITS_PER_MBIT,
            classes=tuple(_policy_class(found) for found in sorted(uplink.classes, key=lambda c: _name(c) == REST)),
        )
        for uplink in intent.uplinks
        if uplink.classes
    )


def _policy_class(found: ClassIntent) -> PolicyClass:
    first = found.treatment == "priority"
    return PolicyClass(
        name=_name(found),
        priority_level=(found.priority_level or 1) if first else 0,
        police=found.rate_kbps * BITS_PER_KBIT if first else 0,
        ratio=0 if first else found.share_percent,
        is_fair=found.treatment == "fair",
        remark=dscp(found.remark) if found.remark else "",
    )


def _name(found: ClassIntent) -> str:
    return REST if "DF" in found.dscp else found.name
