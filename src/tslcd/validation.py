"""One declared value against its model: pydantic's errors in the words of somebody who edits YAML."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from tslcd import model
from tslcd.nearest import nearest, suggestion
from tslcd.origin import KeyPath

WANTED = {
    "int_type": "should be a whole number",
    "string_type": "should be text",
    "bool_type": "should be true or false",
    "tuple_type": "should be a list",
    "dict_type": "should be a mapping",
    "model_type": "should be a mapping",
    "too_short": "should have at least {min_length} entries",
    "too_long": "should have at most {max_length} entries",
    "value_error": "{error}",
}
PATTERNS = {
    get_args(kind)[1].pattern: meaning
    for kind, meaning in (
        (model.Name, "a name of a-z, 0-9, _ and - that starts with a letter or a digit"),
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
    if error["type"] == "extra_forbidden" and loc[-1] in {"True", "False"}:
        return Problem(path, "unknown key; YAML reads a bare yes, no, on or off as true or false", at_key=True)
    if error["type"] == "extra_forbidden":
        return Problem(path, f"unknown key; {suggestion(str(loc[-1]), _fields(kind, loc[:-1]))}", at_key=True)
    if error["type"] == "missing":
        return Problem(path, "missing; it has no default")
    return Problem(path, f"wrong value ({_shown(error['input'])}); {_wanted(kind, error)}", at_key)


def _wanted(kind: Any, error: ErrorDetails) -> str:
    """What would be right instead of a wrong value."""
    context = error.get("ctx", {})
    if error["type"] == "literal_error":
        return suggestion(str(error["input"]), _choices(kind, error["loc"]))
    if error["type"] == "string_pattern_mismatch":
        return f"should be {PATTERNS.get(context['pattern'], context['pattern'])}"
    if (wanted := WANTED.get(error["type"])) is not None:
        return wanted.format(**context)
    return error["msg"].replace("Input should", "should", 1)


def _shown(value: object) -> str:
    text = "null" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _fields(kind: Any, loc: tuple[int | str, ...]) -> Iterable[str]:
    owner = _kind_at(kind, loc)
    return owner.model_fields if isinstance(owner, type) and issubclass(owner, BaseModel) else ()


def _choices(kind: Any, loc: tuple[int | str, ...]) -> list[str]:
    literal = _kind_at(kind, loc)
    return [str(choice) for choice in get_args(literal)] if get_origin(literal) is Literal else []


def _kind_at(kind: Any, loc: tuple[int | str, ...]) -> Any:
    """The annotation that governs the value at `loc` below `kind`."""
    kind = _bare(kind)
    for part in loc:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
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
