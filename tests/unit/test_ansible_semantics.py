"""`host_vars`, `-e` and Vault through ansible-playbook itself: they mean what an Ansible user expects."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

HUB, COMMUNE, OTHER = "lci-hub-r1", "lci-02734-quang-kim-r1", "lci-02686-a-mu-sung-r1"
PASSWORD = "open sesame"
NOTE = "exception: {reason: noisy line, requested_by: district-it, expires: 2027-06-30}\n"


def vault(text: str) -> str:
    encrypted: bytes = VaultLib([("default", VaultSecret(PASSWORD.encode()))]).encrypt(text)
    return encrypted.decode()


def vaulted_string(text: str, indent: str) -> str:
    return "!vault |\n" + "".join(f"{indent}{line}\n" for line in vault(text).splitlines())


def declare(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def routing(root: Path, log_level: str) -> str:
    text = (root / "group_vars/all/routing.yml").read_text(encoding="utf-8")
    assert "informational\n" in text
    return text.replace("informational\n", f"{log_level}\n")


def render(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    return subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), "render.yml", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def log_levels(root: Path) -> dict[str, str]:
    return {
        host: json.loads((root / f"build/intended/{host}.json").read_text(encoding="utf-8"))["log_level"]
        for host in (HUB, COMMUNE, OTHER)
    }


@pytest.fixture
def password(small: Path) -> str:
    (small / "password").write_text(PASSWORD, encoding="utf-8")
    return "--vault-password-file=password"


def test_an_exception_in_host_vars_wins_over_group_vars_for_its_router_alone(small):
    declare(small, f"host_vars/{COMMUNE}.yml", NOTE + routing(small, "warnings").replace("---\n", ""))
    done = render(small)
    assert done.returncode == 0, done.stdout + done.stderr
    assert log_levels(small) == {HUB: "informational", COMMUNE: "warnings", OTHER: "informational"}


def test_extra_variables_win_over_host_vars_and_group_vars(small):
    declare(small, f"host_vars/{COMMUNE}.yml", NOTE + routing(small, "warnings").replace("---\n", ""))
    values = {"primary_local_preference": 300, "secondary_local_preference": 100, "secondary_prepend": 1}
    values["drained"] = {"local_preference": 10, "prepend": 4}
    values["max_prefix_restart_minutes"] = 5
    values["unwatched_local_preference"] = 50
    done = render(small, "-e", json.dumps({"routing": {**values, "log_level": "errors"}}))
    assert done.returncode == 0, done.stdout + done.stderr
    assert log_levels(small) == dict.fromkeys((HUB, COMMUNE, OTHER), "errors")


def test_vaulted_files_strings_and_variables_are_read_with_the_password(small, password):
    declare(small, "group_vars/all/vault.yml", vault("vault_level: notifications\n"))
    declare(small, "group_vars/all/routing.yml", vault(routing(small, '"{{ vault_level }}"')))
    own = "routing:\n  primary_local_preference: 200\n  secondary_local_preference: 100\n  secondary_prepend: 2\n"
    own += "  drained: {local_preference: 10, prepend: 4}\n"
    own += "  max_prefix_restart_minutes: 5\n"
    own += "  unwatched_local_preference: 50\n"
    level = vaulted_string("warnings", "    ")
    declare(small, f"host_vars/{COMMUNE}.yml", f"{NOTE}{own}  log_level: {level}")
    done = render(small, password)
    assert done.returncode == 0, done.stdout + done.stderr
    assert log_levels(small) == {HUB: "notifications", COMMUNE: "warnings", OTHER: "notifications"}


def test_nothing_vaulted_is_shown_when_it_is_wrong(small, password):
    """One of each: a vaulted file, a vaulted string, a template that asks for a vaulted variable."""
    declare(small, "group_vars/all/vault.yml", vault("vault_site: secretive-site\n"))
    declare(small, "group_vars/all/routing.yml", vault(routing(small, "secretive-level")))
    secret = vaulted_string("secretive-account", "        ")
    people = f"system:\n  people:\n    - id: engineer-1\n      account: {secret}      public_key: none\n"
    declare(small, "group_vars/all/system.yml", people)
    level_i = (small / "group_vars/all/level_i.yml").read_text(encoding="utf-8")
    assert "site: lci-hub" in level_i
    declare(small, "group_vars/all/level_i.yml", level_i.replace("site: lci-hub", 'site: "{{ vault_site }} "'))
    done = render(small, password)
    output = done.stdout + done.stderr
    assert done.returncode == 2, output
    assert "secretive" not in output
    for key in ("routing.log_level", "system.people[0].account", "level_i.site"):
        assert f": {key}: wrong value (vaulted, so not shown)" in output
    assert not (small / "build").exists()


@pytest.mark.parametrize("kind", ["file", "string"])
def test_without_the_password_the_file_is_named_and_nothing_is_written(small, kind):
    secret = vaulted_string("errors", "    ").rstrip("\n")
    text = vault(routing(small, "errors")) if kind == "file" else routing(small, secret)
    declare(small, "group_vars/all/routing.yml", text)
    done = render(small)
    output = done.stdout + done.stderr
    assert done.returncode in {1, 2, 4}, output
    assert "group_vars/all/routing.yml" in output
    assert "vault" in output
    assert "Traceback" not in output
    assert not (small / "build").exists()
