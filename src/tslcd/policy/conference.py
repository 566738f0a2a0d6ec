"""Conference: the meetings that are planned fit into the lines, and the classes and ports that carry them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil

from tslcd import budgets, model
from tslcd.policy.rule import Breach, rule

PORTS_PER_CALL = 4
"""UDP ports of a call: sound and picture, RTP and RTCP of each."""


def _budgets(
    conference: model.Conference, qos: model.Qos, in_service: Sequence[model.Router], *, primary: bool
) -> Iterator[tuple[budgets.Budget, str]]:
    """(budget, what is used of it) of the primary uplink of each site, or of the others."""
    share = budgets.share_percent(conference, qos)
    if conference.codec not in conference.codec_rate_kbps or not share:
        return  # unknown_codec or unknown_class says so
    for budget in budgets.of_sites(conference, qos, in_service):
        if budget.primary == primary:
            line = f"{share} percent of {budget.uplink.rate_mbps} Mbit/s"
            used = f"{ceil(budget.percent)} percent of the conference's share ({line})"
            yield budget, f"{budget.calls} calls need {used}"


@rule("TS-CNF-01", "error", "own")
def conference_beyond_its_share(
    conference: model.Conference, qos: model.Qos, in_service: Sequence[model.Router]
) -> Iterator[Breach]:
    """The meetings of a site, or of the hub, do not fit into its primary uplink."""
    for budget, text in _budgets(conference, qos, in_service, primary=True):
        if budget.percent > 100:
            path = ("site", "uplinks", budget.index, "rate_mbps")
            yield Breach(path, f"{text}; should fit: a faster line, or fewer calls", budget.router.hostname)


@rule("TS-CNF-02", "warning", "own")
def conference_close_to_its_share(
    conference: model.Conference, qos: model.Qos, in_service: Sequence[model.Router], limits: model.Profile
) -> Iterator[Breach]:
    """The meetings of a site, or of the hub, nearly fill their share of its primary uplink."""
    for budget, text in _budgets(conference, qos, in_service, primary=True):
        if limits.conference_warning_percent < budget.percent <= 100:
            path = ("site", "uplinks", budget.index, "rate_mbps")
            yield Breach(path, f"{text}; should be at most {limits.conference_warning_percent}", budget.router.hostname)


@rule("TS-CNF-03", "warning", "own")
def conference_beyond_the_second_uplink(
    conference: model.Conference, qos: model.Qos, in_service: Sequence[model.Router]
) -> Iterator[Breach]:
    """The meetings of a site do not fit into its secondary uplink: they suffer when the primary one fails."""
    for budget, text in _budgets(conference, qos, in_service, primary=False):
        if budget.percent > 100:
            path = ("site", "uplinks", budget.index, "rate_mbps")
            yield Breach(path, f"{text}, when the primary fails", budget.router.hostname)


@rule("TS-CNF-04", "error", "own")
def tier_without_planned_calls(conference: model.Conference, in_service: Sequence[model.Router]) -> Iterator[Breach]:
    """Nobody has said how many calls the sites of a tier must carry."""
    for tier in sorted({router.tier for router in in_service} - conference.calls.keys()):
        yield Breach(("conference", "calls"), f"{tier} is missing; should say how many calls, 0 for none")


@rule("TS-CNF-05", "error", "RFC 4594")
def conference_without_priority(conference: model.Conference, qos: model.Qos) -> Iterator[Breach]:
    """Sound or picture of meetings is in a class without strict priority."""
    treatment = {own.name: own.treatment for own in qos.classes}
    for key in ("audio_class", "video_class"):
        name = getattr(conference, key)
        if treatment.get(name, "priority") != "priority":
            text = f"{name} has treatment {treatment[name]}; should be priority"
            yield Breach(("conference", key), text)


@rule("TS-CNF-06", "error", "own")
def media_range_too_small(conference: model.Conference, services: Mapping[str, model.Service]) -> Iterator[Breach]:
    """The conference service has fewer media ports than the hub's calls need."""
    needed = conference.calls.get("hub", 0) * PORTS_PER_CALL
    for name, service in services.items():
        if service.qos_class in {conference.audio_class, conference.video_class}:
            ports = sum((t.last_port or t.port) - t.port + 1 for t in service.transports if t.protocol == "udp")
            if ports < needed:
                text = f"{ports} UDP ports; should be {needed} or more, {PORTS_PER_CALL} for each call at the hub"
                yield Breach(("services", name, "transports"), text)


@rule("TS-CNF-07", "error", "city instruction of 2023")
def conference_beyond_its_service(
    services: Mapping[str, model.Service],
    firewall: model.Firewall,
    zones: Mapping[str, model.Zone],
    conference: model.Conference,
    qos: model.Qos,
) -> Iterator[Breach]:
    """A conference zone reaches, or is reached by, anything but conference services and other conference zones."""
    rooms = {name for name, zone in zones.items() if zone.role == "conference"}
    meeting = {conference.audio_class, conference.video_class}
    if not meeting <= {own.name for own in qos.classes}:
        return  # unknown_class says so
    for name, service in services.items():
        for index, client in enumerate(service.clients):
            if client in rooms and service.qos_class not in meeting:
                text = f"conference hosts are clients ({client}); should be clients of conference services only"
                yield Breach(("services", name, "clients", index), text)
    for index, flow in enumerate(firewall.flows):
        if (flow.source in rooms) != (flow.destination in rooms):
            other = "destination" if flow.source in rooms else "source"
            text = f"opens {getattr(flow, other)} and conference to each other; should be conference with itself only"
            yield Breach(("firewall", "flows", index, other), text)
