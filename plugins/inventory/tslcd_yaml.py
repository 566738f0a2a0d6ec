"""The inventory's YAML files, read by ansible.builtin.yaml without its deep copy of what it has just parsed.

The copy is made for a cache that inventories do not use; it was half of what loading them cost.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.inventory import BaseInventoryPlugin
from ansible.plugins.inventory.yaml import InventoryModule as YamlInventory

DOCUMENTATION = """
name: tslcd_yaml
plugin_type: inventory
short_description: YAML inventory files
description: The same as C(ansible.builtin.yaml) for files that end in C(.yml), at half the cost.
"""


class InventoryModule(YamlInventory):
    """Differs from its base only in how a file is loaded."""

    NAME = "tslcd_yaml"

    def verify_file(self, path: str) -> bool:
        """Files with YAML's usual ending."""
        return BaseInventoryPlugin.verify_file(self, path) and Path(path).suffix in {".yml", ".yaml"}

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, _Uncopied(loader), path, cache)


class _Uncopied:
    """A loader whose parsed files are handed over as they are."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def load_from_file(self, file_name: str, **options: Any) -> Any:
        return self._loader.load_from_file(file_name, **options, unsafe=True)
