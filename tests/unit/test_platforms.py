"""Model and intent know no platform, and every platform is whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tslcd.platforms import ENDPOINT_PLATFORMS, PLATFORMS, SERVER_PLATFORMS, SETTINGS, debian

ROOT = Path(__file__).resolve().parents[2]
NEUTRAL = [
    *sorted((ROOT / "src/tslcd/model").glob("*.py")),
    *sorted((ROOT / "src/tslcd/conference").glob("*.py")),
    *(ROOT / f"src/tslcd/{name}.py" for name in ("intent", "firewall", "routing", "qos", "addressing")),
]
WORDS = re.compile(
    r"\b(frr|zebra|bgpd|bfdd|vtysh|nftables|nft|ovs|open vswitch|sshd|sysctl|tc|linux|debian|cisco|ios|ios-xe|mqc|"
    r"baresip|polycom|kamailio)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("file", NEUTRAL, ids=lambda file: file.stem)
def test_model_and_intent_know_no_platform(file):
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [f"{number}: {line}" for number, line in enumerate(lines, 1) if WORDS.search(line)] == []


def test_the_words_are_recognised():
    assert WORDS.search('"""Lowest severity that FRR logs."""')
    assert not WORDS.search("what iostat says")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_has_a_folder_of_templates_and_settings_declared(platform):
    assert (ROOT / f"templates/{platform}/main.j2").exists()
    assert (ROOT / f"templates/{platform}/capabilities.yml").exists()
    assert (ROOT / f"group_vars/platform_{platform}/{platform}.yml").exists()


def test_every_folder_with_capabilities_is_a_platform():
    assert {path.parent.name for path in (ROOT / "templates").glob("*/capabilities.yml")} == {
        *PLATFORMS,
        *ENDPOINT_PLATFORMS,
        *SERVER_PLATFORMS,
    }


@pytest.mark.parametrize("platform", ENDPOINT_PLATFORMS)
def test_a_platform_of_endpoints_has_its_templates_and_settings_declared(platform):
    known = ENDPOINT_PLATFORMS[platform]
    assert all((ROOT / "templates" / platform / template).exists() for template in known.documents.values())
    assert (ROOT / f"group_vars/platform_{platform}/{platform}.yml").exists() == (known.settings is not None)


def test_ssh_is_answered_in_the_same_way_on_every_platform_that_runs_debian():
    """Their lines stand in a file each, where whoever reads a device's own looks for them."""
    debians = [name for name, settings in SETTINGS.items() if issubclass(settings, debian.Settings)]
    files = {name: (ROOT / f"group_vars/platform_{name}/{name}.yml").read_text(encoding="utf-8") for name in debians}
    found = {name: yaml.safe_load(text)[name]["sshd"] for name, text in files.items()}
    assert len(found) == 3
    assert all(lines == found["frr"] for lines in found.values())
