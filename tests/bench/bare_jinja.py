"""The repository's templates in a Jinja2 environment of its own, with nothing of ours around it."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template


def environment(root: Path) -> Environment:
    """An environment with the settings that the templates are written for."""
    return Environment(
        loader=FileSystemLoader(root / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # router text, not HTML
    )


def entry(root: Path, platform: str = "frr") -> Template:
    """The template that prints a platform's whole document."""
    return environment(root).get_template(f"{platform}/main.j2")
