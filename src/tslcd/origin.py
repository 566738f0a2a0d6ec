"""Where a declared value was written: the one module that reads ansible-core's private origin tags.

Values that carry no tag (booleans, null) take the place of their key. Where ansible-core gives no tags at all, the YAML
files are read again and the value is looked up by its key path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from tslcd.ansible_core import Origin
from tslcd.errors import Place

KeyPath = tuple[str | int, ...]

DIRECTORIES = ("inventory", "group_vars", "host_vars")


def dotted(path: KeyPath) -> str:
    """`('site', 'uplinks', 1, 'rate_mbps')` as `site.uplinks[1].rate_mbps`."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).removeprefix(".")


def repository(start: Path) -> Path:
    """The nearest directory at or above `start` that holds an inventory: playbooks also run from below it."""
    here = start.resolve()
    return next((d for d in (here, *here.parents) if (d / DIRECTORIES[0]).is_dir()), here)


def is_declared_in(place: Place) -> bool:
    """Whether a place is one of the repository's declared files, and not a playbook or another inventory."""
    return Path(place.file).parts[0] in DIRECTORIES


def declared_files(root: Path) -> list[Path]:
    """Every YAML file that declares something, sorted."""
    return sorted(p for d in DIRECTORIES for p in (root / d).rglob("*") if p.suffix in {".yml", ".yaml", ".json"})


@dataclass
class Origins:
    """Finds places of values of the repository at `root`."""

    root: Path
    tagged: bool = Origin is not None
    _known: dict[str, str] = field(default_factory=dict)

    def of(self, value: object) -> Place | None:
        """The place that a value (or an origin itself) knows; None without a tag and for what comes from no file."""
        if not self.tagged:
            return None
        tag = value if isinstance(value, Origin) else Origin.get_tag(value)
        if tag is None or not tag.path:
            return None
        file = self._known.get(tag.path)
        if file is None:
            file = self._known[tag.path] = self._relative(Path(tag.path))
        return Place(file, tag.line_num or 0, tag.col_num or 0)

    def find(
        self, variables: Mapping[str, Any], path: KeyPath, scopes: Sequence[str], *, key: bool = False
    ) -> Place | None:
        """The place of the value at `path` (of its key with `key`), else of the closest thing around it.

        `scopes` are the host and its groups, innermost first: where to look when values carry no tags.
        """
        if not self.tagged:
            return self._reread(path, scopes, key=key)
        place: Place | None = None
        node: Any = variables
        for depth, part in enumerate(path, start=1):
            last_key = key and depth == len(path)
            if isinstance(node, Mapping):
                name = next((k for k in node if str(k) == part), None)
                if name is None:
                    break
                place, node = self.of(name) or place, node[name]
            elif (
                isinstance(node, Sequence) and not isinstance(node, str) and isinstance(part, int) and part < len(node)
            ):
                node = node[part]
            else:
                break
            if not last_key:
                place = self.of(node) or place
        return place

    def _relative(self, path: Path) -> str:
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)

    def _reread(self, path: KeyPath, scopes: Sequence[str], *, key: bool) -> Place | None:
        for end in range(len(path), 0, -1):
            for scope in scopes:
                if (found := self._nodes.get((scope, *path[:end]))) is not None:
                    return found[0] if key and end == len(path) else found[1]
        return None

    @cached_property
    def _nodes(self) -> dict[tuple[str | int, ...], tuple[Place, Place]]:
        """(scope, variable, key, …) → place of key and of value, from the YAML nodes of all declared files."""
        nodes: dict[tuple[str | int, ...], tuple[Place, Place]] = {}
        for file in declared_files(self.root):
            relative = file.relative_to(self.root)
            document = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
            for path, at_key, at_value in _walk(document):
                places = (Place(str(relative), *at_key), Place(str(relative), *at_value))
                if relative.parts[0] == "inventory":
                    for index, name in enumerate(path[:-1]):
                        after = index + 2 if path[index + 1] == "vars" else index + 1
                        nodes.setdefault((name, *path[after:]), places)
                else:
                    nodes[(Path(relative.parts[1]).stem, *path)] = places
        return nodes


def _walk(node: yaml.Node | None, path: KeyPath = ()) -> Iterator[tuple[KeyPath, tuple[int, int], tuple[int, int]]]:
    children: list[tuple[str | int, yaml.Node, yaml.Node]]
    if isinstance(node, yaml.MappingNode):
        children = [(str(k.value), k, v) for k, v in node.value]
    elif isinstance(node, yaml.SequenceNode):
        children = [(index, v, v) for index, v in enumerate(node.value)]
    else:
        return
    for part, at_key, value in children:
        here = (*path, part)
        yield here, _position(at_key), _position(value)
        yield from _walk(value, here)


def _position(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
