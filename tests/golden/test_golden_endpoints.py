"""Whole documents of a commune's conference endpoint on every platform, as files that a reviewer reads.

`GOLDEN=write pytest tests/golden` writes them anew; `git diff tests/golden` then shows what a change does to endpoints.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tslcd import load, model, render, secrets
from tslcd.conference import endpoint
from tslcd.platforms import ENDPOINT_PLATFORMS

HERE = Path(__file__).parent / "endpoints"
ROOT = HERE.parents[2]
ROOM = "lci-02734-quang-kim-c1"
FILES = [(name, ending) for name, platform in ENDPOINT_PLATFORMS.items() for ending in platform.documents]


@pytest.fixture(scope="module")
def network(tmp_path_factory, small_network) -> model.Network:
    return load.network(small_network(tmp_path_factory.mktemp("small")))


def documents(network: model.Network, platform: str) -> dict[str, str]:
    rooms = tuple(
        own.model_copy(update={"device": own.device.model_copy(update={"platform": platform})})
        for own in network.endpoints
    )
    return render.endpoint_documents(endpoint.derive(network.model_copy(update={"endpoints": rooms}))[ROOM], ROOT)


@pytest.mark.parametrize(("platform", "ending"), FILES)
def test_the_document_is_the_golden_one(network, platform, ending):
    text = documents(network, platform)[ending]
    golden = HERE / f"{platform}.{ending}"
    if os.environ.get("GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text, "see `GOLDEN=write pytest tests/golden` and git diff"


def test_no_golden_file_is_left_over():
    assert {file.name for file in HERE.iterdir()} == {f"{platform}.{ending}" for platform, ending in FILES}


@pytest.mark.parametrize(("platform", "ending"), FILES)
def test_the_password_is_a_placeholder_of_this_endpoint_or_not_there(network, platform, ending):
    """The command line of a room system has no word for it, and a sheet on paper must not have it."""
    found = secrets.PLACEHOLDER.findall(documents(network, platform)[ending])
    found = [name for name in found if not name.startswith("ssh_key_")]  # public ones
    wanted = {("baresip", "conf"): 2, ("polycom_group", "xml"): 1}
    assert found == [f"conference_{ROOM}"] * wanted.get((platform, ending), 0)
