"""Intent → text: one cached Jinja environment prints a router's document from templates/<platform>/main.j2.

Documents keep their `${placeholders}`; secrets.fill puts the values in, in memory only.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from tslcd.capability import table
from tslcd.intent import RouterIntent
from tslcd.platforms import PLATFORMS

ROOT = Path(__file__).resolve().parents[2]


@cache
def environment(templates: Path) -> Environment:
    """The environment that every template below a directory is written for; only pictures are escaped."""
    return Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=lambda name: name is not None and name.endswith(".svg.j2"),
    )


@cache
def _template(root: Path, platform: str) -> Template:
    return environment(root / "templates").get_template(f"{platform}/main.j2")


def document(intent: RouterIntent, root: Path = ROOT) -> str:
    """Print the whole document of a router.

    :raises jinja2.TemplateError: with file and line, when a template is wrong or asks for a fact that does not exist.
    """
    label = table(root, intent.platform).label
    return _template(root, intent.platform).render(d=PLATFORMS[intent.platform].facts(intent), label=label)
