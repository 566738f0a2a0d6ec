"""Inventory hosts as Ansible sees them: names, groups and raw variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from tslcd import model
from tslcd.ansible_core import AnsibleError
from tslcd.source import refusal

HOSTNAME = re.compile(r"(?P<site>[a-z0-9]+(-[a-z0-9]+)*)-r[12]")
ENDPOINT_NAME = re.compile(r"(?P<site>[a-z0-9]+(-[a-z0-9]+)*)-c[1-9]")
SERVER_NAME = re.compile(r"(?P<site>[a-z0-9]+(-[a-z0-9]+)*)-s1")
NAMES = {"router": HOSTNAME, "conference_endpoint": ENDPOINT_NAME, "conference_server": SERVER_NAME}
"""Role → what its devices are called."""
RIGHT = {"router": "{0}-r1 or {0}-r2", "conference_endpoint": "{0}-c1 to -c9", "conference_server": "{0}-s1"}
"""The same for people, of the site {0}."""
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
    def role(self) -> str:
        """What it is for; by its name where it declares no role that anybody knows, and else a router."""
        declared = str(self.variables.get("role"))
        by_name = (role for role, name in NAMES.items() if name.fullmatch(self.name))
        return declared if declared in NAMES else next(by_name, "router")

    @property
    def own_site(self) -> str | None:
        """The site that its name says; None where a device of its role cannot have such a name."""
        match = NAMES[self.role].fullmatch(self.name)
        return match["site"] if match else None

    @property
    def scopes(self) -> tuple[str, ...]:
        """Where its values come from, innermost first."""
        return (self.name, *self.groups)


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
