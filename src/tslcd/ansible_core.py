"""What tslcd uses of ansible-core, imported with this repository's settings wherever the caller stands.

Ansible reads its settings once, when it is first imported; inside ansible-playbook that has happened already.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ.setdefault("ANSIBLE_CONFIG", str(Path(__file__).resolve().parents[2] / "ansible.cfg"))

from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.splitter import parse_kv
from ansible.parsing.vault import EncryptedString, VaultSecretsContext
from ansible.plugins.loader import init_plugin_loader
from ansible.template import Templar
from ansible.utils.collection_loader import AnsibleCollectionConfig
from ansible.vars.manager import VariableManager

try:
    from ansible._internal._datatag._tags import Origin
except ImportError:  # a private module: another ansible-core may lack it
    Origin = None

__all__ = [
    "AnsibleError",
    "DataLoader",
    "EncryptedString",
    "InventoryManager",
    "Origin",
    "Templar",
    "VariableManager",
    "knows_vault_password",
    "parse_kv",
]

if AnsibleCollectionConfig.collection_finder is None:
    init_plugin_loader()


def knows_vault_password(loader: Any) -> bool:
    """Whether anything vaulted can have been read in this process."""
    context = VaultSecretsContext.current(optional=True)
    return bool(loader._vault.secrets or (context is not None and context.secrets))
