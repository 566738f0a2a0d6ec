"""All documents as files below build/documents/, printed by templates/documents/."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from jinja2 import Environment

from tslcd import model
from tslcd.documents import (
    addressing,
    circuits,
    conference,
    endpoints,
    findings,
    meetings,
    picture,
    qos,
    reorganisation,
    services,
    units,
    vlans,
)
from tslcd.documents.document import Document
from tslcd.errors import Finding
from tslcd.render import ROOT, environment
from tslcd.write import Change, apply, changes

DOCUMENTS: tuple[Callable[[model.Network, date], Document], ...] = (
    addressing.document,
    vlans.document,
    vlans.subnets,
    qos.document,
    conference.document,
    endpoints.document,
    meetings.document,
    circuits.document,
    services.document,
    units.document,
)
REORGANISATION = (reorganisation.proposal, reorganisation.checklist)
DIRECTORY = Path("build/documents")


def files(network: model.Network, as_of: date, root: Path = ROOT, warnings: Sequence[Finding] = ()) -> dict[Path, str]:
    """Every document and picture by its path; `warnings` are what the policy rules found on that day."""
    directory = root / DIRECTORY
    documents = [document(network, as_of) for document in DOCUMENTS]
    documents.append(findings.document(warnings, as_of))
    found = _pages(documents, directory, root)
    pictures = picture.pictures(network, as_of)
    for drawn in pictures:
        text = _environment(root).get_template("picture.svg.j2").render(p=drawn)
        found[directory / f"{drawn.name}.svg"] = text
    index = _environment(root).get_template("index.md.j2")
    found[directory / "index.md"] = index.render(as_of=as_of, documents=documents, pictures=pictures)
    return found


def write(
    network: model.Network, as_of: date, root: Path = ROOT, warnings: Sequence[Finding] = ()
) -> tuple[int, list[Change]]:
    """Write what differs and remove what is no document any more; gives how many there are, and the changes."""
    return len(wanted := files(network, as_of, root, warnings)), _replace(wanted, root / DIRECTORY)


def write_reorganisation(network: model.Network, as_of: date, root: Path = ROOT) -> list[Change]:
    """Write the proposal and the checklist below build/reorganisation/."""
    directory = root / "build/reorganisation"
    documents = [document(network, as_of) for document in REORGANISATION]
    return _replace(_pages(documents, directory, root), directory)


def _pages(documents: Sequence[Document], directory: Path, root: Path) -> dict[Path, str]:
    found: dict[Path, str] = {}
    for document in documents:
        page = _environment(root).get_template(f"{document.name}.md.j2").render(d=document)
        found[directory / f"{document.name}.md"] = page
        found[directory / f"{document.name}.csv"] = document.csv()
    return found


def _replace(wanted: dict[Path, str], directory: Path) -> list[Change]:
    gone = [path for path in directory.glob("*.*") if path not in wanted]
    found = changes(wanted) + [Change(path, path.read_text(encoding="utf-8"), None) for path in gone]
    apply(found)
    return found


def _environment(root: Path) -> Environment:
    return environment(root / "templates/documents")
