from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]
TIMEOUT_S = 60

# A command that builds or ends the twin cannot run inside it; the file that runs it elsewhere must hold it as printed.
RUN_ELSEWHERE = {
    "make demo": ".ci/run",
    "make test": ".ci/run",
    "twin up --boot intended": "scripts/scenario",
    "twin down": "scripts/scenario",
}


def _commands() -> list[tuple[str, int]]:
    """Every `$ ` line of a console block, and the exit code that it announces (`# exit 2`)."""
    blocks = re.findall(r"^```console\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    found = []
    for line in "".join(blocks).splitlines():
        if line.startswith("$ "):
            command, _, announced = line.removeprefix("$ ").partition("  # exit ")
            found.append((command, int(announced or 0)))
    return found


COMMANDS = _commands()
INSIDE = [entry for entry in COMMANDS if entry[0] not in RUN_ELSEWHERE]


@pytest.mark.parametrize(("command", "exit_code"), INSIDE, ids=[command for command, _ in INSIDE])
def test_a_command_of_the_readme_works(command, exit_code):
    """Every command that the README prints ends with the exit code that it announces, in the order of the page."""
    assert command.split()[0] not in {"make", "git"}, "not to be run on a standing twin: say above what runs it"
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert done.returncode == exit_code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"


def test_a_command_that_cannot_run_here_runs_elsewhere():
    """Every other command of the README is run by CI or by each scenario."""
    printed = {command for command, _ in COMMANDS}
    assert printed >= RUN_ELSEWHERE.keys(), "a command is listed above but not printed any more"
    for command, file in RUN_ELSEWHERE.items():
        assert re.search(rf"\b{re.escape(command)}\b", (ROOT / file).read_text(encoding="utf-8")), f"{command}: {file}"


def test_the_readme_names_every_scenario():
    """The README lists exactly the scenarios that exist."""
    existing = {path.parent.name for path in ROOT.glob("molecule/*/molecule.yml")} - {"default"}
    claims = README.read_text(encoding="utf-8").partition("| scenario | claims |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `([a-z_]+)` \|", claims, re.MULTILINE)) == existing


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_leads_to_a_file(page):
    """Every link of the README and of docs/ into the repository leads to a file that exists."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing
