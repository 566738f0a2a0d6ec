"""The output for all sites: everything once, and the same bytes in every run and on every Python that we support."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from tslcd import intent, load, model

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = ("3.11", "3.12", "3.13")
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
DIGEST = """
import hashlib, pathlib
from tslcd import load, write
root = pathlib.Path.cwd()
network = load.network(root)
files = write.rendering(network, {router.hostname for router in network.routers}, root).files
digest = hashlib.sha256()
for path in sorted(files):
    digest.update(f"{path.relative_to(root)}\\0{files[path]}\\0".encode())
print(len(files), digest.hexdigest())
"""


@pytest.fixture(scope="module")
def network() -> model.Network:
    return load.network(ROOT)


def of_its_site(router: intent.RouterIntent) -> bool:
    """Whether what a site has once is counted here: two routers of a site share it."""
    return router.pair is None or router.pair.first


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("host names", lambda router: [router.hostname]),
        ("AS numbers", lambda router: [router.asn] if of_its_site(router) else []),
        ("loopbacks", lambda router: [router.loopback_v4.ip, router.loopback_v6.ip]),
        ("site prefixes", lambda router: [router.site_v4, router.site_v6] if of_its_site(router) else []),
        (
            "VLAN subnets",
            lambda router: [
                net for vlan in router.vlans for net in (vlan.subnet_v4, vlan.subnet_v6) if of_its_site(router)
            ],
        ),
        (
            "addresses",
            lambda router: [
                router.loopback_v4.ip,
                router.loopback_v6.ip,
                *(
                    ip
                    for line in router.uplinks
                    for ip in (line.local_v4.ip, line.peer_v4, line.local_v6.ip, line.peer_v6)
                ),
                *(
                    ip
                    for vlan in router.vlans
                    for ip in (vlan.gateway_v4.ip, vlan.gateway_v6.ip)
                    if of_its_site(router)
                ),
            ],
        ),
    ],
)
def test_all_sites_have_their_own(network, what, values):
    counted = Counter(value for router in intent.derive(network).values() for value in values(router))
    assert len(counted) >= 185
    assert [value for value, times in counted.items() if times > 1] == [], what


def digest(python: Path | str, hash_seed: int) -> subprocess.Popen[str]:
    """Start a process that renders everything in memory and prints how many files there are and their digest."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    return subprocess.Popen(
        [python, "-c", DIGEST],
        cwd=ROOT,
        env=environment | {"PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return output


@pytest.fixture(scope="module")
def reference() -> str:
    return said(digest(sys.executable, 1))


def test_two_runs_give_the_same_bytes(reference):
    assert reference.startswith("744 ")
    assert said(digest(sys.executable, 2)) == reference


def interpreter(version: str) -> Path | None:
    """A Python of this version, from PATH or from pyenv (whose shims stand on PATH even when they run nothing)."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"{version}.*/bin/python{version}"))]
    for candidate in filter(None, candidates):
        shows = [candidate, "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"]
        if subprocess.run(shows, capture_output=True, text=True, check=False).stdout.strip() == version:
            return Path(candidate)
    return None


def equipped(version: str) -> Path:
    """The Python of a virtual environment below build/ with the pinned packages that rendering needs."""
    found = interpreter(version)
    if found is None:
        pytest.skip(f"no Python {version} on this machine: its output is not compared")
    pins = (ROOT / "requirements.txt").read_bytes()
    python = ROOT / f"build/python/{version}-{sha256(pins).hexdigest()[:12]}/bin/python"
    ready = python.parents[1] / ".ready"
    if not ready.exists():
        shutil.rmtree(python.parents[1], ignore_errors=True)
        subprocess.run([found, "-m", "venv", python.parents[1]], check=True)
        packages = ["ansible-core", "jinja2", "pydantic", "pyyaml"]
        install = [python, "-m", "pip", "install", "-q", "-c", ROOT / "requirements.txt", *packages]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"no packages for Python {version}: its output is not compared: {done.stderr.strip()[-200:]}")
        ready.touch()
    return python


@pytest.mark.parametrize("version", [version for version in VERSIONS if version != HERE])
def test_another_python_gives_the_same_bytes(reference, version):
    assert said(digest(equipped(version), 3)) == reference
