"""What is wrong stops site.yml before any device is touched: exit 2, the place is named, build/ is whole or not there.

No device is reachable from a unit test: an attempt would end as unreachable, with exit 4.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_errors import CASES, break_network

ROOT = Path(__file__).resolve().parents[2]
QUANG_KIM, A_MU_SUNG = "lci-02734-quang-kim-r1", "lci-02686-a-mu-sung-r1"


@pytest.fixture
def clone(small: Path) -> Path:
    """The small network with everything that site.yml needs; `build/` of its own, because src/ is its own."""
    for name in ("site.yml", "check.yml"):
        shutil.copy(ROOT / name, small / name)
    for name in ("roles", "src/tslcd", "src/napalm_frr"):
        shutil.copytree(ROOT / name, small / name, ignore=shutil.ignore_patterns("__pycache__"))
    return small


def site(clone: Path, *arguments: str) -> str:
    """The whole output of site.yml, which must end with exit 2 and must not have come as far as a device."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "TSLCD_"))}
    done = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), "site.yml", *arguments],
        cwd=clone,
        env=environment | {"PYTHONPATH": str(clone / "src"), "TSLCD_CREDENTIALS": str(clone / "none")},
        capture_output=True,
        text=True,
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 2, output
    for word in ("Traceback", "Communes", "UNREACHABLE", "unreachable=1"):
        assert word not in output
    return output


@pytest.mark.parametrize("name", ["command_template_typo", "command_misspelt_keys"])
def test_what_cannot_be_rendered(clone, name):
    break_network(clone, CASES[name])
    output = site(clone)
    for text in CASES[name]["command"]["says"]:
        assert text in output
    assert "[Check]" not in output
    assert not (clone / "build").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="the parsers run in namespaces, which need root")
def test_what_a_native_parser_refuses(clone):
    """A firewall rule and a routing line that nothing but nft and FRR know to be wrong, on one router each."""
    rule, line = "tcp dport 99999 accept", " neighbor 10.111.17.4 flavour sweet"
    inject(clone, "firewall_forward.j2", "\tchain forward {", f"\t\t{rule}", QUANG_KIM)
    inject(clone, "router_bgp.j2", " no bgp default ipv4-unicast", line, A_MU_SUNG)

    output = site(clone, "--limit", f"{QUANG_KIM},{A_MU_SUNG},lci-hub-r1")

    assert f"{QUANG_KIM}: nft line {line_number(clone, QUANG_KIM, 'nft', rule)}: " in output
    assert f"{A_MU_SUNG}: frr line {line_number(clone, A_MU_SUNG, 'frr', line)}: " in output
    assert "lci-hub-r1: " not in output
    assert {path.suffix for path in (clone / "build").rglob("*.*")} == {".conf", ".json"}
    assert len(list((clone / "build/intended").glob("*.conf"))) == 3


def test_a_decommissioned_site_is_refused_where_the_limit_names_nothing_else(clone):
    file = clone / "inventory/district_bat_xat.yml"
    text = file.read_text(encoding="utf-8")
    ended = text.replace("number: 145\n", "number: 145\n              life_cycle: decommissioned\n")
    assert ended != text
    file.write_text(ended, encoding="utf-8")
    output = site(clone, "--limit", QUANG_KIM)
    assert f"{QUANG_KIM}: decommissioned; no document and no play is for such a site: leave it out of --limit" in output
    assert "[Check]" not in output


def inject(clone: Path, template: str, after: str, line: str, host: str) -> None:
    path = clone / "templates/frr" / template
    text = path.read_text(encoding="utf-8")
    assert f"{after}\n" in text
    wrong = f'{after}\n{{% if d.hostname == "{host}" %}}\n{line}\n{{% endif %}}\n'
    path.write_text(text.replace(f"{after}\n", wrong, 1), encoding="utf-8")


def line_number(clone: Path, host: str, section: str, text: str) -> int:
    """Line of `text` in a section of a rendered document, from 1."""
    document = (clone / f"build/intended/{host}.conf").read_text(encoding="utf-8")
    lines = document.split(f"#@ {section}\n", 1)[1].splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)
