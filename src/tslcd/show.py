"""One site in both models: what is declared for it and where, what follows from that, its unit and its lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tslcd import capability, circuits, declared, intent, load, model, units
from tslcd.conference import endpoint, server
from tslcd.hosts import SITE_GROUP, read_hosts
from tslcd.intended import endpoint_json, intent_json, server_json
from tslcd.origin import Origins
from tslcd.policy.run import Run
from tslcd.source import open_source

SHARED = ("group_vars/all/", "group_vars/platform_")
WIDE = 110


class UnknownSiteError(Exception):
    """No site and no host has this name; the message says which ones are nearest."""


@dataclass(frozen=True)
class View:
    """A site with its devices' declared values and intents (none for a decommissioned site)."""

    routers: tuple[model.Router, ...]
    declared: dict[str, list[declared.Value]]
    intents: dict[str, dict[str, Any]]
    labels: dict[str, str]
    """Device → `unverified: …`, where its platform has such a label."""
    lines: tuple[circuits.Line, ...]
    unit: model.Unit | None
    unit_above: model.Unit | None
    as_of: date

    @property
    def site(self) -> model.Site:
        """The site; its routers agree on it unless one has an exception."""
        return self.routers[0].site


def view(root: Path, name: str, stage: intent.Stage, as_of: date, extra: tuple[str, ...] = ()) -> View:
    """Load the network and pick the site, or the site of the host, called `name`.

    :raises tslcd.errors.DeclarationError: when what is declared is not usable.
    :raises UnknownSiteError: with the nearest names.
    """
    source = open_source(root, extra)
    network = load.examine(source.inventory, source.variable_manager, source.loader, Run(as_of)).network
    routers = find(network, name)
    devices = chosen(network, name, routers[0].site_id)
    hosts = {host.name: host for host in read_hosts(source.inventory, source.variable_manager, source.loader, root)}
    origins = Origins(root)
    given = set(source.variable_manager.extra_vars)
    names = {device.hostname for device in devices}
    derived = {host: intent_json(own) for host, own in intent.derive(network, stage, names).items()}
    if stage == "full":
        rooms = endpoint.derive(network)
        derived |= {host: endpoint_json(own) for host, own in rooms.items() if host in names}
        derived |= {host: server_json(own) for host, own in server.derive(network).items() if host in names}
    unit_id = routers[0].site.unit
    unit = units.unit_at(network, unit_id, as_of) if unit_id else None
    return View(
        routers=routers,
        declared={d.hostname: declared.of_host(hosts[d.hostname], origins, given) for d in devices},
        intents={host: json.loads(facts) for host, facts in derived.items()},
        labels={d.hostname: label for d in devices if (label := capability.table(root, d.device.platform).label)},
        lines=tuple(circuits.of_site(network, routers[0])),
        unit=unit,
        unit_above=units.by_id(network)[unit.parent] if unit is not None and unit.parent else None,
        as_of=as_of,
    )


def chosen(
    network: model.Network, name: str, site_id: str
) -> tuple[model.Router | model.ConferenceEndpoint | model.ConferenceServer, ...]:
    """The device called `name`, or all devices of the site that is."""
    return tuple(device for device in network.devices if device.hostname == name) or tuple(
        device for device in network.devices if device.site_id == site_id
    )


def find(network: model.Network, name: str) -> tuple[model.Router, ...]:
    """The routers of a site by its id, its group, or one of its hosts.

    :raises UnknownSiteError: with the nearest names.
    """
    of_device = next((own.site_id for own in network.devices if own.hostname == name), None)
    site_id = of_device or name.removeprefix(SITE_GROUP).replace("_", "-")
    found = tuple(r for r in network.routers if r.hostname == name) or tuple(
        r for r in network.routers if r.site_id == site_id
    )
    if not found:
        names = sorted({device.site_id for device in network.devices} | {device.hostname for device in network.devices})
        close = get_close_matches(site_id, names, n=3, cutoff=0.6)
        hint = f"did you mean {' or '.join(close)}?" if close else "`tslcd units` lists all sites"
        raise UnknownSiteError(f"no site or host is called {name}; {hint}")
    return found


def as_json(shown: View) -> dict[str, Any]:
    """The view as plain data."""
    first = shown.routers[0]
    return {
        "site": first.site_id,
        "name": shown.site.name,
        "tier": first.tier,
        "as_of": str(shown.as_of),
        "unit": _unit_json(shown.unit),
        "unit_above": _unit_json(shown.unit_above),
        "lines": [line.as_json() for line in shown.lines],
        "declared": {
            host: [{"key": v.key, "value": v.value, "place": str(v.place)} for v in values]
            for host, values in shown.declared.items()
        },
        "labels": shown.labels,
        "intent": shown.intents,
    }


def as_text(shown: View, everything: bool = False) -> str:
    """The view for people; with `everything` also each value that the whole province shares."""
    first = shown.routers[0]
    lines = [f"{first.site_id}: {shown.site.name} ({first.tier}, {shown.site.life_cycle})"]
    lines.append(f"unit on {shown.as_of}: {_unit_text(shown)}")
    for host, values in shown.declared.items():
        lines += ["", f"declared for {host}"]
        own = [value for value in values if everything or not value.place.file.startswith(SHARED)]
        lines += _table((value.key, _scalar(value.value), str(value.place)) for value in own)
        if not everything:
            lines += ["", "shared by the province or the platform (each value: --all)"]
            shared = [value for value in values if value.place.file.startswith(SHARED)]
            lines += _table(_subjects(shared))
    lines += ["", "lines"]
    lines += _table(line.as_row(shown.as_of) for line in shown.lines)
    for host, facts in shown.intents.items():
        label = f" ({shown.labels[host]})" if host in shown.labels else ""
        stage = f", stage {facts['stage']}" if "stage" in facts else ""
        lines += ["", f"derived for {host}{stage}, platform {facts['platform']}{label}"]
        lines += _outline(facts if everything else facts | {"settings": "its platform's, as declared (--all)"}, "  ")
    if not shown.intents:
        lines += ["", f"nothing is derived: the site is {shown.site.life_cycle}"]
    return "\n".join(lines)


def _unit_json(unit: model.Unit | None) -> dict[str, Any] | None:
    return unit.model_dump(mode="json") if unit is not None else None


def _unit_text(shown: View) -> str:
    if shown.site.unit is None:
        return "none; no official list has this site"
    if shown.unit is None:
        return f"none; {shown.site.unit} does not hold on that day, and nothing took its place"
    above = f", {shown.unit_above.kind} {shown.unit_above.name}" if shown.unit_above is not None else ""
    note = f" ({shown.unit.note})" if shown.unit.note else ""
    was = f", set up for {shown.site.unit}" if shown.unit.id != shown.site.unit else ""
    return f"{shown.unit.kind} {shown.unit.name}, code {shown.unit.code}{above}{note}{was}"


def _subjects(values: Iterable[declared.Value]) -> Iterable[tuple[str, str, str]]:
    by_subject: dict[tuple[str, str], int] = {}
    for value in values:
        where = (str(value.path[0]), value.place.file)
        by_subject[where] = by_subject.get(where, 0) + 1
    for (subject, file), count in by_subject.items():
        yield subject, f"{count} values", file


def _scalar(value: object) -> str:
    if value is None or isinstance(value, bool | list | dict):
        return json.dumps(value)
    return str(value)


def _table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    cells = list(rows)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  " + "  ".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)).rstrip() for row in cells]


def _outline(value: Mapping[str, Any], indent: str) -> list[str]:
    """Nested facts; what fits into a line stands in one."""
    lines = []
    for key, item in value.items():
        if (short := _flow(item)) is not None and len(short) <= WIDE:
            lines.append(f"{indent}{key}: {short}")
        elif isinstance(item, Mapping):
            lines += [f"{indent}{key}:", *_outline(item, indent + "  ")]
        else:
            entries = {f"{key}[{index}]": entry for index, entry in enumerate(item)}
            lines += _outline(entries, indent)
    return lines


def _flow(value: Any) -> str | None:
    """Scalars, and lists and mappings of scalars, on one line; None for deeper things."""
    if isinstance(value, Mapping):
        nested = any(isinstance(item, Mapping | list) for item in value.values())
        return None if nested else ", ".join(f"{key} {_scalar(item)}" for key, item in value.items()) or "{}"
    if isinstance(value, list):
        return None if any(isinstance(item, Mapping | list) for item in value) else ", ".join(map(_scalar, value))
    text = _scalar(value)
    return text[: WIDE - 1] + "…" if len(text) > WIDE else text
