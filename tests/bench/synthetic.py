"""Synthetic networks of any size, for measurements: copies of the real districts under other names and numbers.

Hub, DR and departments stay; districts are repeated in turn, so that their sizes and the share of sites with one uplink
are the real ones. Base prefixes are wider than the province's. Every file written says that it is synthetic.
"""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count as counting
from itertools import cycle
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
LABEL = "# Synthetic: made by tests/bench/synthetic.py for measurements; no such network exists.\n"
DIRECTORIES = ("inventory", "group_vars", "templates", "plugins", "roles", "data")
SITE_GROUP = "site_"
# Real base prefix → one that holds 8,000 sites. Loopbacks and links stay inside the sites' base, at its end.
WIDER = {
    "10.96.0.0/12": "10.128.0.0/9",
    "10.111.0.0/16": "10.255.0.0/16",
    "10.111.0.0/22": "10.255.0.0/19",
    "10.111.4.0/22": "10.255.32.0/19",
    "10.111.16.0/21": "10.255.64.0/18",
    "10.111.24.0/21": "10.255.128.0/18",
    "10.111.64.0/21": "10.255.192.0/19",
    "10.111.72.0/21": "10.255.224.0/19",
}
_PREFIX = re.compile(r"\d+\.\d+\.\d+\.\d+/\d+")
_MAX_PREFIX = re.compile(r"(max_prefix_v[46]: )\d+")
_PREFIXES_PER_SITE = 4
_MEETINGS = re.compile(r"^  meetings:.*\Z", re.MULTILINE | re.DOTALL)


def copy_real(target: Path, source: Path = ROOT) -> None:
    """Copy what the playbooks need of the repository `source`, unchanged, without host_vars and what is generated."""
    for directory in DIRECTORIES:
        shutil.copytree(source / directory, target / directory, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (source / "ansible.cfg", *source.glob("*.yml")):
        shutil.copy(file, target / file.name)


def write(target: Path, sites: int, source: Path = ROOT) -> None:
    """Write a whole repository with a synthetic network of `sites` sites to the directory `target`.

    :raises ValueError: when fewer sites are asked for than hub, DR, departments and one district's office.
    """
    copy_real(target, source)
    inventory = target / "inventory"
    real = {path: _yaml(path) for path in sorted(inventory.glob("district_*.yml"))}
    for path in real:
        path.unlink()
    fixed = [vars_["site"]["number"] for path in inventory.glob("*.yml") for vars_ in _sites(_yaml(path))]
    if sites <= len(fixed):
        raise ValueError(f"{sites} sites are too few: hub, DR and departments are {len(fixed)}")
    numbers, left = counting(max(fixed) + 1), sites - len(fixed)
    groups: dict[str, list[str]] = {}
    for position, (path, district) in enumerate(cycle(real.items())):
        if not left:
            break
        copied = _Copy(position // len(real) + 1, frozenset(_names(district)))
        data = _cut(copied.of(district), left)
        for vars_ in _sites(data):
            vars_["site"]["number"] = next(numbers)
            vars_["site"]["name"] += " (synthetic)"
            left -= 1
        _write(inventory / f"{copied.text(path.stem)}.yml", data)
        for name, new in copied.renamed.items():
            if new in set(_names(data)):
                groups.setdefault(name, []).append(new)
    _write(inventory / "province.yml", _memberships(_yaml(inventory / "province.yml"), groups))
    _widen(target, sites)
    _without_meetings(target / "group_vars/all/conference.yml")
    (target / "SYNTHETIC").write_text(LABEL, encoding="utf-8")


@dataclass
class _Copy:
    """One copy of a district: `lci-082-bat-xat` becomes `syn3-082-bat-xat`, and its groups likewise."""

    number: int
    names: frozenset[str]
    renamed: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.renamed = {name: self.text(name) for name in self.names}

    def text(self, name: str) -> str:
        if name.startswith("district_"):
            return name.replace("district_", f"district_syn{self.number}_", 1)
        return name.replace("lci", f"syn{self.number}", 1)

    def of(self, node: Any) -> Any:
        if isinstance(node, dict):
            return {self.of(key): self.of(value) for key, value in node.items()}
        if isinstance(node, list):
            return [self.of(item) for item in node]
        return self.renamed.get(node, node) if isinstance(node, str) else node


def _names(node: Any) -> Iterator[str]:
    """Every name that a district's file gives: groups, hosts, and the ids of its sites."""
    for name, group in node.items():
        yield name
        if name.startswith(SITE_GROUP):
            yield name.removeprefix(SITE_GROUP).replace("_", "-")
        yield from (group or {}).get("hosts") or {}
        yield from _names((group or {}).get("children") or {})


def _sites(node: Any) -> Iterator[dict[str, Any]]:
    """The variables of every site group, in the order of the file."""
    for name, group in node.items() if isinstance(node, Mapping) else ():
        if name.startswith(SITE_GROUP):
            yield group["vars"]
        elif isinstance(group, Mapping):
            yield from _sites(group.get("children") or {})


def _cut(data: dict[str, Any], sites: int) -> dict[str, Any]:
    """The same groups with the first `sites` sites; a group that is left without any goes."""
    left = sites

    def cut(groups: dict[str, Any]) -> dict[str, Any]:
        nonlocal left
        kept = {}
        for name, group in groups.items():
            if name.startswith(SITE_GROUP):
                if left:
                    kept[name], left = group, left - 1
            elif children := cut(group.get("children") or {}):
                kept[name] = {**group, "children": children}
        return kept

    return cut(data)


def _memberships(node: Any, groups: Mapping[str, list[str]]) -> Any:
    """province.yml with the copies in place of each real district's groups."""
    if not isinstance(node, dict):
        return node
    result: dict[str, Any] = {}
    for name, group in node.items():
        if name.startswith("district_"):
            result |= dict.fromkeys(groups.get(name, ()))
        else:
            result[name] = _memberships(group, groups)
    return result


def _widen(target: Path, sites: int) -> None:
    found = set()

    def wider(match: re.Match[str]) -> str:
        found.add(match[0])
        return WIDER.get(match[0], match[0])

    for path in sorted((target / "group_vars").rglob("*.yml")):
        text = _PREFIX.sub(wider, path.read_text(encoding="utf-8"))
        text = _MAX_PREFIX.sub(rf"\g<1>{_PREFIXES_PER_SITE * sites}", text)
        path.write_text(LABEL + text, encoding="utf-8")
    if missing := WIDER.keys() - found:
        raise ValueError(f"group_vars/ no longer names {', '.join(sorted(missing))}; see WIDER")
    for path in (target / "inventory").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text if text.startswith(LABEL) else LABEL + text, encoding="utf-8")


def _without_meetings(path: Path) -> None:
    """Planned meetings name real districts, which are not in the copy."""
    text, removed = _MEETINGS.subn("", path.read_text(encoding="utf-8"))
    if not removed:
        raise ValueError(f"{path.name} no longer ends with meetings; see _without_meetings")
    path.write_text(text, encoding="utf-8")


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def _write(path: Path, data: Any) -> None:
    text = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, default_flow_style=None)
    path.write_text(f"{LABEL}---\n{text}", encoding="utf-8")


def main() -> None:
    """Command line: where to, and how many sites."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path, help="directory that is made")
    parser.add_argument("sites", type=int)
    options = parser.parse_args()
    options.target.mkdir(parents=True)
    write(options.target, options.sites)


if __name__ == "__main__":
    main()
