"""Raw variables → instances of the model: what all share, and each router and endpoint with its exceptions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tslcd import model, platforms
from tslcd.ansible_core import AnsibleError, EncryptedString, Templar
from tslcd.declared_files import read_by_ansible
from tslcd.errors import Place
from tslcd.hosts import SITE_GROUP, TIER_GROUPS, Host
from tslcd.nearest import nearest, suggestion
from tslcd.origin import KeyPath, is_declared_in
from tslcd.report import Report, is_template
from tslcd.validation import Problem, validate
from tslcd.variables import (
    DEVICE_FACTS,
    ENDPOINT_FACTS,
    EXCEPTION,
    FOREIGN,
    HOMES,
    KNOWN,
    MISSING,
    MISSING_SUBJECT,
    OPTIONAL,
    OVERRIDABLE,
    SERVER_FACTS,
    SITE_FACTS,
    SUBJECTS,
)


def _in_one_site(host: Host) -> bool:
    return sum(group.startswith(SITE_GROUP) for group in host.groups) == 1


def _fits(host: Host) -> bool:
    return host.own_site == host.site_id and _in_one_site(host)


class Reading:
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
        for name in self._differing(host):
            if name in OVERRIDABLE and host.name in self._excepted:
                overrides[name] = self._read(host, name, SUBJECTS.get(name) or platforms.SETTINGS[name])
            else:
                self._report.add(host, (name,), "set below group_vars/all; the whole province shares one value")
        self._refuse(host, ENDPOINT_FACTS.keys() - DEVICE_FACTS.keys(), "only a conference_endpoint has one")
        facts = self._facts(host, SITE_FACTS | DEVICE_FACTS, unknown)
        parent = facts.pop("parent", None)
        if None in [*facts.values(), *overrides.values()] or not _fits(host):
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

    def endpoint(self, host: Host, routers: Mapping[str, model.Router]) -> model.ConferenceEndpoint | None:
        """The conference endpoint that a host stands for; None (and findings) when something is wrong with it.

        :param routers: site id → its first router; an endpoint's site is what that router's is.
        """
        self._refuse(host, DEVICE_FACTS.keys() - ENDPOINT_FACTS.keys(), "only a router has it")
        facts, common = self._beside_router(host, ENDPOINT_FACTS, routers)
        return model.ConferenceEndpoint(device=model.EndpointDevice(**facts), **common) if common else None

    def server(self, host: Host, routers: Mapping[str, model.Router]) -> model.ConferenceServer | None:
        """The conference server that a host stands for; None (and findings) when something is wrong with it.

        :param routers: as for `endpoint`.
        """
        self._refuse(host, (DEVICE_FACTS | ENDPOINT_FACTS).keys() - SERVER_FACTS.keys(), "a conference_server has none")
        facts, common = self._beside_router(host, SERVER_FACTS, routers)
        return model.ConferenceServer(device=model.ServerDevice(**facts), **common) if common else None

    def _beside_router(
        self, host: Host, kinds: Mapping[str, Any], routers: Mapping[str, model.Router]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the line of a device that is no router says, and what it has from its site; empty when that is wrong."""
        unknown = self._unknown(host)
        exception = self._exception(host)
        for name in self._differing(host):
            self._report.add(host, (name,), "set below group_vars/all; the whole province shares one value")
        if host.name in self._excepted:
            own = {name for name in SITE_FACTS if name in host.variables and self._is_own(host, name)}
            self._refuse(host, own, "a site's; this device has none of its own")
        facts = self._facts(host, kinds, unknown)
        router = routers.get(host.site_id)
        if None in facts.values() or router is None or not _fits(host):
            return {}, {}
        common = {"hostname": host.name, "site_id": host.site_id, "tier": router.tier, "site": router.site}
        return facts, {**common, "exception": exception}

    def _differing(self, host: Host) -> list[str]:
        """Shared subjects that have another value for this host."""
        values = ((name, shared, host.variables.get(name)) for name, shared in self._shared.items())
        return [name for name, shared, own in values if own is not shared and own != shared and own is not None]

    def _facts(self, host: Host, kinds: Mapping[str, Any], unknown: Collection[str | None]) -> dict[str, Any]:
        """What a host's own variables say; None for what is missing or not valid."""
        facts: dict[str, Any] = {}
        of_unknown_tier = any(group.startswith("tier_") and group not in TIER_GROUPS for group in host.groups)
        for name, kind in kinds.items():
            if name in host.variables:
                facts[name] = self._read(host, name, kind)
            elif name not in OPTIONAL:
                facts[name] = None
                if name not in unknown and _in_one_site(host) and not (name == "tier" and of_unknown_tier):
                    self._report.add_at(self._report.place_of_host(host), name, MISSING[name])
        return facts

    def _refuse(self, host: Host, names: Collection[str], why: str) -> None:
        """Report variables that a device of this role cannot have."""
        for name in names:
            if name in host.variables:
                self._report.add(host, (name,), f"not for {host.name}; {why}")

    def _is_own(self, host: Host, name: str) -> bool:
        """Whether a variable is declared in host_vars/ of this host."""
        place = self._report.origins.find(host.variables, (name,), host.scopes)
        return place is not None and place.file == str(self._excepted[host.name])

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
