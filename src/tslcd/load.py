"""Declared data → `model.Network`, through Ansible's own loader, with every error of a run at once.

`network` is for programs (twin, tests), `from_ansible` and `examine` (which also gives the warnings) for action plugins
inside a play; all see the whole inventory, whatever the limit of the play.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tslcd import model, platforms, policy, units
from tslcd.ansible_core import DataLoader, knows_vault_password
from tslcd.declared_files import Judgement, judge, without_owner
from tslcd.errors import DeclarationError, Finding, Place
from tslcd.hosts import RIGHT, SITE_GROUP, TIER_GROUPS, Host, read_hosts
from tslcd.nearest import suggestion
from tslcd.origin import Origins, repository
from tslcd.policy.run import Run, from_extra_variables
from tslcd.reading import Reading
from tslcd.report import Report
from tslcd.source import open_source
from tslcd.variables import HOMES


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


def _examine(inventory: Any, variable_manager: Any, loader: Any, files: Judgement, run: Run) -> Examined:
    report = Report(
        Origins(repository(Path(loader.get_basedir()))),
        files,
        frozenset(variable_manager.extra_vars),
        decrypts=knows_vault_password(loader),
    )
    hosts = read_hosts(inventory, variable_manager, loader, report.origins.root)
    _check_names(inventory, hosts, report)
    reading = Reading(loader, report)
    subjects = reading.subjects(hosts)
    at_sites = [host for host in hosts if host.role == "router"]
    routers = [router for host in at_sites if (router := reading.router(host)) is not None]
    first = {router.site_id: router for router in reversed(routers)}
    rooms = [host for host in hosts if host.role == "conference_endpoint"]
    endpoints = [endpoint for host in rooms if (endpoint := reading.endpoint(host, first)) is not None]
    centres = [host for host in hosts if host.role == "conference_server"]
    servers = [server for host in centres if (server := reading.server(host, first)) is not None]
    by_name = {host.name: host for host in hosts}
    official = _official_units(subjects, hosts, report)
    facts = policy.Facts(
        subjects=subjects,
        routers=routers,
        endpoints=endpoints,
        servers=servers,
        site_ids={host.site_id for host in at_sites},
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
        endpoints=tuple(endpoints),
        servers=tuple(servers),
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
    with_router = {host.site_id for host in hosts if host.role == "router"}
    for host in hosts:
        in_groups = [g for g in host.groups if g.startswith(SITE_GROUP)]
        if len(in_groups) != 1:
            named = ", ".join(in_groups) or "none"
            text = f"belongs to these site groups: {named}; should belong to exactly one"
        elif host.own_site != host.site_id:
            right = RIGHT[host.role].format(host.site_id)
            text = f"does not fit its site's group {in_groups[0]}; should be {right}"
        elif host.site_id not in with_router:
            text = f"no router at its site; should have {host.site_id}-r1 beside it"
        else:
            continue
        report.add_at(report.place_of_host(host), host.name, text)
    owners = {*groups, *TIER_GROUPS, *(f"platform_{name}" for name in platforms.SETTINGS)}
    for finding in without_owner(report.origins.root, {host.name for host in hosts}, owners, HOMES):
        report.add_at(finding.place, finding.key, finding.text)
