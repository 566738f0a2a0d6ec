"""Declared data → `model.Network`, through Ansible's own loader, with every error of a run at once.

`network` is for programs (twin, tests), `from_ansible` for action plugins inside a play; both see the whole inventory,
whatever the limit of the play.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

from tslcd import capability, model, platforms, units
from tslcd.ansible_core import AnsibleError, EncryptedString, Templar
from tslcd.crosscheck import Parts, cross_check
from tslcd.errors import DeclarationError, Finding, Place
from tslcd.nearest import nearest, suggestion
from tslcd.origin import KeyPath, Origins, is_declared_in, repository
from tslcd.source import open_source, refused_files
from tslcd.validation import Problem, validate

SUBJECTS: dict[str, Any] = get_type_hints(model.Province, include_extras=True)
SITE_FACTS: dict[str, Any] = {
    name: hint
    for name, hint in get_type_hints(model.Router, include_extras=True).items()
    if name in {"tier", "parent", "site"}
}
DEVICE_FACTS: dict[str, Any] = get_type_hints(model.Device, include_extras=True)
OPTIONAL = {name for name, field in model.Device.model_fields.items() if not field.is_required()} | {"parent"}
EXCEPTION = "exception"
NOTES = {EXCEPTION: model.ExceptionNote}
# What one router may have for itself, from host_vars/: nothing that other routers' documents follow from.
OVERRIDABLE = {"routing", "vlans", "security", *platforms.SETTINGS}
KNOWN = SUBJECTS.keys() | SITE_FACTS.keys() | DEVICE_FACTS.keys() | platforms.SETTINGS.keys() | {EXCEPTION}
# Variables of Ansible and of the connection to a device; the model does not speak of them.
FOREIGN = ("ansible_", "napalm_", "commit_")
MISSING = {
    "site": "missing; a site's group declares it below vars",
    "tier": "missing; name the site's area below a tier_* group of inventory/province.yml",
    "role": "missing; the router's own line declares it",
    "platform": "missing; the router's own line declares it",
}
HOSTNAME = re.compile(r"(?P<site>[a-z0-9]+(-[a-z0-9]+)*)-r[12]")
SITE_GROUP = "site_"


@dataclass
class Host:
    """One inventory host as Ansible sees it: raw values (still templates, with their origin) by variable."""

    name: str
    groups: tuple[str, ...]
    variables: Mapping[str, Any]

    @property
    def site_id(self) -> str:
        """The site's id, from its group; the host's own name when it stands in none."""
        group = next((g for g in self.groups if g.startswith(SITE_GROUP)), None)
        return group.removeprefix(SITE_GROUP).replace("_", "-") if group else self.name

    @property
    def scopes(self) -> tuple[str, ...]:
        """Where its values come from, innermost first."""
        return (self.name, *self.groups)


@dataclass
class Report:
    """Collects findings with their places."""

    origins: Origins
    extra: frozenset[str] = frozenset()  # variables given with -e, which no file declares
    findings: list[Finding] = field(default_factory=list)

    def add(self, host: Host, path: KeyPath, text: str, *, key: bool = False) -> None:
        """Report the value (or key) at `path` of a host's variables, at its own place or at the host's."""
        if path[0] in self.extra:
            place = Place("-e")
        else:
            place = self.origins.find(host.variables, path, host.scopes, key=key) or self.place_of_host(host)
        self.findings.append(Finding(place, dotted(path), text))

    def place_of_host(self, host: Host) -> Place:
        """Where the host is declared."""
        name = host.variables.get("inventory_hostname", host.name)
        return self.origins.of(name) or Place(f"inventory ({host.name})")


def dotted(path: KeyPath) -> str:
    """`('site', 'uplinks', 1, 'rate_mbps')` as `site.uplinks[1].rate_mbps`."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).removeprefix(".")


def network(root: Path) -> model.Network:
    """Load the declared network of the repository at `root`.

    :raises DeclarationError: with every finding of the run.
    """
    source = open_source(root.resolve())
    return from_ansible(source.inventory, source.variable_manager, source.loader)


def from_ansible(inventory: Any, variable_manager: Any, loader: Any) -> model.Network:
    """Load the declared network from Ansible's live objects, inside a play.

    :raises DeclarationError: with every finding of the run.
    """
    report = Report(Origins(repository(Path(loader.get_basedir()))), frozenset(variable_manager.extra_vars))
    hosts = read_hosts(inventory, variable_manager, loader, report.origins.root)
    _check_names(inventory, hosts, report)
    reading = _Reading(loader, report)
    subjects = reading.subjects(hosts)
    routers = [router for host in hosts if (router := reading.router(host)) is not None]
    by_name = {host.name: host for host in hosts}
    addresses = {host.name: host.variables.get("ansible_host") for host in hosts}
    for hostname, path, text in cross_check(Parts(subjects, routers, {host.site_id for host in hosts}, addresses)):
        report.add(by_name[hostname], path, text)
    for hostname, path, text in capability.inexpressible(subjects, reading.settings, routers, report.origins.root):
        report.add(by_name[hostname], path, text)
    official = _official_units(subjects, hosts, report)
    if report.findings:
        raise DeclarationError(report.findings)
    return model.Network(
        province=model.Province.model_construct(**subjects),
        routers=tuple(routers),
        settings=reading.settings,
        official_units=official,
    )


def _official_units(subjects: Mapping[str, Any], hosts: Sequence[Host], report: Report) -> tuple[model.Unit, ...]:
    if "units" not in subjects:
        return ()
    official = units.read(subjects["units"], report.origins.root / "data")
    report.findings += official.findings
    for problem in official.problems:
        report.add(hosts[0], problem.path, problem.text, key=problem.at_key)
    return tuple(official.units.values())


def read_hosts(inventory: Any, variable_manager: Any, loader: Any, root: Path) -> list[Host]:
    """Every host of the inventory with its raw variables.

    :raises DeclarationError: when Ansible refuses a file of variables.
    """
    try:
        return [
            Host(
                str(host.name),
                tuple(str(g.name) for g in sorted(host.get_groups(), key=lambda g: -g.depth)),
                variable_manager.get_vars(host=host, include_hostvars=False),
            )
            for host in inventory.hosts.values()
        ]
    except AnsibleError as refused:
        raise DeclarationError(refused_files(root, loader, str(refused))) from refused


def _check_names(inventory: Any, hosts: Sequence[Host], report: Report) -> None:
    groups = [str(name) for name in inventory.groups]
    for group in inventory.groups.values():
        if group.name != "ungrouped" and not group.hosts and not group.child_groups:
            others = [name for name in groups if name != group.name]
            place = report.origins.of(group.name) or Place("inventory")
            report.findings.append(
                Finding(place, str(group.name), f"a group without hosts; {suggestion(group.name, others)}")
            )
    for host in hosts:
        in_groups = [g for g in host.groups if g.startswith(SITE_GROUP)]
        match = HOSTNAME.fullmatch(host.name)
        if len(in_groups) != 1:
            named = ", ".join(in_groups) or "none"
            text = f"belongs to these site groups: {named}; should belong to exactly one"
        elif match is None or match["site"] != host.site_id:
            text = f"does not fit its site's group {in_groups[0]}; should be {host.site_id}-r1 or {host.site_id}-r2"
        else:
            continue
        report.findings.append(Finding(report.place_of_host(host), host.name, text))


class _Reading:
    """Raw values → plain values → instances of the model; what does not fit is reported once."""

    def __init__(self, loader: Any, report: Report) -> None:
        self._loader, self._report = loader, report
        self._shared: Mapping[str, Any] = {}
        self.settings: dict[str, model.Declared] = {}
        self._excepted = {path.stem for path in (report.origins.root / "host_vars").glob("*") if path.suffix != ".md"}
        self._vaulted = False  # the value being read holds a vaulted string

    def subjects(self, hosts: Sequence[Host]) -> dict[str, Any]:
        """Read the province's subjects; only those that are valid are in the result."""
        if not hosts:
            return {}
        first = hosts[0]
        self._shared = {name: self._shared_value(name, hosts) for name in SUBJECTS if name in first.variables}
        first = Host(first.name, first.groups, {**first.variables, **self._shared})
        unknown = self._unknown(first)
        found = {}
        for name, kind in SUBJECTS.items():
            if name in first.variables:
                found[name] = self._read(first, name, kind)
            elif name not in unknown:
                self._report.findings.append(
                    Finding(Place("group_vars/all"), name, "missing; a file of its own declares it")
                )
        self._platform_settings(hosts)
        return {name: value for name, value in found.items() if value is not None}

    def _platform_settings(self, hosts: Sequence[Host]) -> None:
        for name, kind in platforms.SETTINGS.items():
            of_platform = [host for host in hosts if host.variables.get("platform") == name]
            if not of_platform:
                continue
            with_it = [host for host in of_platform if name in host.variables]
            if not with_it:
                place = Place(f"group_vars/platform_{name}")
                self._report.findings.append(Finding(place, name, "missing; a file of its own declares it"))
                continue
            self._shared = {**self._shared, name: self._shared_value(name, with_it)}
            first = Host(with_it[0].name, with_it[0].groups, {**with_it[0].variables, **self._shared})
            if (value := self._read(first, name, kind)) is not None:
                self.settings[name] = value

    def _shared_value(self, name: str, hosts: Sequence[Host]) -> Any:
        """The value that group_vars/all (or the platform's directory) gives, where hosts disagree."""
        values = {id(value): value for host in hosts if (value := host.variables.get(name)) is not None}
        places = ((value, self._report.origins.of(value)) for value in values.values())
        shared_in = ("group_vars/all", f"group_vars/platform_{name}")
        shared = (value for value, place in places if place is not None and place.file.startswith(shared_in))
        return next(shared, hosts[0].variables[name])

    def router(self, host: Host) -> model.Router | None:
        """The router that a host stands for; None (and findings) when something is wrong with it."""
        unknown = self._unknown(host)
        exception = self._exception(host)
        overrides: dict[str, Any] = {}
        for name, shared in self._shared.items():
            value = host.variables.get(name)
            if value is shared or value == shared or value is None:
                continue
            if name in OVERRIDABLE and host.name in self._excepted:
                overrides[name] = self._read(host, name, SUBJECTS.get(name) or platforms.SETTINGS[name])
            else:
                self._report.add(host, (name,), "set below group_vars/all; the whole province shares one value")
        facts: dict[str, Any] = {}
        for name, kind in (SITE_FACTS | DEVICE_FACTS).items():
            if name in host.variables:
                facts[name] = self._read(host, name, kind)
            elif name not in OPTIONAL:
                facts[name] = None
                if name not in unknown:
                    self._report.findings.append(Finding(self._report.place_of_host(host), name, MISSING[name]))
        parent = facts.pop("parent", None)
        match = HOSTNAME.fullmatch(host.name)
        if None in [*facts.values(), *overrides.values()] or match is None or match["site"] != host.site_id:
            return None
        device = model.Device(**{name: facts[name] for name in DEVICE_FACTS if name in facts})
        return model.Router(
            hostname=host.name,
            site_id=host.site_id,
            tier=facts["tier"],
            parent=parent,
            site=facts["site"],
            device=device,
            exception=exception,
            overrides=overrides,
        )

    def _exception(self, host: Host) -> model.ExceptionNote | None:
        """Why host_vars/ says anything about this host."""
        if EXCEPTION in host.variables:
            note: model.ExceptionNote | None = self._read(host, EXCEPTION, model.ExceptionNote)
            return note
        if host.name in self._excepted:
            text = "missing; host_vars/ holds exceptions only, each with its reason, requested_by and expires"
            self._report.findings.append(Finding(Place(f"host_vars/{host.name}"), EXCEPTION, text))
        return None

    def _unknown(self, host: Host) -> set[str | None]:
        """Report variables that no part of the model knows; gives the names that were meant."""
        meant = set()
        for name in host.variables.keys() - KNOWN - self._report.extra:
            path = (str(name),)
            place = self._report.origins.find(host.variables, path, host.scopes, key=True)
            if name.startswith(FOREIGN) or place is None or not is_declared_in(place):
                continue
            self._report.add(host, path, f"unknown variable; {suggestion(name, KNOWN)}", key=True)
            meant.add(nearest(name, KNOWN))
        return meant

    def _read(self, host: Host, name: str, kind: Any) -> Any:
        self._vaulted = False
        try:
            value = self._plain(host.variables[name], host)
        except AnsibleError as refused:
            problems = [Problem((name,), f"cannot be resolved; {refused}")]
        except ReferenceError:  # outside of Ansible's own commands nobody has asked for the vault's password
            self._vaulted, problems = False, [Problem((name,), "cannot be resolved; vaulted, and no password is given")]
        else:
            result, problems = validate(kind, value, name)
        for problem in problems:
            text = "wrong value (vaulted, so not shown)" if self._vaulted else problem.text
            self._report.add(host, problem.path, text, key=problem.at_key)
        return None if problems else result

    def _plain(self, value: Any, host: Host) -> Any:
        """`value` without Ansible's tags, with templates and vaulted strings resolved (only where there are any)."""
        if isinstance(value, Mapping):
            return {str(key): self._plain(item, host) for key, item in value.items()}
        if isinstance(value, str):
            if "{{" in value or "{%" in value:
                return self._plain(Templar(loader=self._loader, variables=host.variables).template(value), host)
            return str(value)
        if isinstance(value, EncryptedString):
            self._vaulted = True
            return str(value)
        if isinstance(value, Sequence):
            return [self._plain(item, host) for item in value]
        return int(value) if isinstance(value, int) and not isinstance(value, bool) else value
