"""Who may manage routers and which hosts, and which zones may talk to each other."""

from __future__ import annotations

from tslcd.model.base import Declared, Name, Prefix4, Prefix6


class Flow(Declared):
    """Traffic that may be started from one zone to another, anywhere in the province; everything else is dropped."""

    source: Name
    """Key of `zones`: who starts the traffic."""
    destination: Name
    """Key of `zones`: who answers."""


class Firewall(Declared):
    """Deny by default: who may manage routers and which hosts, and which zones may talk to each other."""

    management_sites: tuple[Name, ...]
    """Sites whose management VLANs may open SSH to every router."""
    managed_zones: tuple[Name, ...] = ()
    """Keys of `zones`: to hosts of these zones the same management VLANs may open SSH, too, and nothing else."""
    infrastructure_v4: Prefix4
    """IPv4 prefix of loopbacks and PE-CE links: managed, never talked to by users."""
    infrastructure_v6: Prefix6
    """IPv6 prefix of PE-CE links: managed, never talked to by users."""
    flows: tuple[Flow, ...]
    """Permitted directions between zones."""
