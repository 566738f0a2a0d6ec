"""The inventory's own YAML plugin reads what Ansible's reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tslcd.ansible_core import DataLoader, Origin

ROOT = Path(__file__).resolve().parents[2]


def read(plugin: str, path: Path) -> dict[str, Any]:
    from ansible.inventory.data import InventoryData
    from ansible.plugins.loader import inventory_loader

    inventory = InventoryData()
    inventory_loader.get(plugin).parse(inventory, DataLoader(), str(path))
    groups = {group.name: (group.vars, [host.name for host in group.hosts]) for group in inventory.groups.values()}
    hosts = {host.name: host.vars for host in inventory.hosts.values()}
    places = {name: Origin.get_tag(name) for name in hosts}
    return {"groups": groups, "hosts": hosts, "places": places}


@pytest.mark.parametrize("name", ["district_bat_xat.yml", "province.yml", "hub.yml"])
def test_a_file_gives_the_same_groups_hosts_variables_and_places(name):
    path = ROOT / "inventory" / name
    assert read("tslcd_yaml", path) == read("ansible.builtin.yaml", path)
