"""A policy rule: one function that yields what breaks it, with an id, a severity and where the rule comes from.

A rule's parameters say what it looks at, by name (see `facts.Facts.by_name`): it runs when all of them are valid. One
with a default value is given when it is valid, so that one broken subject hides as little as possible of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from inspect import Parameter, cleandoc, signature
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from tslcd.origin import KeyPath

Severity = Literal["error", "warning"]
Source = Literal[
    "provincial conclusion of 2018",
    "city instruction of 2023",
    "level-3 hardening",
    "address allocation",
    "carriers",
    "RFC 4271",
    "RFC 4594",
    "own",
]
"""Where a rule comes from: the user's documents, a public rule, what carriers and protocols give, or our own design."""
SOURCES: Mapping[Source, str] = MappingProxyType(
    {
        "provincial conclusion of 2018": "stated by the province's own document",
        "city instruction of 2023": "stated by the city's own document",
        "level-3 hardening": "public rule, read in secondary sources: security of level-3 information systems",
        "address allocation": "public rule, read in secondary sources: the national operator allocates all addressing",
        "carriers": "what leased service gives",
        "RFC 4271": "BGP",
        "RFC 4594": "DiffServ classes",
        "own": "our own design: what addresses, names and documents are derived from",
    }
)


@dataclass(frozen=True, slots=True)
class Breach:
    """What breaks a rule: a key path into the variables of `host`, or into what all hosts share."""

    path: KeyPath
    text: str
    host: str | None = None


Check = Callable[..., Iterator[Breach]]
CheckT = TypeVar("CheckT", bound=Check)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; `forbids` is its function's first line, `severity` holds outside of a production run."""

    id: str
    severity: Severity
    production: Severity
    source: Source
    name: str
    forbids: str
    check: Check
    needs: tuple[str, ...]
    uses: tuple[str, ...]


RULES: dict[str, Rule] = {}
"""Id → rule, in the order of the modules."""


def rule(
    number: str, severity: Severity, source: Source, *, production: Severity | None = None
) -> Callable[[CheckT], CheckT]:
    """Make a rule of a function. `production` is its severity in a production run, where that is another one."""

    def register(check: CheckT) -> CheckT:
        parameters = signature(check).parameters
        needs = tuple(name for name, own in parameters.items() if own.default is Parameter.empty)
        assert number not in RULES, number
        RULES[number] = Rule(
            id=number,
            severity=severity,
            production=production or severity,
            source=source,
            name=check.__name__,
            forbids=cleandoc(check.__doc__ or "").splitlines()[0],
            check=check,
            needs=needs,
            uses=tuple(name for name in parameters if name not in needs),
        )
        return check

    return register


def breaches(rule: Rule, values: Mapping[str, Any]) -> Iterator[Breach]:
    """What breaks a rule in these values by name; nothing when one that it needs is missing."""
    if all(name in values for name in rule.needs):
        yield from rule.check(**{name: values[name] for name in (*rule.needs, *rule.uses) if name in values})
