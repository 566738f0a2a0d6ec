"""Groups role_* and platform_*, and the management address of every device, from what the YAML files declare.

Replaces `constructed`: one pass, no templates, and addresses that every tool reads as plain strings.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleFileNotFound, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin
from ansible.template import trust_as_template

from tslcd.conference.address import endpoint_v4, server_v4
from tslcd.declared_files import VARIABLES, judge, read_by_ansible, refused_by_ansible

DOCUMENTATION = """
name: tslcd_views
plugin_type: inventory
short_description: groups by role and platform, and ansible_host, of declared devices
description:
  - Reads what other sources of the inventory declared; its own file must sort last.
  - A device of a site whose C(life_cycle) is C(decommissioned) is in none of these groups, so that no play touches it.
  - C(ansible_host) of a router is its loopback of C(addressing), group_vars/all/addressing.yml (A for -r1, B for -r2).
  - C(ansible_host) of a conference endpoint is its address in its VLAN of group_vars/all/vlans.yml (-c1 is host 11);
    of a conference server (-s1) the one that group_vars/all/services.yml has at its site.
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
        plan = _subject(loader, root, "addressing")
        vlans, conference, services = (_subject(loader, root, name) for name in ("vlans", "conference", "services"))
        bases = {unit: _base(plan, key) for unit, key in LOOPBACKS.items()}
        for host in list(inventory.hosts.values()):
            for key in () if _decommissioned(host) else ("role", "platform"):
                if value := host.vars.get(key):
                    inventory.add_host(host.name, inventory.add_group(f"{key}_{value}"))
            number, base = _site_number(host), bases.get(host.name[-3:])
            if host.vars.get("role") == "conference_endpoint":
                address = endpoint_v4(plan, vlans, number, host.name, host.vars.get("endpoint"))
            elif host.vars.get("role") == "conference_server":
                site = host.name.removesuffix("-s1")
                address = server_v4(plan, vlans, number, site, conference=conference, services=services)
            else:
                address = str(base[number]) if base and number in range(base.num_addresses) else None
            if address:
                inventory.set_variable(host.name, "ansible_host", trust_as_template(address))


def _subject(loader: Any, root: Path, name: str) -> Any:
    """A subject as its file declares it; None where it does not, which the loader reports with its place."""
    try:
        file = root / f"group_vars/all/{name}.yml"
        return loader.load_from_file(str(file), unsafe=True, trusted_as_template=True)[name]
    except (AnsibleFileNotFound, KeyError, TypeError):
        return None


def _base(plan: Any, key: str) -> IPv4Network | None:
    """The base prefix; None where it is not one."""
    try:
        return IPv4Network(plan[key])
    except (KeyError, TypeError, ValueError):
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
