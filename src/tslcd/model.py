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

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Addressing(Declared):
    """Base prefixes of the province (domain.md, "Addressing"). `assumed` until the national operator allocates them."""

    assumed: bool
    """True until the allocation is confirmed; assumed values are committed on the twin only."""
    allocation_ref: str | None = None
    """The letter or ticket that allocated the prefixes."""
    site_v4: IPv4Network
    """IPv4 prefix that the sites' prefixes are cut from: site n has the n-th one."""
    site_v4_length: Annotated[int, Field(ge=8, le=30)]
    """Length of a site's IPv4 prefix, bits."""
    site_v6: IPv6Network
    """IPv6 prefix that the sites' prefixes are cut from: site n has the n-th one."""
    site_v6_length: Annotated[int, Field(ge=16, le=64)]
    """Length of a site's IPv6 prefix, bits."""
    loopback_a: IPv4Network
    """IPv4 loopbacks of first routers (-r1); site n has the n-th address."""
    loopback_b: IPv4Network
    """IPv4 loopbacks of second routers (-r2); site n has the n-th address."""
    asn_base: Asn
    """Site n has the AS number asn_base + n."""


class Vlan(Declared):
    """A VLAN that every site has, placed in the site's prefix by `offset` (addresses) and `length` (bits)."""

    id: VlanId
    """VLAN id; IPv6 subnets allow for 1 to 99."""
    name: Name
    """Name, also the description of the gateway's interface."""
    zone: Zone
    """Firewall zone that its hosts belong to."""
    offset: Annotated[int, Field(ge=0)]
    """First address in the site's IPv4 prefix, counted in addresses."""
    length: Annotated[int, Field(ge=8, le=30)]
    """Length of its IPv4 subnet, bits."""
    access_ports: tuple[InterfaceName, ...]
    """Switch ports that carry this VLAN untagged."""


class Bfd(Declared):
    """Single-hop BFD timers, milliseconds."""

    transmit_ms: Annotated[int, Field(ge=50, le=60000)]
    """Least interval between packets that we send, milliseconds."""
    receive_ms: Annotated[int, Field(ge=50, le=60000)]
    """Least interval between packets that we accept, milliseconds."""
    multiplier: Annotated[int, Field(ge=2, le=50)]
    """Packets that may be lost before the session is down."""


class Provider(Declared):
    """What a carrier really gives. `assumed` facts are proposals until the contract confirms them."""

    assumed: bool
    """True until the contract confirms the facts; assumed ones are committed on the twin only."""
    name: str
    """Name for people."""
    pe_asn: Asn
    """AS number of the carrier's edge routers."""
    port: InterfaceName
    """The router's port that this carrier's line is plugged into, the same at every site."""
    link_v4: IPv4Network
    """IPv4 prefix of the PE-CE links: site n has the n-th /31, the even address is the carrier's."""
    link_v6: IPv6Network
    """IPv6 prefix of the PE-CE links: site n has the n-th /127, the even address is the carrier's."""
    keepalive_s: Annotated[int, Field(ge=1, le=600)]
    """BGP keepalive interval, seconds."""
    hold_s: Annotated[int, Field(ge=3, le=1800)]
    """BGP hold time, seconds."""
    bfd: Bfd | None = None
    """BFD on both sessions of a line; without it the hold time finds failures."""
    max_prefix_v4: Annotated[int, Field(ge=1)]
    """IPv4 prefixes above which a session is closed."""
    max_prefix_v6: Annotated[int, Field(ge=1)]
    """IPv6 prefixes above which a session is closed."""


class Routing(Declared):
    """BGP policy towards the providers: the primary uplink wins in both directions."""

    primary_local_preference: int
    """BGP local preference of what the primary uplink brings."""
    secondary_local_preference: int
    """BGP local preference of what the secondary uplink brings."""
    secondary_prepend: Annotated[int, Field(ge=1, le=5)]
    """How often the own AS number is repeated on the secondary uplink."""
    log_level: Literal["errors", "warnings", "notifications", "informational"]
    """Lowest severity that FRR logs."""


class Person(Declared):
    """A key holder, named by function (no personal data in git). `public_key` may be a ${placeholder}."""

    id: Name
    """Function of the holder, for example engineer-1."""
    account: Literal["netops", "auditor"]
    """Account that the key opens: netops changes, auditor reads."""
    public_key: DeviceText
    """OpenSSH public key, or a ${placeholder} for it."""


class System(Declared):
    """Accounts, kernel settings and SSH of every router."""

    daemons: tuple[Name, ...]
    """FRR daemons besides zebra and staticd."""
    people: tuple[Person, ...]
    """Who may log in."""
    sysctl: dict[str, int]
    """Kernel setting (net.*) → value."""
    listeners: tuple[Listener, ...]
    """All that may listen beyond the loopback, for example tcp/22 sshd."""
    sudo: tuple[DeviceText, ...]
    """Lines of sudoers; only the agent may be allowed."""
    sshd: tuple[DeviceText, ...]
    """Lines of sshd_config, in their order."""


class Flow(Declared):
    """Traffic that may be started from one zone to another, anywhere in the province; everything else is dropped."""

    source: Zone
    """Zone that starts the traffic."""
    destination: Zone
    """Zone that answers."""


class Firewall(Declared):
    """Deny by default: who may manage routers and which zones may talk to each other."""

    management_sites: tuple[Name, ...]
    """Sites whose management VLANs may open SSH to every router."""
    infrastructure_v4: IPv4Network
    """IPv4 prefix of loopbacks and PE-CE links: managed, never talked to by users."""
    infrastructure_v6: IPv6Network
    """IPv6 prefix of PE-CE links: managed, never talked to by users."""
    flows: tuple[Flow, ...]
    """Permitted directions between zones."""


class Uplink(Declared):
    """One leased PE-CE line of a site; the first declared one is the primary."""

    provider: Name
    """Key of `providers`."""
    rate_mbps: Annotated[int, Field(ge=1, le=100000)]
    """Contract rate in each direction, Mbit/s."""


class Site(Declared):
    """A site: its immutable number and what cannot be derived from it. (`no` would be a boolean in YAML 1.1.)"""

    number: Annotated[int, Field(ge=1, le=65535)]
    """Its immutable number: 16 bits of the IPv6 plan; the base prefixes may hold fewer (crosscheck)."""
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
