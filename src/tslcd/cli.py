"""The command `tslcd`: looks at what is declared and what follows from it; nothing here touches a device."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tslcd.errors import DeclarationError
from tslcd.origin import DIRECTORIES, repository

if TYPE_CHECKING:
    from tslcd.load import Examined

WRONG = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = _parser().parse_args(argv)
    root = repository(Path.cwd())
    if not (root / DIRECTORIES[0]).is_dir():
        print("tslcd: no inventory/ at or above this directory; go into the clone", file=sys.stderr)
        return WRONG
    try:
        return int(arguments.run(root, arguments))
    except DeclarationError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:  # the reader of `tslcd show … | head` has seen enough
        sys.stderr.close()
    return WRONG


def _show(root: Path, arguments: argparse.Namespace) -> int:
    from tslcd import show  # noqa: PLC0415 - Ansible takes a second; --help needs none of it

    try:
        shown = show.view(root, arguments.name, arguments.stage, arguments.as_of, tuple(arguments.extra))
    except show.UnknownSiteError as error:
        print(f"tslcd: {error}", file=sys.stderr)
        return WRONG
    if arguments.json:
        print(json.dumps(show.as_json(shown), ensure_ascii=False, indent=1))
    else:
        print(show.as_text(shown, arguments.all))
    return 0


def _schema(root: Path, _arguments: argparse.Namespace) -> int:
    from tslcd import schema  # noqa: PLC0415 - keeps --help quick

    for path in schema.write(root):
        print(path.relative_to(root))
    return 0


def _units(root: Path, arguments: argparse.Namespace) -> int:
    from tslcd import served_units  # noqa: PLC0415 - keeps --help quick

    print("\n".join(served_units.as_text(_examined(root, arguments).network, arguments.as_of)))
    return 0


def _documents(root: Path, arguments: argparse.Namespace) -> int:
    from tslcd import documents  # noqa: PLC0415 - keeps --help quick

    examined = _examined(root, arguments)
    count, changed = documents.write(examined.network, arguments.as_of, root, examined.warnings)
    removed = sum(change.after is None for change in changed)
    written = f"{count} files as of {arguments.as_of}, {len(changed) - removed} changed, {removed} removed"
    print(f"{documents.DIRECTORY}: {written}")
    return 0


def _reorganisation(root: Path, arguments: argparse.Namespace) -> int:
    from tslcd import documents, reorganisation  # noqa: PLC0415 - keeps --help quick

    network = _examined(root, arguments).network
    counts = Counter(found.outcome for found in reorganisation.propose(network, arguments.as_of))
    documents.write_reorganisation(network, arguments.as_of, root)
    said = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    print(f"build/reorganisation: a proposal as of {arguments.as_of}, for people to decide: {said}")
    return 0


def _examined(root: Path, arguments: argparse.Namespace) -> Examined:
    """The network, judged by the rules as of the day that is asked for."""
    from tslcd import load, policy  # noqa: PLC0415 - keeps --help quick
    from tslcd.source import open_source  # noqa: PLC0415

    source = open_source(root)
    return load.examine(source.inventory, source.variable_manager, source.loader, policy.Run(arguments.as_of))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tslcd", description="Look at what is declared and at what follows from it.")
    actions = parser.add_subparsers(required=True, metavar="ACTION")

    show = actions.add_parser("show", help="a site: each declared value with the place that set it, and its intent")
    show.add_argument("name", metavar="SITE_OR_HOST")
    show.add_argument("--stage", choices=("day0", "full"), default="full", help="of the intent (default: full)")
    show.add_argument("--all", action="store_true", help="also each value that the whole province shares")
    show.add_argument(
        "-e", "--extra-vars", dest="extra", action="append", default=[], metavar="VARS", help="as in Ansible"
    )
    show.add_argument("--json", action="store_true", help="everything, as JSON")
    _as_of(show, required=False)
    show.set_defaults(run=_show)

    units = actions.add_parser("units", help="the sites by the official unit that they serve on a day")
    _as_of(units, required=False)
    units.set_defaults(run=_units)

    documents = actions.add_parser(
        "documents", help="write build/documents/: tables (Markdown, CSV) and pictures (SVG)"
    )
    _as_of(documents, required=True)
    documents.set_defaults(run=_documents)

    text = "write build/reorganisation/: per site seat, branch office or decommissioned, and what to give back"
    proposal = actions.add_parser("reorganisation", help=text)
    _as_of(proposal, required=True)
    proposal.set_defaults(run=_reorganisation)

    schema = actions.add_parser("schema", help="write docs/schema/: JSON Schema of the declared data, for editors")
    schema.set_defaults(run=_schema)
    return parser


def _as_of(parser: argparse.ArgumentParser, *, required: bool) -> None:
    text = "the day to look at, YYYY-MM-DD" + ("" if required else " (default: today)")
    default = None if required else date.today()
    parser.add_argument("--as-of", type=_day, metavar="DATE", default=default, required=required, help=text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day; should look like 2025-07-01") from None
