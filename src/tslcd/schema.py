"""JSON Schema of what people write, for editors: one file per directory of declared data, below docs/schema/.

`tslcd schema` writes the files; a test fails when they are stale. An editor that knows YAML schemas completes keys,
shows what each one means, and marks a misspelt one while it is typed; the loader remains the judge.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from tslcd import platforms
from tslcd.render import ROOT
from tslcd.variables import DEVICE_FACTS, ENDPOINT_FACTS, NOTES, OVERRIDABLE, SITE_FACTS, SUBJECTS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DIRECTORY = Path("docs/schema")

Schema = dict[str, Any]


def files(root: Path = ROOT) -> dict[Path, str]:
    """Every schema file with its content."""
    shared: Schema = {**SUBJECTS, **platforms.SETTINGS, **_only(SITE_FACTS, ("tier", "parent"))}
    excepted: Schema = {
        **_only(shared, sorted(OVERRIDABLE)),
        **SITE_FACTS,
        **DEVICE_FACTS,
        **ENDPOINT_FACTS,
    }
    schemas = {
        "group_vars": _variables("group_vars/: what sites share", shared),
        "host_vars": _variables("host_vars/: an exception of one device", excepted | NOTES, NOTES),
        "inventory": _inventory(),
    }
    return {
        root / DIRECTORY / f"{name}.json": json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        for name, schema in schemas.items()
    }


def write(root: Path = ROOT) -> list[Path]:
    """Write the files that differ."""
    stale = [
        (path, text)
        for path, text in files(root).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in stale]


def _variables(title: str, kinds: Mapping[str, Any], required: Mapping[str, Any] | None = None) -> Schema:
    schema = _mapping(kinds) | {"$schema": DIALECT, "title": title}
    return schema | ({"required": list(required)} if required else {})


def _only(kinds: Mapping[str, Any], names: Iterable[str]) -> Schema:
    return {name: kinds[name] for name in names}


def _inventory() -> Schema:
    """A file of inventory/: groups in groups; sites are groups, devices are hosts."""
    group = {
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            "children": {"type": ["object", "null"], "additionalProperties": {"$ref": "#/$defs/group"}},
            "hosts": {"type": ["object", "null"], "additionalProperties": {"$ref": "#/$defs/host"}},
            "vars": {"$ref": "#/$defs/vars"},
        },
    }
    host, variables = _mapping(DEVICE_FACTS | ENDPOINT_FACTS), _mapping(SITE_FACTS)
    definitions: Schema = {**host.pop("$defs", {}), **variables.pop("$defs", {})}
    definitions |= {"group": group, "host": host, "vars": variables}
    return {
        "$schema": DIALECT,
        "title": "inventory/: sites and their devices",
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/group"},
        "$defs": dict(sorted(definitions.items())),
    }


def _mapping(kinds: Mapping[str, Any]) -> Schema:
    """A mapping with one optional key per kind; named parts stand in `$defs`."""
    properties: Schema = {}
    definitions: Schema = {}
    for name, kind in kinds.items():
        schema = TypeAdapter(kind).json_schema(mode="validation")
        definitions |= schema.pop("$defs", {})
        properties[name] = schema
    found: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return found | ({"$defs": dict(sorted(definitions.items()))} if definitions else {})
