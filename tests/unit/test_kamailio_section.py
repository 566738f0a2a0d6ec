"""Section `kamailio`: its grammar, the file that is written for it, and what a real server does with it."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from device import SYSTEM, device

from napalm_frr import redaction
from napalm_frr.agent import danger, kamailio, kamailio_cfg, kamailio_reads, kamailio_text, restorable, show
from napalm_frr.document import DocumentError
from napalm_frr.driver import split_running

SECTION = """\
listen tls 10.96.5.74:5061
listen tls [2001:db8:1500:130::10]:5061
listen udp 10.96.5.74:5060
domain hoi-nghi.laocai.internal
clients 10.96.0.0/12
clients 2001:db8:1500::/40
tos 96
account lci-a password secret-of-a
account lci-b password secret-of-b
"""
EMPTY = f"#@ system\n{SYSTEM}#@ kamailio\n#@ bridge\n"


def test_the_grammar_reads_what_the_file_needs():
    server = kamailio_text.parse(SECTION)
    assert server.listens[1] == ("tls", "[2001:db8:1500:130::10]:5061")
    assert (server.domain, server.tos, server.has_tls) == ("hoi-nghi.laocai.internal", 96, True)
    assert server.accounts == {"lci-a": "secret-of-a", "lci-b": "secret-of-b"}
    assert kamailio_text.parse("") is None


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("listen tls 10", "loadmodule exec\nlisten tls 10", 1),
        ("listen tls 10", "# listen tls 10", 1),
        ("listen tls 10.96", "listen sctp 10.96", 1),
        ("10.96.5.74:5061", "10.96.5.074:5061", 1),
        ("10.96.5.74:5061", "10.96.5.74:65536", 1),
        ("10.96.5.74:5061", "10.96.5.74", 1),
        ("10.96.5.74:5061", "lo:5061", 1),
        ("[2001:db8:1500:130::10]", "2001:db8:1500:130::10", 2),
        ("[2001:db8:1500:130::10]", "[2001:db8:1500:130:0::10]", 2),
        ("udp 10.96.5.74:5060", "tls 10.96.5.74:5061", 3),
        ("domain hoi-nghi.laocai.internal\n", "", 8),
        ("domain hoi-nghi.laocai.internal\n", 'domain a.b"\n', 4),
        ("domain hoi-nghi.laocai.internal\n", "domain a.b\ndomain a.b\n", 5),
        ("clients 10.96.0.0/12", "clients 10.96.0.1/12", 5),
        ("clients 10.96.0.0/12", "clients 10.96.0.0", 5),
        ("clients 10.96.0.0/12\n", "clients 3000::/16\n", 6),
        ("tos 96", "tos 256", 7),
        ("tos 96", "tos 096", 7),
        ("tos 96\n", "", 8),
        ("lci-a password", "LCI password", 8),
        ("lci-a password", "a)b password", 8),
        ("secret-of-a", 'secret"; exit', 8),
        ("secret-of-a", "secret$of", 8),
        ("secret-of-a", "short", 8),
        ("account lci-b password", "account lci-a password", 9),
    ],
)
def test_what_the_grammar_does_not_know_is_refused_with_its_line(old, new, line):
    assert old in SECTION
    with pytest.raises(DocumentError) as refusal:
        kamailio_text.parse(SECTION.replace(old, new, 1))
    assert (refusal.value.section, refusal.value.line) == ("kamailio", line)
    assert "secret-of" not in str(refusal.value)


@pytest.mark.parametrize("part", ["", "account lci-a password secret-of-a\n", SECTION[SECTION.index("account") :]])
def test_the_file_says_the_section_and_nothing_else(part):
    section = SECTION.replace(part, "") if part else SECTION
    written = kamailio_cfg.write(kamailio_text.parse(section))
    assert kamailio_cfg.read(written) == section
    assert kamailio_cfg.read("") == ""
    assert "EVENT " not in [line.strip()[:6] for line in written.splitlines()]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("debug=1", 'debug=1\nloadmodule "exec.so"', 'line loadmodule "exec.so"'),
        ("  if (!sanity_check()) exit;\n", "", "line without   if (!sanity_check()) exit;"),
        ("tos=96\n", "tos=96\ntos=0\n", "line tos=0"),
        ("dns=no\n", "dns=no\n# caf\u00e9 \n", "line # caf\\xe9"),
        ("  if (!route(CLIENTS)) drop;\n}\n", "  if (!route(CLIENTS)) drop;\n}", "line }"),
    ],
)
def test_what_somebody_changed_by_hand_shows_line_by_line_and_stays_in_its_section(old, new, shown):
    written = kamailio_cfg.write(kamailio_text.parse(SECTION))
    assert old in written
    found = kamailio_cfg.read(written.replace(old, new, 1))
    assert f"unmanaged {shown}\n" in found
    assert found.isascii()
    assert split_running(f"#@ kamailio\n{found}")["kamailio"] == found
    confirmed = {"system": SYSTEM, "kamailio": SECTION}
    back = restorable.document({"system": SYSTEM, "kamailio": found}, confirmed)["kamailio"]
    assert back == SECTION


def test_a_file_of_somebody_else_is_only_marked_lines_without_secrets():
    found = kamailio_cfg.read('#!KAMAILIO\nroute { $sht(users=>x) = "hunter22"; }\n')
    assert [line.split()[0] for line in found.splitlines()] == ["unmanaged"] * 2
    assert "hunter22" not in redaction.hide(found)


def test_an_emptied_section_is_dangerous():
    before = {"system": SYSTEM, "kamailio": SECTION}
    assert danger.found(before, {**before, "kamailio": ""}) == {"remove-protocol": ["stops kamailio"]}
    assert danger.found(before, {**before, "kamailio": SECTION.replace("tos 96", "tos 0")}) == {}


def logged(message: str, subsystem: str = "xlog") -> str:
    return json.dumps({"subsys": subsystem, "pri": "NOTICE", "msg": message})


def test_events_are_only_what_the_file_itself_tells_and_their_values_are_taken_whole():
    injected = "EVENT event=registered at=1.0 account=x"
    lines = [
        "EVENT event=registered at=1.0 account=raw",
        logged(injected, "core"),
        logged(f"bad message {injected}"),
        logged("EVENT event=unknown_account at=2.5 account=a%20b%22%0aEVENT%20x code=403 ip=10.0.0.1 port=5 call=%3d"),
        logged("EVENT event=outside at=3.0 account=<null> ip=2001:db8::1 port=6"),
        logged("EVENT event=outside at=3.0 account=x")[:40],
        "EVENT ]",
    ]
    first, second = kamailio_reads.parse_events(lines)
    assert (first["account"], first["call"], first["code"]) == ('a b"\nEVENT x', "=", 403)
    assert (second["account"], second["from"]) == ("", "[2001:db8::1]:6")


def test_reads_belong_to_kinds_of_devices():
    for kind, refused in (("router", "events"), ("server", "calls"), ("endpoint", "events"), ("server", "bgp")):
        assert f"show {refused} is a read of" in show.refusal([refused], kind)
    assert show.refusal(["registrations"], "server") == show.refusal(["facts"], "endpoint") == ""
    assert show.refusal(["route", "10.0.0.0/8"], "router") == ""
    assert show.refusal(["route", "10.0.0.0/8"], "server")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A conference server with a section for UDP: booted with none, then committed."""
    if os.geteuid() or not shutil.which("kamailio", path="/usr/sbin"):
        pytest.skip("needs root and kamailio")
    with device(tmp_path_factory.mktemp("server"), EMPTY, "10.96.5.74/32", "192.0.2.1/32") as this:
        assert this.agent("boot")["result"] == "booted"
        yield this


def test_a_real_server_tells_what_happened_to_each_request(server):
    udp = "".join(f"{line}\n" for line in SECTION.splitlines() if " tls " not in line)
    wanted = EMPTY.replace("#@ bridge\n", f"{udp}#@ bridge\n")
    assert server.agent("check", text=EMPTY.replace("kamailio\n#@ bridge", "baresip"))["errors"][0]["message"] == (
        "this device is a server, the document is an endpoint's"
    )
    assert server.agent("commit", "--revert-in", "60", text=wanted)["result"] == "pending"
    assert server.agent("confirm")["result"] == "confirmed"
    assert server.agent("running") == server.agent("startup") == wanted
    assert "secret-of" not in server.agent("running", "redacted")

    def ask(*words: str) -> str:
        program = Path(__file__).with_name("sip.py")
        return server.run(sys.executable, str(program), words[0], "10.96.5.74", *words[1:]).strip()

    inside = "10.96.5.74"
    assert ask(inside, "REGISTER", "lci-a", "lci-a", "secret-of-a", "c1") == "200"
    assert [row["account"] for row in server.agent("show", "registrations")] == ["lci-a"]
    assert ask(inside, "REGISTER", "lci-a", "lci-a", "wrong", "c2") == "401"
    assert ask(inside, "REGISTER", "lci-x", "x}%0a EVENT", "wrong", "c3") == "403"
    assert ask(inside, "REGISTER", "lci-b", "lci-a", "secret-of-a", "c4") == "403"
    assert ask(inside, "INVITE", "lci-b", "lci-a", "secret-of-a", "c5") == "403"
    assert ask(inside, "INVITE", "lci-a", "lci-a", "secret-of-a", "c6") == "480"
    assert ask(inside, "BYE", "lci-a", "", "", "c6") == "404"  # of a call that nobody let through
    assert ask("192.0.2.1", "REGISTER", "lci-a", "lci-a", "secret-of-a", "c7") == ""
    told = [(event["event"], event["account"], event["call"]) for event in server.agent("show", "events")]
    assert told == [
        ("registered", "lci-a", "c1"),
        ("wrong_password", "lci-a", "c2"),
        ("unknown_account", "x}%0a EVENT", "c3"),
        ("foreign_account", "lci-a", "c4"),
        ("foreign_account", "lci-a", "c5"),
        ("invite", "lci-a", "c6"),
        ("failed", "lci-a", "c6"),
        ("outside", "lci-a", "c7"),
    ]
    pid = server.run("cat", "/run/napalm-frr.kamailio.pid")
    assert ask(inside, "REGISTER", "lci-b", "lci-b", "secret-of-b", "c8") == "200"
    assert server.agent("commit", text=wanted.replace("secret-of-a", "another-one"))["result"] == "committed"
    assert [row["account"] for row in server.agent("show", "registrations")] == ["lci-b"]
    assert server.run("cat", "/run/napalm-frr.kamailio.pid") == pid
    assert ask(inside, "REGISTER", "lci-a", "lci-a", "secret-of-a", "c9") == "401"
    assert ask(inside, "REGISTER", "lci-a", "lci-a", "another-one", "c10") == "200"
    assert server.agent("rollback", "--id", server.agent("status")["last"]["id"])["result"] == "reverted"
    assert server.agent("running") == wanted
    server.run("sh", "-c", "kill -9 $(cat /run/napalm-frr.kamailio.pid)")
    assert "unmanaged kamailio does not run" in server.agent("running")
    assert server.agent("commit", text=wanted)["result"] == "committed"
    assert server.agent("show", "facts")["kind"] == "server"
    assert server.agent("commit", "--allow", "remove-protocol", text=EMPTY)["result"] == "committed"
    assert not server.run("pgrep", "-x", "kamailio", "-r", "S")
    assert kamailio.CONFIG.name not in server.run("ls", "/etc/kamailio")
