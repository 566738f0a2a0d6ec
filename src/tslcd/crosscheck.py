"""What must fit together between subjects and sites before anything can be derived; one small function per claim.

Each yields (hostname, key path, text): the path leads into that host's variables.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from tslcd import addressing, model, platforms
from tslcd.nearest import suggestion
from tslcd.origin import KeyPath

Claim = tuple[str, KeyPath, str]


@dataclass(frozen=True)
class Parts:
    """What is valid by itself (subjects by name, routers); of every host its site and its management address."""

    subjects: Mapping[str, Any]
    routers: Sequence[model.Router]
    site_ids: Collection[str]
    ansible_hosts: Mapping[str, str | None]


def cross_check(parts: Parts) -> Iterator[Claim]:
    """Everything that does not fit together."""
    if parts.routers:
        for check in CHECKS:
            yield from check(parts)


def unknown_provider(parts: Parts) -> Iterator[Claim]:
    """An uplink names a provider that providers.yml does not have."""
    if (providers := parts.subjects.get("providers")) is None:
        return
    for router in parts.routers:
        for index, uplink in enumerate(router.site.uplinks):
            if uplink.provider not in providers:
                text = f"unknown provider ({uplink.provider}); {suggestion(uplink.provider, providers)}"
                yield router.hostname, ("site", "uplinks", index, "provider"), text


def two_uplinks_on_one_provider(parts: Parts) -> Iterator[Claim]:
    """Both uplinks of a site would fail together."""
    for router in parts.routers:
        names = [uplink.provider for uplink in router.site.uplinks]
        if len(set(names)) < len(names):
            text = f"a second uplink on one provider ({names[-1]}); should be another provider, or one uplink"
            yield router.hostname, ("site", "uplinks", len(names) - 1, "provider"), text


def repeated_number(parts: Parts) -> Iterator[Claim]:
    """Two sites with one number would have the same addresses."""
    taken = {router.site.number for router in parts.routers}
    free = next(number for number in count(1) if number not in taken)
    owner: dict[int, str] = {}
    for router in parts.routers:
        first = owner.setdefault(router.site.number, router.site_id)
        if first != router.site_id:
            text = f"number in use ({router.site.number}) by {first}; should be a free one, for example {free}"
            yield router.hostname, ("site", "number"), text


def unknown_parent(parts: Parts) -> Iterator[Claim]:
    """A site reports to a site that does not exist."""
    for router in parts.routers:
        if router.parent is None and router.tier != "hub":
            yield router.hostname, ("parent",), "missing; only the hub has no parent"
        elif router.parent is not None and router.parent not in parts.site_ids:
            text = f"unknown site ({router.parent}); {suggestion(router.parent, parts.site_ids)}"
            yield router.hostname, ("parent",), text


def unknown_platform(parts: Parts) -> Iterator[Claim]:
    """A device runs something that nobody has written templates for."""
    for router in parts.routers:
        if (name := router.device.platform) not in platforms.SETTINGS:
            text = f"unknown platform ({name}); {suggestion(name, platforms.SETTINGS)}"
            yield router.hostname, ("platform",), text


def unknown_zone(parts: Parts) -> Iterator[Claim]:
    """A VLAN or a flow names a zone that zones.yml does not have."""
    if (zones := parts.subjects.get("zones")) is None:
        return
    named: list[tuple[KeyPath, str]] = [
        (("vlans", index, "zone"), vlan.zone) for index, vlan in enumerate(parts.subjects.get("vlans", ()))
    ]
    if (firewall := parts.subjects.get("firewall")) is not None:
        for index, flow in enumerate(firewall.flows):
            named += [(("firewall", "flows", index, end), getattr(flow, end)) for end in ("source", "destination")]
    for path, zone in named:
        if zone not in zones:
            yield parts.routers[0].hostname, path, f"unknown zone ({zone}); {suggestion(zone, zones)}"


def unknown_management_site(parts: Parts) -> Iterator[Claim]:
    """The firewall lets a site manage routers that does not exist."""
    firewall = parts.subjects.get("firewall")
    for index, site_id in enumerate(firewall.management_sites if firewall is not None else ()):
        if site_id not in parts.site_ids:
            text = f"unknown site ({site_id}); {suggestion(site_id, parts.site_ids)}"
            yield parts.routers[0].hostname, ("firewall", "management_sites", index), text


def repeated_vlan(parts: Parts) -> Iterator[Claim]:
    """Two VLANs share an id, a name or an access port."""
    vlans: Sequence[model.Vlan] = parts.subjects.get("vlans", ())
    marks: dict[str, list[tuple[KeyPath, object]]] = {
        "id": [(("vlans", n, "id"), vlan.id) for n, vlan in enumerate(vlans)],
        "name": [(("vlans", n, "name"), vlan.name) for n, vlan in enumerate(vlans)],
        "port": [
            (("vlans", n, "access_ports", m), p) for n, v in enumerate(vlans) for m, p in enumerate(v.access_ports)
        ],
    }
    for what, entries in marks.items():
        seen: set[object] = set()
        for path, value in entries:
            if value in seen:
                text = f"{what} in use ({value}) by another VLAN; should be one of its own"
                yield parts.routers[0].hostname, path, text
            seen.add(value)


def wrong_port(parts: Parts) -> Iterator[Claim]:
    """A site's switch port names a VLAN that is not declared, carries none, or carries users untagged on a trunk."""
    vlans: Sequence[model.Vlan] = parts.subjects.get("vlans", ())
    if not vlans:
        return
    names = [vlan.name for vlan in vlans]
    usual = {port for vlan in vlans for port in vlan.access_ports}
    zones: Mapping[str, model.Zone] = parts.subjects.get("zones", {})
    managed = [vlan.name for vlan in vlans if vlan.zone in zones and zones[vlan.zone].role == "management"]
    for router in parts.routers:
        for name, port in router.site.ports.items():
            named: dict[KeyPath, str | None] = {("access",): port.access, ("native",): port.native}
            named |= {("trunk", index): vlan for index, vlan in enumerate(port.trunk)}
            for key, vlan in named.items():
                if vlan is not None and vlan not in names:
                    text = f"unknown VLAN ({vlan}); {suggestion(vlan, names)}"
                    yield router.hostname, ("site", "ports", name, *key), text
            if port.native in names and port.native not in managed:
                text = f"a VLAN of users ({port.native}); should be one of management: a second tag would hop"
                yield router.hostname, ("site", "ports", name, "native"), text
            if port.access is None and not port.trunk and name not in usual:
                yield router.hostname, ("site", "ports", name), "carries no VLAN; should have access or trunk"


def outside_base_prefix(parts: Parts) -> Iterator[Claim]:
    """A number or a VLAN does not fit into the base prefixes."""
    plan: model.Addressing | None = parts.subjects.get("addressing")
    if plan is None:
        return
    providers: Mapping[str, model.Provider] = parts.subjects.get("providers", {})
    for router in parts.routers:
        number = router.site.number
        formulas: list[Callable[[], object]] = [
            partial(addressing.site_v4, plan, number),
            partial(addressing.site_v6, plan, number),
            *(partial(addressing.loopback_v4, plan, number, unit) for unit in (1, 2)),
        ]
        for uplink in router.site.uplinks:
            if (provider := providers.get(uplink.provider)) is not None:
                formulas += [partial(link, provider, number) for link in (addressing.link_v4, addressing.link_v6)]
        if (failure := _first_failure(formulas)) is not None:
            yield router.hostname, ("site", "number"), f"no address for it; {failure}"
        elif kept := _kept_for_infrastructure(plan, number, parts.subjects.get("firewall")):
            yield router.hostname, ("site", "number"), f"no address for it; {kept}"
    some = parts.routers[0]
    for index, vlan in enumerate(parts.subjects.get("vlans", ())):
        subnets = [partial(subnet, plan, some.site.number, vlan) for subnet in (addressing.vlan_v4, addressing.vlan_v6)]
        if (failure := _first_failure(subnets)) is not None:
            yield some.hostname, ("vlans", index), f"no subnet for it; {failure}"


def wrong_ansible_host(parts: Parts) -> Iterator[Claim]:
    """Ansible would connect to an address that is not the router's own loopback. One claim for all routers."""
    plan: model.Addressing | None = parts.subjects.get("addressing")
    if plan is None:
        return
    wrong = []
    for router in parts.routers:
        try:
            loopback = addressing.loopback_v4(plan, router.site.number, int(router.hostname[-1])).ip
        except ValueError:
            continue  # outside_base_prefix says so
        found = parts.ansible_hosts[router.hostname]
        if found != str(loopback):
            wrong.append((router.hostname, f"not an address of {router.hostname} ({found}); should be {loopback}"))
    if wrong:
        (hostname, text), others = wrong[0], len(wrong) - 1
        yield hostname, ("ansible_host",), f"{text}, its loopback" + (f" ({others} more)" if others else "")


def _kept_for_infrastructure(plan: model.Addressing, number: int, firewall: model.Firewall | None) -> str | None:
    """The collision of a site's prefix with loopbacks and links, which lie inside the sites' base prefixes."""
    if firewall is None:
        return None
    for key, site, kept in (
        ("infrastructure_v4", addressing.site_v4(plan, number), firewall.infrastructure_v4),
        ("infrastructure_v6", addressing.site_v6(plan, number), firewall.infrastructure_v6),
    ):
        if addressing.is_inside(site, kept) or addressing.is_inside(kept, site):
            return f"{site} is {key} of the firewall ({kept})"
    return None


def _first_failure(formulas: Sequence[Callable[[], object]]) -> ValueError | None:
    for formula in formulas:
        try:
            formula()
        except ValueError as failure:
            return failure
    return None


CHECKS = (
    unknown_provider,
    two_uplinks_on_one_provider,
    repeated_number,
    unknown_parent,
    unknown_platform,
    unknown_zone,
    unknown_management_site,
    repeated_vlan,
    wrong_port,
    outside_base_prefix,
    wrong_ansible_host,
)
