"""The border with the national level-I network, at the hub."""

from __future__ import annotations

from tslcd.model.base import Asn, Declared, Name, Prefix4, Prefix6, Text


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
    announced_v4: tuple[Prefix4, ...]
    """The province's granted aggregates, and nothing else."""
    announced_v6: tuple[Prefix6, ...]
    """The province's granted aggregates, and nothing else."""
    accepted_v4: tuple[Prefix4, ...]
    """Prefixes of level I, by list; never a default."""
    accepted_v6: tuple[Prefix6, ...]
    """Prefixes of level I, by list; never a default."""
