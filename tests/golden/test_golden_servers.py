"""The whole document of the hub's conference server on every platform, as a file that a reviewer reads.

`GOLDEN=write pytest tests/golden` writes it anew; `git diff tests/golden` then shows what a change does to servers.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tslcd import load, model, render, secrets
from tslcd.conference import server
from tslcd.platforms import SERVER_PLATFORMS

HERE = Path(__file__).parent / "servers"
ROOT = HERE.parents[2]
SERVER = "lci-hub-s1"


@pytest.fixture(scope="module")
def network(tmp_path_factory, small_network) -> model.Network:
    return load.network(small_network(tmp_path_factory.mktemp("small")))


def document(network: model.Network, platform: str) -> str:
    servers = tuple(
        own.model_copy(update={"device": own.device.model_copy(update={"platform": platform})})
        for own in network.servers
    )
    return render.server_document(server.derive(network.model_copy(update={"servers": servers}))[SERVER], ROOT)


@pytest.mark.parametrize("platform", SERVER_PLATFORMS)
def test_the_document_is_the_golden_one(network, platform):
    text = document(network, platform)
    golden = HERE / f"{platform}.conf"
    if os.environ.get("GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text, "see `GOLDEN=write pytest tests/golden` and git diff"


def test_no_golden_file_is_left_over():
    assert {file.name for file in HERE.iterdir()} == {f"{platform}.conf" for platform in SERVER_PLATFORMS}


@pytest.mark.parametrize("platform", SERVER_PLATFORMS)
def test_every_account_of_the_service_has_its_own_password_there(network, platform):
    found = [name for name in secrets.PLACEHOLDER.findall(document(network, platform)) if "ssh_key" not in name]
    bridge = ["conference_bridge"] * 2  # at the server, and where the bridge registers
    assert sorted(found) == sorted([*bridge, *(f"conference_{own.hostname}" for own in network.endpoints)])
