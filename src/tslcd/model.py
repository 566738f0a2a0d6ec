"""What people declare: one typed model per subject file of group_vars/all/ and per site.

Nothing here is derived; see intent.py for that. An unknown key is an error, so a misspelt one cannot be lost.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Tier = Literal["hub", "dr", "department", "district", "commune"]
Zone = Literal["tslcd", "conference", "services", "mgmt"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
DeviceText = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$")]
InterfaceName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.-]{0,14}$")]
Listener = Annotated[str, StringConstraints(pattern=r"^(tcp|udp)/[0-9]{1,5} [a-z0-9._-]+$")]
VlanId = Annotated[int, Field(ge=1, le=4094)]
Asn = Annotated[int, Field(ge=1, le=4294967295)]


class Declared(BaseModel):
    """Base of every declared subject: frozen, unknown keys refused, no silent type coercion of scalars."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Addressing(Declared):
    """Base prefixes of the province (domain.md, "Addressing"). `assumed` until the national operator allocates them."""

    assumed: bool
    allocation_ref: str | None = None
    site_v4: IPv4Network
    site_v4_length: Annotated[int, Field(ge=8, le=30)]
    site_v6: IPv6Network
    site_v6_length: Annotated[int, Field(ge=16, le=64)]
    loopback_a: IPv4Network
    loopback_b: IPv4Network
    asn_base: Asn


class Vlan(Declared):
    """A VLAN that every site has, placed in the site's prefix by `offset` (addresses) and `length` (bits)."""

    id: VlanId
    name: Name
    zone: Zone
    offset: Annotated[int, Field(ge=0)]
    length: Annotated[int, Field(ge=8, le=30)]
    access_ports: tuple[InterfaceName, ...]


class Bfd(Declared):
    """Single-hop BFD timers, milliseconds."""

    transmit_ms: Annotated[int, Field(ge=50, le=60000)]
    receive_ms: Annotated[int, Field(ge=50, le=60000)]
    multiplier: Annotated[int, Field(ge=2, le=50)]


class Provider(Declared):
    """What a carrier really gives. `assumed` facts are proposals until the contract confirms them."""

    assumed: bool
    name: str
    pe_asn: Asn
    link_v4: IPv4Network
    link_v6: IPv6Network
    keepalive_s: Annotated[int, Field(ge=1, le=600)]
    hold_s: Annotated[int, Field(ge=3, le=1800)]
    bfd: Bfd | None = None
    max_prefix_v4: Annotated[int, Field(ge=1)]
    max_prefix_v6: Annotated[int, Field(ge=1)]


class Routing(Declared):
    """BGP policy towards the providers: the primary uplink wins in both directions."""

    primary_local_preference: int
    secondary_local_preference: int
    secondary_prepend: Annotated[int, Field(ge=1, le=5)]
    log_level: Literal["errors", "warnings", "notifications", "informational"]


class Person(Declared):
    """A key holder, named by function (no personal data in git). `public_key` may be a ${placeholder}."""

    id: Name
    account: Literal["netops", "auditor"]
    public_key: DeviceText


class System(Declared):
    """Accounts, kernel settings and SSH of every router."""

    daemons: tuple[Name, ...]
    people: tuple[Person, ...]
    sysctl: dict[str, int]
    listeners: tuple[Listener, ...]
    sudo: tuple[DeviceText, ...]
    sshd: tuple[DeviceText, ...]


class Flow(Declared):
    """Traffic that may be started from one zone to another, anywhere in the province; everything else is dropped."""

    source: Zone
    destination: Zone


class Firewall(Declared):
    """Deny by default: who may manage routers and which zones may talk to each other."""

    management_sites: tuple[Name, ...]
    infrastructure_v4: IPv4Network
    infrastructure_v6: IPv6Network
    flows: tuple[Flow, ...]


class Uplink(Declared):
    """One leased PE-CE line of a site; the first declared one is the primary."""

    provider: Name
    rate_mbps: Annotated[int, Field(ge=1, le=100000)]


class Site(Declared):
    """A site: its immutable number and what cannot be derived from it. (`no` would be a boolean in YAML 1.1.)"""

    number: Annotated[int, Field(ge=1, le=959)]
    name: str
    uplinks: Annotated[tuple[Uplink, ...], Field(min_length=1, max_length=2)]


class Device(Declared):
    """A declared device of a site, from the inventory host's own variables."""

    role: Literal["router"]
    platform: Literal["frr"]


class Province(Declared):
    """All subjects of group_vars/all/, each under a variable of its own name."""

    addressing: Addressing
    vlans: tuple[Vlan, ...]
    providers: dict[Name, Provider]
    routing: Routing
    system: System
    firewall: Firewall


class Router(Declared):
    """A router together with its site: the unit that intent is derived for."""

    hostname: DeviceText
    site_id: Name
    tier: Tier
    parent: Name | None = None
    site: Site
    device: Device


class Network(Declared):
    """The whole declared network: every router that the inventory names, and the province's subjects."""

    province: Province
    routers: tuple[Router, ...]
