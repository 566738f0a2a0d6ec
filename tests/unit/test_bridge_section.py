"""Section `bridge`: its grammar, the settings that are written for it, and a real bridge at a real server."""

import os
import shutil
import time

import pytest
from device import SYSTEM, device

from napalm_frr import redaction
from napalm_frr.agent import bridge_rc, bridge_run, bridge_text, danger
from napalm_frr.document import DocumentError

SECTION = """\
server tls 10.96.5.74:5061
domain hoi-nghi.laocai.internal
authority /etc/ssl/certs/conference-ca.pem
media 16384-32767
dscp 24 46 34
calls 140
account phong-hop password secret-of-bridge
"""
OWN = SECTION.replace("tls 10.96.5.74:5061", "udp 10.96.5.74:5060").replace(
    "authority /etc/ssl/certs/conference-ca.pem\n", ""
)
SERVER = """\
listen udp 10.96.5.74:5060
domain hoi-nghi.laocai.internal
clients 10.96.0.0/12
tos 96
account phong-hop password secret-of-bridge
"""


def test_the_grammar_reads_what_the_bridge_needs():
    bridge = bridge_text.parse(SECTION)
    assert (bridge.transport, bridge.server, bridge.domain) == ("tls", "10.96.5.74:5061", "hoi-nghi.laocai.internal")
    assert (bridge.media, bridge.dscp, bridge.calls) == ((16384, 32767), (24, 46, 34), 140)
    assert (bridge.account, bridge.password) == ("phong-hop", "secret-of-bridge")
    assert bridge_text.parse("") is None


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("server tls", "exec tls", 1),
        ("server tls", "server sctp", 1),
        ("10.96.5.74:5061", "10.96.5.074:5061", 1),
        ("10.96.5.74:5061", "10.96.5.74:65536", 1),
        ("10.96.5.74:5061", "10.96.5.74:5061\ndomain", 2),
        ("domain hoi-nghi.laocai.internal\n", "", 6),
        ("hoi-nghi.laocai.internal", "a b", 2),
        ("authority /etc/ssl/certs/conference-ca.pem\n", "", 6),
        ("/etc/ssl/certs/conference-ca.pem", "/etc/shadow", 3),
        ("/etc/ssl/certs/conference-ca.pem", "/etc/ssl/certs/../../shadow", 3),
        ("server tls", "server udp", 3),
        ("16384-32767", "16384", 4),
        ("16384-32767", "1000-32767", 4),
        ("16384-32767", "16384-16386", 4),
        ("16384-32767", "16384-65536", 4),
        ("dscp 24 46 34", "dscp 24 46", 5),
        ("dscp 24 46 34", "dscp 24 46 64", 5),
        ("calls 140", "calls 0", 6),
        ("calls 140", "calls 4097", 6),
        ("calls 140\n", "calls 140\ncalls 140\n", 7),
        ("calls 140\n", "", 6),
        ("password secret-of-bridge", "password short", 7),
        ("password secret-of-bridge", "password secret of bridge", 7),
        ("dscp 24 46 34\ncalls 140", "calls 140\ndscp 24 46 34", 6),
    ],
)
def test_what_no_bridge_can_be_set_to_is_refused_with_its_line(old, new, line):
    assert old in SECTION
    with pytest.raises(DocumentError) as refusal:
        bridge_text.parse(SECTION.replace(old, new, 1))
    assert (refusal.value.section, refusal.value.line) == ("bridge", line)
    assert "secret" not in refusal.value.message.removesuffix(bridge_text.SECRET).replace("SECRET, the secret", "")


def test_its_settings_say_what_the_section_says():
    written = bridge_rc.write(bridge_text.parse(SECTION))
    for line in (
        "sip_port=0",
        "sip_tcp_port=0",
        "sip_tls_port=-2",
        "root_ca=/etc/ssl/certs/conference-ca.pem",
        "media_encryption_mandatory=1",
        "audio_rtp_port=16384-24575",
        "video_rtp_port=24576-32767",
        "dscp=0x18",
        "audio_dscp=0x2e",
        "video_dscp=0x22",
        "max_calls=140",
        "reg_proxy=<sip:10.96.5.74:5061;transport=tls>",
        "reg_identity=<sip:phong-hop@hoi-nghi.laocai.internal>",
        "passwd=secret-of-bridge",
    ):
        assert line in written.splitlines()
    plain = SECTION.replace("tls", "udp").replace("authority /etc/ssl/certs/conference-ca.pem\n", "")
    assert "root_ca" not in bridge_rc.write(bridge_text.parse(plain))


def test_every_call_that_comes_is_answered_and_taken_into_the_meeting():
    said = (
        "daemon-linphone>\n",
        "Event-type: call-state-changed\n",
        "Event: LinphoneCallIncomingReceived\n",
        "From: sip:lci-a@hoi-nghi.laocai.internal\n",
        "Id: 1\n",
        "Status: Ok\n",
        "Event: LinphoneCallStreamsRunning\n",
        "Id: 1\n",
        "Id: 9\n",
        "Event: LinphoneCallIncomingReceived\n",
        "Id: 2\n",
    )
    wanted = ["answer 1", "conference add 1", "answer 2", "conference add 2"]
    assert list(bridge_run.commands(said)) == wanted


def test_its_password_is_a_secret_and_its_end_needs_a_word():
    assert "secret-of-bridge" not in redaction.hide(SECTION)
    before = {"system": SYSTEM, "kamailio": SERVER, "bridge": SECTION}
    assert danger.found(before, {**before, "bridge": ""}) == {"remove-protocol": ["stops bridge"]}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A conference server with its bridge over UDP, committed."""
    if os.geteuid() or not shutil.which("linphone-daemon"):
        pytest.skip("needs root and linphone-daemon")
    empty = f"#@ system\n{SYSTEM}#@ kamailio\n#@ bridge\n"
    with device(tmp_path_factory.mktemp("bridge"), empty, "10.96.5.74/32") as this:
        assert this.agent("boot")["result"] == "booted"
        yield this


def test_a_real_bridge_registers_and_shows_as_it_runs(server):
    wanted = f"#@ system\n{SYSTEM}#@ kamailio\n{SERVER}#@ bridge\n{OWN}"
    answer = server.agent("commit", text=wanted)
    assert answer["result"] == "committed", answer
    assert server.agent("running") == wanted
    assert "secret-of" not in server.agent("running", "redacted")

    def registered():
        return [row["account"] for row in server.agent("show", "registrations")]

    deadline = time.monotonic() + 30
    while registered() != ["phong-hop"]:
        assert time.monotonic() < deadline, server.run("cat", "/var/log/conference-bridge.log")
        time.sleep(0.1)
    pid = "/run/napalm-frr.conference-bridge.pid"
    user = server.run("sh", "-c", f"ps -o user:32= -g $(cat {pid})").split()
    assert sorted(user) == ["conference-bridge", "root"]
    server.run("sh", "-c", "echo 'calls 3' >> /etc/conference-bridge.conf")
    assert "unmanaged line calls 3" in server.agent("running")
    assert server.agent("commit", text=wanted)["result"] == "committed"
    server.run("sh", "-c", f"kill -9 $(cat {pid})")
    assert "unmanaged bridge does not run" in server.agent("running")
    assert server.agent("commit", text=wanted.replace("calls 140", "calls 7"))["result"] == "committed"
    assert "calls 7" in server.agent("running").splitlines()
    settings = "/run/conference-bridge/linphonerc"
    assert "[auth_info_0]" in server.run("cat", settings)
    assert server.run("stat", "-c", "%a %U", settings).split() == ["600", "conference-bridge"]
    without = wanted.replace(OWN, "")
    assert server.agent("commit", "--allow", "remove-protocol", text=without)["result"] == "committed"
    assert server.agent("running") == without
    assert server.run("pgrep", "-x", "linphone-daemon", "-r", "S,R,D") == ""
    assert server.run("find", "/run/conference-bridge", "/etc/conference-bridge.conf") == ""


def test_a_bridge_that_does_not_start_is_taken_back_and_one_that_is_not_there_refused(server):
    wanted = f"#@ system\n{SYSTEM}#@ kamailio\n{SERVER}#@ bridge\n{OWN}"
    place = shutil.which("linphone-daemon")
    before = server.agent("running")
    for instead, result, words in (("/bin/false", "reverted", "status 1"), ("/dev/null", "refused", "not installed")):
        server.run("mount", "--bind", instead, place)
        try:
            answer = server.agent("commit", text=wanted)
        finally:
            server.run("umount", place)
        assert answer["result"] == result, answer
        assert words in str(answer)
        assert server.agent("running") == before
