"""Shared by unit and error tests: a small network in a directory of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def copy_small_network(root: Path, platform: str = "frr") -> Path:
    """Copy the small network into the empty directory `root`, all its routers on one platform.

    Only frr has two routers at the hub: others cannot divide its gateways between them.
    """
    shutil.copytree(ROOT / "tests/small_network", root, dirs_exist_ok=True)
    for file in ("inventory/hub.yml", "inventory/dr.yml", "inventory/views.yml", "ansible.cfg", "render.yml"):
        shutil.copy(ROOT / file, root / file)
    for directory in ("group_vars", "data", "plugins", "templates"):
        shutil.copytree(ROOT / directory, root / directory, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(root / "group_vars/tier_department")
    for path in (root / "inventory").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        lines = text.replace("platform: frr", f"platform: {platform}").splitlines(keepends=True)
        if platform != "frr":
            lines = [line for line in lines if "router: 2" not in line and "lci-hub-r2:" not in line]
        path.write_text("".join(lines), encoding="utf-8")
    return root


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A repository with hub, DR and four sites of one district; templates, plugins and group_vars are the real ones."""
    return copy_small_network(tmp_path / "small")


@pytest.fixture(scope="session")
def small_network() -> Callable[..., Path]:
    """`copy_small_network`, for tests that want another platform or another scope."""
    return copy_small_network
