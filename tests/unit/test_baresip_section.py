"""Section `baresip`: its grammar, what runs turned into it, and a real endpoint."""

import os
import shutil
from pathlib import Path

import pytest
from device import SYSTEM, device

from napalm_frr import redaction
from napalm_frr.agent import baresip, baresip_control, baresip_reads, baresip_text, check, danger, restorable
from napalm_frr.agent.baresip_text import Account
from napalm_frr.document import DocumentError
from napalm_frr.driver import split_running

GOLDEN = Path(__file__).parents[1] / "golden/endpoints/baresip.conf"
SECTION = "".join(
    f"{line.replace('${conference_lci-02734-quang-kim-c1}', 'secret-of-a')}\n"
    for line in GOLDEN.read_text(encoding="utf-8").splitlines()
    if line.startswith(("config ", "accounts "))
)
LINES = SECTION.splitlines()
FIRST = next(number for number, line in enumerate(LINES, 1) if line.startswith("accounts "))


def test_what_is_rendered_is_read():
    endpoint = baresip_text.parse(SECTION)
    assert endpoint.control == ("127.0.0.1", 4444)
    assert endpoint.parsed == [
        Account("lci-02734-quang-kim", "hoi-nghi.laocai.internal", f"{server}:5061")
        for server in ("10.96.5.74", "10.96.9.74")
    ]
    assert baresip_text.parse("") is None


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("poll_method epoll", "net_interface lo", 1),
        ("poll_method epoll", "poll_method  epoll", 1),
        ("config poll_method epoll", "poll_method epoll", 1),
        ("config poll_method epoll", "# poll_method epoll", 1),
        ("10.98.69.11:0", "10.98.69.300:0", 2),
        ("10.98.69.11:0", "10.98.69.11:65536", 2),
        ("10.98.69.11:0", "0.0.0.0", 2),
        ("/etc/ssl/certs/conference-ca.pem", "/etc/ssl/certs/../../shadow", 3),
        ("/etc/ssl/certs/conference-ca.pem", "/etc/shadow", 3),
        ("audio_source ausine,440", "audio_source alsa,default", 6),
        ("audio_source ausine,440", "audio_source aufile,/etc/shadow", 6),
        ("video_source fakevideo,nil", "video_source avformat,http://x/", 11),
        ("rtp_tos 184", "rtp_tos 256", 14),
        ("rtp_ports 16384-32767", "rtp_ports 32767-16384", 15),
        ("127.0.0.1:4444", "0.0.0.0:4444", 18),
        ("config ctrl_tcp_listen 127.0.0.1:4444\n", "", len(LINES) - 1),
        ("/usr/lib/baresip/modules", "/tmp", 19),
        ("module g711.so", "module httpd.so", 20),
        ("module g711.so", "module ../../../tmp/g711.so", 20),
        ("module g711.so", "module_tmp account.so", 20),
        ("config module g711.so", "config rtp_stats yes", 20),
        ("module_app ctrl_tcp.so", "module_app cons.so", 29),
        ("mwi=no\naccounts", "mwi=no\nconfig module g722.so\naccounts", FIRST + 1),
        ("accounts <sip:lci", "accounts sip:lci", FIRST),
        ("accounts <sip:lci", 'accounts "x" <sip:lci', FIRST),
        (";regint=300", ";ptime=20;regint=300", FIRST),
        (";regint=300", ";regint=300;regint=300", FIRST),
        (";regint=300", "; regint=300", FIRST),
        (";mwi=no", ";mwi=yes", FIRST),
        ("auth_pass=secret-of-a", 'auth_pass="secret-of-a"', FIRST),
        ("auth_pass=secret-of-a", "auth_pass=short", FIRST),
        (";auth_pass=secret-of-a", "", FIRST),
        (';outbound="sip:10.96.5.74:5061;transport=tls"', "", FIRST),
        ("sip:10.96.5.74:5061", "sip:10.96.5.999:5061", FIRST),
        (";mwi=no", f";mwi=no;audio_codecs={'x' * 10}", FIRST),
    ],
)
def test_what_the_grammar_does_not_know_is_refused_with_its_line(old, new, line):
    assert old in SECTION
    with pytest.raises(DocumentError) as refusal:
        baresip_text.parse(SECTION.replace(old, new, 1))
    assert (refusal.value.section, refusal.value.line) == ("baresip", line)
    assert "secret-of" not in str(refusal.value)


def test_a_line_that_baresip_would_cut_is_refused():
    room = 511 - len(LINES[-1].removeprefix("accounts "))
    longest = LINES[-1].replace("H264", "H264" + ",A" * (room // 2)).replace("of-a", "of-a" + "a" * (room % 2))
    assert len(longest.removeprefix("accounts ")) == 511
    assert baresip_text.fault(longest) == ""
    assert "511" in baresip_text.fault(longest.replace("regint=300", "regint=3000"))


def test_an_endpoint_has_no_daemons_and_no_mtus(monkeypatch):
    monkeypatch.setattr(check._Parsers, "_lines", lambda *_: "")
    daemon = SYSTEM.replace("hostname dev1\n", "hostname dev1\ndaemon bgpd\n")
    for system, line in ((daemon, 2), (f"{SYSTEM}mtu lan1 1400\n", SYSTEM.count("\n") + 1)):
        report = check.Report(document={"system": system, "baresip": SECTION})
        check._check_other(report, report.document, check._Parsers(Path("/nonexistent")))
        assert report.errors == [
            {"section": "system", "line": line, "message": "an endpoint has no daemon and no mtu lines"}
        ]


def test_no_secret_is_left_in_what_is_shown_and_two_accounts_do_not_show_that_theirs_is_the_same():
    key = b"k" * redaction.KEY_BYTES
    for text in (SECTION, f"unmanaged line <sip:x>;auth_pass=secret-of-a;x\n+{SECTION}", 'auth_pass="secret-of-a;b"'):
        assert "secret-of-a" not in redaction.hide(text) + redaction.redact(text, key)
    digests = {line.partition("auth_pass=")[2].partition(";")[0] for line in redaction.redact(SECTION, key).split("\n")}
    other = redaction.redact(SECTION.replace("lci-02734", "lci-02735"), key)
    assert len(digests) == 2  # one, and that of lines without any
    assert not any(digest in other for digest in digests if digest)
    assert redaction.hide(SECTION).count(";outbound=") == 2
    one, two = (redaction.redact(f"account {name} password secret-of-a", key).split()[-1] for name in ("a", "b"))
    assert one != two
    assert "secret" not in one + two + redaction.hide("account a password secret-of-a")


@pytest.fixture
def endpoint(tmp_path, monkeypatch):
    """The files of an endpoint that runs with SECTION."""
    monkeypatch.setattr(baresip, "DIRECTORY", tmp_path)
    monkeypatch.setattr(baresip.Program, "is_alive", lambda self: True)
    monkeypatch.setattr(baresip.Program, "is_current", lambda self: True)
    parsed = baresip_text.parse(SECTION)
    for kind, lines in (("config", parsed.config), ("accounts", parsed.accounts)):
        (tmp_path / kind).write_text("".join(f"{line}\n" for line in lines))
    return monkeypatch


def test_the_files_of_a_program_that_runs_with_them_are_the_section(endpoint):
    assert baresip.read() == SECTION


def test_what_is_wrong_with_the_program_is_a_line_of_its_own(endpoint):
    endpoint.setattr(baresip.Program, "is_current", lambda self: False)
    assert baresip.read() == f"unmanaged baresip runs with what it read before\n{SECTION}"
    endpoint.setattr(baresip.Program, "is_alive", lambda self: False)
    assert baresip.read() == f"unmanaged baresip does not run\n{SECTION}"


@pytest.mark.parametrize("by_hand", ["\n", "#@ nft\n", "caf\u00e9\n", "module httpd.so\n", "module g722.so"])
def test_a_line_that_no_document_can_hold_shows_as_such_and_going_back_leaves_it_out(by_hand, endpoint):
    with (baresip.DIRECTORY / "config").open("a", encoding="utf-8") as file:
        file.write(by_hand)
    shown = baresip.read()
    assert shown.isascii()
    assert sum(line.startswith("unmanaged line") for line in shown.splitlines()) == 1
    assert split_running(f"#@ baresip\n{shown}")["baresip"] == shown
    confirmed = {"system": SYSTEM, "baresip": ""}
    assert restorable.document({"system": SYSTEM, "baresip": shown}, confirmed)["baresip"] == SECTION


def test_files_without_any_line_that_a_document_can_hold_go_back_to_the_confirmed_section():
    confirmed = {"system": SYSTEM, "baresip": SECTION}
    for shown, back in (("unmanaged line x\n", SECTION), ("unmanaged baresip runs\n", "")):
        assert restorable.document({"system": SYSTEM, "baresip": shown}, confirmed)["baresip"] == back


def test_an_emptied_section_is_dangerous():
    before = {"system": SYSTEM, "baresip": SECTION}
    assert danger.found(before, {**before, "baresip": ""}) == {"remove-protocol": ["stops baresip"]}


def test_answers_of_the_control_port_are_read():
    assert baresip_control.netstring(b"3:abc,4:d") == (b"abc", b"4:d")
    assert baresip_control.netstring(b"4:d") is baresip_control.netstring(b"") is None
    registrations = baresip_reads.parse_registrations(
        "\n--- User Agents (2) ---\n"
        "> sip:a@d.internal             OK  kamailio (5.6.3 (x86_64/linux)) Expires 300s\n"
        "  sip:a@d.internal             ERR  Expires 0s\n\n",
        baresip_text.parse(SECTION),
    )
    assert registrations == [
        {"account": "a", "server": "10.96.5.74:5061", "state": "registered", "expires_s": 300},
        {"account": "a", "server": "10.96.9.74:5061", "state": "failed", "expires_s": 0},
    ]
    calls = baresip_reads.parse_calls(
        "\n--- Active calls (1) ---\n> [line 1]  0:01:05  ESTABLISHED             sip:b@d.internal;transport=tls\n",
        " direction: Outgoing\n",
    )
    assert calls == [{"peer": "b", "direction": "outgoing", "state": "established", "seconds": 65}]


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("baresip"), reason="needs root and baresip")
def test_a_real_endpoint_is_booted_changed_and_taken_back(tmp_path):
    section = SECTION.replace("10.98.69.11", "127.0.0.1")
    booted = f"#@ system\n{SYSTEM}#@ baresip\n{section}"
    changed = booted.replace("call_local_timeout 120", "call_local_timeout 60")
    with device(tmp_path, booted) as this:
        assert this.agent("boot")["result"] == "booted"
        assert this.agent("running") == booted
        assert this.agent("boot")["result"] == "refused"
        refusal = this.agent("commit", text="#@ system\n#@ kamailio\n#@ bridge\n")
        assert refusal["errors"][0]["message"] == "this device is an endpoint, the document is a server's"
        first = this.run("cat", "/run/napalm-frr.baresip.pid")
        answer = this.agent("commit", "--revert-in", "60", text=changed)
        assert (answer["result"], "frr" in answer["ms"]) == ("pending", False)
        assert this.agent("running") == changed
        assert this.run("cat", "/run/napalm-frr.baresip.pid") != first
        assert [row["account"] for row in this.agent("show", "registrations")] == ["lci-02734-quang-kim"] * 2
        assert this.agent("show", "calls") == []
        assert "not registered" not in this.agent("call", "dial", "../x")["error"]
        assert "no account is registered" in this.agent("call", "dial", "lci-b")["error"]
        assert this.agent("show", "facts")["frr"] == ""
        assert this.run("stat", "-c", "%U %a", "/var/lib/baresip/accounts") == "baresip 600\n"
        assert this.run("ps", "-C", "baresip", "-o", "user=").split()[-1] == "baresip"
        assert this.agent("rollback")["result"] == "reverted"
        assert this.agent("running") == this.agent("startup") == booted
        empty = f"#@ system\n{SYSTEM}#@ baresip\n"
        assert this.agent("commit", "--allow", "remove-protocol", text=empty)["result"] == "committed"
        assert this.run("ls", "/var/lib/baresip").split() == ["uuid"]
