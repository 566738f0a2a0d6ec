"""QoS of an uplink: our classes with their rates, and what the carrier must see to put them into its own classes."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from tslcd.model import Dscp, Provider, Qos, QosClass

KBPS_PER_MBPS = 1000


@dataclass(frozen=True, slots=True)
class ClassIntent:
    """One class on one uplink; `rate_kbps` is its share of the contract rate.

    `remark` is the DSCP that its packets must carry on this line, None where the carrier recognises them as they are.
    """

    name: str
    dscp: tuple[Dscp, ...]
    pcp: int
    share_percent: int
    rate_kbps: int
    treatment: str
    priority_level: int | None
    provider_class: str | None
    remark: Dscp | None


@dataclass(frozen=True, slots=True)
class SpokeIntent:
    """A site that is shaped on its own where much is sent to many: the rate of its line and its prefixes."""

    site_number: int
    rate_mbps: int
    v4: IPv4Network
    v6: IPv6Network


def classes(qos: Qos, provider: Provider, rate_mbps: int) -> tuple[ClassIntent, ...]:
    """Derive the classes of an uplink with this contract rate, in the order of the declaration."""
    return tuple(_class(declared, provider, rate_mbps) for declared in qos.classes)


def _class(declared: QosClass, provider: Provider, rate_mbps: int) -> ClassIntent:
    wanted = provider.class_map.get(declared.name)
    return ClassIntent(
        name=declared.name,
        dscp=declared.dscp,
        pcp=declared.pcp,
        share_percent=declared.share_percent,
        rate_kbps=rate_mbps * KBPS_PER_MBPS * declared.share_percent // 100,
        treatment=declared.treatment,
        priority_level=declared.priority_level,
        provider_class=wanted,
        remark=None if wanted is None else _remark(declared, provider, wanted),
    )


def _remark(declared: QosClass, provider: Provider, wanted: str) -> Dscp | None:
    if {_recognised(provider, dscp) for dscp in declared.dscp} == {wanted}:
        return None
    # The carrier's class for the rest is recognised by no DSCP: DF is what nobody sells anything better for.
    return next(iter(provider.traffic_classes[wanted].recognised_by), "DF")


def _recognised(provider: Provider, dscp: Dscp) -> str | None:
    """The carrier's class that a packet with this DSCP is put into."""
    rest = None
    for name, traffic_class in provider.traffic_classes.items():
        if dscp in traffic_class.recognised_by:
            return name
        if not traffic_class.recognised_by:
            rest = name
    return rest
