"""What each platform expresses of what can be declared: one table per platform, templates/<platform>/capabilities.yml.

Declared values that a platform refuses are findings before anything is rendered; gaps are stated, never silent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError, model_validator

from tslcd import capability_endpoint, capability_server, model, platforms
from tslcd.errors import DeclarationError, Finding, Place
from tslcd.model import Declared, Text
from tslcd.origin import KeyPath

Claim = tuple[str, KeyPath, str]
DeviceT = TypeVar("DeviceT", model.Router, model.ConferenceEndpoint)

NOT_DERIVED: Mapping[str, str] = MappingProxyType(
    {
        "addressing.assumed": "decides where a document may be committed",
        "addressing.allocation_ref": "for people",
        "zones.name_vi": "for people",
        "contracts": "for people and reports",
        "providers.name": "for people",
        "providers.confirmed": "decides where a document may be committed",
        "providers.contract": "for people and reports",
        "providers.bfd_least_interval_ms": "bounds what may be declared",
        "providers.as_override": "import filters hold with and without it",
        "providers.dscp": "a fact for measurements; no line of a router changes with it",
        "providers.traffic_classes.share_percent": "a fact for budgets",
        "providers.traffic_classes.treatment": "a fact for budgets",
        "security.log_retention_days": "a duty of the central log server",
        "security.default_accounts": "no account is rendered that system.people does not name",
        "qos.assumed": "decides where a document may be committed",
        "qos.classes.traffic_vi": "for people",
        "conference.codec_rate_kbps": "a fact for budgets",
        "conference.codec": "a fact for budgets",
        "conference.overhead_percent": "a fact for budgets",
        "conference.calls": "a fact for budgets",
        "conference.audio_rate_kbps": "endpoints' matter",
        "conference.signalling_class": "endpoints' matter: routers know signalling by the ports of `services`",
        "conference.service": "endpoints' matter",
        "conference.services": "endpoints' matter: routers let through what `services` permits",
        "conference.meetings": "a fact for budgets and records",
        "services.name_vi": "for people",
        "services.assumed": "decides where a document may be committed",
        "services.approval_ref": "for people",
        "services.internet_facing": "the DMZ and the way to it are not declared yet",
        "services.contact": "for people",
        "level_i": "the border at the hub; no line of a router follows from it yet",
        "contacts": "for people",
        "units": "for people and reports",
        "policy": "decides what is a finding",
        "site.name": "for people",
        "site.unit": "for people and reports",
        "site.life_cycle": "a decommissioned site has no document",
        "site.uplinks.contract": "for people and reports",
        "site.uplinks.monthly_cost_vnd": "for people and reports",
        "site.circuits": "lines beside the level-II network",
        "device.role": "chooses the model",
        "device.platform": "chooses the templates",
        "device.managed_by": "decides who commits",
        "device.access": "decides how we connect",
    }
)
"""Declared key → why no text of any platform of routers follows from it."""

BEHAVIOURS: Mapping[str, str] = MappingProxyType(
    {
        "accounts": "every person logs in with an account or key of their own; the auditor can read and not change",
        "answers": "answers to permitted traffic pass, and nothing else does in that direction",
        "zones of other sites, IPv4": "a zone is recognised wherever it is in the province",
        "zones of other sites, IPv6": "a zone is recognised wherever it is in the province",
        "anti-spoofing": "hosts send with addresses of their VLAN, carriers deliver none of the site's own",
        "lines in maintenance elsewhere": "what another site announces on a drained line (RFC 8326) is liked least",
        "no transit": "nothing passes from one carrier to another",
        "origin of the centres' prefixes": "hub and DR are believed only where the AS path ends in their own AS",
        "the router itself": "it answers to its BGP peers and to management, and to a limited rate of ICMP",
        "dropped traffic is logged": "at a limited rate",
        "own prefixes are held": "a route to nowhere behind the site's prefixes, so that nothing loops",
        "one transaction": "a commit is whole or not at all, and undone by the router unless it is confirmed",
        "checked before commit": "the platform's own parsers read every document first",
        "verified and audited": "what runs is compared with what is declared, and tried live",
    }
)
"""What follows from the design rather than from one declared key: each platform says how it does it, or not."""


@dataclass(frozen=True, eq=False)
class Kind:
    """What the tables of platforms for devices of one role must speak of."""

    declared: Callable[[], tuple[str, ...]]
    not_derived: Mapping[str, str]
    behaviours: Mapping[str, str]

    @property
    def needed(self) -> tuple[str, ...]:
        """Declared keys that each table has an entry for."""
        return tuple(key for key in self.declared() if not is_below(key, self.not_derived))


class Entry(Declared):
    """One of `expressed` (in which words), `gap` (why it is left out) and `refused` (why it may not be declared)."""

    expressed: Text | None = None
    gap: Text | None = None
    refused: Text | None = None
    values: tuple[bool | int | str | None, ...] = ()
    """The only values that may be declared."""
    least: int | None = None
    most: int | None = None

    @model_validator(mode="after")
    def _one_verdict(self) -> Entry:
        if sum(verdict is not None for verdict in (self.expressed, self.gap, self.refused)) != 1:
            raise ValueError("should have exactly one of expressed, gap and refused")
        return self

    @property
    def is_restricted(self) -> bool:
        """Whether some values are findings."""
        return self.refused is not None or bool(self.values) or self.least is not None or self.most is not None

    def problem(self, value: object) -> str | None:
        """What is wrong with declaring `value`, and what would be right; None where it may be declared."""
        if self.values:
            wrong = any(item not in self.values for item in (value if isinstance(value, tuple) else (value,)))
            right = " or ".join(map(_shown, self.values))
        elif self.refused is not None:
            wrong, right = value not in (None, (), {}), "left out"
        else:
            low, high = self.least, self.most
            wrong = isinstance(value, int) and not (low or value) <= value <= (value if high is None else high)
            right = f"{low} to {high}"
        because = f", {self.refused}" if self.refused else ""
        return f"{_shown(value)}{because}; should be {right}" if wrong else None


class Table(Declared):
    """What one platform expresses."""

    title: Text
    """What the platform is."""
    unverified: Text | None = None
    """Why its documents are labelled unverified; such documents are never committed."""
    behaviours: dict[str, Entry]
    """For each behaviour of its kind."""
    features: dict[str, dict[str, Entry]]
    """Feature → declared key (or one that it lies below) → entry."""

    @property
    def label(self) -> str:
        """The first line of its documents; empty where they are verified."""
        return f"unverified: {self.unverified}" if self.unverified else ""

    @property
    def entries(self) -> dict[str, Entry]:
        """Declared key → entry, of all features."""
        return {key: entry for of_feature in self.features.values() for key, entry in of_feature.items()}

    def gaps(self) -> dict[str, tuple[str, ...]]:
        """Feature → keys that the platform leaves out, `behaviours` last; what has no gap is left out."""
        parts = {**self.features, "behaviours": self.behaviours}
        found = {part: tuple(key for key, e in entries.items() if e.gap) for part, entries in parts.items()}
        return {part: keys for part, keys in found.items() if keys}


@cache
def table(root: Path, platform: str) -> Table:
    """Read the table of a platform from the repository at `root`.

    :raises DeclarationError: when it is not a table, or does not speak of every key and behaviour exactly once.
    """
    file = f"templates/{platform}/capabilities.yml"
    try:
        found = Table.model_validate(yaml.load((root / file).read_text(encoding="utf-8"), Loader=_LOADER))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise DeclarationError([Finding(Place(file), "", f"is no table of capabilities: {error}")]) from error
    if wrong := [Finding(Place(file), key, text) for key, text in incomplete(found, kind_of(platform))]:
        raise DeclarationError(wrong)
    return found


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def kind_of(platform: str) -> Kind:
    """What the table of a platform must speak of."""
    if platform in platforms.SERVER_PLATFORMS:
        return SERVERS
    return ENDPOINTS if platform in platforms.ENDPOINT_PLATFORMS else ROUTERS


def incomplete(found: Table, kind: Kind) -> Iterator[tuple[str, str]]:
    """Keys and behaviours that a table does not speak of exactly once, or that do not exist, and what is wrong."""
    entries, above = found.entries, {key: _itself_and_above(key) for key in kind.needed}
    for key, names in above.items():
        if len(names & entries.keys()) != 1:
            covering = [entry for entry in entries if entry in names]
            yield key, "no entry; every declared key needs one" if not covering else f"has entries {covering}"
    meant = set[str]().union(*above.values())
    for entry in entries:
        if entry not in meant:
            yield entry, "no such declared key, or no text follows from it"
    for name in kind.behaviours.keys() ^ found.behaviours.keys():
        yield name, "no entry; every behaviour needs one" if name in kind.behaviours else "no such behaviour"


def is_below(key: str, prefixes: Iterable[str]) -> bool:
    """Whether a declared key is one of `prefixes` or lies below one."""
    return any(key == prefix or key.startswith(f"{prefix}.") for prefix in prefixes)


def _itself_and_above(key: str) -> set[str]:
    """A declared key and every key that it is below."""
    parts = key.split(".")
    return {".".join(parts[:end]) for end in range(1, len(parts) + 1)}


@cache
def declared_keys() -> tuple[str, ...]:
    """Every key that can be declared for a router, without list positions and names: `vlans.access_ports`."""
    return (*_province_keys(), *_keys(model.Site, "site"), *_keys(model.Device, "device"))


@cache
def declared_endpoint_keys() -> tuple[str, ...]:
    """Every key that can be declared for a conference endpoint, without list positions and names."""
    device = (key for key in _keys(model.EndpointDevice, "device") if not is_below(key, ("device.endpoint",)))
    return (*_province_keys(), *_keys(model.Site, "site"), *device, *_keys(model.Endpoint, "endpoint"))


@cache
def declared_server_keys() -> tuple[str, ...]:
    """Every key that can be declared for a conference server and the endpoints that register there."""
    own = (*_keys(model.Site, "site"), *_keys(model.ServerDevice, "device"), *_keys(model.Endpoint, "endpoint"))
    return (*_province_keys(), *own)


def _province_keys() -> tuple[str, ...]:
    return tuple(key for name, kind in model.Province.model_fields.items() for key in _keys(kind.annotation, name))


ROUTERS = Kind(declared_keys, NOT_DERIVED, BEHAVIOURS)
ENDPOINTS = Kind(declared_endpoint_keys, capability_endpoint.NOT_DERIVED, capability_endpoint.BEHAVIOURS)
SERVERS = Kind(declared_server_keys, capability_server.NOT_DERIVED, capability_server.BEHAVIOURS)


def _keys(annotation: Any, key: str) -> Iterator[str]:
    kind = _member(annotation)
    is_note = isinstance(kind, type) and issubclass(kind, model.Maintenance)  # text follows from its being there
    if isinstance(kind, type) and issubclass(kind, BaseModel) and not is_note:
        for name, field in kind.model_fields.items():
            yield from _keys(field.annotation, f"{key}.{name}")
    else:
        yield key


def _member(annotation: Any) -> Any:
    """The kind of a value: without Annotated and `| None`, and inside of lists and mappings."""
    while (origin := get_origin(annotation)) is not None:
        arguments = get_args(annotation)
        if origin in (Annotated, tuple):
            annotation = arguments[0]
        elif origin in (Union, UnionType):
            annotation = next(argument for argument in arguments if argument is not type(None))
        elif origin is dict:
            annotation = arguments[1]
        else:
            break
    return annotation


def inexpressible(
    subjects: Mapping[str, Any], settings: Mapping[str, Declared], routers: Sequence[model.Router], root: Path
) -> Iterator[Claim]:
    """Declared values that the platform of a router cannot express; a value that many routers share is one claim.

    :param subjects: valid subjects of the province by name.
    :param settings: platform → what is declared for it alone.
    :raises DeclarationError: when a platform's table is wrong.
    """
    for platform, members in _by_platform(routers, platforms.PLATFORMS).items():
        restricted = _restricted(root, platform)
        found: dict[tuple[KeyPath, str], list[str]] = defaultdict(list)  # where and what → on which routers
        used = {uplink.provider for router in members for uplink in router.site.uplinks}
        for name, shared in subjects.items():
            for path, problem in _problems(restricted, shared, name, (name,)):
                if name != "providers" or path[1] in used:
                    found[path, problem] = [router.hostname for router in members]
        for router in members:
            for path, problem in _unmapped(subjects, settings.get(platform), router):
                found[path, problem].append(router.hostname)
            for path, problem in _own(restricted, router):
                yield router.hostname, path, f"cannot be expressed on platform {platform}: {problem}"
        for (path, problem), names in found.items():
            yield _shared_claim(platform, names, path, problem)


def inexpressible_at_endpoints(
    subjects: Mapping[str, Any], endpoints: Sequence[model.ConferenceEndpoint], root: Path
) -> Iterator[Claim]:
    """The same for conference endpoints; tables of servers restrict nothing yet.

    :raises DeclarationError: when a platform's table is wrong.
    """
    for platform, members in _by_platform(endpoints, platforms.ENDPOINT_PLATFORMS).items():
        restricted = _restricted(root, platform)
        names = [endpoint.hostname for endpoint in members]
        for name, shared in subjects.items():
            for path, problem in _problems(restricted, shared, name, (name,)):
                yield _shared_claim(platform, names, path, problem)
        for endpoint in members:
            for path, problem in _problems(restricted, endpoint.device.endpoint, "endpoint", ("endpoint",)):
                yield endpoint.hostname, path, f"cannot be expressed on platform {platform}: {problem}"


def _by_platform(devices: Sequence[DeviceT], known: Collection[str]) -> dict[str, list[DeviceT]]:
    """Platform → its devices in service, for known platforms."""
    found: dict[str, list[DeviceT]] = defaultdict(list)
    for device in devices:
        if device.in_service and device.device.platform in known:
            found[device.device.platform].append(device)
    return found


def _restricted(root: Path, platform: str) -> dict[str, Entry]:
    return {key: entry for key, entry in table(root, platform).entries.items() if entry.is_restricted}


def _shared_claim(platform: str, hostnames: Sequence[str], path: KeyPath, problem: str) -> Claim:
    """One claim for all devices that share a value, at the first of them."""
    first, *others = hostnames
    devices = f"{first} and {len(others)} more" if others else first
    return first, path, f"cannot be expressed on platform {platform} of {devices}: {problem}"


def _own(restricted: Mapping[str, Entry], router: model.Router) -> Iterator[tuple[KeyPath, str]]:
    """What a router's own values are refused for: its site, its device, its exceptions."""
    for name, value in router.overrides.items():
        yield from _problems(restricted, value, name, (name,))
    yield from _problems(restricted, router.site, "site", ("site",))
    yield from _problems(restricted, router.device, "device", ())


def _unmapped(
    subjects: Mapping[str, Any], settings: Declared | None, router: model.Router
) -> Iterator[tuple[KeyPath, str]]:
    """Logical ports that are used and have no interface on a platform with names of its own."""
    own = router.overrides.get(router.device.platform, settings)
    if not isinstance(own, platforms.PortMap):
        return
    providers: Mapping[str, model.Provider] = subjects.get("providers", {})
    used: list[tuple[KeyPath, str]] = [
        (("providers", uplink.provider, "port"), providers[uplink.provider].port)
        for uplink in router.site.uplinks
        if uplink.provider in providers
    ]
    vlans: Sequence[model.Vlan] = router.overrides.get("vlans", subjects.get("vlans", ()))
    for index, vlan in enumerate(vlans):
        used += [(("vlans", index, "access_ports", n), port) for n, port in enumerate(vlan.access_ports)]
    used += [(("site", "ports", port), port) for port in router.site.ports]
    for path, port in used:
        if port not in own.ports and port not in router.device.ports:
            known, key = ", ".join(own.ports), f"{router.device.platform}.ports"
            yield path, f"{port} has no interface; should be one of {known}, or a key of {key}"


def _problems(restricted: Mapping[str, Entry], value: object, key: str, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Values at or below `value` that may not be declared."""
    if (entry := restricted.get(key)) is not None and (problem := entry.problem(value)) is not None:
        yield path, problem
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _problems(restricted, getattr(value, name), f"{key}.{name}", (*path, name))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _problems(restricted, item, key, (*path, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _problems(restricted, item, key, (*path, index))


def _shown(value: object) -> str:
    """A declared value as YAML writes it, on one line."""
    if isinstance(value, BaseModel | Mapping):
        return "a mapping"
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
