"""One declared value against its model: pydantic's errors in the words of somebody who edits YAML."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from types import UnionType
from typing import Annotated, Any, Literal, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from tslcd import model
from tslcd.nearest import nearest, one_of, suggestion
from tslcd.origin import KeyPath

A_DAY = "should be a day such as 2025-12-31"
WANTED = {
    "int_type": "should be a whole number",
    "string_type": "should be text",
    "bool_type": "should be true or false",
    "tuple_type": "should be a list",
    "dict_type": "should be a mapping",
    "model_type": "should be a mapping",
    "too_short": "should have {min_length} or more entries",
    "too_long": "should have {max_length} or fewer entries",
    "string_too_long": "should have {max_length} or fewer characters",
    "greater_than_equal": "should be {ge} or more",
    "less_than_equal": "should be {le} or less",
    "date_type": A_DAY,
    "date_parsing": A_DAY,
    "date_from_datetime_parsing": A_DAY,
    "date_from_datetime_inexact": A_DAY,
    "value_error": "{error}",
}

NETWORKS: dict[Any, str] = {
    IPv4Network: "IPv4 prefix such as 10.96.0.0/12",
    IPv6Network: "IPv6 prefix such as 2001:db8:1500::/40",
}
PATTERNS = {
    get_args(kind)[1].pattern: meaning
    for kind, meaning in (
        (model.Name, "a name of a-z, 0-9, _ and - that starts with a letter or a digit"),
        (model.LocalName, "one line of text without blanks at either end"),
        (model.DeviceText, "printable ASCII without blanks at either end: it reaches a device"),
        (model.InterfaceName, "an interface name: at most 15 of a-z, 0-9, . and -, a letter first"),
    )
}


@dataclass(frozen=True)
class Problem:
    """What is wrong at a key path; `at_key` when the key itself is meant rather than its value."""

    path: KeyPath
    text: str
    at_key: bool = False
    shows_value: bool = True


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def validate(kind: Any, value: object, variable: str) -> tuple[Any, list[Problem]]:
    """`value` (plain YAML data) as an instance of `kind`, and what is wrong with it (then the instance is None).

    Nothing is coerced: `"30"` is not a number and `yes` is not a name.
    """
    try:
        # JSON is where pydantic is strict about scalars and still reads lists and addresses as YAML writes them.
        return _adapter(kind).validate_json(json.dumps(value, default=str), strict=True), []
    except ValidationError as invalid:
        return None, _problems(kind, invalid.errors(include_url=False), variable)


def _problems(kind: Any, errors: list[ErrorDetails], variable: str) -> list[Problem]:
    misspelt = {error["loc"] for error in errors if error["type"] == "extra_forbidden"}
    meant = {(*loc[:-1], nearest(str(loc[-1]), _fields(kind, loc[:-1]))) for loc in misspelt}
    broken_lists = {error["loc"][:-depth] for error in errors for depth in range(1, len(error["loc"]))}
    return [
        _problem(kind, error, variable)
        for error in errors
        # told already: the missing key is there under a misspelt name, the list is "too short" for its wrong entry
        if not (error["type"] == "missing" and error["loc"] in meant)
        and not (error["type"] == "too_short" and error["loc"] in broken_lists)
    ]


def _problem(kind: Any, error: ErrorDetails, variable: str) -> Problem:
    loc, at_key = error["loc"], error["loc"][-1:] == ("[key]",)
    path = (variable, *(loc[:-1] if at_key else loc))
    if error["type"] == "extra_forbidden":
        return Problem(path, f"unknown key; {suggestion(str(loc[-1]), _fields(kind, loc[:-1]))}", at_key=True)
    if error["type"] == "missing":
        meaning = _meaning(kind, loc)
        return Problem(path, f"missing; it has no default{meaning and f': {meaning}'}", shows_value=False)
    if error["type"] == "value_error" and isinstance(error["input"], dict):
        return Problem(path, str(error["ctx"]["error"]))
    return Problem(path, f"wrong value ({_shown(error['input'])}); {_wanted(kind, error)}", at_key)


def _wanted(kind: Any, error: ErrorDetails) -> str:
    """What would be right instead of a wrong value."""
    context = error.get("ctx", {})
    if error["type"] == "literal_error":
        choices = _choices(kind, error["loc"])
        alike = all(isinstance(value, str) for value in (error["input"], *choices))
        return suggestion(error["input"], choices) if alike else one_of(map(str, choices)) + _bare_word(error["input"])
    if error["type"] == "string_pattern_mismatch":
        return f"should be {PATTERNS.get(context['pattern']) or 'as described: ' + _meaning(kind, error['loc'])}"
    if (network := _kind_at(kind, error["loc"])) in NETWORKS and error["type"] == "value_error":
        return _network_wanted(network, str(error["input"]))
    if error["type"] == "string_type":
        return WANTED["string_type"] + _bare_word(error["input"])
    if (wanted := WANTED.get(error["type"])) is not None:
        return wanted.format(**context)
    return error["msg"].replace("Input should", "should", 1)


def _bare_word(value: object) -> str:
    return "; YAML reads a bare yes, no, on or off as true or false" if isinstance(value, bool) else ""


def _network_wanted(network: type[IPv4Network | IPv6Network], value: str) -> str:
    if "/" in value:
        try:
            return f"should be {network(value, strict=False)}, without host bits"
        except ValueError:
            pass
    return f"should be an {NETWORKS[network]}"


def _meaning(kind: Any, loc: tuple[int | str, ...]) -> str:
    """What the model says about the closest key at `loc`."""
    for end in range(len(loc), 0, -1):
        owner = _kind_at(kind, loc[: end - 1])
        if _is_model(owner) and (described := owner.model_fields[str(loc[end - 1])].description):
            return " ".join(described.split()).removesuffix(".")
    return ""


def _shown(value: object) -> str:
    """A value as JSON, short; what nobody would see is shown by its code point."""
    text = "null" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _fields(kind: Any, loc: tuple[int | str, ...]) -> Iterable[str]:
    owner = _kind_at(kind, loc)
    return owner.model_fields if _is_model(owner) else ()


def _is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _choices(kind: Any, loc: tuple[int | str, ...]) -> list[Any]:
    of_keys = loc[-1:] == ("[key]",)
    literal = _bare(get_args(_kind_at(kind, loc[:-2]))[0]) if of_keys else _kind_at(kind, loc)
    return list(get_args(literal)) if get_origin(literal) is Literal else []


def _kind_at(kind: Any, loc: tuple[int | str, ...]) -> Any:
    """The annotation that governs the value at `loc` below `kind`."""
    kind = _bare(kind)
    for part in loc:
        if _is_model(kind):
            field = kind.model_fields.get(str(part))
            kind = field.annotation if field is not None else None
        elif get_origin(kind) in {tuple, list}:
            kind = get_args(kind)[0]
        elif get_origin(kind) is dict:
            kind = get_args(kind)[1]
        kind = _bare(kind)
    return kind


def _bare(kind: Any) -> Any:
    """The annotation without Annotated and without "or None"."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in {Union, UnionType}:
            kind = next(part for part in get_args(kind) if part is not type(None))
        else:
            return kind
