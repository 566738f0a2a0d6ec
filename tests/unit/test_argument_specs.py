"""The feature roles' argument specs follow from the model, and accept what group_vars/all declares."""

from __future__ import annotations

import os
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from tslcd import argument_specs, model, verify

ROOT = Path(__file__).resolve().parents[2]
# Checked as a whole, or not rendered yet; no role verifies them live.
NOT_ON_DEVICES = {"contacts", "contracts", "level_i", "policy", "security", "units"}
GENERATED = argument_specs.files()


def options(feature: str) -> dict:
    text = GENERATED[ROOT / "roles" / feature / "meta" / "argument_specs.yml"]
    return yaml.safe_load(text)["argument_specs"]["main"]["options"]


def declared(feature: str) -> dict:
    subjects = argument_specs.FEATURES[feature]
    return {
        name: yaml.safe_load((ROOT / f"group_vars/all/{name}.yml").read_text(encoding="utf-8"))[name]
        for name in subjects
    }


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.parts[-3])
def test_the_file_is_not_stale(path):
    assert path.read_text(encoding="utf-8") == GENERATED[path], "run `python -m tslcd.argument_specs`"


def test_every_subject_belongs_to_a_feature_that_is_verified():
    assert argument_specs.FEATURES.keys() == verify.FEATURES.keys()
    verified = {name for names in argument_specs.FEATURES.values() for name in names}
    assert verified | NOT_ON_DEVICES == set(model.Province.model_fields)
    assert not verified & NOT_ON_DEVICES


@pytest.mark.parametrize("feature", argument_specs.FEATURES)
def test_what_is_declared_is_accepted(feature):
    result = ArgumentSpecValidator(options(feature)).validate(declared(feature))
    assert result.error_messages == []


@pytest.mark.parametrize(
    ("feature", "path", "value", "message"),
    [
        ("router", ("routing", "log_level"), "loud", "value of log_level must be one of: errors, warnings"),
        ("router", ("addressing", "asn_base"), "many", "cannot be converted to an int"),
        ("system", ("system", "demons"), [], "demons. Supported parameters include"),
        ("vlan", ("vlans", 0, "zone"), None, "required arguments: zone"),
        ("firewall", ("firewall",), None, "required arguments: firewall"),
    ],
)
def test_what_is_wrong_is_refused(feature, path, value, message):
    arguments = deepcopy(declared(feature))
    node = arguments
    for part in path[:-1]:
        node = node[part]
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    assert message in " ".join(ArgumentSpecValidator(options(feature)).validate(arguments).error_messages)


def test_ansible_validates_the_roles_with_the_real_variables(small, tmp_path):
    """Only the validations run: they are tagged `always`, and the roles' own tasks are not tagged at all."""
    roles = "".join(f"    - role: {feature}\n" for feature in argument_specs.FEATURES)
    (small / "validate.yml").write_text(
        f"- name: Validate\n  hosts: lci-hub-r1\n  gather_facts: false\n  roles:\n{roles}", encoding="utf-8"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    done = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), "validate.yml", "--tags", "validation"],
        cwd=small,
        env=environment | {"ANSIBLE_ROLES_PATH": str(ROOT / "roles"), "ANSIBLE_LOCAL_TEMP": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Validating arguments against arg spec 'main'") == len(argument_specs.FEATURES)
    assert f"ok={len(argument_specs.FEATURES)} " in done.stdout
