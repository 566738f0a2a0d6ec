"""Every case of cases/ is a small change to valid data and the exact message it must give.

A case: `claim`; `edit` (file → old text → new text, first occurrence), `write` (file → content, `!!binary` for bytes)
or `extra` (what -e would give); `expect`, one finding a line, where `FILE:{TEXT}:` is the line of the first TEXT in a
file whose lines are not ours to count. A near miss has `accepted` instead: it looks wrong and is not.
With `command`, real `ansible-playbook render.yml` runs, with `arguments`: its exit code, and what its output must hold.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tslcd import load, model
from tslcd.errors import DeclarationError
from tslcd.source import open_source

CASES = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in Path(__file__).parent.glob("cases/*.yml")
}
ACCEPTED = {name for name, case in CASES.items() if "accepted" in case}
COMMAND = {name for name, case in CASES.items() if "command" in case}


def break_network(root: Path, case: dict) -> None:
    for name, edits in case.get("edit", {}).items():
        text = (root / name).read_text(encoding="utf-8")
        for old, new in edits.items():
            assert old in text, f"{name} does not contain {old!r}"
            text = text.replace(old, new, 1)
        (root / name).write_text(text, encoding="utf-8")
    for name, content in case.get("write", {}).items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def load_as(root: Path, case: dict) -> model.Network:
    source = open_source(root) if "extra" in case else None
    if source is None:
        return load.network(root)
    source.variable_manager._extra_vars = case["extra"]
    return load.from_ansible(source.inventory, source.variable_manager, source.loader)


def expected(root: Path, case: dict) -> str:
    def line(match: re.Match[str]) -> str:
        lines = (root / match[1]).read_text(encoding="utf-8").splitlines()
        return f"{match[1]}:{next(n for n, text in enumerate(lines, 1) if match[2] in text)}:"

    return re.sub(r"(\S+?):\{(.+?)\}:", line, case["expect"].rstrip("\n"))


def test_the_unchanged_network_is_valid(small):
    assert len(load.network(small).routers) == 7


@pytest.mark.parametrize("name", sorted(CASES.keys() - COMMAND - ACCEPTED))
def test_message(small, name):
    break_network(small, CASES[name])
    with pytest.raises(DeclarationError) as raised:
        load_as(small, CASES[name])
    assert str(raised.value) == expected(small, CASES[name])


@pytest.mark.parametrize("name", sorted(ACCEPTED))
def test_near_miss(small, name):
    break_network(small, CASES[name])
    assert len(load_as(small, CASES[name]).routers) == 7


@pytest.mark.parametrize("name", sorted(COMMAND))
def test_command(small, name):
    case = CASES[name]
    break_network(small, case)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    done = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), "render.yml", *case["command"].get("arguments", ())],
        cwd=small,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == case["command"]["exit"], output
    for text in case["command"]["says"]:
        assert text in output
    assert "Traceback" not in output
    assert not (small / "build").exists(), "something was written"
