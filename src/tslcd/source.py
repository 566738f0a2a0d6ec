"""The repository's inventory and variables through Ansible's own loader, outside of a playbook.

Precedence, host_vars and Vault therefore mean what they mean to ansible-playbook. What Ansible refuses to parse is
reported with file and line, which Ansible's own message often lacks.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tslcd.ansible_core import AnsibleError, DataLoader, InventoryManager, VariableManager, parse_kv
from tslcd.declared_files import read_by_ansible, refused_by_ansible
from tslcd.errors import DeclarationError, Finding, Place


@dataclass(frozen=True)
class Source:
    """Ansible's InventoryManager, VariableManager and DataLoader for one repository."""

    inventory: Any
    variable_manager: Any
    loader: Any


def open_source(root: Path, extra: Sequence[str] = (), vault_secrets: Sequence[tuple[str, Any]] = ()) -> Source:
    """Parse the inventory of the repository at `root`; `extra` is what `-e` would give to ansible-playbook.

    :param vault_secrets: Ansible's (vault id, VaultSecret) pairs that open vaulted files.
    :raises DeclarationError: when Ansible refuses a file; every refused file is reported.
    """
    loader = DataLoader()
    loader.set_basedir(str(root))
    loader.set_vault_secrets(list(vault_secrets))
    chatter = io.StringIO()
    try:
        with redirect_stderr(chatter):
            inventory = InventoryManager(loader=loader, sources=[str(root / "inventory")])
    except AnsibleError as refused:
        # Ansible prints the reason and raises without it.
        reason = f"{chatter.getvalue().rpartition('<<< caused by >>>')[2].strip()}\n{refused}".strip()
        raise refusal(root, loader, reason) from refused
    sys.stderr.write(chatter.getvalue())
    variables = VariableManager(loader=loader, inventory=inventory)
    if extra:
        variables._extra_vars = _extra_variables(loader, extra)  # Ansible takes them from its own command line alone
    return Source(inventory, variables, loader)


def _extra_variables(loader: Any, extra: Sequence[str]) -> dict[str, Any]:
    """KEY=VALUE, YAML or JSON, or @FILE, as Ansible reads them; the last one wins."""
    variables: dict[str, Any] = {}
    for text in extra:
        try:
            if text.startswith("@"):
                given = loader.load_from_file(str(Path(text[1:]).resolve()), trusted_as_template=True)
            else:
                given = loader.load(text) if text.startswith(("{", "[")) else parse_kv(text)
        except AnsibleError as refused:
            wrong = f"Ansible refuses {text}; {refused.message}"
            raise DeclarationError([Finding(Place("-e"), "", wrong)]) from refused
        if not isinstance(given, Mapping):
            wrong = f"wrong value ({text}); should be KEY=VALUE or a mapping"
            raise DeclarationError([Finding(Place("-e"), "", wrong)])
        variables.update(given)
    return variables


def refusal(root: Path, loader: Any, reason: str) -> DeclarationError:
    """Every declared file that Ansible refuses, with its place; when it refuses none by itself, `reason` alone."""
    first = reason.splitlines()[0].replace(f"{root}/", "")
    named = re.search(r"(inventory|group_vars|host_vars)/[^\s']+", f"{first} {reason}".replace(f"{root}/", ""))
    place = Place(named[0]) if named else _place_of_groups(root, first)
    whole = [Finding(place, "", f"Ansible refuses it; {first}")]
    return DeclarationError(refused_by_ansible(root, loader, read_by_ansible(root)) or whole)


def _place_of_groups(root: Path, reason: str) -> Place:
    """Where the first group that a reason quotes is declared: about loops Ansible says no more than the names."""
    for name in re.findall(r"'([^']+)'", reason):
        for file in sorted((root / "inventory").glob("*.yml")):
            for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                if line.strip().rstrip(":") == name:
                    return Place(str(file.relative_to(root)), number)
    return Place("inventory")
