"""Secrets of a router's text: hidden in messages, comparable by a keyed digest in documents."""

import pytest

from napalm_frr import redaction

KEY = redaction.device_key(b"m" * redaction.KEY_BYTES, "r1")
LINES = [
    " neighbor 10.0.0.1 password hunter2",
    "+ neighbor 10.0.0.1 password hunter2",
    "- neighbor 2001:db8::1 password hunter2 with blanks hunter2",
    "password hunter2",
    "enable password hunter2",
    " ip ospf authentication-key hunter2",
    " ip ospf message-digest-key 1 md5 hunter2",
    "  key-string hunter2",
    "section frr line 25: % Unknown command[25]:  neighbor 10.0.0.1 password hunter2",
    "section frr line 25: % Unknown command[25]: password hunter2",
]
HARMLESS = ["sshd PasswordAuthentication no", "sudo: a password is required", " description password of the week", ""]


@pytest.mark.parametrize("line", LINES)
def test_no_secret_is_left(line):
    assert "hunter2" not in redaction.hide(line)
    assert "hunter2" not in redaction.redact(line, KEY)


@pytest.mark.parametrize("line", HARMLESS)
def test_other_text_stays_as_it_is(line):
    assert redaction.hide(line) == redaction.redact(line, KEY) == line


def test_the_digest_tells_whether_two_secrets_are_the_same():
    text = "router bgp 1\n neighbor 10.0.0.1 password {}\nend\n"
    assert redaction.redact(text.format("a"), KEY) == redaction.redact(text.format("a"), KEY)
    assert redaction.redact(text.format("a"), KEY) != redaction.redact(text.format("b"), KEY)


def test_the_same_secret_at_another_place_or_router_has_another_digest():
    here, there = (redaction.redact(f"neighbor 10.0.0.{n} password a", KEY).split()[-1] for n in (1, 2))
    other = redaction.redact("neighbor 10.0.0.1 password a", redaction.device_key(b"m" * redaction.KEY_BYTES, "r2"))
    assert len({here, there, other.split()[-1]}) == 3
