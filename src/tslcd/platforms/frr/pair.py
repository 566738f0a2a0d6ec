"""Two routers of a site in the words of keepalived, FRR and nftables."""

from __future__ import annotations

from dataclasses import dataclass

from tslcd.intent import RouterIntent
from tslcd.pair import PairIntent
from tslcd.platforms.frr.names import vlan_interface

PRIORITIES = {True: 110, False: 100}
"""VRRP priority of the first router and of the second."""
LEAVING = 10
"""Of one that the gateways leave: less than the other one has, whatever its LAN ports cost it."""
PORT_WEIGHT = 20
"""What a LAN port without a link costs: more than the first router is ahead."""
SHARED = "fe80::1"
"""Link-local address of the active router, as VRRP for IPv6 wants one."""
GROUP = 1


@dataclass(frozen=True, slots=True)
class Gateway:
    """An address with length that the active router has on an interface."""

    address: str
    interface: str


@dataclass(frozen=True, slots=True)
class Way:
    """What covers a subnet of the site, and the other router, which is the way there while the gateway is not here."""

    subnet: str
    via: str


@dataclass(frozen=True, slots=True)
class Pair:
    """What a router of a pair prints beside one that is alone. `ports` are those whose links count, a set as `lan*`."""

    port: str
    interface: str
    """Of the management VLAN, where VRRP is spoken."""
    peer_v4: str
    peer_v6: str
    local_preference: int
    other_v4: str
    other_v6: str
    group: int
    shared: str
    priority: int
    advertisement_s: str
    return_delay_s: int
    gateways: tuple[Gateway, ...]
    ways_v4: tuple[Way, ...]
    ways_v6: tuple[Way, ...]
    ports: tuple[str, ...]
    port_weight: int


def pair_facts(intent: RouterIntent, pair: PairIntent) -> Pair:
    """Lists stand in the order in which the daemons print them: IPv4 first, by number."""
    v4 = sorted(intent.vlans, key=lambda vlan: vlan.subnet_v4)
    v6 = sorted(intent.vlans, key=lambda vlan: vlan.subnet_v6)
    # A bit wider than the subnets: for IPv6 the kernel prefers a static route to an interface's own of the same length,
    # and a router that has just got the gateways would go on sending to the one that has just let them go.
    wider = sorted({vlan.subnet_v6.supernet() for vlan in v6})
    return Pair(
        port=pair.port,
        interface=vlan_interface(pair.heard_in_vlan),
        peer_v4=str(pair.peer_v4),
        peer_v6=str(pair.peer_v6),
        local_preference=pair.local_preference,
        other_v4=str(pair.other_loopback_v4.ip),
        other_v6=str(pair.other_loopback_v6.ip),
        group=GROUP,
        shared=SHARED,
        priority=LEAVING if pair.leaves else PRIORITIES[pair.first],
        advertisement_s=f"{pair.advertisement_ms / 1000:g}",
        return_delay_s=pair.return_delay_s if pair.first else 0,
        gateways=(
            *(Gateway(str(vlan.gateway_v4), vlan_interface(vlan.id)) for vlan in v4),
            *(Gateway(str(vlan.gateway_v6), vlan_interface(vlan.id)) for vlan in v6),
        ),
        ways_v4=tuple(Way(str(vlan.subnet_v4), str(pair.peer_v4)) for vlan in v4),
        ways_v6=tuple(Way(str(subnet), str(pair.peer_v6)) for subnet in wider),
        ports=tuple(port.name for port in intent.ports if port.enabled),
        port_weight=PORT_WEIGHT,
    )
