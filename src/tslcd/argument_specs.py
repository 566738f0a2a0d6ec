"""Argument specs of the feature roles, generated from the declared model: what `ansible-doc -t role` shows.

`python -m tslcd.argument_specs` writes roles/<feature>/meta/argument_specs.yml. Plays do not validate with them: the
model has done that, with file and line, before any role runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, TypeGuard, Union, get_args, get_origin

import yaml
from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tslcd import model
from tslcd.render import ROOT

FEATURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "system": ("system",),
        "router": ("addressing", "providers", "routing", "pair"),
        "multihop": ("providers",),
        "vlan": ("zones", "vlans"),
        "firewall": ("firewall",),
        "qos": ("qos", "services"),
        "maintenance": ("routing",),
        "conference_endpoint": ("conference",),
        "conference_server": ("conference",),
        "registrations": ("conference",),
    }
)
"""Feature → subjects of the province that its role speaks about."""

_HEADER = "# Generated from src/tslcd/model.py by `python -m tslcd.argument_specs`; do not edit.\n---\n"

Spec = dict[str, Any]


def files(root: Path = ROOT) -> dict[Path, str]:
    """Every generated file with its content."""
    return {root / "roles" / feature / "meta" / "argument_specs.yml": _text(feature) for feature in FEATURES}


def _text(feature: str) -> str:
    claim = (import_module(f"tslcd.verify.{feature}").__doc__ or "").splitlines()[0].partition(": ")[2].rstrip(".")
    main = {
        "short_description": f"Verifies live that {claim}",
        "description": "Reads the device and changes nothing. What is intended follows from these variables.",
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
    sentences = _description(field)
    described: Spec = {"description": sentences[0] if len(sentences) == 1 else sentences}
    return described | ({"required": True} if field.is_required() else {}) | _type(field.annotation)


def _type(annotation: Any) -> Spec:
    kind = _bare(annotation)
    if get_origin(kind) is tuple:
        member = _type(get_args(kind)[0])
        return {"type": "list", "elements": member.pop("type")} | member
    if get_origin(kind) is Literal:
        return {"type": "str", "choices": list(get_args(kind))}
    if _is_model(kind):
        return {"type": "dict", "options": {name: _option(field) for name, field in kind.model_fields.items()}}
    if get_origin(kind) is dict:
        return {"type": "dict"}
    return {"type": {bool: "bool", int: "int"}.get(kind, "str")}  # addresses and prefixes are text in YAML


def _description(field: FieldInfo) -> list[str]:
    """What the field means, what it holds, and its bounds; of a mapping with free keys also what each value holds."""
    kind = _bare(field.annotation)
    member = _bare(get_args(kind)[0 if get_origin(kind) is tuple else 1]) if get_origin(kind) in (tuple, dict) else kind
    sentences = [field.description, _claim(member), _bounds(field.metadata)]
    if get_origin(kind) is dict and _is_model(member):
        sentences += _members(member)  # a spec cannot name options below free keys
    return [sentence for sentence in sentences if sentence]


def _claim(kind: Any) -> str:
    return " ".join((kind.__doc__ or "").split()) if _is_model(kind) else ""


def _bounds(metadata: list[Any]) -> str:
    least = next((mark.ge for mark in metadata if isinstance(mark, Ge)), None)
    most = next((mark.le for mark in metadata if isinstance(mark, Le)), None)
    if most is not None:
        return f"From {least} to {most}."
    return f"At least {least}." if least is not None else ""


def _members(kind: type[BaseModel], prefix: str = "") -> list[str]:
    lines = []
    for name, field in kind.model_fields.items():
        inner = _bare(field.annotation)
        need = "" if field.is_required() else ", optional"
        lines.append(f"C({prefix}{name}) ({_type(inner)['type']}{need}) - {' '.join(_description(field))}")
        lines += _members(inner, f"{prefix}{name}.") if _is_model(inner) else []
    return lines


def _is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _bare(annotation: Any) -> Any:
    """The annotation without Annotated and without `| None`."""
    while get_origin(annotation) in (Annotated, Union, UnionType):
        annotation = get_args(annotation)[0]
    return annotation


def main() -> None:
    """Write the files that differ."""
    for path, text in files().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
