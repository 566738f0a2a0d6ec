"""Address formulas of the plan (domain.md, "Addressing"): every address follows from a site's immutable number.

All functions are pure. They raise ValueError when the result would leave its base prefix.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import NamedTuple

from tslcd.model import Addressing, MultihopBfd, Provider, Vlan


class Link4(NamedTuple):
    """A PE-CE /31: the even address is the provider's."""

    pe: IPv4Interface
    ce: IPv4Interface


class Link6(NamedTuple):
    """A PE-CE /127: the even address is the provider's."""

    pe: IPv6Interface
    ce: IPv6Interface


def is_inside(network: IPv4Network | IPv6Network, base: IPv4Network | IPv6Network) -> bool:
    """Whether `network` is `base` or a part of it, of one family: `subnet_of` at a tenth of its cost."""
    outside = int(network.network_address) ^ int(base.network_address)
    return network.prefixlen >= base.prefixlen and outside >> (base.max_prefixlen - base.prefixlen) == 0


def _nth4(base: IPv4Network, length: int, index: int) -> IPv4Network:
    network = IPv4Network((int(base.network_address) + (index << (32 - length)), length))
    if not is_inside(network, base):
        raise ValueError(f"number {index} does not fit into {base} as a /{length}")
    return network


def _nth6(base: IPv6Network, length: int, index: int) -> IPv6Network:
    network = IPv6Network((int(base.network_address) + (index << (128 - length)), length))
    if not is_inside(network, base):
        raise ValueError(f"number {index} does not fit into {base} as a /{length}")
    return network


def site_v4(plan: Addressing, no: int) -> IPv4Network:
    """The site's IPv4 prefix (/22)."""
    return _nth4(plan.site_v4, plan.site_v4_length, no)


def site_v6(plan: Addressing, no: int) -> IPv6Network:
    """The site's IPv6 prefix (/56)."""
    return _nth6(plan.site_v6, plan.site_v6_length, no)


def loopback_v4(plan: Addressing, no: int, unit: int) -> IPv4Interface:
    """Loopback of the site's router number `unit` (1 = A, 2 = B)."""
    base = plan.loopback_a if unit == 1 else plan.loopback_b
    return IPv4Interface(_nth4(base, 32, no))


def loopback_v6(plan: Addressing, no: int, unit: int) -> IPv6Interface:
    """IPv6 loopback: subnet 00 of the site's prefix, ::1 = A, ::2 = B."""
    return IPv6Interface((int(site_v6(plan, no).network_address) + unit, 128))


def vlan_v4(plan: Addressing, no: int, vlan: Vlan) -> IPv4Network:
    """The VLAN's IPv4 subnet inside the site's prefix, or its local one."""
    if vlan.local_v4 is not None:
        return vlan.local_v4
    site = site_v4(plan, no)
    network = IPv4Network((int(site.network_address) + (vlan.offset or 0), vlan.length or 32))
    if not is_inside(network, site):
        raise ValueError(f"VLAN {vlan.id} at offset {vlan.offset} does not fit into {site}")
    return network


def vlan_v6(plan: Addressing, no: int, vlan: Vlan) -> IPv6Network:
    """The VLAN's /64: the last byte of the subnet is the VLAN id written in decimal (VLAN 99 → …:8199::/64)."""
    if vlan.id > 99:
        raise ValueError(f"VLAN {vlan.id} has no IPv6 subnet: only ids up to 99 fit into one byte of two digits")
    return _nth6(site_v6(plan, no), 64, int(str(vlan.id), 16))


def gateway_v4(subnet: IPv4Network) -> IPv4Interface:
    """The gateway is the subnet's first host."""
    return IPv4Interface((int(subnet.network_address) + 1, subnet.prefixlen))


def gateway_v6(subnet: IPv6Network) -> IPv6Interface:
    """The gateway is the subnet's first host."""
    return IPv6Interface((int(subnet.network_address) + 1, subnet.prefixlen))


def host_v4(subnet: IPv4Network, number: int) -> IPv4Address:
    """Host `number` of a subnet."""
    address = IPv4Address(int(subnet.network_address) + number)
    if address not in subnet or address == subnet.broadcast_address:
        raise ValueError(f"host {number} does not fit into {subnet}")
    return address


def host_v6(subnet: IPv6Network, number: int) -> IPv6Address:
    """Host `number` of a subnet: its digits as they are written (host 20 → …::20)."""
    return IPv6Address(int(subnet.network_address) + int(str(number), 16))


def link_v4(provider: Provider, no: int, unit: int = 1) -> Link4:
    """The PE-CE link of a site's router number `unit` at a provider; a second router's is counted from the end."""
    last = (1 << (31 - provider.link_v4.prefixlen)) - 1
    network = _nth4(provider.link_v4, 31, no if unit == 1 else last - no)
    first = int(network.network_address)
    return Link4(IPv4Interface((first, 31)), IPv4Interface((first + 1, 31)))


def link_v6(provider: Provider, no: int, unit: int = 1) -> Link6:
    """The PE-CE link of a site's router number `unit` at a provider; a second router's is counted from the end."""
    last = (1 << (127 - provider.link_v6.prefixlen)) - 1
    network = _nth6(provider.link_v6, 127, no if unit == 1 else last - no)
    first = int(network.network_address)
    return Link6(IPv6Interface((first, 127)), IPv6Interface((first + 1, 127)))


def end_v4(multihop: MultihopBfd, no: int, unit: int = 1) -> IPv4Interface:
    """End of the multihop sessions of a site's router number `unit`; a second router's is counted from the last."""
    last = multihop.ends_v4.num_addresses - 1
    return IPv4Interface(_nth4(multihop.ends_v4, 32, no if unit == 1 else last - no))


def end_v6(multihop: MultihopBfd, no: int, unit: int = 1) -> IPv6Interface:
    """End of the multihop sessions of a site's router number `unit`; a second router's is counted from the last."""
    last = multihop.ends_v6.num_addresses - 1
    return IPv6Interface(_nth6(multihop.ends_v6, 128, no if unit == 1 else last - no))


def asn(plan: Addressing, no: int) -> int:
    """The site's private 4-byte AS number."""
    return plan.asn_base + no
