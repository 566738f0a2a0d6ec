"""Who may register: every room with its own account, and nobody else."""

from __future__ import annotations

import pytest

from conftest import BRIDGE, ROOMS, SERVER, intended, password

ROOM, OTHER = "lci-02734-quang-kim-c1", "lci-02701-y-ty-c1"
ACCOUNT, OTHER_ACCOUNT = "lci-02734-quang-kim", "lci-02701-y-ty"
PC_BESIDE = "lci-02734-quang-kim-conference"
NOBODY = 0


def test_every_room_registers_with_its_own_account_over_the_level_ii_network(rooms, shown, eventually):
    """All rooms of the twin are registered at the hub's server, each from its own address with its own account."""
    own = {intended(room)["account"]: intended(room)["address_v4"].partition("/")[0] for room in ROOMS}

    def registered():
        return {one["account"]: one["from"].rpartition(":")[0] for one in shown(SERVER, "registrations")}

    own[BRIDGE] = "10.96.5.74"
    eventually(lambda: registered() == own, 5, f"registrations of {sorted(own)}")
    done = rooms("verify.yml")
    assert done.returncode == 0, done.stdout
    assert done.stdout.strip().splitlines()[-1] == f"verify: {len(ROOMS) + 2} checks, {len(ROOMS) + 2} passed"


@pytest.mark.parametrize(
    ("attempt", "answer"),
    [
        ((ACCOUNT, ACCOUNT, "wrong"), (401, "wrong_password")),
        (("nobody", "nobody", "wrong"), (403, "unknown_account")),
        ((OTHER_ACCOUNT, ACCOUNT, None), (403, "foreign_account")),
    ],
    ids=["a wrong password", "an unknown account", "another room's account"],
)
def test_who_is_not_who_it_says_is_refused_and_recorded(register, shown, attempt, answer):
    """A wrong password, an unknown account and one's own password for another's account are refused and on record."""
    (account, login, word), (status, event) = attempt, answer
    assert register(PC_BESIDE, account, login, word or password(ROOM)) == status
    last = [one for one in shown(SERVER, "events") if one["account"] == login and one["event"] != "registered"][-1]
    assert last["event"] == event
    assert last["from"].rpartition(":")[0] == "10.98.69.10"


@pytest.mark.parametrize("source", ["lci-02734-quang-kim-office", "internet"])
@pytest.mark.parametrize("server", ["10.96.5.74", "2001:db8:1500:130::10"], ids=["IPv4", "IPv6"])
def test_from_outside_the_conference_zone_nobody_answers_even_the_right_password(register, shown, source, server):
    """An office PC and a host on the Internet do not reach the service, in either family: the walls stop them."""
    before = len(_refusals(shown))
    assert register(source, ACCOUNT, ACCOUNT, password(ROOM), server) == NOBODY
    assert register(PC_BESIDE, ACCOUNT, ACCOUNT, "wrong", server) == 401  # the attempt itself is a real one
    assert len(_refusals(shown)) == before + 1


def _refusals(shown):
    return [one for one in shown(SERVER, "events") if (one["event"], one["account"]) == ("wrong_password", ACCOUNT)]
