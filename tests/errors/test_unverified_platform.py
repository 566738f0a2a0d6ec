"""A router of a platform that nothing verifies is rendered with its label, and no verb claims or touches more."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tslcd import show
from twin import plan
from twin.errors import TwinError

ROOT = Path(__file__).resolve().parents[2]
QUANG_KIM = "lci-02734-quang-kim-r1"
LABEL = "unverified: rendered from templates that no real device has confirmed"


@pytest.fixture
def mixed(small: Path) -> Path:
    """The small network with one router on platform ios, and everything that the verbs need."""
    for name in ("site.yml", "check.yml", "verify.yml", "audit.yml"):
        shutil.copy(ROOT / name, small / name)
    shutil.copytree(ROOT / "roles", small / "roles")
    district = small / "inventory/district_bat_xat.yml"
    text = district.read_text(encoding="utf-8")
    line = f"{QUANG_KIM}: {{role: router, platform: "
    assert f"{line}frr" in text
    district.write_text(text.replace(f"{line}frr", f"{line}ios"), encoding="utf-8")
    return small


def play(root: Path, playbook: str) -> str:
    """The output of a playbook for the router on platform ios; it ends with exit 2, as after any finding."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "TSLCD_"))}
    done = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), playbook, "--limit", QUANG_KIM],
        cwd=root,
        env=environment | {"TSLCD_CREDENTIALS": str(root / "none")},
        capture_output=True,
        text=True,
        check=False,
    )
    output = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 2, output
    assert "Traceback" not in output
    return output


def test_it_is_rendered_with_its_label_not_checked_and_not_committed(mixed):
    output = play(mixed, "site.yml")
    document = (mixed / f"build/intended/{QUANG_KIM}.conf").read_text(encoding="utf-8")
    assert document.startswith(f"! {LABEL}\n")
    assert f"platform ios ({LABEL}), 1 devices; declared and left out: " in output
    assert f"{QUANG_KIM}: not checked: no parser for ios here (unverified)" in output
    assert f"platform ios is {LABEL}; nothing checks, undoes or verifies a commit there" in output
    assert "commit: 1 devices, 1 refused" in output
    assert not (mixed / "build/check").exists()


def test_its_live_verification_is_refused(mixed):
    assert f"platform ios is {LABEL}" in play(mixed, "verify.yml")


def test_the_audit_lists_it_as_not_verified(mixed):
    output = play(mixed, "audit.yml")
    assert f"{QUANG_KIM} not verified: platform ios is {LABEL}" in output
    report = json.loads((mixed / "build/audit/audit.json").read_text(encoding="utf-8"))
    assert report["devices"][QUANG_KIM]["status"] == "not verified"
    assert report["summary"]["compliant"] == 0


def test_both_models_are_shown_with_the_label(mixed):
    shown = show.view(mixed, QUANG_KIM, "full", date(2023, 6, 1))
    assert f"derived for {QUANG_KIM}, stage full, platform ios ({LABEL})\n" in show.as_text(shown)
    assert show.as_json(shown)["labels"] == {QUANG_KIM: LABEL}
    assert show.view(mixed, "lci-hub-r1", "full", date(2023, 6, 1)).labels == {}


def test_the_twin_does_not_build_it(mixed):
    with pytest.raises(TwinError, match=rf"the twin runs platform frr only, not {QUANG_KIM} \(ios\)"):
        plan.make(mixed, plan.Request(limit=QUANG_KIM, boot="intended"))
