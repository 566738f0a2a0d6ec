"""How platform ios calls things of its own: interfaces, access lists, DSCP values."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Network

from tslcd.firewall import PatternV4

IPNetwork = IPv4Network | IPv6Network

ALL_ONES = 0xFFFFFFFF
# Values that this platform has no keyword for (RFC 8622, RFC 5865).
NUMERIC_DSCP = {"LE": "1", "VA": "44", "DF": "default"}


def vlan_interface(vlan_id: int) -> str:
    """The gateway interface of a VLAN."""
    return f"Vlan{vlan_id}"


def dscp(name: str) -> str:
    """A DSCP value as the command line takes it."""
    return NUMERIC_DSCP.get(name, name.lower())


def with_mask(address: IPv4Interface) -> str:
    """An interface's address: `10.0.0.1 255.255.255.0`."""
    return f"{address.ip} {address.netmask}"


def network(prefix: IPNetwork) -> str:
    """A prefix in an access list: with wildcard bits in IPv4, with its length in IPv6."""
    return f"{prefix.network_address} {prefix.hostmask}" if isinstance(prefix, IPv4Network) else str(prefix)


def host(address: object) -> str:
    """A single address in an access list."""
    return f"host {address}"


def pattern(inside: IPv4Network, wanted: PatternV4) -> str:
    """Addresses of `inside` that fit a pattern; wildcard bits need not stand together."""
    address = int(inside.network_address) | int(wanted.value)
    care = int(inside.netmask) | int(wanted.mask)
    return f"{IPv4Address(address)} {IPv4Address(~care & ALL_ONES)}"
