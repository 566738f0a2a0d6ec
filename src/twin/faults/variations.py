"""Candidates: what else could be declared for a router, printed by the same templates from the same model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

from tslcd import intent, model, render, secrets
from twin.faults import gateway

Change = Callable[[model.Network], model.Network]

_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "B" * 42 + "A"


def document(network: model.Network, router: str, changes: Iterable[str], values: Mapping[str, str]) -> str:
    """The router's document, if these variations were declared; secrets filled in."""
    varied = reduce(lambda declared, change: VARIATIONS[change](declared), sorted(changes), of_one(network, router))
    stage: intent.Stage = "day0" if "day0" in changes else "full"
    printed = render.document(intent.derive(varied, stage)[router])
    return secrets.fill(gateway.moving(printed) if "moving-gateway" in changes else printed, values)


def of_one(network: model.Network, router: str) -> model.Network:
    """The network as far as one router's document depends on it, that router first."""
    managers = network.province.firewall.management_sites
    own = [r for r in network.routers if r.hostname == router]
    return network.model_copy(update={"routers": (*own, *(r for r in network.routers if r.site_id in managers))})


def _province(**changes: Any) -> Change:
    """Replace subjects; a value is the new one, or makes it out of the old one."""

    def change(network: model.Network) -> model.Network:
        old = network.province
        new = {name: value(getattr(old, name)) if callable(value) else value for name, value in changes.items()}
        return network.model_copy(update={"province": old.model_copy(update=new)})

    return change


def _frr(**changes: Any) -> Change:
    def changed(network: model.Network) -> model.Network:
        return network.model_copy(update={"settings": {"frr": _copy(**changes)(network.settings["frr"])}})

    return changed


def _copy(**changes: Any) -> Callable[[Any], Any]:
    """Replace fields of a subject; a value is the new one, or makes it out of the old one."""

    def change(old: Any) -> Any:
        return old.model_copy(
            update={name: value(getattr(old, name)) if callable(value) else value for name, value in changes.items()}
        )

    return change


def _providers(**changes: Any) -> Change:
    return _province(providers=lambda old: {name: _copy(**changes)(provider) for name, provider in old.items()})


def _uplinks(change: Callable[[tuple[model.Uplink, ...]], tuple[model.Uplink, ...]]) -> Change:
    def changed(network: model.Network) -> model.Network:
        first, *rest = network.routers
        site = first.site.model_copy(update={"uplinks": change(first.site.uplinks)})
        return network.model_copy(update={"routers": (first.model_copy(update={"site": site}), *rest)})

    return changed


def _without_vlans(*ids: int) -> Change:
    return _province(vlans=lambda vlans: tuple(vlan for vlan in vlans if vlan.id not in ids))


def _without_scavenger(qos: model.Qos) -> model.Qos:
    """One class less, and nobody who may speak of it."""
    zones = {
        name: zone.model_copy(
            update={
                "trusted": tuple(known for known in zone.trusted if known != "scavenger"),
                "otherwise": zone.otherwise.replace("scavenger", "default"),
            }
        )
        for name, zone in qos.zones.items()
    }
    return qos.model_copy(update={"classes": tuple(c for c in qos.classes if c.name != "scavenger"), "zones": zones})


def _other_shares(classes: tuple[model.QosClass, ...]) -> tuple[model.QosClass, ...]:
    shares = {"shared-critical": 14, "shared-bulk": 18}
    return tuple(c.model_copy(update={"share_percent": shares.get(c.name, c.share_percent)}) for c in classes)


def _another_vlan(vlans: tuple[model.Vlan, ...]) -> tuple[model.Vlan, ...]:
    extra = model.Vlan(id=40, name="guests", zone="tslcd", offset=384, length=26, access_ports=())
    return tuple(sorted((*vlans, extra), key=lambda vlan: vlan.id))


def _swapped_ports(vlans: tuple[model.Vlan, ...]) -> tuple[model.Vlan, ...]:
    ports = {10: ("lan3",), 30: ("lan1",)}
    return tuple(vlan.model_copy(update={"access_ports": ports.get(vlan.id, vlan.access_ports)}) for vlan in vlans)


VARIATIONS: dict[str, Change] = {
    "another-daemon": _frr(daemons=lambda names: (*names, "ospfd")),
    "another-engineer": _province(
        system=_copy(people=lambda old: (*old, model.Person(id="engineer-9", account="netops", public_key=_KEY)))
    ),
    "another-vlan": _province(vlans=_another_vlan),
    "day0": lambda network: network,  # see document()
    "fewer-flows": _province(firewall=_copy(flows=lambda flows: flows[1:])),
    "log-errors": _province(routing=_copy(log_level="errors")),
    "log-martians": _frr(sysctl=lambda old: old | {"net.ipv4.conf.all.log_martians": 1}),
    "moving-gateway": lambda network: network,  # see document()
    "no-bfd": _providers(bfd=None),
    "no-office-vlan": _without_vlans(10),
    "no-scavenger": _province(qos=_without_scavenger),
    "no-services-vlan": _without_vlans(30),
    "one-uplink": _uplinks(lambda uplinks: uplinks[:1]),
    "other-primary": _uplinks(lambda uplinks: uplinks[::-1]),
    "other-rate": _uplinks(lambda uplinks: tuple(u.model_copy(update={"rate_mbps": 77}) for u in uplinks)),
    "patient-bgp": _providers(keepalive_s=20, hold_s=60),
    "patient-sshd": _frr(
        sshd=lambda lines: tuple(line.replace("LoginGraceTime 20", "LoginGraceTime 30") for line in lines)
    ),
    "other-shares": _province(qos=_copy(classes=_other_shares)),
    "slow-bfd": _providers(bfd=model.Bfd(transmit_ms=500, receive_ms=500, multiplier=4)),
    "stronger-preference": _province(routing=_copy(primary_local_preference=300, secondary_prepend=3)),
    "swapped-ports": _province(vlans=_swapped_ports),
}

_SYSTEM = ("another-engineer", "log-martians")
WITH_STEP: dict[str, tuple[str, ...]] = {
    "system": _SYSTEM,
    "release": ("moving-gateway",),
    "ovs": ("another-vlan", "no-services-vlan", "swapped-ports"),
    "sysctl": _SYSTEM,
    "daemons": ("another-daemon",),
    "frr": ("no-bfd", "other-primary", "slow-bfd", "stronger-preference"),
    "keepalived": ("moving-gateway",),
    "kernel": ("another-vlan", "no-office-vlan", "other-primary"),
    "tc": ("no-scavenger", "other-rate", "other-shares"),
    "nft": ("fewer-flows", "no-scavenger", "no-services-vlan"),
    "sshd": ("patient-sshd",),
}
"""Step of a commit → variations that need it."""
