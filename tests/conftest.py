"""Shared by unit and error tests: a small network in a directory of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A repository with hub, DR and four sites of one district; templates, plugins and group_vars are the real ones."""
    root = tmp_path / "small"
    shutil.copytree(ROOT / "tests/small_network", root)
    for file in ("inventory/hub.yml", "inventory/dr.yml", "inventory/views.yml", "ansible.cfg", "render.yml"):
        shutil.copy(ROOT / file, root / file)
    for directory in ("group_vars", "data", "plugins", "templates"):
        shutil.copytree(ROOT / directory, root / directory, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(root / "group_vars/tier_department")
    return root
