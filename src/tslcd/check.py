"""Every document through the parsers of the router's own programs, on this machine, before any device is touched.

The checks are the agent's (napalm_frr.agent.check), so what passes here passes on the router. They run in private
namespaces (check_worker.py), one process per core; documents that passed before are remembered by content hash.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from tslcd import capability

PROGRAMS = ("vtysh", "nft", "ovs-vsctl", "ovsdb-server", "sshd", "visudo", "tc", "keepalived", "kamailio", "unshare")
_SBIN = ":/usr/sbin:/sbin"


class CheckError(Exception):
    """The check itself cannot run on this machine."""


def documents(texts: Mapping[str, str], passed: Path) -> dict[str, list[str]]:
    """Check documents (hostname → text without placeholders).

    :param passed: directory that remembers what passed, one empty file per content hash.
    :returns: hostname → findings, each `section line N: message`; devices without findings are left out.
    :raises CheckError: when a parser is missing or a worker dies.
    """
    if not texts:
        return {}
    marks = {host: passed / digest for host, digest in _digests(texts).items()}
    todo = [host for host in texts if not marks[host].exists()]
    workers = os.cpu_count() or 1
    shares = [share for part in range(workers) if (share := todo[part::workers])]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        answers = pool.map(lambda share: _worker({host: texts[host] for host in share}), shares)
        found = {host: findings for answer in answers for host, findings in answer.items() if findings}
    passed.mkdir(parents=True, exist_ok=True)
    for host in todo:
        if host not in found:
            marks[host].touch()
    return {host: found[host] for host in texts if host in found}


def without_parser(platforms: Mapping[str, str], root: Path) -> dict[str, str]:
    """Devices (hostname → platform) whose documents nobody can check here, and why.

    :raises tslcd.errors.DeclarationError: when a platform's table is wrong.
    """
    return {
        host: f"no parser for {platform} here (unverified)"
        for host, platform in platforms.items()
        if capability.table(root, platform).unverified
    }


def sentence(checked: int, refused: int, left_out: int) -> str:
    """The run in one line; documents that could not be checked are never counted as checked."""
    rest = f", {left_out} not checked" if left_out else ""
    return f"{checked} documents checked, {refused} refused{rest}"


def has_passed(text: str, passed: Path) -> bool:
    """Whether exactly this text has passed the check with the parsers that are installed now."""
    return (passed / _digests({"": text})[""]).exists()


def _digests(texts: Mapping[str, str]) -> dict[str, str]:
    salt = _toolchain()
    return {host: hashlib.sha256((salt + text).encode()).hexdigest() for host, text in texts.items()}


def _worker(texts: dict[str, str]) -> dict[str, list[str]]:
    namespaces = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    done = subprocess.run(
        ["unshare", *root, *namespaces, "--", sys.executable, "-m", "tslcd.check_worker"],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit {done.returncode}"]
        raise CheckError(f"a check worker died: {last[0]}")
    answer: dict[str, list[str]] = json.loads(done.stdout)
    return answer


def _toolchain() -> str:
    """Changes whenever a parser does: paths, sizes and times of the programs and of the checks themselves."""
    found = {name: shutil.which(name, path=os.environ.get("PATH", "") + _SBIN) for name in PROGRAMS}
    missing = [name for name, path in found.items() if not path]
    if missing:
        raise CheckError(f"{', '.join(missing)} not installed here; run `make setup`")
    driver = find_spec("napalm_frr")  # not imported: only its place on disk is asked for, and NAPALM takes 0.4 s
    assert driver is not None
    sources = sorted(path for place in driver.submodule_search_locations or () for path in Path(place).rglob("*.py"))
    states = [Path(path).resolve().stat() for path in [*found.values(), *map(str, sources)] if path]
    return json.dumps([[state.st_size, state.st_mtime_ns] for state in states])
