"""The files that people declare in, judged before Ansible reads them.

Ansible stops at the first file that it refuses, often without naming it, and loses without a word what it does not look
at: a file of a host that does not exist, a file with another ending, a subject that stands in two files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tslcd.ansible_core import AnsibleError
from tslcd.errors import Finding, Place
from tslcd.nearest import suggestion
from tslcd.origin import DIRECTORIES, Origins
from tslcd.yaml_traps import Reading, group_cycles, read

VARIABLES = ("group_vars", "host_vars")
SUFFIXES = {".yml", ".yaml", ".json", ""}
EXPLANATIONS = {".md"}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
VAULTED = b"$ANSIBLE_VAULT;"


@dataclass(frozen=True)
class Judgement:
    """What is wrong with the files as such: `refused` leaves nothing to read on with, `lost` would go unnoticed."""

    refused: tuple[Finding, ...]
    lost: tuple[Finding, ...]
    vaulted: frozenset[str]
    """Files that are vaulted as a whole, relative to the repository."""


def judge(
    root: Path,
    loader: Any,
    homes: Mapping[str, str] = MappingProxyType({}),
    directories: Collection[str] = DIRECTORIES,
) -> Judgement:
    """Judge the files below `directories` of the repository at `root`.

    :param homes: variable → the one file that may declare it among the files that all hosts of a kind share.
    """
    refused: list[Finding] = []
    lost: list[Finding] = []
    readings: list[Reading] = []
    vaulted: set[str] = set()
    for file in (file for directory in directories for file in _files_below(root / directory)):
        name = str(file.relative_to(root))
        content = file.read_bytes()
        if file.suffix not in SUFFIXES:
            lost.append(Finding(Place(name), "", f"not a YAML file by its name ({file.suffix}); should end in .yml"))
        elif content.startswith(VAULTED):
            vaulted.add(name)
        elif (text := _decoded(content, name, refused)) is not None:
            readings.append(reading := read(text, name))
            refused += reading.fatal
            lost += reading.findings
            lost += _away_from_home(reading, homes)
            if reading.refused:
                refused += refused_by_ansible(root, loader, [file]) or [_refused(Place(name), reading.refused)]
    return Judgement((*refused, *group_cycles(readings)), tuple(lost), frozenset(vaulted))


def refused_by_ansible(root: Path, loader: Any, files: Collection[Path]) -> list[Finding]:
    """The files that Ansible's own loader refuses, with the place it knows; what it reads is read only once."""
    origins, findings = Origins(root), []
    for file in files:
        try:
            loader.load_from_file(str(file), cache="all", unsafe=True, trusted_as_template=True)
        except AnsibleError as error:
            place = origins.of(error.obj) or Place(str(file.relative_to(root)))
            findings.append(_refused(place, error.message))
    return findings


def read_by_ansible(root: Path, directories: Collection[str] = DIRECTORIES) -> list[Path]:
    """The files below `directories` that Ansible reads as YAML."""
    files = (file for directory in directories for file in _files_below(root / directory))
    return [file for file in files if file.suffix in SUFFIXES]


def without_owner(
    root: Path, hosts: Collection[str], groups: Collection[str], homes: Mapping[str, str]
) -> Iterator[Finding]:
    """Files of host_vars/ and group_vars/ whose host or group does not exist: nobody would read them."""
    for directory, what, names in (("host_vars", "host", hosts), ("group_vars", "group", groups)):
        for file in _files_below(root / directory):
            first = root / directory / file.relative_to(root / directory).parts[0]
            owner = first.name if first.is_dir() or first.suffix not in SUFFIXES else first.stem
            if owner not in names and file.suffix in SUFFIXES:
                right = f"should be {homes[owner]}" if owner in homes else suggestion(owner, names)
                text = f"no {what} has this name ({owner}), so nobody reads it; {right}"
                yield Finding(Place(str(file.relative_to(root))), "", text)


def _away_from_home(reading: Reading, homes: Mapping[str, str]) -> Iterator[Finding]:
    directory = reading.file.rpartition("/")[0]
    for name, place in reading.variables.items():
        home = homes.get(name, reading.file)
        if reading.file != home and (reading.file == "group_vars/all.yml" or directory in _shared_directories(homes)):
            yield Finding(place, name, f"not in its own file, so another one may hide it; should stand in {home}")


def _shared_directories(homes: Mapping[str, str]) -> set[str]:
    return {home.rpartition("/")[0] for home in homes.values()}


def _decoded(content: bytes, name: str, refused: list[Finding]) -> str | None:
    """The text of a file; None (and a finding) where it is not text."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        wrong = f"not UTF-8 (byte 0x{content[error.start]:02x}); should be saved as UTF-8"
        refused.append(Finding(Place(name, line, 1), "", wrong))
        return None
    if (control := CONTROL.search(text)) is not None:
        line = text.count("\n", 0, control.start()) + 1
        wrong = f"a control character (U+{ord(control[0]):04X}); should be left out, or an escape in double quotes"
        refused.append(Finding(Place(name, line, control.start() - text.rfind("\n", 0, control.start())), "", wrong))
        return None
    return text


def _refused(place: Place, reason: str) -> Finding:
    return Finding(place, "", f"Ansible refuses this file; {reason}")


def _files_below(directory: Path) -> list[Path]:
    """Every file, without explanations and what editors leave behind."""
    return sorted(
        file
        for file in directory.rglob("*")
        if file.is_file()
        and file.suffix not in EXPLANATIONS
        and not file.name.startswith(".")
        and not file.name.endswith("~")
    )
