from __future__ import annotations

import pytest
from login import HOST, Login


@pytest.fixture(scope="module")
def auditor():
    """A connection of the auditor."""
    login = Login("auditor")
    yield login
    login.close()


@pytest.fixture(scope="module")
def netops():
    """A connection of the engineer."""
    login = Login("netops")
    yield login
    login.close()


@pytest.fixture(scope="session")
def untouched(twin):
    """What the router shows before anything is tried."""
    return _traces(twin)


@pytest.fixture
def attempted(request, twin, untouched):
    """Report what was tried and count what was refused; afterwards nothing on the router shows a trace of it."""

    def report(outcomes: dict[str, bool]) -> None:
        measured = {"unit": "attempts refused", "values": [int(refused) for refused in outcomes.values()], "limit": 1}
        request.node.user_properties.append(("measured", measured | {"attempts": list(outcomes)}))
        assert [attempt for attempt, refused in outcomes.items() if not refused] == []
        assert _traces(twin) == untouched

    return report


def _traces(twin):
    """Files that a payload would leave, programs that the auditor runs, the transaction, and what runs."""
    look = (
        "ls -d /tmp/escaped* /var/tmp/escaped* 2>/dev/null; pgrep -lu auditor | grep -v sshd; napalm-frr-agent running"
    )
    return twin("exec", HOST, "--", "sh", "-c", look)
