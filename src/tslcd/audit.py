"""Audit: declared configuration against what daemons and kernels run, read with an account that cannot change anything.

Per section: compliant, drift (running moved), pending (declared data moved on since the last confirmed commit) or
no content (nothing declared and nothing running). Per device additionally unreachable, or not verified when it answers
but does not let itself be read. Sections are compared as text. What that cannot see is named as not covered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from napalm.base import NetworkDriver
from napalm.base.exceptions import ConnectionException

from napalm_frr import compare, document, redaction
from napalm_frr.coverage import NOT_COVERED
from napalm_frr.driver import split_running
from tslcd import capability
from tslcd.secrets import MissingSecretError

SectionStatus = Literal["compliant", "drift", "pending", "no content"]
DeviceStatus = Literal["compliant", "drift", "pending", "not verified", "unreachable"]


@dataclass(frozen=True)
class SectionFinding:
    """One section of one device; `diff` is a unified diff from running to intended, empty when equal."""

    status: SectionStatus
    diff: str = ""


@dataclass(frozen=True)
class DeviceFinding:
    """One device: the worst status of its sections, or why it could not be read."""

    status: DeviceStatus
    reason: str = ""
    sections: dict[str, SectionFinding] = field(default_factory=dict)


Live = Callable[[NetworkDriver], list[str]]
"""What a device does that no section tells: a sentence for each thing that nobody has declared."""


def devices(
    intended: Mapping[str, str],
    driver: Callable[[str], NetworkDriver],
    live: Mapping[str, Live] = MappingProxyType({}),
    workers: int = 8,
) -> dict[str, DeviceFinding]:
    """Audit every device of `intended` (hostname → document, passwords as digests), a few at a time."""
    with ThreadPoolExecutor(max_workers=workers) as pool:
        findings = pool.map(lambda host: device(intended[host], driver(host), live.get(host)), intended)
        return dict(zip(intended, findings, strict=True))


def with_digests(text: str, host: str, master: bytes | None) -> str:
    """A document (filled) as its router shows it to auditors: keyed digests in the place of passwords.

    :raises MissingSecretError: when there are passwords, but no key to compare them with.
    """
    if redaction.hide(text) == text:
        return text
    if master is None:
        raise MissingSecretError(f"{host} has passwords, and without digest_master in the credentials none is compared")
    return redaction.redact(text, redaction.device_key(master, host))


def without_driver(platforms: Mapping[str, str], root: Path) -> dict[str, DeviceFinding]:
    """Devices (hostname → platform) that nothing reads: they are not verified, whatever they run.

    :raises tslcd.errors.DeclarationError: when a platform's table is wrong.
    """
    labels = {host: (platform, capability.table(root, platform).label) for host, platform in platforms.items()}
    return {
        host: DeviceFinding("not verified", f"platform {platform} is {label}")
        for host, (platform, label) in labels.items()
        if label
    }


def device(intended: str, session: NetworkDriver, live: Live | None = None) -> DeviceFinding:
    """Audit one device through a driver that is not open yet."""
    try:
        session.open()
        with closing(session):
            if pending := session.status()["pending"]:
                return DeviceFinding(
                    "not verified", f"a commit of {pending['owner']} is pending until {pending['until']}"
                )
            running = session.get_config(retrieve="running")["running"]
            startup = session.get_config(retrieve="startup")["startup"]
            undeclared = live(session) if live else []
        if redaction.REMOVED in running:
            return DeviceFinding("not verified", "it has no key for digests of passwords (napalm-frr-agent digest-key)")
        found = findings(intended, running, startup)
        if undeclared:
            reasons = "; ".join([*([found.reason] if found.reason else []), *undeclared])
            return replace(found, status="drift", reason=reasons)
        return found
    except ConnectionException as error:
        return DeviceFinding("unreachable", str(error))
    except Exception as error:  # whatever one device says must not end the audit of the others
        return DeviceFinding("not verified", f"{type(error).__name__}: {error}")


def findings(intended: str, running: str, startup: str) -> DeviceFinding:
    """Compare what is declared with what runs and with what would run after a restart.

    :param startup: the last confirmed document. Where it is still what runs, the declared data moved on: pending.
    """
    wanted, actual = document.split(intended), split_running(running)
    unequal: Literal["pending", "drift"] = "pending" if running == startup else "drift"
    sections: dict[str, SectionFinding] = {}
    for name, diff in compare.diff(wanted, actual).items():
        if diff:
            sections[name] = SectionFinding(unequal, diff)
        else:
            sections[name] = SectionFinding("compliant" if wanted[name] else "no content")
    if any(section.diff for section in sections.values()):
        return DeviceFinding(unequal, sections=sections)
    if startup != intended:
        return DeviceFinding("drift", "runs what is declared, but would start with another configuration", sections)
    return DeviceFinding("compliant", sections=sections)


def summary(found: Mapping[str, DeviceFinding]) -> dict[str, int]:
    """How many devices have which status."""
    counts = {"devices": len(found), "compliant": 0, "drift": 0, "pending": 0, "not verified": 0, "unreachable": 0}
    for finding in found.values():
        counts[finding.status] += 1
    return counts


def sentence(counts: Mapping[str, int]) -> str:
    """The last line of an audit, e.g. `audit: 5 devices, 4 compliant, 1 drift, …`."""
    rest = ", ".join(f"{count} {name}" for name, count in counts.items() if name != "devices")
    return f"audit: {counts['devices']} devices, {rest}"


def table(found: Mapping[str, DeviceFinding]) -> Iterable[str]:
    """Per kind of device one line each, one column per section; then the diffs of what is not compliant, and what is
    not covered.
    """
    width = max((len(host) for host in found), default=6)
    for sections in dict.fromkeys(_sections(finding) for finding in found.values()):
        yield f"{'device':{width}}  " + "  ".join(f"{name:10}" for name in sections)
        for host, finding in found.items():
            if _sections(finding) == sections:
                yield from _lines(f"{host:{width}}", finding)
    for host, finding in found.items():
        for name, section in finding.sections.items():
            if section.diff:
                yield f"\n{host} {name}: {section.status}\n{section.diff}".rstrip()
    yield f"\nnot covered by any check: {'; '.join(NOT_COVERED)}"


def _sections(finding: DeviceFinding) -> tuple[str, ...]:
    """Names of the columns; a device that could not be read stands among routers."""
    return tuple(finding.sections) or document.SECTIONS


def _lines(host: str, finding: DeviceFinding) -> Iterable[str]:
    if not finding.sections:
        yield f"{host}  {finding.status}: {finding.reason}"
        return
    yield f"{host}  " + "  ".join(f"{section.status:10}" for section in finding.sections.values()).rstrip()
    if finding.reason:
        yield f"{'':{len(host)}}  {finding.status}: {finding.reason}"


def report(found: Mapping[str, DeviceFinding], *, commit: str, time: str) -> dict[str, object]:
    """The content of build/audit/audit.json: when, of which commit of the declared data, summary and every section.

    `not_covered` holds for every device: what could differ there without being found.
    """
    return {
        "time": time,
        "commit": commit,
        "summary": summary(found),
        "not_covered": list(NOT_COVERED),
        "devices": {host: asdict(finding) for host, finding in found.items()},
    }
