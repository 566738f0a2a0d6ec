"""A meeting of four sites at the hub's bridge: over a full line, when a line dies, and after the bridge is gone."""

from __future__ import annotations

import json
import re
import subprocess
import time

import pytest

from conftest import BRIDGE, PICTURES, ROOMS, ROOT, RTP, SERVER, SERVER_HOST, SILENT_LIMIT_S, SOUND, address

TRAFFIC = (ROOT / "molecule" / "traffic.py").read_text(encoding="utf-8")
SITES = ("lci-082-bat-xat", "lci-02683-bat-xat", "lci-02686-a-mu-sung", "lci-02734-quang-kim")
FULL = "lci-02734-quang-kim"  # one line of 30 Mbit/s, by the provider with classes
MOVING = "lci-02686-a-mu-sung"  # two lines
HOSTS = {FULL: "10.98.69.10", "lci-hub": "10.96.5.10"}
CONTRACT_KBPS, OFFERED_KBPS = 30_000, 68_000
PAYLOAD_BYTES, FRAME_BYTES = 1400, 1442
SMALL_BYTES, SMALL_KBPS = 120, 3_000
SERVER_ADDRESS = "10.96.5.74"
REPORT = ROOT / "build" / "audit" / "audit.json"
FIRST_PORT = 16384
SECONDS = 6
LEAST = {SOUND: SECONDS * 50 * 0.9, PICTURES: SECONDS * 25 * 0.9}  # packets that arrive meanwhile
CLASSES, MEDIA_CLASSES = 16, (3, 4)  # of each site that is shaped on its own; those of sound and pictures
TRIES = 10  # to fill the line while the machine keeps up: what a busy switch of the twin loses says nothing


def _python(node, program, *arguments):
    command = ["twin", "exec", node, "--", "python3", "-c", program, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _looking():
    """What arrives at each room from the bridge, and at the bridge from each room."""
    looking = {f"bridge to {site}": _python(f"{site}-c1", RTP, SERVER_ADDRESS) for site in SITES}
    looking |= {f"{site} to bridge": _python(SERVER_HOST, RTP, address(site)) for site in SITES}
    for one in looking.values():
        assert one.stdout.readline() == "ready\n"
    return looking


@pytest.fixture
def meeting(agent, shown, eventually):
    """Four rooms call the bridge; holds the meeting, and says what arrived where meanwhile."""

    def held():
        return [room for room in SITES if any(c["state"] == "established" for c in shown(f"{room}-c1", "calls"))]

    def hold(meanwhile):
        looking = _looking()
        meanwhile()
        ends = {name: json.loads(one.communicate("enough\n")[0]) for name, one in looking.items()}
        assert held() == list(SITES), "somebody is no longer in the meeting"
        return ends

    for site in SITES:
        agent(f"{site}-c1", "call", "dial", BRIDGE)
    try:
        eventually(lambda: held() == list(SITES), 20, "a meeting of four")
        time.sleep(1)  # pictures begin with the next whole one
        yield hold
    finally:
        for site in SITES:
            agent(f"{site}-c1", "call", "hangup")


@pytest.fixture
def marks(node):
    """Packets between the bridge and a room that the carrier's router took in, by mark."""
    pe = node("pe-vnpt")
    table = "add table inet probe; add chain inet probe seen { type filter hook prerouting priority -300; }; "
    media = f"udp dport {FIRST_PORT}-65535"
    rules = "".join(
        f"add rule inet probe seen ip {way} {SERVER_ADDRESS} ip {back} {address(FULL)} {media} {mark} counter; "
        for way, back in (("saddr", "daddr"), ("daddr", "saddr"))
        for mark in ("ip dscp ef", "ip dscp af41", "ip dscp != { ef, af41 }")
    )
    pe.check_output("nft %s", table + rules)
    yield lambda: [int(n) for n in re.findall(r"packets (\d+)", pe.check_output("nft list chain inet probe seen"))]
    pe.check_output("nft delete table inet probe")


def _floods():
    """Both directions of a site's line are offered more than twice its rate by hosts that have no priority.

    Small packets are among it: where a carrier's queue is full for large ones, a room's find a place in it.
    """
    common = {"dscp": 0, "nice": True, "seconds": SECONDS * 5, "stops": True}
    large = {**common, "name": "large", "port": 20010, "bytes": PAYLOAD_BYTES, "kbps": OFFERED_KBPS}
    small = {**common, "name": "small", "port": 20011, "bytes": SMALL_BYTES, "kbps": SMALL_KBPS}
    return [
        _python(
            f"{here}-conference",
            TRAFFIC,
            "send",
            json.dumps([flow | {"address": HOSTS[there]} for flow in (large, small)]),
        )
        for here, there in ((FULL, "lci-hub"), ("lci-hub", FULL))
    ]


def _dropped(shown):
    """Packets of sound and pictures that the queues at both ends of the line have dropped so far."""
    queues = [shown(f"{FULL}-r1", "queues")["wan1"], shown("lci-hub-r1", "queues")["wan1"]]
    return sum(
        own["dropped"]
        for classes in queues
        for name, own in classes.items()
        if int(name.partition(":")[2], 16) % CLASSES in MEDIA_CLASSES
    )


def _missing(ends):
    """Streams of sound or pictures that did not come at their pace."""
    return [
        f"{kind}: {name}"
        for name, end in ends.items()
        for kind, least in LEAST.items()
        if end.get(kind, {}).get("received", 0) < least
    ]


def test_a_meeting_of_four_sites_over_a_full_line_loses_nothing_and_is_marked_as_declared(
    meeting, marks, measured, shown
):
    """Sound and pictures of four sites lose no packet while a site's line is offered twice its rate, both ways.

    Never in the queues of the line; at all, in the first of ten tries in which this machine's switches lose none.
    """
    lost, dropped = [], _dropped(shown)
    for _ in range(TRIES):
        floods, before = _floods(), marks()
        try:
            ends = meeting(lambda: time.sleep(SECONDS))
        finally:
            said = [json.loads(flood.communicate("enough\n")[0])["large"] for flood in floods]
        seen = [now - then for now, then in zip(marks(), before, strict=True)]
        offered = min(flood["kbps"] for flood in said) * FRAME_BYTES / PAYLOAD_BYTES
        lost.append(sum(kind["lost"] for end in ends.values() for kind in end.values()))
        if offered >= 2 * CONTRACT_KBPS and not lost[-1] and not _missing(ends):
            break
    assert _dropped(shown) == dropped
    measured("lost packets of sound and pictures, a meeting each", lost, 0, offered_kbps=round(offered))
    assert offered >= 2 * CONTRACT_KBPS
    assert lost[-1] == 0, ends
    assert not _missing(ends), ends
    assert {kind for end in ends.values() for kind in end} == LEAST.keys()
    for sound, pictures, other in (seen[:3], seen[3:]):
        assert sound >= LEAST[SOUND]
        assert pictures >= LEAST[PICTURES]
        assert other == 0


def test_a_meeting_survives_a_line_that_dies_in_silence(meeting, twin, measured):
    """A site's primary line is cut without a sign: its sound is back in time, both ways, and all four stay."""

    def cut():
        time.sleep(1)
        twin("cut", f"{MOVING}-r1", "pe-vnpt", "--silent")
        time.sleep(SECONDS)

    try:
        ends = meeting(cut)
    finally:
        twin("heal")
    silences = {name: end[SOUND]["silence_s"] for name, end in ends.items()}
    own = [silences[name] for name in silences if MOVING in name]
    measured("s without sound at the site, the longer of both directions", [max(own)], SILENT_LIMIT_S)
    assert 0.1 < max(own) <= SILENT_LIMIT_S, silences


def test_a_bridge_that_is_gone_is_found_and_brought_back(rooms, node, shown, eventually):
    """Somebody ends the bridge: the audit says so, and the next run lets it register again."""
    node(SERVER_HOST).check_output("kill -9 $(cat /run/napalm-frr.conference-bridge.pid)")
    assert rooms("audit.yml").returncode == 2
    found = json.loads(REPORT.read_text(encoding="utf-8"))["devices"][SERVER]["sections"]
    assert (found["kamailio"]["status"], found["bridge"]["status"]) == ("compliant", "drift")
    assert "-unmanaged bridge does not run" in found["bridge"]["diff"].splitlines()
    said = rooms("site.yml").stdout.strip().splitlines()[-1]
    assert said == f"commit: {len(ROOMS) + 1} devices, 1 committed, {len(ROOMS)} unchanged"
    eventually(lambda: BRIDGE in {one["account"] for one in shown(SERVER, "registrations")}, 20, "the bridge is back")
