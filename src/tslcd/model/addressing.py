"""Base prefixes and AS numbers: what every site's addresses follow from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from tslcd.model.base import Asn, Declared, Prefix4, Prefix6, Text


class Addressing(Declared):
    """Base prefixes of the province (domain.md, "Addressing"). `assumed` until the national operator allocates them."""

    assumed: bool
    """True until the allocation is confirmed; assumed values are committed on the twin only."""
    allocation_ref: Text | None = None
    """The letter or ticket that allocated the prefixes."""
    site_v4: Prefix4
    """IPv4 prefix that the sites' prefixes are cut from: site n has the n-th one."""
    site_v4_length: Annotated[int, Field(ge=8, le=30)]
    """Length of a site's IPv4 prefix, bits."""
    site_v6: Prefix6
    """IPv6 prefix that the sites' prefixes are cut from: site n has the n-th one."""
    site_v6_length: Annotated[int, Field(ge=16, le=64)]
    """Length of a site's IPv6 prefix, bits."""
    loopback_a: Prefix4
    """IPv4 loopbacks of first routers (-r1); site n has the n-th address."""
    loopback_b: Prefix4
    """IPv4 loopbacks of second routers (-r2); site n has the n-th address."""
    asn_base: Asn
    """Site n has the AS number asn_base + n."""

    @model_validator(mode="after")
    def _sites_fit(self) -> Addressing:
        for length, base in ((self.site_v4_length, self.site_v4), (self.site_v6_length, self.site_v6)):
            if length < base.prefixlen:
                raise ValueError(f"a site's prefix of length {length} should not be larger than its base {base}")
        return self
