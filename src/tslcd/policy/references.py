"""References: every name that a declaration uses is declared."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from tslcd import model, platforms
from tslcd.nearest import suggestion
from tslcd.origin import KeyPath
from tslcd.policy.facts import Own
from tslcd.policy.rule import Breach, rule


def _unknown(
    what: str, name: str, choices: Collection[str], path: KeyPath, host: str | None = None
) -> Iterator[Breach]:
    if name not in choices:
        yield Breach(path, f"unknown {what} ({name}); {suggestion(name, choices)}", host)


@rule("TS-REF-01", "error", "own")
def unknown_provider(
    providers: Mapping[str, model.Provider],
    routers: Sequence[model.Router],
    contracts: Mapping[str, model.Contract] = {},
    conference: model.Conference | None = None,
) -> Iterator[Breach]:
    """A line, a contract, a profile or a conference service names a provider that does not exist."""
    for name, service in conference.services.items() if conference else ():
        if service.provider is not None:
            path: KeyPath = ("conference", "services", name, "provider")
            yield from _unknown("provider", service.provider, providers, path)
    for name, provider in providers.items():
        if provider.network is not None:
            yield from _unknown("provider", provider.network, providers, ("providers", name, "network"))
    for router in routers:
        for kind in ("uplinks", "circuits"):
            lines: Sequence[model.LeasedLine] = getattr(router.site, kind)
            for index, line in enumerate(lines):
                if line.provider not in providers:
                    path = ("site", kind, index, "provider")
                    yield from _unknown("provider", line.provider, providers, path, router.hostname)
    for name, contract in contracts.items():
        yield from _unknown("provider", contract.provider, providers, ("contracts", name, "provider"))


@rule("TS-REF-02", "error", "own")
def unknown_contract(
    contracts: Mapping[str, model.Contract],
    routers: Sequence[model.Router],
    providers: Mapping[str, model.Provider] = {},
) -> Iterator[Breach]:
    """A line or a provider names a contract that does not exist."""
    for name, provider in providers.items():
        yield from _unknown("contract", provider.contract, contracts, ("providers", name, "contract"))
    for router in routers:
        for kind in ("uplinks", "circuits"):
            lines: Sequence[model.LeasedLine] = getattr(router.site, kind)
            for index, line in enumerate(lines):
                if line.contract is not None and line.contract not in contracts:
                    path = ("site", kind, index, "contract")
                    yield from _unknown("contract", line.contract, contracts, path, router.hostname)


@rule("TS-REF-03", "error", "own")
def unknown_zone(
    zones: Mapping[str, model.Zone],
    every_vlans: Sequence[Own] = (),
    firewall: model.Firewall | None = None,
    services: Mapping[str, model.Service] = {},
    qos: model.Qos | None = None,
) -> Iterator[Breach]:
    """A VLAN, the firewall, a service or a trust boundary names a zone that does not exist."""
    for name in qos.zones if qos else ():
        yield from _unknown("zone", name, zones, ("qos", "zones", name))
    for host, vlans in every_vlans:
        for index, vlan in enumerate(vlans):
            yield from _unknown("zone", vlan.zone, zones, ("vlans", index, "zone"), host)
    for index, name in enumerate(firewall.managed_zones if firewall else ()):
        yield from _unknown("zone", name, zones, ("firewall", "managed_zones", index))
    for index, flow in enumerate(firewall.flows if firewall else ()):
        yield from _unknown("zone", flow.source, zones, ("firewall", "flows", index, "source"))
        yield from _unknown("zone", flow.destination, zones, ("firewall", "flows", index, "destination"))
    for name, service in services.items():
        for index, client in enumerate(service.clients):
            yield from _unknown("zone", client, zones, ("services", name, "clients", index))


@rule("TS-REF-04", "error", "own")
def unknown_vlan(
    vlans: Sequence[model.Vlan],
    routers: Sequence[model.Router],
    services: Mapping[str, model.Service] = {},
    endpoints: Sequence[model.ConferenceEndpoint] = (),
) -> Iterator[Breach]:
    """A service is answered, or a site's port or an endpoint lies, in a VLAN that does not exist."""
    names = {vlan.name for vlan in vlans}
    for endpoint in endpoints:
        yield from _unknown("VLAN", endpoint.device.endpoint.vlan, names, ("endpoint", "vlan"), endpoint.hostname)
    for router in routers:
        for port, own in router.site.ports.items():
            named: dict[KeyPath, str | None] = {("access",): own.access, ("native",): own.native}
            named |= {("trunk", index): vlan for index, vlan in enumerate(own.trunk)}
            for key, vlan in named.items():
                if vlan is not None:
                    yield from _unknown("VLAN", vlan, names, ("site", "ports", port, *key), router.hostname)
    for name, service in services.items():
        for index, server in enumerate(service.servers):
            yield from _unknown("VLAN", server.vlan, names, ("services", name, "servers", index, "vlan"))


@rule("TS-REF-05", "error", "own")
def unknown_class(
    qos: model.Qos,
    providers: Mapping[str, model.Provider] = {},
    services: Mapping[str, model.Service] = {},
    conference: model.Conference | None = None,
) -> Iterator[Breach]:
    """A trust boundary, a provider, a service or the conference names a QoS class that does not exist."""
    names = {own.name for own in qos.classes}
    for key in ("routing_class", "management_class", "default_class"):
        yield from _unknown("class", getattr(qos, key), names, ("qos", key))
    for zone, marks in qos.zones.items():
        yield from _unknown("class", marks.otherwise, names, ("qos", "zones", zone, "otherwise"))
        for index, trusted in enumerate(marks.trusted):
            yield from _unknown("class", trusted, names, ("qos", "zones", zone, "trusted", index))
    for name, provider in providers.items():
        for ours in provider.class_map:
            yield from _unknown("class", ours, names, ("providers", name, "class_map", ours))
    for name, service in services.items():
        if service.qos_class is not None:
            yield from _unknown("class", service.qos_class, names, ("services", name, "qos_class"))
        for index, transport in enumerate(service.transports):
            if transport.qos_class is not None:
                path = ("services", name, "transports", index, "qos_class")
                yield from _unknown("class", transport.qos_class, names, path)
    if conference:
        yield from _unknown("class", conference.audio_class, names, ("conference", "audio_class"))
        yield from _unknown("class", conference.video_class, names, ("conference", "video_class"))
        yield from _unknown("class", conference.signalling_class, names, ("conference", "signalling_class"))


@rule("TS-REF-06", "error", "own")
def unknown_provider_class(providers: Mapping[str, model.Provider]) -> Iterator[Breach]:
    """A class is mapped to one that the provider does not sell."""
    for name, provider in providers.items():
        for ours, theirs in provider.class_map.items():
            path = ("providers", name, "class_map", ours)
            yield from _unknown("traffic class", theirs, provider.traffic_classes, path)


@rule("TS-REF-07", "error", "own")
def unknown_contact(
    contacts: Mapping[str, model.Contact],
    routers: Sequence[model.Router],
    services: Mapping[str, model.Service] = {},
    endpoints: Sequence[model.ConferenceEndpoint] = (),
) -> Iterator[Breach]:
    """A service, an exception, a maintenance or an endpoint names a contact that does not exist."""
    for endpoint in endpoints:
        if (owner := endpoint.device.endpoint.owner) is not None:
            yield from _unknown("contact", owner, contacts, ("endpoint", "owner"), endpoint.hostname)
        if endpoint.exception:
            path: KeyPath = ("exception", "requested_by")
            yield from _unknown("contact", endpoint.exception.requested_by, contacts, path, endpoint.hostname)
    for name, service in services.items():
        yield from _unknown("contact", service.contact, contacts, ("services", name, "contact"))
    for router in routers:
        if router.exception:
            path = ("exception", "requested_by")
            yield from _unknown("contact", router.exception.requested_by, contacts, path, router.hostname)
        works: dict[KeyPath, model.Maintenance | None] = {("maintenance",): router.device.maintenance}
        works |= {("site", "uplinks", n, "maintenance"): line.maintenance for n, line in enumerate(router.site.uplinks)}
        for place, work in works.items():
            if work:
                yield from _unknown("contact", work.requested_by, contacts, (*place, "requested_by"), router.hostname)


@rule("TS-REF-08", "error", "own")
def unknown_site(
    routers: Sequence[model.Router],
    site_ids: Collection[str],
    *,
    firewall: model.Firewall | None = None,
    level_i: model.LevelI | None = None,
    services: Mapping[str, model.Service] = {},
    conference: model.Conference | None = None,
) -> Iterator[Breach]:
    """A site, the firewall, a service, a meeting or the level-I border names a site that does not exist."""
    for index, meeting in enumerate(conference.meetings if conference else ()):
        named: dict[KeyPath, str | None] = {("chair",): meeting.chair, ("district",): meeting.district}
        named |= {("sites", place): site for place, site in enumerate(meeting.sites)}
        for key, site in named.items():
            if site is not None:
                yield from _unknown("site", site, site_ids, ("conference", "meetings", index, *key))
    for router in routers:
        if router.parent is not None and router.parent not in site_ids:
            yield from _unknown("site", router.parent, site_ids, ("parent",), router.hostname)
    for index, site_id in enumerate(firewall.management_sites if firewall else ()):
        yield from _unknown("site", site_id, site_ids, ("firewall", "management_sites", index))
    for name, service in services.items():
        for index, server in enumerate(service.servers):
            yield from _unknown("site", server.site, site_ids, ("services", name, "servers", index, "site"))
    if level_i:
        yield from _unknown("site", level_i.site, site_ids, ("level_i", "site"))


@rule("TS-REF-09", "error", "own")
def unknown_platform(
    routers: Sequence[model.Router],
    endpoints: Sequence[model.ConferenceEndpoint] = (),
    servers: Sequence[model.ConferenceServer] = (),
) -> Iterator[Breach]:
    """A device runs something that nobody has written templates for."""
    for router in routers:
        yield from _unknown("platform", router.device.platform, platforms.PLATFORMS, ("platform",), router.hostname)
    for endpoint in endpoints:
        known: Collection[str] = platforms.ENDPOINT_PLATFORMS
        yield from _unknown("platform", endpoint.device.platform, known, ("platform",), endpoint.hostname)
    for server in servers:
        known = platforms.SERVER_PLATFORMS
        yield from _unknown("platform", server.device.platform, known, ("platform",), server.hostname)


@rule("TS-REF-10", "error", "own")
def unknown_codec(conference: model.Conference) -> Iterator[Breach]:
    """Meetings are planned with a codec whose rate is not declared."""
    yield from _unknown("codec", conference.codec, conference.codec_rate_kbps, ("conference", "codec"))


@rule("TS-REF-11", "error", "own")
def unknown_manager(
    routers: Sequence[model.Router],
    providers: Mapping[str, model.Provider],
    endpoints: Sequence[model.ConferenceEndpoint] = (),
    servers: Sequence[model.ConferenceServer] = (),
) -> Iterator[Breach]:
    """A device is configured by somebody who is neither the province nor a provider."""
    managers = {"province", *providers}
    devices: Sequence[model.Router | model.ConferenceEndpoint | model.ConferenceServer]
    devices = (*routers, *endpoints, *servers)
    for own in devices:
        yield from _unknown("manager", own.device.managed_by, managers, ("managed_by",), own.hostname)


@rule("TS-REF-12", "error", "own")
def unknown_fact(providers: Mapping[str, model.Provider]) -> Iterator[Breach]:
    """A reference confirms a fact that no provider profile has."""
    facts = model.Provider.model_fields.keys() - {"name", "confirmed", "contract"}
    for name, provider in providers.items():
        for fact in provider.confirmed:
            yield from _unknown("fact", fact, facts, ("providers", name, "confirmed", fact))


@rule("TS-REF-13", "error", "own")
def unknown_conference_service(
    conference: model.Conference,
    services: Mapping[str, model.Service],
    endpoints: Sequence[model.ConferenceEndpoint] = (),
) -> Iterator[Breach]:
    """An endpoint names a conference service that does not exist, or one of these an entry of the catalogue."""
    known = conference.services
    yield from _unknown("conference service", conference.service, known, ("conference", "service"))
    for endpoint in endpoints:
        if (own := endpoint.device.endpoint.service) is not None:
            yield from _unknown("conference service", own, known, ("endpoint", "service"), endpoint.hostname)
    for name, service in known.items():
        if service.catalogue is not None:
            path = ("conference", "services", name, "catalogue")
            yield from _unknown("service", service.catalogue, services, path)


@rule("TS-REF-14", "error", "own")
def unknown_fact_of_a_conference_service(conference: model.Conference) -> Iterator[Breach]:
    """A reference confirms a fact that no conference service has."""
    facts = model.ConferenceService.model_fields.keys() - {"name_vi", "stand_in", "confirmed"}
    for name, service in conference.services.items():
        for fact in service.confirmed:
            yield from _unknown("fact", fact, facts, ("conference", "services", name, "confirmed", fact))
