"""Lets every section be read by its own grammar and by the native parsers, before anything is touched."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from napalm_frr import frr_text
from napalm_frr.agent import files, frr, keepalived, kinds, nft, ovs, ovs_text, process, system_text, tc
from napalm_frr.document import Document, DocumentError, Kind, kind_of, named, split


@dataclass
class Report:
    """Findings of one candidate; `document` and `system` are set when the text could be read."""

    errors: list[dict[str, str | int]] = field(default_factory=list)
    document: Document | None = None
    system: system_text.System | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.errors

    def add(self, section: str, line: int, message: str) -> None:
        """One finding; `line` counts from 1, 0 means the whole section."""
        self.errors.append(DocumentError(section, line, message).as_dict())


def check(text: str, kind: Kind | None = None) -> Report:
    """Checks a whole document, which has to be one for this kind of device. Changes nothing."""
    if kind and (report := _split(text)).document and (other := kind_of(report.document)) != kind:
        report.add("", 0, f"this device is {named(kind)}, the document is {named(other)}'s")
        report.document = None
        return report
    return check_all([text])[0]


def check_all(texts: Sequence[str]) -> list[Report]:
    """Checks many documents. What several of them have in common is given to its parser once."""
    reports = [_split(text) for text in texts]
    scratch = Path(f"/run/napalm-frr-check.{os.getpid()}")
    scratch.mkdir(mode=0o700, exist_ok=True)
    parsers = _Parsers(scratch)
    try:
        found_by_frr = iter(_frr_findings([this["frr"] for this in map(_routers, reports) if this], scratch))
        for report in reports:
            if document := _routers(report):
                _check_sections(report, document, next(found_by_frr), parsers)
            elif report.document is not None:
                _check_other(report, report.document, parsers)
    finally:
        for path in (*scratch.iterdir(), scratch):
            files.discard(path)
    return reports


def _split(text: str) -> Report:
    report = Report()
    try:
        report.document = split(text)
    except DocumentError as error:
        report.errors.append(error.as_dict())
    return report


def _routers(report: Report) -> Document | None:
    """Its document when that is a router's."""
    return report.document if report.document and kind_of(report.document) == "router" else None


class _Parsers:
    """Programs that read lines which many documents share; each answer is asked for once."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.lines = cache(self._lines)
        self.ovs = cache(_ovs_finding)
        self.tc = cache(_tc_findings)
        self.keepalived = cache(lambda text: keepalived.check(text, scratch / "keepalived.conf"))

    def _lines(self, kind: str, lines: tuple[str, ...]) -> str:
        """What visudo or sshd has against lines of its own file; empty when nothing."""
        argv = {"sudo": ["visudo", "-c", "-q", "-f"], "sshd": ["/usr/sbin/sshd", "-t", "-f"]}[kind]
        path = self.scratch / kind
        path.write_text("".join(line + "\n" for line in lines), encoding="ascii")
        path.chmod(0o440)
        status, output, errors = process.outcome([*argv, str(path)])
        path.unlink()
        return (errors + output).replace(str(path), f"{kind} lines").strip() if status else ""


def _check_sections(
    report: Report, document: Document, found_by_frr: Sequence[tuple[int, str]], parsers: _Parsers
) -> None:
    _check_system(report, document["system"], parsers)
    for line, message in found_by_frr:
        report.add("frr", line, message)
    if document["frr"] and (misplaced := frr_text.first_misplaced(document["frr"])):
        report.add("frr", misplaced[0], f"not in canonical order; {misplaced[1]!r} stands here")
    if finding := parsers.ovs(document["ovs"]):
        report.add("ovs", *finding)
    for line, message in parsers.keepalived(document["keepalived"]):
        report.add("keepalived", line, message)
    for address in keepalived.shared(document["keepalived"], document["frr"]):
        report.add("keepalived", 0, f"{address} stands in section frr, too")
    for line, message in parsers.tc(document["tc"]):
        report.add("tc", line, message)
    for line, message in nft.check(document["nft"]):
        report.add("nft", line, message)


def _check_other(report: Report, document: Document, parsers: _Parsers) -> None:
    kind = kind_of(document)
    _check_system(report, document["system"], parsers)
    if report.system and (report.system.daemons or report.system.mtus):
        lines = document["system"].splitlines()
        first = next(number for number, line in enumerate(lines, 1) if line.startswith(("daemon ", "mtu ")))
        report.add("system", first, f"{named(kind)} has no daemon and no mtu lines")
    for name, runner in kinds.of(kind).items():
        for line, message in runner.check(document[name], parsers.scratch / name):
            report.add(name, line, message)


def _frr_findings(texts: Sequence[str], scratch: Path) -> list[list[tuple[int, str]]]:
    filled = iter(frr.check([text for text in texts if text], scratch / "frr.conf"))
    return [next(filled) if text else [(0, "the section is empty")] for text in texts]


def _check_system(report: Report, text: str, parsers: _Parsers) -> None:
    try:
        parsed = report.system = system_text.parse(text)
    except DocumentError as error:
        report.errors.append(error.as_dict())
        return
    lines = text.splitlines()
    for kind, content in (("sudo", parsed.sudo), ("sshd", parsed.sshd)):
        if message := parsers.lines(kind, tuple(content)):
            first = next((n for n, line in enumerate(lines, 1) if line.startswith(f"{kind} ")), 0)
            report.add("system", first, message)


def _ovs_finding(text: str) -> tuple[int, str] | None:
    try:
        ovs_text.parse(text)
        ovs.dry_run(text)
    except DocumentError as error:
        return error.line, error.message
    except process.CommandError as error:
        return 0, str(error)
    return None


def _tc_findings(text: str) -> list[tuple[int, str]]:
    try:
        return tc.check(text)
    except DocumentError as error:
        return [(error.line, error.message)]
