"""The day on which an endpoint's server and account were set is kept, and is that of the commit that did it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tslcd import load
from tslcd.conference import endpoint, evidence
from tslcd.platforms import ENDPOINT_PLATFORMS

OLD = (
    "<sip:lci-a@d.internal;transport=tls>;auth_pass=<hmac-sha256:aa>;"
    'outbound="sip:10.96.5.74:5061;transport=tls";mwi=no'
)
RESETTING = ENDPOINT_PLATFORMS["baresip"].resetting


def diff(old: str | None, new: str | None) -> str:
    lines = [f"-accounts {old}"] * (old is not None) + [f"+accounts {new}"] * (new is not None)
    return "--- running\n+++ intended\n@@ -1 +1 @@\n config poll_method epoll\n" + "\n".join(lines)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (OLD, OLD.replace("aa>", "bb>"), {"account"}),
        (OLD, OLD.replace("lci-a@", "lci-b@"), {"account"}),
        (OLD, OLD.replace("10.96.5.74", "10.96.9.74"), {"server"}),
        (None, OLD, {"server", "account"}),
        (OLD, OLD.replace("mwi=no", "regint=60"), set()),
        (OLD, None, set()),
    ],
    ids=["password", "account", "server", "both, on a new device", "neither", "taken away"],
)
def test_what_a_commit_has_set_is_told_by_its_diff(old, new, what):
    assert RESETTING(diff(old, new)) == what


def test_a_server_that_went_while_another_stayed_is_none_that_was_set():
    other = OLD.replace("10.96.5.74", "10.96.9.74")
    assert RESETTING(diff(OLD, None) + f"\n accounts {other}\n") == frozenset()


def test_each_keeps_its_own_day(tmp_path, small_network):
    network = load.network(small_network(tmp_path / "small"))
    own = next(iter(endpoint.derive(network).values()))
    evidence.record(tmp_path, own, ["server", "account"], day=date(2026, 11, 20), declared="one")
    evidence.record(tmp_path, own, ["account"], day=date(2026, 11, 22), declared="two")
    evidence.record(tmp_path, own, [], day=date(2026, 11, 23), declared="three")
    kept = json.loads(evidence.path(tmp_path, own.hostname).read_text(encoding="utf-8"))
    assert (kept["server_set_on"], kept["server_set_by"]) == ("2026-11-20", "one")
    assert (kept["account_set_on"], kept["account_set_by"]) == ("2026-11-22", "two")
    assert (kept["account"], kept["servers"]) == (own.account, [str(one.v4) for one in own.service.registrars])
