"""Passwords of sessions: filled in memory, never given to parsers of this machine, compared by digests."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from napalm_frr import redaction
from napalm_frr.agent import digest
from napalm_frr.document import SECTIONS
from tslcd import audit, secrets
from twin import provider
from twin.shape import Provider, Session

LINE = " neighbor 10.0.0.1 password ${bgp_viettel_r1}\n"
VALUES = {"bgp_viettel_r1": "hunter2", "ssh_key_a": "ssh-ed25519 AAAA"}
MASTER = b"m" * redaction.KEY_BYTES
DOCUMENT = "".join(f"#@ {name}\n{LINE if name == 'frr' else ''}" for name in SECTIONS)


def test_parsers_on_this_machine_never_see_a_password():
    text = secrets.for_parsers(f"key a ${{ssh_key_a}} ${{ssh_key_b}}\n{LINE}", VALUES)
    assert "hunter2" not in text
    assert "ssh-ed25519 AAAA " in text
    assert "${" not in text


def test_a_missing_password_is_named_and_nothing_is_filled():
    with pytest.raises(secrets.MissingSecretError, match=r"\$\{bgp_viettel_r1\}"):
        secrets.fill(LINE, {})


def test_what_an_audit_expects_is_what_the_router_shows(tmp_path, monkeypatch):
    monkeypatch.setattr(digest, "_KEY", tmp_path / "key")
    filled = secrets.fill(DOCUMENT, VALUES)
    expected = audit.with_digests(filled, "r1", MASTER)
    assert "hunter2" not in expected
    assert redaction.REMOVED in digest.redact(filled)
    digest._KEY.write_text(redaction.device_key(MASTER, "r1").hex())
    assert digest.redact(filled) == expected
    assert digest.redact(filled.replace("hunter2", "hunter3")) != expected
    assert digest.redact(filled.replace(LINE.split("$", maxsplit=1)[0] + "hunter2\n", "")) != expected


def test_without_the_key_of_digests_documents_with_passwords_are_not_audited():
    with pytest.raises(secrets.MissingSecretError, match="digest_master"):
        audit.with_digests(secrets.fill(DOCUMENT, VALUES), "r1", None)
    assert audit.with_digests("no password\n", "r1", None) == "no password\n"


class Router:
    """A driver that is connected to a router without a key for digests."""

    def open(self) -> None: ...

    def close(self) -> None: ...

    def status(self) -> dict:
        return {"pending": None}

    def get_config(self, retrieve: str) -> dict[str, str]:
        return {retrieve: redaction.hide(DOCUMENT)}


def test_a_router_that_cannot_give_digests_is_not_verified():
    found = audit.device(redaction.redact(DOCUMENT, MASTER), Router())
    assert (found.status, found.sections) == ("not verified", {})
    assert "digest-key" in found.reason


@pytest.mark.parametrize(("content", "key"), [(None, None), ("ab" * 32 + "\n", b"\xab" * 32), ("zz", ValueError)])
def test_the_key_of_digests_is_read_from_the_credentials(content, key, tmp_path: Path):
    if content:
        (tmp_path / "digest_master").write_text(content)
    with pytest.raises(key) if key is ValueError else nullcontext():
        assert secrets.digest_master(tmp_path) == key


def test_the_carriers_end_of_a_line_has_the_same_placeholder():
    line = Session("ce1", 10, 65001, "10.0.0.0/31", "2001:db8::/127", "10.0.0.1", "2001:db8::1", 10, 30, None)
    signed = Session(*(getattr(line, name) for name in line.__slots__[:-1]), password="${bgp_viettel_r1}")
    pe = Provider("pe", 1, (signed,), "203.0.113.2/30", "2001:db8:f::2/64", "203.0.113.1", "2001:db8:f::1")
    assert provider.configuration(pe).count(LINE.replace("10.0.0.1", "2001:db8::1")) == 1
    assert provider.configuration(pe).count(LINE) == 1
