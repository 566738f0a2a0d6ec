"""Conference endpoints: an account each, no Internet, encrypted media, set to the service; and meetings they fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import ceil

from tslcd import budgets, model
from tslcd.conference import endpoint as formulas
from tslcd.conference import meetings
from tslcd.conference.address import HOSTS_BEFORE
from tslcd.policy.rule import Breach, rule

Endpoints = Sequence[model.ConferenceEndpoint]


@rule("TS-CNF-13", "error", "own")
def account_of_another_endpoint(endpoints: Endpoints, conference: model.Conference) -> Iterator[Breach]:
    """Two have one account at a service, or one secret: whoever registers last takes the other's calls."""
    bridges = {name: service.bridge for name, service in conference.services.items() if service.bridge}
    accounts = {(name, bridge.account): "the bridge" for name, bridge in bridges.items()}
    secrets = {bridge.secret: "the bridge" for bridge in bridges.values()}
    for own in endpoints:
        service, account = own.device.endpoint.service or conference.service, formulas.account(own)
        if (other := accounts.setdefault((service, account), own.hostname)) != own.hostname:
            text = f"account in use ({account}) by {other}; should be one of its own"
            yield Breach(("endpoint", "account"), text, own.hostname)
        secret = formulas.secret(own)
        if (other := secrets.setdefault(secret, own.hostname)) != own.hostname:
            text = f"secret in use ({secret}) by {other}; should be one of its own"
            yield Breach(("endpoint", "secret"), text, own.hostname)


@rule("TS-CNF-14", "error", "city instruction of 2023")
def endpoint_outside_a_conference_zone(
    endpoints: Endpoints, vlans: Sequence[model.Vlan], zones: Mapping[str, model.Zone]
) -> Iterator[Breach]:
    """An endpoint is in a VLAN that is not of a conference zone: only these are kept from the Internet (TS-SEP-01)."""
    by_name = {vlan.name: vlan for vlan in vlans}
    for own in endpoints:
        vlan = by_name.get(own.device.endpoint.vlan)
        if vlan is None or vlan.zone not in zones:
            continue  # unknown_vlan or unknown_zone says so
        if (role := zones[vlan.zone].role) != "conference":
            text = f"{vlan.name} is in a zone for {role}; should be in one for conference"
            yield Breach(("endpoint", "vlan"), text, own.hostname)


@rule("TS-CNF-15", "error", "own")
def endpoint_outside_its_subnet(endpoints: Endpoints, vlans: Sequence[model.Vlan]) -> Iterator[Breach]:
    """An endpoint's address follows from its name and is none of its VLAN's hosts."""
    lengths = {vlan.name: vlan.local_v4.prefixlen if vlan.local_v4 else vlan.length or 32 for vlan in vlans}
    for own in endpoints:
        name, host = own.device.endpoint.vlan, HOSTS_BEFORE + own.number
        if name in lengths and host > (last := 2 ** (32 - lengths[name]) - 2):
            text = f"host {host} is outside of VLAN {name}, whose last one is {last}; should be in a larger VLAN"
            yield Breach(("endpoint", "vlan"), text, own.hostname)


@rule("TS-CNF-16", "error", "own")
def call_rate_beyond_its_share(
    endpoints: Endpoints, conference: model.Conference, qos: model.Qos, in_service: Sequence[model.Router]
) -> Iterator[Breach]:
    """The calls of a site's endpoints, all at their greatest rate, do not fit into its primary uplink."""
    if not (share := budgets.share_percent(conference, qos)) or conference.codec not in conference.codec_rate_kbps:
        return  # unknown_class or unknown_codec says so
    usual = conference.codec_rate_kbps[conference.codec]
    rates = {router.site_id: router.uplinks[0].rate_mbps for router in in_service if router.uplinks}
    used: dict[tuple[str, str], int] = {}
    for own in endpoints:
        for key in ("call_rate_in_kbps", "call_rate_out_kbps"):
            declared: int | None = getattr(own.device.endpoint, key)
            total = used[own.site_id, key] = used.get((own.site_id, key), 0) + (declared or usual)
            if declared is None or own.site_id not in rates:
                continue  # what conference.codec gives is conference_beyond_its_share's matter
            available = rates[own.site_id] * 1000 * share / 100
            percent = total * (100 + conference.overhead_percent) / available
            if percent > 100:
                line = f"{share} percent of {rates[own.site_id]} Mbit/s"
                text = f"{total} kbit/s need {ceil(percent)} percent of the conference's share ({line}); should fit"
                yield Breach(("endpoint", key), text, own.hostname)


@rule("TS-CNF-17", "error", "level-3 hardening")
def media_without_encryption(endpoints: Endpoints) -> Iterator[Breach]:
    """Sound and pictures need not be encrypted, and no exception says why."""
    for own in endpoints:
        if (wish := own.device.endpoint.media_encryption) != "required" and own.exception is None:
            text = f"{wish} without an exception; should be required, or stand in host_vars/ with its reason and expiry"
            yield Breach(("endpoint", "media_encryption"), text, own.hostname)


@rule("TS-CNF-18", "warning", "city instruction of 2023")
def endpoint_not_set_to_the_service(endpoints: Endpoints, as_of: date) -> Iterator[Breach]:
    """Nobody has recorded the day on which an endpoint's server or account was set to the level-II service."""
    for own in endpoints:
        for key in ("server_set_on", "account_set_on") if own.in_service else ():
            day: date | None = getattr(own.device.endpoint, key)
            if day is None:
                yield Breach(("endpoint", key), "no day on record; should be the day it was set", own.hostname)
            elif day > as_of:
                yield Breach(("endpoint", key), f"{day} is still to come; should be the day it was set", own.hostname)


@rule("TS-CNF-19", "warning", "city instruction of 2023")
def legacy_service_in_use(endpoints: Endpoints) -> Iterator[Breach]:
    """Meetings are still held at the service of before, over the Internet."""
    for own in endpoints:
        legacy = own.device.endpoint.legacy if own.in_service else None
        if legacy and legacy.last_used_on is None:
            text = f"meetings are still held at {legacy.server}; should have ended, with last_used_on"
            yield Breach(("endpoint", "legacy"), text, own.hostname)
        day = own.device.endpoint.server_set_on
        if legacy and legacy.last_used_on and day and legacy.last_used_on > day:
            text = f"used on {legacy.last_used_on}, after the server was set on {day}; should have ended"
            yield Breach(("endpoint", "legacy", "last_used_on"), text, own.hostname)


@rule("TS-CNF-20", "error", "own")
def meetings_beyond_the_planned_calls(
    conference: model.Conference, in_service: Sequence[model.Router]
) -> Iterator[Breach]:
    """Meetings that are planned at once need more calls, at a site or at the hub, than lines are judged by."""
    tiers = {router.site_id: router.tier for router in in_service}
    calls = conference.calls
    for index, held in meetings.at_once(conference.meetings):
        path = ("conference", "meetings", index, "starts_at")
        present = [site for meeting in held for site in meetings.invited(meeting, in_service)]
        if "hub" in calls and len(present) > (most := calls["hub"]):
            text = f"{len(present)} sites meet at once; should be at most {most}, as conference.calls.hub says"
            yield Breach(path, text)
        counted = {site for site in present if tiers.get(site, "hub") != "hub" and tiers[site] in calls}
        for site in sorted(counted):  # of the rest, unknown_site or tier_without_planned_calls says so
            if present.count(site) > (most := calls[tiers[site]]):
                text = f"{site} is in {present.count(site)} meetings at once; should be in at most {most}"
                yield Breach(path, f"{text}, as conference.calls.{tiers[site]} says")


@rule("TS-CNF-21", "warning", "own")
def invited_without_an_endpoint(
    conference: model.Conference, in_service: Sequence[model.Router], endpoints: Endpoints
) -> Iterator[Breach]:
    """A site is invited to a meeting and has no endpoint."""
    equipped = {own.site_id for own in endpoints}
    known = {router.site_id for router in in_service}
    for index, meeting in enumerate(conference.meetings):
        if lacking := [s for s in meetings.invited(meeting, in_service) if s in known and s not in equipped]:
            more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
            yield Breach(("conference", "meetings", index), f"no endpoint at {lacking[0]}{more}; should have one (-c1)")


@rule("TS-CNF-22", "error", "own")
def two_meetings_with_one_key(conference: model.Conference) -> Iterator[Breach]:
    """Two meetings have one key: records of them could not be told apart."""
    seen: set[str] = set()
    for index, meeting in enumerate(conference.meetings):
        if meeting.key in seen:
            yield Breach(("conference", "meetings", index, "key"), f"key in use ({meeting.key}); should be its own")
        seen.add(meeting.key)
