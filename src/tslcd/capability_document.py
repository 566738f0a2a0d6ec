"""docs/capabilities.md: the tables of all platforms side by side. `python -m tslcd.capability_document` writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tslcd.capability import ENDPOINTS, ROUTERS, SERVERS, Entry, Kind, Table, is_below, table
from tslcd.platforms import ENDPOINT_PLATFORMS, PLATFORMS, SERVER_PLATFORMS
from tslcd.render import ROOT, environment

FILE = "docs/capabilities.md"


@dataclass(frozen=True)
class Row:
    """A declared key or a behaviour, with a cell for every platform."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A feature, or the behaviours, on the platforms that are its columns."""

    title: str
    column: str
    platforms: tuple[str, ...]
    rows: tuple[Row, ...]


def text(root: Path = ROOT) -> str:
    """The whole page."""
    kinds = {ROUTERS: sorted(PLATFORMS), ENDPOINTS: sorted(ENDPOINT_PLATFORMS), SERVERS: sorted(SERVER_PLATFORMS)}
    tables = {kind: {name: table(root, name) for name in names} for kind, names in kinds.items()}
    return (
        environment(root / "templates/documents")
        .get_template("capabilities.md.j2")
        .render(
            platforms=[
                {"name": name, "title": found.title, "label": found.label}
                for of_kind in tables.values()
                for name, found in of_kind.items()
            ],
            parts=[part for kind, of_kind in tables.items() for part in _parts(kind, of_kind)],
            underived=sorted(ROUTERS.not_derived.items()),
            underived_at_endpoints=sorted(ENDPOINTS.not_derived.items()),
            underived_at_servers=sorted(SERVERS.not_derived.items()),
        )
    )


def _parts(kind: Kind, tables: Mapping[str, Table]) -> list[Part]:
    features = list(dict.fromkeys(feature for found in tables.values() for feature in found.features))
    behaviours = tuple(
        Row(f"{name}: {claim}", tuple(_cell(found.behaviours[name]) for found in tables.values()))
        for name, claim in kind.behaviours.items()
    )
    names = tuple(tables)
    parts = [Part(feature, "declared key", names, _rows(tables, kind.needed, feature)) for feature in features]
    return [*parts, Part("Behaviours", "what the design promises", names, behaviours)]


def _rows(tables: Mapping[str, Table], keys: Sequence[str], feature: str) -> tuple[Row, ...]:
    """Keys of a feature, as fine as the finest table; where a table speaks of a key above, that is its cell."""
    named = {entry for found in tables.values() for entry in found.features.get(feature, {})}
    finest = [entry for entry in named if not any(other != entry and is_below(other, (entry,)) for other in named)]
    order = {entry: min(n for n, key in enumerate(keys) if is_below(key, (entry,))) for entry in finest}
    return tuple(
        Row(f"`{entry}`", tuple(_cell(_covering(found, entry)) for found in tables.values()))
        for entry in sorted(finest, key=order.__getitem__)
    )


def _covering(found: Table, key: str) -> Entry:
    return next(entry for name, entry in found.entries.items() if is_below(key, (name,)))


def _cell(entry: Entry) -> str:
    if entry.gap:
        return f"**gap**: {entry.gap}"
    values = ", ".join(str(value).lower() for value in entry.values)
    if entry.refused:
        return f"only {values}: {entry.refused}" if values else f"**refused**: {entry.refused}"
    bounds = "" if entry.least is None else f" ({entry.least} to {entry.most})"
    return f"yes: {entry.expressed}" + (f" (only {values})" if values else bounds)


def main() -> None:
    """Write the page."""
    (ROOT / FILE).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
