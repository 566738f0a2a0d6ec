from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tslcd import commit, session
from tslcd.intended import Build
from tslcd.witness import HubRoutes

ROOT = Path(__file__).resolve().parents[3]
SINGLE_HOMED = "lci-02734-quang-kim-r1"
HUB = "lci-hub-r1"
TIMING = ["-e", "commit_revert_s=25", "-e", "commit_verify_s=8"]


@pytest.fixture
def wrong_asn(playbook, tmp_path):
    """Declared data in which a carrier's AS number is wrong by one, as `-e`; afterwards build/ is as declared."""

    def declare(provider):
        subject = yaml.safe_load((ROOT / "group_vars" / "all" / "providers.yml").read_text(encoding="utf-8"))
        for name, profile in subject["providers"].items():
            if profile.get("network", name) == provider:
                profile["pe_asn"] += 1
        path = tmp_path / "providers.json"
        path.write_text(json.dumps(subject), encoding="utf-8")
        return ["-e", f"@{path}"]

    yield declare
    assert playbook("render.yml").returncode == 0


def _driver(host):
    return session.driver("frr", str(Build(ROOT).intent(host, "full").loopback_v4.ip), "netops")


def _running(host):
    device = _driver(host)
    device.open()
    try:
        return device.get_config(retrieve="running")["running"]
    finally:
        device.close()


def test_a_commit_that_cuts_its_own_path_goes_back_by_itself(playbook, wrong_asn):
    """A router whose only BGP sessions a commit has broken goes back by its own timer and is reported as reverted."""
    before = _running(SINGLE_HOMED)
    done = playbook("site.yml", f"--limit={SINGLE_HOMED}", *wrong_asn("vnpt"), *TIMING)
    assert done.returncode == 2, done.stdout
    assert done.stdout.strip().splitlines()[-1] == "commit: 1 devices, 1 reverted"
    assert "went back by itself" in done.stdout
    assert _running(SINGLE_HOMED) == before


def test_a_commit_that_breaks_a_session_of_the_hub_is_rolled_back_before_confirm(playbook, wrong_asn):
    """A hub commit that loses one BGP session, though not the hub, is rolled back and says which session."""
    before = _running(HUB)
    done = playbook("site.yml", f"--limit={HUB}", *wrong_asn("viettel"), *TIMING)
    assert done.returncode == 2, done.stdout
    assert done.stdout.strip().splitlines()[-1] == "commit: 1 devices, 1 reverted"
    assert "verification failed" in done.stdout
    assert "BGP session with viettel" in done.stdout
    assert _running(HUB) == before


def test_a_site_that_no_longer_announces_its_prefix_is_rolled_back():
    """A commit after which the hub misses a site's prefix is rolled back, although the router itself looks well."""
    build = Build(ROOT)
    text, intent = build.text(SINGLE_HOMED, "full"), build.intent(SINGLE_HOMED, "full")
    mute = text.replace(f"  network {intent.site_v4}\n", "")
    assert mute != text
    outcome = commit.deploy(
        _driver(SINGLE_HOMED), mute, intent, HubRoutes(_driver(HUB), HUB), timing=commit.Timing(revert_s=30, verify_s=5)
    )
    assert outcome.result == "reverted"
    assert outcome.problems == [f"neighbour: {HUB} has no route to {intent.site_v4}"]
    assert _running(SINGLE_HOMED) == text


def test_a_router_with_a_pending_commit_is_locked_for_others(playbook):
    """While somebody's commit waits for its confirm, another one is refused with owner and end time, not queued."""
    text = Build(ROOT).text(SINGLE_HOMED, "full")
    first = _driver(SINGLE_HOMED)
    first.open()
    try:
        first.load_replace_candidate(config=text.replace("limit rate 10/minute", "limit rate 9/minute"))
        first.commit_config(message="waits", revert_in=120)
        done = playbook("site.yml", f"--limit={SINGLE_HOMED}")
        assert done.returncode == 2, done.stdout
        assert done.stdout.strip().splitlines()[-1] == "commit: 1 devices, 1 locked"
        assert "is pending until" in done.stdout
    finally:
        first.rollback()
        first.close()
    assert playbook("site.yml", f"--limit={SINGLE_HOMED}").returncode == 0
