"""Two routers of one site: the cross-connect between them, and the gateways that whichever is active has.

The active router has every gateway address of the site, the other one none: so one router alone judges the site's
traffic, whose answers it must have seen. The other passes packets between the carriers and the cross-connect. Routes
from carriers are told to each other over the cross-connect (iBGP); the way to the site's own subnets is a static route
to the other router that only holds while the gateway is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface

from tslcd import addressing
from tslcd.model import Bfd, Province, Router


@dataclass(frozen=True, slots=True)
class PairIntent:
    """A router's part in its site's pair; the cross-connect lies between `local_*` and `peer_*`, on `port`."""

    port: str
    first: bool
    """Whether it is the one that is active while both work."""
    leaves: bool
    """Whether the gateways leave it: somebody is to work on it, and its lines are drained already."""
    local_v4: IPv4Interface
    peer_v4: IPv4Address
    local_v6: IPv6Interface
    peer_v6: IPv6Address
    other_loopback_v4: IPv4Interface
    other_loopback_v6: IPv6Interface
    keepalive_s: int
    hold_s: int
    bfd: Bfd
    local_preference: int
    advertisement_ms: int
    return_delay_s: int
    heard_in_vlan: int
    """VLAN id of the LAN in which they tell each other that they are there: management's."""


def derive(province: Province, router: Router) -> PairIntent:
    """What a router of a pair has beside a router that is alone."""
    declared, work = province.pair, router.device.maintenance
    v4 = [IPv4Interface((int(declared.link_v4.network_address) + n, 31)) for n in (0, 1)]
    v6 = [IPv6Interface((int(declared.link_v6.network_address) + n, 127)) for n in (0, 1)]
    own = router.unit - 1
    return PairIntent(
        port=declared.port,
        first=router.unit == 1,
        leaves=work is not None and work.state == "drained",
        local_v4=v4[own],
        peer_v4=v4[1 - own].ip,
        local_v6=v6[own],
        peer_v6=v6[1 - own].ip,
        other_loopback_v4=addressing.loopback_v4(province.addressing, router.site.number, 3 - router.unit),
        other_loopback_v6=addressing.loopback_v6(province.addressing, router.site.number, 3 - router.unit),
        keepalive_s=declared.keepalive_s,
        hold_s=declared.hold_s,
        bfd=declared.bfd,
        local_preference=declared.local_preference,
        advertisement_ms=declared.advertisement_ms,
        return_delay_s=declared.return_delay_s,
        heard_in_vlan=max(province.vlans, key=lambda vlan: province.zones[vlan.zone].role == "management").id,
    )
