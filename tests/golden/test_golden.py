"""Whole documents of a few routers of the small network, as files that a reviewer reads.

`GOLDEN=write pytest tests/golden` writes them anew; `git diff tests/golden` then shows what a change does to routers.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tslcd import intent, load, model, render, secrets
from tslcd.platforms import PLATFORMS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ROUTERS = {
    "commune_one_uplink": "lci-02734-quang-kim-r1",
    "commune_two_uplinks": "lci-02686-a-mu-sung-r1",
    "district": "lci-082-bat-xat-r1",
    "hub": "lci-hub-r1",
}
FILES = [(platform, name, "full") for platform in PLATFORMS for name in ROUTERS]
FILES += [(platform, "commune_two_uplinks", "day0") for platform in PLATFORMS]


@pytest.fixture(scope="module")
def networks(tmp_path_factory, small_network) -> dict[str, model.Network]:
    return {name: load.network(small_network(tmp_path_factory.mktemp(name), platform=name)) for name in PLATFORMS}


def path(platform: str, name: str, stage: intent.Stage) -> Path:
    return HERE / platform / f"{name}{'_day0' if stage == 'day0' else ''}.txt"


@pytest.mark.parametrize(("platform", "name", "stage"), FILES)
def test_the_document_is_the_golden_one(networks, platform, name, stage):
    text = render.document(intent.derive(networks[platform], stage)[ROUTERS[name]], ROOT)
    golden = path(platform, name, stage)
    if os.environ.get("GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text, "see `GOLDEN=write pytest tests/golden` and git diff"


def test_no_golden_file_is_left_over():
    assert set(HERE.rglob("*.txt")) == {path(*wanted) for wanted in FILES}


@pytest.mark.parametrize("file", sorted(HERE.rglob("*.txt")), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_golden_file_holds_ascii_and_no_secret(file):
    text = file.read_text(encoding="ascii")
    assert secrets.PLACEHOLDER.search(text)
    secret_words = re.findall(r"^.*(?:\bsecret\b|\bpassword \S|^key ).*$", text, re.MULTILINE)
    assert secret_words
    assert all(secrets.PLACEHOLDER.search(line) for line in secret_words), secret_words


@pytest.mark.parametrize("platform", ["frr", "ios"])
def test_a_session_password_is_a_placeholder_of_this_router_and_provider(platform, networks):
    network = networks[platform]
    lines = {
        name: line.model_copy(update={"authentication": "md5"}) for name, line in network.province.providers.items()
    }
    changed = network.model_copy(update={"province": network.province.model_copy(update={"providers": lines})})
    router = ROUTERS["district"]
    derived = intent.derive(changed)[router]
    text = render.document(derived, ROOT)
    assert len(derived.uplinks) == 2
    for uplink in derived.uplinks:
        assert text.count(f" password ${{bgp_{uplink.provider}_{router}}}\n") == 2
