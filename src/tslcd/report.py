"""What is wrong with declared values, each at the place that set it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tslcd.ansible_core import EncryptedString
from tslcd.declared_files import Judgement
from tslcd.errors import Finding, Place
from tslcd.hosts import Host
from tslcd.origin import KeyPath, Origins, dotted
from tslcd.policy import Severity


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
