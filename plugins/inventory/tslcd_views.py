"""Groups role_* and platform_*, and the management address of every router, from what the YAML files declare.

Replaces `constructed`: one pass, no templates, and addresses that every tool reads as plain strings.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleFileNotFound, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin
from ansible.template import trust_as_template

from tslcd.declared_files import VARIABLES, judge, read_by_ansible, refused_by_ansible

DOCUMENTATION = """
name: tslcd_views
plugin_type: inventory
short_description: groups by role and platform, and ansible_host, of declared devices
description:
  - Reads what other sources of the inventory declared; its own file must sort last.
  - A device of a site whose C(life_cycle) is C(decommissioned) is in none of these groups, so that no play touches it.
  - C(ansible_host) is the router's loopback of C(addressing) in group_vars/all/addressing.yml (A for -r1, B for -r2).
options:
  plugin:
    description: Always C(tslcd_views).
    required: true
    choices: [tslcd_views]
"""

LOOPBACKS = {"-r1": "loopback_a", "-r2": "loopback_b"}


class InventoryModule(BaseInventoryPlugin):
    """Adds views to hosts that exist already; hosts that lack a value are left to the loader, which names the place."""

    NAME = "tslcd_views"

    def verify_file(self, path: str) -> bool:
        """Only files that name this plugin are its own."""
        return super().verify_file(path) and Path(path).name == "views.yml"

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Extend the inventory.

        :raises AnsibleParserError: naming files of group_vars/ and host_vars/ that cannot be read; Ansible itself would
            name the reason alone.
        """
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        root = Path(path).resolve().parents[1]
        refused = judge(root, loader, directories=VARIABLES).refused
        if refused := (refused or tuple(refused_by_ansible(root, loader, read_by_ansible(root, VARIABLES)))):
            raise AnsibleParserError("\n".join(map(str, refused)))
        bases = {unit: _base(loader, root / "group_vars/all/addressing.yml", key) for unit, key in LOOPBACKS.items()}
        for host in list(inventory.hosts.values()):
            for key in () if _decommissioned(host) else ("role", "platform"):
                if value := host.vars.get(key):
                    inventory.add_host(host.name, inventory.add_group(f"{key}_{value}"))
            number, base = _site_number(host), bases.get(host.name[-3:])
            if base and number in range(base.num_addresses):
                inventory.set_variable(host.name, "ansible_host", trust_as_template(str(base[number])))


def _base(loader: Any, subject: Path, key: str) -> IPv4Network | None:
    """The base prefix; None where it is not one, which the loader reports with its place."""
    try:
        return IPv4Network(
            loader.load_from_file(str(subject), unsafe=True, trusted_as_template=True)["addressing"][key]
        )
    except (AnsibleFileNotFound, KeyError, TypeError, ValueError):
        return None


def _site_number(host: Any) -> int:
    """The number of the site whose group the host is in; -1 when none is declared."""
    return next((number for site in _sites(host) if isinstance(number := site.get("number"), int)), -1)


def _decommissioned(host: Any) -> bool:
    """Whether nothing may touch the host any more: plays target role_router, and it is not in it."""
    return any(site.get("life_cycle") == "decommissioned" for site in _sites(host))


def _sites(host: Any) -> list[dict[str, Any]]:
    """What the host's groups declare as their site."""
    return [site for group in host.get_groups() if isinstance(site := group.vars.get("site"), dict)]
