"""The exported JSON Schema accepts everything that the repository ships and marks what an editor should mark."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from tslcd import schema

ROOT = Path(__file__).resolve().parents[2]
GENERATED = schema.files()
FILES = [
    (directory, file)
    for directory in ("group_vars", "inventory", "host_vars")
    for file in sorted((ROOT / directory).rglob("*.yml"))
    if file.name != "views.yml"  # configures a plugin and declares nothing
]


def errors(directory: str, text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(json.loads(GENERATED[ROOT / f"docs/schema/{directory}.json"]))
    # An editor reads a day as text; so does JSON.
    declared = json.loads(json.dumps(yaml.safe_load(text), default=str))
    return [error.message for error in validator.iter_errors(declared)]


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.stem)
def test_the_file_is_not_stale(path):
    assert path.read_text(encoding="utf-8") == GENERATED[path], "run `tslcd schema`"
    jsonschema.Draft202012Validator.check_schema(json.loads(GENERATED[path]))


@pytest.mark.parametrize(("directory", "file"), FILES, ids=lambda value: getattr(value, "name", value))
def test_what_is_shipped_is_valid(directory, file):
    assert errors(directory, file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("directory", "text"),
    [
        ("group_vars", "qoss: {}"),
        ("group_vars", "routing: {primary_local_preference: high}"),
        ("inventory", "d: {children: {site_a: {vars: {site: {numbr: 1}}}}}"),
        ("inventory", "d: {hosts: {a-r1: {role: router, platform: frr, acces: none}}}"),
        ("inventory", "d: {host: {}}"),
        ("host_vars", "routing: {}"),
    ],
)
def test_a_mistake_is_marked(directory, text):
    assert errors(directory, text)
