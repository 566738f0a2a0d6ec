"""Declared data → `model.Network`, through Ansible's own loader, with every error of a run at once.

`network` is for programs (twin, tests), `from_ansible` and `examine` (which also gives the warnings) for action plugins
inside a play; all see the whole inventory, whatever the limit of the play.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args, get_type_hints

from tslcd import model, platforms, policy, units
from tslcd.ansible_core import AnsibleError, DataLoader, EncryptedString, Templar, knows_vault_password
from tslcd.declared_files import Judgement, judge, read_by_ansible, without_owner
from tslcd.errors import DeclarationError, Finding, Place
from tslcd.nearest import nearest, suggestion
from tslcd.origin import KeyPath, Origins, dotted, is_declared_in, repository
from tslcd.policy import Severity
from tslcd.policy.run import Run, from_extra_variables
from tslcd.source import open_source, refusal
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
HOMES = {
    **{name: f"group_vars/all/{name}.yml" for name in SUBJECTS},
    **{name: f"group_vars/platform_{name}/{name}.yml" for name in platforms.SETTINGS},
}
KNOWN = SUBJECTS.keys() | SITE_FACTS.keys() | DEVICE_FACTS.keys() | platforms.SETTINGS.keys() | {EXCEPTION}
# Variables of Ansible, of the connection to a device and of vaulted files; the model does not speak of them.
FOREIGN = ("ansible_", "napalm_", "commit_", "vault_")
MISSING = {
    "site": "missing; a site's group declares it below vars",
    "tier": "missing; name the site's area below a tier_* group of inventory/province.yml",
    "role": "missing; the router's own line declares it",
    "platform": "missing; the router's own line declares it",
}
MISSING_SUBJECT = "missing; this file should declare it"
HOSTNAME = re.compile(r"(?P<site>[a-z0-9]+(-[a-z0-9]+)*)-r[12]")
SITE_GROUP = "site_"
TIER_GROUPS = {f"tier_{tier}" for tier in get_args(model.Tier)}


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
    files: Judgement
    extra: frozenset[str] = frozenset()  # variables given with -e, which no file declares
    decrypts: bool = False  # a vault password is known, so that templates may hold what was vaulted
    _findings: list[Finding] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """All of them; where the files alone show what is wrong, the value that came of it is no finding of its own."""
        places = {finding.place for finding in self.files.lost if finding.place.line}
        variables = {(finding.place.file, finding.key) for finding in self.files.lost}
        follow = (
            finding.place in places or (finding.place.file, re.split(r"[.\[]", finding.key)[0]) in variables
            for finding in self._findings
        )
        return [*self.files.lost, *(finding for finding, told in zip(self._findings, follow, strict=True) if not told)]

    def add(
        self,
        host: Host,
        path: KeyPath,
        text: str,
        *,
        key: bool = False,
        shows_value: bool = True,
        rule: str = "",
        severity: Severity = "error",
    ) -> None:
        """Report the value (or key) at `path` of a host's variables, at its own place or at the host's."""
        if path[0] in self.extra:
            place = Place("-e")
        else:
            place = self.origins.find(host.variables, path, host.scopes, key=key) or self.place_of_host(host)
        if shows_value and not key and self._is_vaulted(host, path, place):
            text = "wrong value (vaulted, so not shown)"
        self._findings.append(Finding(place, dotted(path), text, rule, severity))

    def add_at(self, place: Place, key: str, text: str) -> None:
        """Report something that has its place elsewhere than in a host's variables."""
        self._findings.append(Finding(place, key, text))

    def _is_vaulted(self, host: Host, path: KeyPath, place: Place) -> bool:
        node: Any = host.variables
        for part in path:
            if isinstance(node, str):
                break  # a template; what it gives is not in the variables
            try:
                node = node[part]
            except (KeyError, IndexError, TypeError):
                break
        return place.file in self.files.vaulted or (node is not host.variables and self._holds_vaulted(node))

    def _holds_vaulted(self, value: Any) -> bool:
        if isinstance(value, Mapping):
            return any(map(self._holds_vaulted, value.values()))
        if isinstance(value, str):
            return self.decrypts and is_template(value)
        return isinstance(value, EncryptedString) or (
            isinstance(value, Sequence) and any(map(self._holds_vaulted, value))
        )

    def place_of_host(self, host: Host) -> Place:
        """Where the host is declared."""
        name = host.variables.get("inventory_hostname", host.name)
        return self.origins.of(name) or Place(f"inventory ({host.name})")


def is_template(text: str) -> bool:
    """Whether Ansible would resolve something in it."""
    return "{{" in text or "{%" in text


@dataclass(frozen=True)
class Examined:
    """The declared network, what is to be said about it, and by which day and policy profile it was judged."""

    network: model.Network
    warnings: tuple[Finding, ...]
    judged_by: str


def network(root: Path) -> model.Network:
    """Load the declared network of the repository at `root`.

    :raises DeclarationError: with every error of the run.
    """
    root = root.resolve()
    files = _judged(root, DataLoader())
    source = open_source(root)
    return _examine(source.inventory, source.variable_manager, source.loader, files, Run()).network


def from_ansible(inventory: Any, variable_manager: Any, loader: Any) -> model.Network:
    """Load the declared network from Ansible's live objects, inside a play.

    :raises DeclarationError: with every error of the run.
    """
    return examine(inventory, variable_manager, loader).network


def examine(inventory: Any, variable_manager: Any, loader: Any, run: Run | None = None) -> Examined:
    """Load and judge the declared network from Ansible's live objects, by `-e as_of` and `-e production` or by `run`.

    :raises DeclarationError: with every error of the run.
    """
    run = run or from_extra_variables(variable_manager.extra_vars)
    files = _judged(repository(Path(loader.get_basedir())), loader)
    return _examine(inventory, variable_manager, loader, files, run)


def _judged(root: Path, loader: Any) -> Judgement:
    """What loading would not show. What no loader can read ends the run here, all of it at once."""
    files = judge(root, loader, HOMES)
    if files.refused:
        raise DeclarationError((*files.refused, *files.lost))
    return files


def _examine(inventory: Any, variable_manager: Any, loader: Any, files: Judgement, run: Run | None = None) -> Examined:
    run = run or from_extra_variables(variable_manager.extra_vars)
    report = Report(
        Origins(repository(Path(loader.get_basedir()))),
        files,
        frozenset(variable_manager.extra_vars),
        decrypts=knows_vault_password(loader),
    )
    hosts = read_hosts(inventory, variable_manager, loader, report.origins.root)
    _check_names(inventory, hosts, report)
    reading = _Reading(loader, report)
    subjects = reading.subjects(hosts)
    routers = [router for host in hosts if (router := reading.router(host)) is not None]
    by_name = {host.name: host for host in hosts}
    official = _official_units(subjects, hosts, report)
    facts = policy.Facts(
        subjects=subjects,
        routers=routers,
        site_ids={host.site_id for host in hosts},
        ansible_hosts={host.name: host.variables.get("ansible_host") for host in hosts},
        run=run,
        official_units=official,
        settings=reading.settings,
        root=report.origins.root,
    )
    for rule, severity, breach in policy.judge(facts):
        host = by_name[breach.host] if breach.host else reading.everybody
        report.add(host, breach.path, breach.text, rule=rule.id, severity=severity)
    judged_by = f"{run}, policy profile {facts.profile}"
    if errors := [finding for finding in report.findings if finding.severity == "error"]:
        raise DeclarationError(errors, judged_by)
    declared = model.Network(
        province=model.Province.model_construct(**subjects),
        routers=tuple(routers),
        settings=reading.settings,
        official_units=official,
    )
    return Examined(declared, tuple(sorted(set(report.findings))), judged_by)


def _official_units(subjects: Mapping[str, Any], hosts: Sequence[Host], report: Report) -> tuple[model.Unit, ...]:
    if "units" not in subjects:
        return ()
    official = units.read(subjects["units"], report.origins.root / "data")
    for finding in official.findings:
        report.add_at(finding.place, finding.key, finding.text)
    for problem in official.problems:
        report.add(hosts[0], problem.path, problem.text, key=problem.at_key)
    if official.findings or official.problems:
        return ()  # sites are not judged by lists that are wrong
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
        raise refusal(root, loader, str(refused)) from refused


def _check_names(inventory: Any, hosts: Sequence[Host], report: Report) -> None:
    groups = [str(name) for name in inventory.groups]
    for group in inventory.groups.values():
        if group.name.startswith("tier_") and group.name not in TIER_GROUPS:
            place = report.origins.of(group.name) or Place("inventory")
            report.add_at(place, str(group.name), f"unknown tier; {suggestion(group.name, TIER_GROUPS)}")
        if group.name != "ungrouped" and not group.hosts and not group.child_groups:
            others = [name for name in groups if name != group.name]
            place = report.origins.of(group.name) or Place("inventory")
            report.add_at(place, str(group.name), f"a group without hosts; {suggestion(group.name, others)}")
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
        report.add_at(report.place_of_host(host), host.name, text)
    owners = {*groups, *TIER_GROUPS, *(f"platform_{name}" for name in platforms.SETTINGS)}
    for finding in without_owner(report.origins.root, {host.name for host in hosts}, owners, HOMES):
        report.add_at(finding.place, finding.key, finding.text)


class _Reading:
    """Raw values → plain values → instances of the model; what does not fit is reported once."""

    def __init__(self, loader: Any, report: Report) -> None:
        self._loader, self._report = loader, report
        self._shared: Mapping[str, Any] = {}
        self.everybody = Host("all", (), {})  # what all hosts share, at the places of its values
        self.settings: dict[str, model.Declared] = {}
        root = report.origins.root
        self._excepted = {
            file.relative_to(root).parts[1].removesuffix(file.suffix): file.relative_to(root)
            for file in read_by_ansible(root, ["host_vars"])
        }

    def subjects(self, hosts: Sequence[Host]) -> dict[str, Any]:
        """Read the province's subjects; only those that are valid are in the result."""
        if not hosts:
            return {}
        first = hosts[0]
        self._shared = {name: self._shared_value(name, hosts) for name in SUBJECTS if name in first.variables}
        first = self.everybody = Host(first.name, first.groups, {**first.variables, **self._shared})
        unknown = self._unknown(first)
        found = {}
        for name, kind in SUBJECTS.items():
            if name in first.variables:
                found[name] = self._read(first, name, kind)
            elif name not in unknown:
                self._report.add_at(Place(HOMES[name]), name, MISSING_SUBJECT)
        self._platform_settings(hosts)
        return {name: value for name, value in found.items() if value is not None}

    def _platform_settings(self, hosts: Sequence[Host]) -> None:
        for name, kind in platforms.SETTINGS.items():
            of_platform = [host for host in hosts if host.variables.get("platform") == name]
            if not of_platform:
                continue
            with_it = [host for host in of_platform if name in host.variables]
            if not with_it:
                self._report.add_at(Place(HOMES[name]), name, MISSING_SUBJECT)
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
        of_unknown_tier = any(group.startswith("tier_") and group not in TIER_GROUPS for group in host.groups)
        in_one_site = sum(group.startswith(SITE_GROUP) for group in host.groups) == 1
        for name, kind in (SITE_FACTS | DEVICE_FACTS).items():
            if name in host.variables:
                facts[name] = self._read(host, name, kind)
            elif name not in OPTIONAL:
                facts[name] = None
                if name not in unknown and in_one_site and not (name == "tier" and of_unknown_tier):
                    self._report.add_at(self._report.place_of_host(host), name, MISSING[name])
        parent = facts.pop("parent", None)
        match = HOSTNAME.fullmatch(host.name)
        fits = match is not None and match["site"] == host.site_id and in_one_site
        if None in [*facts.values(), *overrides.values()] or not fits:
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
            self._report.add_at(Place(str(self._excepted[host.name])), EXCEPTION, text)
        return None

    def _unknown(self, host: Host) -> set[str | None]:
        """Report variables that no part of the model knows; gives the names that were meant."""
        meant = set()
        for name in map(str, host.variables.keys() - KNOWN - self._report.extra):
            path = (name,)
            place = self._report.origins.find(host.variables, path, host.scopes, key=True)
            if name.startswith(FOREIGN) or place is None or not is_declared_in(place):
                continue
            self._report.add(host, path, f"unknown variable; {suggestion(name, KNOWN)}", key=True)
            meant.add(nearest(name, KNOWN))
        return meant

    def _read(self, host: Host, name: str, kind: Any) -> Any:
        problems: list[Problem] = []
        result = None
        value = self._plain(host.variables[name], host, (name,), problems)
        if not problems:
            result, problems = validate(kind, value, name)
        for problem in problems:
            self._report.add(host, problem.path, problem.text, key=problem.at_key, shows_value=problem.shows_value)
        return None if problems else result

    def _plain(self, value: Any, host: Host, path: KeyPath, problems: list[Problem]) -> Any:
        """`value` without Ansible's tags, with templates and vaulted strings resolved (only where there are any)."""
        if isinstance(value, Mapping):
            if not all(isinstance(key, str) for key in value):
                place = self._report.origins.find(host.variables, path, host.scopes)
                if place is None or place.file not in {finding.place.file for finding in self._report.files.lost}:
                    problems.append(Problem(path, "has keys that are not text; should have them in quotes"))
            texts = ((str(key), item) for key, item in value.items() if not isinstance(key, bool | None))
            return {key: self._plain(item, host, (*path, key), problems) for key, item in texts}
        if isinstance(value, str) and not is_template(value):
            return str(value)
        if isinstance(value, str | EncryptedString):
            try:
                if isinstance(value, EncryptedString):
                    return str(value)
                resolved = Templar(loader=self._loader, variables=host.variables).template(value)
                return self._plain(resolved, host, path, problems)
            except AnsibleError as refused:
                reason = str(refused).partition(": maximum recursion")[0]  # how deep it came is of no use
                problems.append(Problem(path, f"cannot be resolved; {reason}", shows_value=False))
            except ReferenceError:  # outside of Ansible's own commands nobody has asked for the vault's password
                text = "cannot be resolved; vaulted, and no password is given"
                problems.append(Problem(path, text, shows_value=False))
            return None
        if isinstance(value, Sequence):
            return [self._plain(item, host, (*path, n), problems) for n, item in enumerate(value)]
        return int(value) if isinstance(value, int) and not isinstance(value, bool) else value
