"""Conference services: inside the level-II network, reachable for endpoints, and never the Internet's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tslcd import model
from tslcd.policy.rule import Breach, rule


@rule("TS-CNF-08", "error", "city instruction of 2023")
def registrar_outside_the_network(
    conference: model.Conference, addressing: model.Addressing, firewall: model.Firewall | None = None
) -> Iterator[Breach]:
    """A conference service is answered at an address that is no site's of the level-II network."""
    for name, service in conference.services.items():
        for index, registrar in enumerate(service.registrars):
            for key in ("v4", "v6"):
                address = getattr(registrar, key)
                sites = getattr(addressing, f"site_{key}")
                kept = getattr(firewall, f"infrastructure_{key}") if firewall else None
                if address not in sites or (kept and address in kept):
                    path = ("conference", "services", name, "registrars", index, key)
                    yield Breach(path, f"{address} is outside of the level-II network; should be inside {sites}")


@rule("TS-CNF-09", "error", "own")
def port_that_the_catalogue_does_not_permit(
    conference: model.Conference, services: Mapping[str, model.Service]
) -> Iterator[Breach]:
    """An entry of the catalogue does not permit what endpoints of its conference service send: routers drop it."""
    for name, service in conference.services.items():
        entry = services.get(service.catalogue or "")
        if entry is None:
            continue  # unknown_conference_service says so
        protocol = "udp" if service.transport == "udp" else "tcp"
        media = service.media_ports
        wanted = {("port",): (protocol, service.port, service.port), ("media_ports",): ("udp", media.first, media.last)}
        for key, (needed, first, last) in wanted.items():
            if not any(
                t.protocol == needed and t.port <= first and last <= (t.last_port or t.port) for t in entry.transports
            ):
                ports = f"{needed} {first}" if first == last else f"{needed} {first} to {last}"
                text = f"{ports} is not among the transports of services.{service.catalogue}; should be one of them"
                yield Breach(("conference", "services", name, *key), text)


@rule("TS-CNF-10", "error", "level-3 hardening")
def keys_in_the_clear(conference: model.Conference, endpoints: Sequence[model.ConferenceEndpoint]) -> Iterator[Breach]:
    """Endpoints must encrypt, and their service carries the keys of media in signalling that anybody can read."""
    users = [own for own in endpoints if own.device.endpoint.media_encryption == "required"]
    for name in _used(conference, users):
        if (transport := conference.services[name].transport) != "tls":
            text = f"{transport}, but endpoints must encrypt and send their keys in it; should be tls"
            yield Breach(("conference", "services", name, "transport"), text)


@rule("TS-CNF-11", "warning", "own", production="error")
def stand_in_for_the_service(
    conference: model.Conference, endpoints: Sequence[model.ConferenceEndpoint]
) -> Iterator[Breach]:
    """Endpoints register at the twin's stand-in and not at the real service."""
    for name in _used(conference, endpoints):
        if conference.services[name].stand_in:
            path = ("conference", "services", name, "stand_in")
            yield Breach(path, "the twin's stand-in; refused outside the twin until the real servers are declared")


@rule("TS-CNF-12", "warning", "own")
def extranet_that_no_router_lets_through(
    conference: model.Conference, endpoints: Sequence[model.ConferenceEndpoint]
) -> Iterator[Breach]:
    """Endpoints register at a carrier's extranet, and no router's firewall follows from that profile yet."""
    for name in _used(conference, endpoints):
        if conference.services[name].attachment == "provider_extranet":
            text = "no router lets rooms through to it: firewalls follow from services alone"
            yield Breach(("conference", "services", name, "attachment"), text)


def _used(conference: model.Conference, endpoints: Sequence[model.ConferenceEndpoint]) -> list[str]:
    """Declared services that some endpoint registers at, in the order of the declaration."""
    used = {own.device.endpoint.service or conference.service for own in endpoints if own.in_service}
    return [name for name in conference.services if name in used]
