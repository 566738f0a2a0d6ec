"""Grammar of the section `ovs`: each bridge followed by its ports, everything sorted by name.

bridge NAME
port BRIDGE NAME [description=TEXT] [link=down] [tag=N] [trunks=N,N] [type=internal] [vlan_mode=MODE]

TEXT is ASCII with `%20` for a blank, as in a URL. A port without `link=down` is set up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from napalm_frr.document import DocumentError

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,14}\Z")
_ATTRIBUTES = {
    "description": re.compile(r"(?:[A-Za-z0-9_.~-]|%[2-7][0-9A-F]){1,300}\Z"),
    "link": re.compile(r"down\Z"),
    "tag": re.compile(r"[1-9]\d{0,3}\Z"),
    "trunks": re.compile(r"[1-9]\d{0,3}(,[1-9]\d{0,3})*\Z"),
    "type": re.compile(r"internal\Z"),
    "vlan_mode": re.compile(r"(access|dot1q-tunnel|native-tagged|native-untagged|trunk)\Z"),
}


@dataclass(frozen=True)
class Port:
    """One port with its declared attributes."""

    bridge: str
    name: str
    attributes: dict[str, str] = field(default_factory=dict)

    def line(self) -> str:
        """Its line in the section."""
        words = [f"{key}={value}" for key, value in sorted(self.attributes.items())]
        return " ".join(["port", self.bridge, self.name, *words])


def parse(text: str) -> dict[str, dict[str, Port]]:
    """Bridge -> port name -> port. Raises DocumentError at the first wrong line."""
    bridges: dict[str, dict[str, Port]] = {}
    names: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if message := _read(line.split(" "), bridges, names):
            raise DocumentError("ovs", number, message)
    return bridges


def accepted(text: str) -> str:
    """The lines and words of a running section that a document could hold too."""
    kept = []
    for line in text.splitlines():
        words = line.split(" ")
        if words[0] == "bridge":
            kept.append(" ".join(words[:2]))
        elif words[0] == "port" and not (len(words) > 3 and words[1] == words[2]):
            pairs = [(word, *word.partition("=")[::2]) for word in words[3:]]
            known = [word for word, key, value in pairs if key in _ATTRIBUTES and _ATTRIBUTES[key].match(value)]
            kept.append(" ".join([*words[:3], *known]))
    return "".join(f"{line}\n" for line in kept)


def _read(words: list[str], bridges: dict[str, dict[str, Port]], names: set[str]) -> str:
    current = next(reversed(bridges), "")
    name = words[1] if words[0] == "bridge" else words[2] if len(words) > 2 else ""
    if words[0] not in ("bridge", "port") or not _NAME.match(name):
        return "a line is: bridge NAME, or port BRIDGE NAME [ATTRIBUTE=VALUE …]; a name has at most 15 characters"
    if name in names:
        return f"{name} appears twice"
    names.add(name)
    if words[0] == "bridge":
        bridges[name] = {}
        return "" if len(words) == 2 and name > current else "bridges have no attributes and are sorted"
    if words[1] != current:
        return "a port stands below its bridge"
    if bridges[current] and name < next(reversed(bridges[current])):
        return "the ports of a bridge are sorted by name"
    pairs = [(key, value) for key, _, value in (word.partition("=") for word in words[3:])]
    if [key for key, _ in pairs] != sorted({key for key, _ in pairs}):
        return "attributes are sorted and not repeated"
    for key, value in pairs:
        if key not in _ATTRIBUTES or not _ATTRIBUTES[key].match(value):
            return f"attribute {key}={value} is not allowed"
    bridges[current][name] = Port(current, name, dict(pairs))
    return ""
