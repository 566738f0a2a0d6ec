"""The driver with devices that are no routers: merging, comparing, facts."""

import pytest
from napalm.base.exceptions import ReplaceConfigException

from napalm_frr import getters
from napalm_frr.driver import FrrDriver, split_running

RUNNING = "#@ system\nhostname c1\nunmanaged x\n#@ baresip\nunmanaged baresip does not run\nconfig poll_method epoll\n"
CHANGED = "#@ baresip\nconfig poll_method epoll\naccounts <sip:a@b.c>;auth_pass=secret-of-a\n"


@pytest.fixture
def endpoint(monkeypatch):
    """A driver whose device answers as an endpoint does; `sent` has what it was asked to check or commit."""
    driver = FrrDriver("c1", "netops", "")
    driver.sent = []
    answers = {"running": RUNNING, "startup": RUNNING}
    monkeypatch.setattr(driver, "_agent_text", lambda command: answers[command])
    answer = {"ok": True, "result": "pending", "id": "1"}
    monkeypatch.setattr(driver, "_transaction", lambda words, refusal, text="": driver.sent.append(text) or answer)
    return driver


def test_a_merge_candidate_replaces_its_section_alone(endpoint):
    endpoint.load_merge_candidate(config=CHANGED)
    assert endpoint.sent == [f"#@ system\nhostname c1\n{CHANGED}"]
    endpoint.commit_config(revert_in=60)
    assert endpoint.sent[1] == endpoint.sent[0] == endpoint.get_config(retrieve="candidate")["candidate"]


def test_a_difference_is_shown_without_secrets(endpoint):
    endpoint.load_merge_candidate(config=CHANGED)
    shown = endpoint.compare_config()
    assert "+++ baresip intended" in shown
    assert "-unmanaged baresip does not run" in shown
    assert "secret-of-a" not in shown


def test_a_document_of_two_kinds_is_refused_before_the_device_sees_it(endpoint):
    with pytest.raises(ReplaceConfigException, match="does not belong"):
        endpoint.load_replace_candidate(config=f"{RUNNING}#@ kamailio\n")
    assert endpoint.sent == []


def test_what_only_routers_have_is_empty(endpoint):
    assert endpoint.get_vlans() == {}
    assert split_running(RUNNING).keys() == {"system", "baresip"}
    data = {"kind": "endpoint", "frr": "", "uptime_s": 1, "os": "Debian 12", "kernel": "6.1", "hostname": "c1"}
    facts = getters.facts(data | {"model": "m", "serial": "", "interfaces": []})
    assert (facts["vendor"], facts["os_version"]) == ("Debian", "Debian 12, Linux 6.1")
