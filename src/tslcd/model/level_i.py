"""The border with the national level-I network, at the hub."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

from tslcd.model.base import Asn, Declared, Name, Text


class LevelI(Declared):
    """eBGP with the national operator. Declared and checked; no platform renders it yet."""

    assumed: bool
    """True until the national operator has agreed."""
    approval_ref: Text | None
    """The agreement on the routes that are exchanged; null while there is none."""
    site: Name
    """Site id where the border is."""
    peer_asn: Asn
    """AS number of the national operator."""
    announced_v4: tuple[IPv4Network, ...]
    """The province's granted aggregates, and nothing else."""
    announced_v6: tuple[IPv6Network, ...]
    """The province's granted aggregates, and nothing else."""
    accepted_v4: tuple[IPv4Network, ...]
    """Prefixes of level I, by list; never a default."""
    accepted_v6: tuple[IPv6Network, ...]
    """Prefixes of level I, by list; never a default."""
