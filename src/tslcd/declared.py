"""What is declared for one host, value by value, each with the place that set it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tslcd import model, variables
from tslcd.ansible_core import EncryptedString
from tslcd.errors import Place
from tslcd.hosts import Host
from tslcd.origin import KeyPath, Origins, dotted

OWN = {*variables.SITE_FACTS, *variables.DEVICE_FACTS, *variables.ENDPOINT_FACTS, variables.EXCEPTION}
DEFAULT = Place("default")


@dataclass(frozen=True)
class Value:
    """A declared value (a scalar, or an empty list or mapping) with its key path and its place."""

    path: KeyPath
    value: object
    place: Place

    @property
    def key(self) -> str:
        """The path as people write it."""
        return dotted(self.path)


def of_host(host: Host, origins: Origins, extra: Collection[str] = ()) -> list[Value]:
    """Every value that the model knows of a host: its own and its site's first, then what it shares, by subject.

    `extra` are the names of variables given with -e: no file set them.
    """
    names = [*_present(host, OWN), *_present(host, variables.KNOWN - OWN)]
    values = []
    for name in names:
        for path, value in _leaves((name,), host.variables[name]):
            place = Place("-e") if name in extra else origins.find(host.variables, path, host.scopes)
            values.append(Value(path, value, place or Place("unknown")))
        values += _defaults(name, host.variables[name])
    return values


def _present(host: Host, names: Collection[str]) -> list[str]:
    return sorted(name for name in names if name in host.variables)


def _leaves(path: KeyPath, value: Any) -> Iterator[tuple[KeyPath, object]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _leaves((*path, str(key)), item)
    elif isinstance(value, Sequence) and not isinstance(value, str | EncryptedString) and value:
        for index, item in enumerate(value):
            yield from _leaves((*path, index), item)
    else:
        yield path, _plain(value)


def _plain(value: Any) -> object:
    if isinstance(value, EncryptedString):
        return "(vaulted)"
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping | Sequence):
        return {} if isinstance(value, Mapping) else []
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _defaults(name: str, value: Any) -> Iterator[Value]:
    """What the model supplies where the site's declaration is silent."""
    if name == "site" and isinstance(value, Mapping):
        for key, field in model.Site.model_fields.items():
            default = field.get_default(call_default_factory=True)
            if not field.is_required() and key not in value and default not in (None, (), {}):
                yield Value((name, key), default, DEFAULT)
