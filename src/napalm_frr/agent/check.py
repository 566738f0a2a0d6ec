"""Lets every section be read by its own grammar and by the native parsers, before anything is touched."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from napalm_frr import frr_text
from napalm_frr.agent import files, frr, nft, ovs, ovs_text, process, system_text
from napalm_frr.document import Document, DocumentError, split


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


def check(text: str) -> Report:
    """Checks a whole document. Changes nothing."""
    report = Report()
    try:
        document = report.document = split(text)
    except DocumentError as error:
        report.errors.append(error.as_dict())
        return report
    scratch = Path(f"/run/napalm-frr-check.{os.getpid()}")
    scratch.mkdir(mode=0o700, exist_ok=True)
    try:
        _check_system(report, document["system"], scratch)
        _check_frr(report, document["frr"], scratch)
    finally:
        for path in (*scratch.iterdir(), scratch):
            files.discard(path)
    _check_ovs(report, document["ovs"])
    if document["tc"]:
        report.add("tc", 1, "this section is reserved and must be empty")
    for line, message in nft.check(document["nft"]):
        report.add("nft", line, message)
    return report


def _check_system(report: Report, text: str, scratch: Path) -> None:
    try:
        parsed = report.system = system_text.parse(text)
    except DocumentError as error:
        report.errors.append(error.as_dict())
        return
    lines = text.splitlines()
    for kind, argv, content in (
        ("sudo", ["visudo", "-c", "-q", "-f"], parsed.sudo),
        ("sshd", ["sshd", "-t", "-f"], parsed.sshd),
    ):
        path = scratch / kind
        path.write_text("".join(line + "\n" for line in content), encoding="ascii")
        path.chmod(0o440)
        program = "/usr/sbin/sshd" if kind == "sshd" else argv[0]
        status, output, errors = process.outcome([program, *argv[1:], str(path)])
        if status:
            first = next((n for n, line in enumerate(lines, 1) if line.startswith(f"{kind} ")), 0)
            report.add("system", first, (errors + output).replace(str(path), f"{kind} lines").strip())


def _check_ovs(report: Report, text: str) -> None:
    try:
        ovs_text.parse(text)
        ovs.dry_run(text)
    except DocumentError as error:
        report.errors.append(error.as_dict())
    except process.CommandError as error:
        report.add("ovs", 0, str(error))


def _check_frr(report: Report, text: str, scratch: Path) -> None:
    if not text:
        report.add("frr", 0, "the section is empty")
        return
    for line, message in frr.check(text, scratch / "frr.conf"):
        report.add("frr", line, message)
    if misplaced := frr_text.first_misplaced(text):
        report.add("frr", misplaced[0], f"not in canonical order; {misplaced[1]!r} stands here")
