"""What tests of the conference share: the declared rooms of the twin, their agents, and attempts to register."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
RTP = (Path(__file__).parent / "rtp.py").read_text(encoding="utf-8")
SOUND, PICTURES = "8", "96"  # payload types of G.711 and H.264
SILENT_LIMIT_S = 1.5
SIP = (Path(__file__).parent / "sip.py").read_text(encoding="utf-8")
CREDENTIALS = Path(os.environ["TSLCD_CREDENTIALS"])
SERVER, SERVER_HOST = "lci-hub-s1", "lci-hub-services"
BRIDGE = "phong-hop"
TWIN = yaml.safe_load((ROOT / "molecule/test_twin.yml").read_text(encoding="utf-8"))
ROOMS = [name for name in TWIN["test_rooms"]["hosts"] if name != SERVER]


def intended(name):
    """The derived facts of a device."""
    return json.loads((ROOT / "build" / "intended" / f"{name}.json").read_text(encoding="utf-8"))


def address(site):
    """IPv4 address of a site's room."""
    return intended(f"{site}-c1")["address_v4"].partition("/")[0]


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


@pytest.fixture(scope="session")
def leaks(node):
    """Packets from or to rooms' VLANs on the carriers' ways to the Internet, since the tests began; each must be 0."""
    providers = [node("pe-vnpt"), node("pe-viettel")]
    table = "add table inet leaks; add chain inet leaks seen { type filter hook postrouting priority 300; }; "
    rules = "".join(
        f'add rule inet leaks seen {way} "internet" {field} & 0.0.3.192 == 0.0.1.0 {field} 10.96.0.0/12 counter; '
        for way in ("oifname", "iifname")
        for field in ("ip saddr", "ip daddr")
    )
    for provider in providers:
        provider.check_output("nft %s", table + rules)

    def counted():
        texts = [provider.check_output("nft list chain inet leaks seen") for provider in providers]
        return [int(count) for text in texts for count in re.findall(r"packets (\d+)", text)]

    yield counted
    for provider in providers:
        provider.check_output("nft delete table inet leaks")


@pytest.fixture(autouse=True)
def nothing_leaves(leaks):
    """Of all that any test sends, and of what was set up for it, no packet of a room reaches a way to the Internet."""
    yield
    assert leaks() == [0] * 8
