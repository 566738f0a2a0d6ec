"""Argument specs of the feature roles, generated from the declared model: what `ansible-doc -t role` shows.

`python -m tslcd.argument_specs` writes roles/<feature>/meta/argument_specs.yml. Plays do not validate with them: the model
has done that, with file and line, before any role runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tslcd import model
from tslcd.render import ROOT
from tslcd.validation import bare

FEATURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "system": ("system",),
        "router": ("addressing", "providers", "routing"),
        "vlan": ("vlans",),
        "firewall": ("firewall",),
    }
)
"""Feature → subjects of the province that its role speaks about."""

_HEADER = "# Generated from src/tslcd/model.py by `python -m tslcd.argument_specs`; do not edit.\n---\n"
_SCALARS = {bool: "bool", int: "int", str: "str"}

Spec = dict[str, Any]


def files(root: Path = ROOT) -> dict[Path, str]:
    """Every generated file with its content."""
    return {root / "roles" / feature / "meta" / "argument_specs.yml": _text(feature) for feature in FEATURES}


def _text(feature: str) -> str:
    claim = (import_module(f"tslcd.verify.{feature}").__doc__ or "").splitlines()[0].partition(": ")[2].rstrip(".")
    main = {
        "short_description": f"Verifies live that {claim}",
        "description": [
            "Reads the router and changes nothing. What is intended follows from these variables, in build/intended/."
        ],
        "options": {name: _option(model.Province.model_fields[name]) for name in FEATURES[feature]},
    }
    return _HEADER + yaml.dump(
        {"argument_specs": {"main": main}}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120
    )


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, as yamllint wants it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)


def _option(field: FieldInfo) -> Spec:
    kind = bare(field.annotation)
    spec = {"required": True} if field.is_required() else {}
    return spec | _type(kind) | {"description": _description(field, kind)}


def _type(kind: Any) -> Spec:
    kind = bare(kind)
    if get_origin(kind) is tuple:
        member = _type(get_args(kind)[0])
        return {"type": "list", "elements": member.pop("type")} | member
    if get_origin(kind) is Literal:
        return {"type": "str", "choices": list(get_args(kind))}
    if _is_model(kind):
        return {"type": "dict", "options": {name: _option(field) for name, field in kind.model_fields.items()}}
    if get_origin(kind) is dict:
        return {"type": "dict"}
    return {"type": _SCALARS.get(kind, "str")}  # addresses and prefixes are text in YAML


def _description(field: FieldInfo, kind: Any) -> list[str]:
    """What the field means, what it holds, its bounds, and the fields of a mapping with free keys (no spec can name them)."""
    sentences = [field.description or "", *_bounds(field)]
    if get_origin(kind) is tuple:
        sentences.append(_claim(get_args(kind)[0]))
    elif get_origin(kind) is dict:
        value = get_args(kind)[1]
        sentences += [_claim(value), *(_members(value) if _is_model(value) else ())]
    else:
        sentences.append(_claim(kind))
    return [sentence for sentence in sentences if sentence]


def _claim(kind: Any) -> str:
    return " ".join((kind.__doc__ or "").split()) if _is_model(kind) else ""


def _members(kind: type[BaseModel], prefix: str = "") -> list[str]:
    lines = []
    for name, field in kind.model_fields.items():
        inner = bare(field.annotation)
        lines.append(f"C({prefix}{name}) ({_type(inner)['type']}): {' '.join(_description(field, inner))}")
        lines += _members(inner, f"{prefix}{name}.") if _is_model(inner) else []
    return lines
