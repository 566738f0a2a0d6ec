"""What tests of the conference share: the declared rooms of the twin, their agents, and attempts to register."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
SIP = (Path(__file__).parent / "sip.py").read_text(encoding="utf-8")
CREDENTIALS = Path(os.environ["TSLCD_CREDENTIALS"])
SERVER, SERVER_HOST = "lci-hub-s1", "lci-hub-services"
BRIDGE = "phong-hop"
TWIN = yaml.safe_load((ROOT / "molecule/test_twin.yml").read_text(encoding="utf-8"))
ROOMS = [name for name in TWIN["test_rooms"]["hosts"] if name != SERVER]


def intended(name):
    """The derived facts of a device."""
    return json.loads((ROOT / "build" / "intended" / f"{name}.json").read_text(encoding="utf-8"))


def password(room):
    """Of the room's account, as the vault has it."""
    return yaml.safe_load((CREDENTIALS / "secrets.yml").read_text(encoding="utf-8"))[intended(room)["secret"]]


@pytest.fixture(scope="session")
def agent(router):
    """A verb of a device's agent, over SSH with the engineer's key."""
    return lambda name, *words: router(name).check_output(f"sudo napalm-frr-agent {' '.join(words)}")


@pytest.fixture(scope="session")
def shown(agent):
    """A read of a device's agent."""
    return lambda name, what: json.loads(agent(name, "show", what))


@pytest.fixture(scope="session")
def register(node):
    """Try to register from a node; the status code of the answer, 0 for none."""

    def attempt(source, account, login, word, server="10.96.5.74"):
        command = ["python3", "-c", SIP, server, "hoi-nghi.laocai.internal", account, login, word]
        return int(node(source).check_output(" ".join(["%s"] * len(command)), *command))

    return attempt


@pytest.fixture(scope="session", autouse=True)
def registered(shown, eventually):
    """All have found their server: rooms try again less and less often while the network comes up."""
    accounts = {BRIDGE, *(intended(room)["account"] for room in ROOMS)}
    eventually(
        lambda: {one["account"] for one in shown(SERVER, "registrations")} == accounts, 120, "all rooms registered"
    )


@pytest.fixture(scope="session")
def rooms(playbook):
    """A playbook on the conference devices of the twin alone."""
    return lambda name, *arguments: playbook(name, "--limit=test_rooms", *arguments)
