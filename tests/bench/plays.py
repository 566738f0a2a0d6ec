"""Plays that `ansible-playbook render.yml` is compared with, written into a copy of the repository."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic_core import to_jsonable_python

from tslcd import intent, load, render
from tslcd.platforms import PLATFORMS

NO_OP = "bench_no_op.yml"
TEMPLATE_TASKS = "bench_template_tasks.yml"
FEATURES = ("system", "vlan", "router", "firewall")


def write_no_op(root: Path) -> None:
    """What Ansible does for render.yml without our task: its start, the inventory, one run of one task."""
    (root / NO_OP).write_text(
        """---
- name: No operation
  hosts: role_router
  gather_facts: false
  tasks:
    - name: Nothing
      ansible.builtin.debug: {msg: nothing}
      run_once: true
""",
        encoding="utf-8",
    )


def write_template_tasks(root: Path, hosts: Sequence[str]) -> dict[str, str]:
    """One `ansible.builtin.template` task per feature, with the facts of each host in a file beside.

    :returns: host → the document that its parts must be found in.
    """
    tasks = "".join(
        f"""
    - name: Print {feature}
      ansible.builtin.template:
        src: templates/frr/{feature}.j2
        dest: build/by_task/{{{{ inventory_hostname }}}}/{feature}.conf
        mode: "0644"
        lstrip_blocks: true
"""
        for feature in FEATURES
    )
    (root / TEMPLATE_TASKS).write_text(
        f"""---
- name: One template task per feature
  hosts: role_router
  connection: local
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"
  vars_files: ["build/by_task/{{{{ inventory_hostname }}}}/facts.json"]
  tasks:{tasks}""",
        encoding="utf-8",
    )
    for template in (root / "templates" / "frr").glob("*.j2"):
        # Facts are dictionaries here, and `keys` is a method of theirs.
        template.write_text(template.read_text(encoding="utf-8").replace("d.keys", 'd["keys"]'), encoding="utf-8")
    found = intent.derive(load.network(root))
    for host in hosts:
        directory = root / "build" / "by_task" / host
        directory.mkdir(parents=True)
        words = PLATFORMS["frr"].facts(found[host])
        (directory / "facts.json").write_text(json.dumps({"d": to_jsonable_python(words)}), encoding="utf-8")
    return {host: render.document(found[host], root) for host in hosts}


def parts(root: Path, host: str) -> list[str]:
    """What the template tasks printed for a host."""
    return [(root / "build" / "by_task" / host / f"{feature}.conf").read_text(encoding="utf-8") for feature in FEATURES]
