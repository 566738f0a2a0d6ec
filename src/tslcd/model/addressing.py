"""Base prefixes and AS numbers: what every site's addresses follow from."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import Field

from tslcd.model.base import Asn, Declared, Text


class Addressing(Declared):
    """Base prefixes of the province (domain.md, "Addressing"). `assumed` until the national operator allocates them."""

    assumed: bool
    """True until the allocation is confirmed; assumed values are committed on the twin only."""
    allocation_ref: Text | None = None
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
