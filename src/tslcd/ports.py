"""Switch ports of a site: the access ports that every site has, and what the site itself says of its ports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tslcd.model import Site, SwitchPort, Vlan


@dataclass(frozen=True, slots=True)
class PortIntent:
    """A switch port: an access port (`access`) or a trunk (`tagged`, and `native` untagged); VLANs by their ids."""

    name: str
    access: int | None
    tagged: tuple[int, ...]
    native: int | None
    description: str
    enabled: bool


def derive(site: Site, vlans: Iterable[Vlan]) -> tuple[PortIntent, ...]:
    """Every switch port of the site that carries a VLAN, by name."""
    ids = {vlan.name: vlan.id for vlan in vlans}
    usual = {port: vlan.name for vlan in vlans for port in vlan.access_ports}
    found = (_port(name, site.ports.get(name, SwitchPort()), usual.get(name), ids) for name in {*usual, *site.ports})
    return tuple(sorted((port for port in found if port.access or port.tagged), key=lambda port: port.name))


def _port(name: str, own: SwitchPort, usual: str | None, ids: dict[str, int]) -> PortIntent:
    access = own.access or (None if own.trunk else usual)
    return PortIntent(
        name=name,
        access=ids.get(access or ""),
        tagged=tuple(sorted(ids[vlan] for vlan in own.trunk if vlan in ids)),
        native=ids.get(own.native or ""),
        description=own.description or "",
        enabled=own.enabled,
    )
