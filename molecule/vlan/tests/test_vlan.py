from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest

from twin import node as twin_node
from twin import paths, state

SITE = "lci-082-bat-xat"
ROUTER = f"{SITE}-r1"
OFFICE, ROOM, SERVERS, MANAGEMENT = 10, 20, 30, 99
# Declared in inventory/district_bat_xat.yml: lan5 a trunk of office and room with management untagged, lan6 a trunk of
# both without an untagged VLAN, lan7 an access port of the office that is disabled.
PORTS = ("office", "conference", "services", "management", "lan5", "lan6", "lan7")
PROGRAM = Path(__file__).with_name("frames.py").read_text(encoding="utf-8")
SETTLE_S = 1.0
ROUNDS = 2  # the switch's first frames of a flow are the slowest; a lost one would look like a stopped one

# Claim; port and tags that a frame is sent with; where it must arrive, and with which tags there. Nowhere else.
CASES = (
    (
        "an access port carries its VLAN untagged, trunks tagged",
        "office",
        [],
        {"lan5": [OFFICE], "lan6": [OFFICE]},
    ),
    ("the room's VLAN reaches the same trunks under its own tag", "conference", [], {"lan5": [ROOM], "lan6": [ROOM]}),
    ("a VLAN that no trunk names reaches none", "services", [], {}),
    ("the native VLAN leaves its trunk untagged, and no other trunk", "management", [], {"lan5": []}),
    ("untagged frames on a trunk belong to its native VLAN", "lan5", [], {"management": []}),
    ("a tagged frame on a trunk reaches the access port untagged", "lan5", [OFFICE], {"office": [], "lan6": [OFFICE]}),
    ("a second VLAN of a trunk stays apart from the first", "lan5", [ROOM], {"conference": [], "lan6": [ROOM]}),
    ("a trunk drops a VLAN that it does not name", "lan5", [SERVERS], {}),
    ("a trunk without a native VLAN drops untagged frames", "lan6", [], {}),
    ("a trunk drops another trunk's native VLAN", "lan6", [MANAGEMENT], {}),
    ("a trunk without a native VLAN carries what it names", "lan6", [ROOM], {"conference": [], "lan5": [ROOM]}),
    ("an access port drops its own VLAN's tag", "office", [OFFICE], {}),
    ("an access port drops another VLAN's tag", "office", [ROOM], {}),
    ("a double-tagged frame does not hop from the office to the room", "office", [OFFICE, ROOM], {}),
    ("a double-tagged frame does not hop from the room to management", "conference", [ROOM, MANAGEMENT], {}),
    (
        "behind a priority tag a second tag stays inside the office's VLAN",
        "office",
        [0, ROOM],
        {"lan5": [OFFICE, ROOM], "lan6": [OFFICE, ROOM]},
    ),
    ("a disabled port sends nothing into its VLAN", "lan7", [], {}),
)


@pytest.fixture(scope="module")
def arrived():
    """Claim → port → tags of every frame that arrived there."""
    running = {port: _start(f"{SITE}-{port}") for port in PORTS}
    try:
        for process in running.values():
            assert json.loads(process.stdout.readline()) == "ready"
        for port, process in running.items():
            own = [[str(number), tags] for number, (_, sender, tags, _) in enumerate(CASES) if sender == port]
            process.stdin.write(json.dumps(own * ROUNDS) + "\n")
            process.stdin.flush()
        time.sleep(SETTLE_S)
        seen = {}
        for port, process in running.items():
            process.stdin.write("stop\n")
            process.stdin.flush()
            seen[port] = json.loads(process.stdout.readline())
    finally:
        for process in running.values():
            process.kill()
            process.wait()
    found = {claim: {} for claim, *_ in CASES}
    for port, frames in seen.items():
        for token, tags in frames:
            found[CASES[int(token)][0]].setdefault(port, []).append(tags)
    return found


def _start(name):
    first = state.ready(paths.find(Path.cwd())).node(name).first
    command = twin_node.enter(first, ["python3", "-ISs", "-c", PROGRAM])
    environment = twin_node.environment(name)
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


@pytest.mark.parametrize(("claim", "expected"), [(claim, to) for claim, _, _, to in CASES], ids=[c[0] for c in CASES])
def test_that(arrived, request, claim, expected):
    """A frame arrives where the declared ports say, tagged as they say, and nowhere else."""
    request.node.user_properties.append(("claim", claim))
    assert {port: tags for port, (tags, *_) in arrived[claim].items()} == expected
    assert all(tags == expected[port] for port, frames in arrived[claim].items() for tags in frames)


def test_descriptions_and_states_are_on_the_switch(twin):
    """Descriptions stand on the switch's ports as declared, and the disabled port alone is down."""
    described = twin("exec", ROUTER, "--", "ovs-vsctl", "get", "Port", "lan5", "external_ids:description")
    assert json.loads(described) == "access switch, first floor"
    links = json.loads(twin("exec", ROUTER, "--", "ip", "-json", "link"))
    down = {link["ifname"] for link in links if link["ifname"].startswith("lan") and "UP" not in link["flags"]}
    assert down == {"lan7"}
