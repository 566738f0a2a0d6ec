"""The network rendered to build/: everything in memory first, then only files whose bytes differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from typing import get_args

from jinja2 import TemplateSyntaxError

from tslcd import capability, intent, model, render
from tslcd.conference import endpoint, server
from tslcd.intended import Build, endpoint_json, intent_json, server_json
from tslcd.platforms import ENDPOINT_PLATFORMS

FOR_PEOPLE = "html"
"""Ending of documents that no device reads; all others are ASCII."""
RENDERED_ONLY = "; rendered only: no other verb commits, verifies or audits them"
"""What is said of conference endpoints in every run: a run that is limited to them ends well and proves nothing."""


class RenderError(Exception):
    """A template is wrong or a document is not ASCII; the message names file and line."""


@dataclass(frozen=True)
class Change:
    """A file that differs: `before` is None for a new one, `after` None for one that goes."""

    path: Path
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Rendering:
    """Files by path, and what their platforms lack."""

    files: dict[Path, str]
    notices: tuple[str, ...]


def rendering(network: model.Network, hosts: Collection[str], root: Path) -> Rendering:
    """Print the documents and derived facts of `hosts`; of routers both stages. Facts follow from the whole network.

    :raises RenderError: when a template fails or a document is not ASCII.
    """
    build = Build(root)
    files: dict[Path, str] = {}
    devices: Counter[str] = Counter()  # by platform
    for stage in get_args(intent.Stage):
        for host, facts in intent.derive(network, stage, hosts).items():
            files[build.text_path(host, stage)] = _document(facts, root)
            files[build.intent_path(host, stage)] = intent_json(facts)
            devices[facts.platform] += stage == "full"
    for host, own in endpoint.derive(network).items():
        if host in hosts:
            texts = _endpoint_documents(own, root)
            files |= {build.endpoint_path(host, ending): text for ending, text in texts.items()}
            files[build.endpoint_path(host, "json")] = endpoint_json(own)
            devices[own.platform] += 1
    for host, its in server.derive(network).items():
        if host in hosts:
            with _placed(host, root):
                text = render.server_document(its, root)
            _refuse_letters(host, text)
            files[build.text_path(host, "full")] = text
            files[build.intent_path(host, "full")] = server_json(its)
            devices[its.platform] += 1
    return Rendering(files, tuple(_notices(devices, root)))


def _notices(devices: Mapping[str, int], root: Path) -> Iterator[str]:
    """What people should know of the platforms whose documents were rendered, one sentence per platform."""
    for platform, count in sorted(devices.items()):
        table = capability.table(root, platform)
        gaps = ", ".join(f"{len(keys)} of {feature}" for feature, keys in table.gaps().items())
        name = f"{platform} ({table.label})" if table.label else platform
        left_out = f"declared and left out: {gaps or 'nothing'}; see docs/capabilities.md"
        more = RENDERED_ONLY if table.label and platform in ENDPOINT_PLATFORMS else ""
        yield f"platform {name}, {count} devices; {left_out}{more}"


def changes(
    files: Mapping[Path, str], known: Collection[str] | None = None, retired: Collection[str] = ()
) -> list[Change]:
    """What writing `files` would change: other documents of the same hosts go.

    With `known` hosts, the files of all others go as well; those of `retired` always.
    """
    found = [Change(path, _read(path), text) for path, text in files.items()]
    beside = {other for directory in {path.parent for path in files} for other in directory.glob("*.*")}
    written = {(path.parent, path.stem) for path in files}
    gone = {
        path
        for path in beside - files.keys()
        if path.stem in retired or (path.parent, path.stem) in written or (known is not None and path.stem not in known)
    }
    found += [Change(path, _read(path), None) for path in gone]
    return sorted((change for change in found if change.before != change.after), key=lambda change: change.path)


def apply(found: Collection[Change]) -> None:
    """Write or remove the files; each appears whole or not at all."""
    for directory in {change.path.parent for change in found}:
        directory.mkdir(parents=True, exist_ok=True)
    for change in found:
        if change.after is None:
            change.path.unlink()
            continue
        draft = change.path.with_name(f"{change.path.name}.tmp")
        draft.write_text(change.after, encoding="utf-8")
        draft.replace(change.path)


def sentence(rendered: int, found: Collection[Change]) -> str:
    """The run in one line, in devices."""
    changed = {change.path.stem for change in found if change.after is not None}
    removed = {change.path.stem for change in found if change.after is None}
    return f"{rendered} rendered, {len(changed)} changed, {len(removed)} removed"


def _document(facts: intent.RouterIntent, root: Path) -> str:
    with _placed(facts.hostname, root):
        text = render.document(facts, root)
    _refuse_letters(facts.hostname, text)
    return text


def _endpoint_documents(facts: endpoint.EndpointIntent, root: Path) -> dict[str, str]:
    with _placed(facts.hostname, root):
        texts = render.endpoint_documents(facts, root)
    for ending, text in texts.items():
        if ending != FOR_PEOPLE:
            _refuse_letters(facts.hostname, text)
    return texts


@contextmanager
def _placed(hostname: str, root: Path) -> Iterator[None]:
    """Say in which line of which template an error arose."""
    try:
        yield
    except Exception as error:  # a template may call anything wrongly; the place is in its frames
        raise RenderError(f"{_template_line(error, root)}: {error} (rendering {hostname})") from error


def _refuse_letters(hostname: str, text: str) -> None:
    """Devices read ASCII alone."""
    if not text.isascii():
        number, line = next((n, line) for n, line in enumerate(text.splitlines(), 1) if not line.isascii())
        raise RenderError(f"document of {hostname}, line {number}: not ASCII: {line}")


def _template_line(error: Exception, root: Path) -> str:
    if isinstance(error, TemplateSyntaxError):
        places = [(error.filename or str(error.name), error.lineno)]
    else:
        places = [(f.filename, f.lineno or 0) for f in extract_tb(error.__traceback__) if f.filename.endswith(".j2")]
    file, line = places[-1] if places else ("templates", 0)
    return f"{Path(file).relative_to(root) if Path(file).is_relative_to(root) else file}:{line}"


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
