"""Section `keepalived`: its grammar, what runs turned into it, and which addresses belong to it."""

import shutil

import pytest

from napalm_frr.agent import keepalived, keepalived_text, kernel, restorable
from napalm_frr.agent.keepalived_text import Address
from napalm_frr.document import SECTIONS, DocumentError
from napalm_frr.driver import split_running

SECTION = """\
vrrp_instance gateways {
    state BACKUP
    interface vlan99
    version 3
    virtual_router_id 1
    priority 200
    advert_int 0.3
    preempt_delay 30
    virtual_ipaddress {
        fe80::1/64 dev vlan99
    }
    virtual_ipaddress_excluded {
        10.96.4.1/24 dev vlan10
        10.96.5.1/26 dev vlan20
        2001:db8:1500:110::1/64 dev vlan10
    }
    track_interface {
        lan1 weight -20
        lan2
    }
}
"""
OPTIONAL = (
    "    preempt_delay 30\n",
    SECTION[SECTION.index("    virtual_ipaddress_excluded") : SECTION.index("    track")],
    SECTION[SECTION.index("    track") : -2],
)


def test_the_grammar_reads_what_others_need():
    instance = keepalived_text.parse(SECTION)
    assert instance.interfaces == ["vlan99", "vlan10", "vlan20", "lan1", "lan2"]
    assert instance.addresses[0] == Address("fe80::1/64", "vlan99")
    assert keepalived_text.addresses(SECTION) == set(instance.addresses)
    assert keepalived_text.parse("") is None


@pytest.mark.parametrize("part", OPTIONAL)
def test_what_may_be_left_out_may(part):
    assert part in SECTION
    assert keepalived_text.parse(SECTION.replace(part, "")) is not None


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("vrrp_instance", "include /etc/shadow\nvrrp_instance", 1),
        ("vrrp_instance", "global_defs {\n}\nvrrp_instance", 1),
        ("vrrp_instance gateways", "vrrp_instance gate;ways", 1),
        (SECTION, SECTION + "virtual_server 10.0.0.1 80 {\n}\n", 22),
        (SECTION, SECTION + "\n", 22),
        (SECTION, SECTION.removesuffix("}\n"), 20),
        ("    state BACKUP", "    state MASTER", 2),
        ("    state BACKUP", "\tstate BACKUP", 2),
        ("    state BACKUP", "    state  BACKUP", 2),
        ("    state BACKUP", "    @one state BACKUP", 2),
        ("    state BACKUP", "    # state BACKUP", 2),
        ("    state BACKUP\n", "", 2),
        ("interface vlan99\n    version", "interface $IF\n    version", 3),
        ("    version 3\n", "    version 2\n", 4),
        ("router_id 1\n", "router_id 0\n", 5),
        ("router_id 1\n", "router_id 01\n", 5),
        ("    priority 200\n", "    priority 255\n", 6),
        ("    priority 200\n", "", 6),
        ("    priority 200\n", "    priority 200\n    priority 200\n", 7),
        ("advert_int 0.3", "advert_int 0.30", 7),
        ("advert_int 0.3", "advert_int 41", 7),
        ("preempt_delay 30", "preempt_delay 1001", 8),
        ("    preempt_delay 30", "    notify_master /bin/sh", 8),
        ("    preempt_delay 30", "    track_script {\n        x\n    }", 8),
        ("    preempt_delay 30", "    use_vmac", 8),
        ("    preempt_delay 30", "    smtp_alert", 8),
        ("fe80::1/64 dev vlan99", "fe80::1/64 dev vlan10", 10),
        ("fe80::1/64 dev vlan99", "2001:db8::1/64 dev vlan99", 10),
        ("fe80::1/64 dev vlan99", "10.0.0.1/24 dev vlan99", 10),
        ("fe80::1/64 dev vlan99\n", "fe80::1/64 dev vlan99\n        fe80::2/64 dev vlan99\n", 11),
        ("        fe80::1/64 dev vlan99\n", "", 9),
        ("10.96.4.1/24 dev vlan10", "10.96.4.1/24 dev vlan10 nodad", 13),
        ("10.96.4.1/24 dev vlan10", "10.96.4.1/24", 13),
        ("10.96.4.1/24 dev vlan10", "10.96.4.1/33 dev vlan10", 13),
        ("10.96.4.1/24 dev vlan10", "10.96.5.1/26 dev vlan20", 14),
        ("2001:db8:1500:110::1/64", "2001:db8:1500:0110::1/64", 15),
        ("lan1 weight -20", "lan1 weight 20", 18),
        ("lan1 weight -20", "lan1 weight -254", 18),
        ("        lan2", "        lan1", 19),
        ("        lan2", "    lan2", 19),
        ("        lan1 weight -20\n        lan2\n", "", 17),
    ],
)
def test_what_the_grammar_does_not_know_is_refused_with_its_line(old, new, line):
    assert old in SECTION
    with pytest.raises(DocumentError) as refusal:
        keepalived_text.parse(SECTION.replace(old, new, 1))
    assert (refusal.value.section, refusal.value.line) == ("keepalived", line)


@pytest.mark.skipif(not shutil.which("keepalived", path="/usr/sbin"), reason="keepalived is not installed")
def test_keepalived_itself_takes_a_section_and_refuses_what_it_cannot_do(tmp_path, monkeypatch):
    outcome = keepalived.process.outcome
    in_user_namespace = lambda argv: outcome([argv[0], "--map-root-user", *argv[1:]])  # noqa: E731
    monkeypatch.setattr(keepalived.process, "outcome", in_user_namespace)
    assert keepalived.check(SECTION, tmp_path / "conf") == []
    assert keepalived.check("", tmp_path / "conf") == []
    assert keepalived.check(SECTION.replace("state BACKUP", "state MASTER"), tmp_path / "conf")[0][0] == 2
    monkeypatch.setattr(keepalived_text, "parse", lambda text: keepalived_text.Instance("vlan99", [], []))
    found = keepalived.check(SECTION.replace("priority", "priorty"), tmp_path / "conf")
    assert (6, "Unknown keyword 'priorty'") in found


@pytest.fixture
def router(tmp_path, monkeypatch):
    """The files of a router whose daemon runs with SECTION."""
    monkeypatch.setattr(keepalived, "CONFIG", tmp_path / "keepalived.conf")
    monkeypatch.setattr(keepalived, "_LOADED", tmp_path / "loaded")
    monkeypatch.setattr(keepalived, "is_alive", lambda: True)
    monkeypatch.setattr(keepalived.files, "write", lambda path, text, mode=0: path.write_text(text))
    keepalived.write_file(SECTION)
    return monkeypatch


def test_the_file_of_a_daemon_that_runs_with_it_is_the_section(router):
    assert keepalived.read() == SECTION


def test_a_router_without_file_and_daemon_has_an_empty_section(router):
    router.setattr(keepalived, "is_alive", lambda: False)
    keepalived.write_file("")
    assert keepalived.read() == ""


def test_what_is_wrong_with_the_daemon_is_a_line_of_its_own(router):
    keepalived.remember(SECTION.replace("200", "100"))
    assert keepalived.read() == f"unmanaged keepalived runs with what it read before\n{SECTION}"
    router.setattr(keepalived, "is_alive", lambda: False)
    assert keepalived.read() == f"unmanaged keepalived does not run\n{SECTION}"
    router.setattr(keepalived, "is_alive", lambda: True)
    keepalived.CONFIG.unlink()
    assert keepalived.read() == "unmanaged keepalived runs\n"


def test_an_interface_made_anew_shows_since_keepalived_no_longer_speaks_on_it(router):
    numbers = {"ifindex": "7\n"}
    read = keepalived.files.read
    router.setattr(keepalived.files, "read", lambda path: numbers.get(path.name) or read(path))
    keepalived.remember(SECTION)
    assert keepalived.read() == SECTION
    numbers["ifindex"] = "8\n"
    assert keepalived.read() == f"unmanaged keepalived runs with what it read before\n{SECTION}"


@pytest.mark.parametrize("by_hand", [" ", "#@ nft\n", "caf\u00e9\n", "notify /bin/x \n"])
def test_a_file_that_no_document_can_hold_shows_line_by_line_and_stays_in_its_section(by_hand, router):
    keepalived.CONFIG.write_text(SECTION + by_hand, encoding="utf-8")
    keepalived.remember(SECTION + by_hand)
    shown = keepalived.read()
    assert shown.isascii()
    assert {line.split()[0] for line in shown.splitlines()} == {"unmanaged"}
    assert split_running(f"#@ keepalived\n{shown}#@ tc\n")["keepalived"] == shown


def test_going_back_leads_to_the_file_if_a_document_can_hold_it_and_else_to_the_confirmed_section():
    empty = dict.fromkeys(SECTIONS, "")
    confirmed = {**empty, "keepalived": SECTION}
    other = SECTION.replace("priority 200", "priority 100")
    for found, back in (
        (f"unmanaged keepalived does not run\n{other}", other),
        ("unmanaged keepalived runs\n", ""),
        (f"{other}# by hand\n", SECTION),
    ):
        assert restorable.document({**empty, "keepalived": found}, confirmed)["keepalived"] == back


def test_addresses_that_move_belong_to_the_document_on_either_router(monkeypatch):
    rows = [{"ifname": "vlan10", "addr_info": [{"family": "inet", "local": "10.96.4.1", "prefixlen": 24}]}]
    monkeypatch.setattr(kernel, "_json", lambda *words: rows if words == ("address",) else [])
    frr = "interface vlan10\n description offices\nexit\n"
    assert kernel.lines(frr, "", SECTION) == []
    assert kernel.lines(frr, "", "") == ["unmanaged address 10.96.4.1/24 vlan10"]
    assert kernel.lines(frr, "", SECTION.replace("4.1/24 dev vlan10", "4.1/24 dev vlan30")) != []


def test_an_address_of_both_sections_is_found():
    frr = "interface vlan10\n ip address 10.96.4.1/26\n ipv6 address 2001:db8:1500:110::1/64\n ip address 10.0.0.9/24\n"
    assert keepalived.shared(SECTION, frr) == ["10.96.4.1", "2001:db8:1500:110::1"]
    assert keepalived.shared("", frr) == []
