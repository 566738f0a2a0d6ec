"""The agent as one file: same sources, same bytes, and it runs without this project being installed."""

import subprocess

from napalm_frr import zipapp
from napalm_frr.agent import VERSION


def test_two_builds_are_the_same_bytes_and_run(tmp_path):
    first, second = zipapp.build(tmp_path / "a"), zipapp.build(tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()
    answer = subprocess.run([first, "--version"], capture_output=True, text=True, check=True, cwd="/")
    assert answer.stdout == f"{VERSION}\n"
