"""Intent → text: one cached Jinja environment prints a device's documents from templates/<platform>/.

Documents keep their `${placeholders}`; secrets.fill puts the values in, in memory only.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from tslcd.capability import table
from tslcd.conference.endpoint import EndpointIntent
from tslcd.conference.server import ServerIntent
from tslcd.intent import RouterIntent
from tslcd.platforms import ENDPOINT_PLATFORMS, PLATFORMS, SERVER_PLATFORMS

ROOT = Path(__file__).resolve().parents[2]
MARKUP = (".svg.j2", ".html.j2", ".xml.j2")


@cache
def environment(templates: Path) -> Environment:
    """The environment that every template below a directory is written for; markup is escaped, other text is not."""
    return Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=lambda name: name is not None and name.endswith(MARKUP),
    )


@cache
def _template(root: Path, platform: str, name: str = "main.j2") -> Template:
    return environment(root / "templates").get_template(f"{platform}/{name}")


def document(intent: RouterIntent, root: Path = ROOT) -> str:
    """Print the whole document of a router.

    :raises jinja2.TemplateError: with file and line, when a template is wrong or asks for a fact that does not exist.
    """
    label = table(root, intent.platform).label
    return _template(root, intent.platform).render(d=PLATFORMS[intent.platform].facts(intent), label=label)


def endpoint_documents(intent: EndpointIntent, root: Path = ROOT) -> dict[str, str]:
    """Print the documents of a conference endpoint: ending of the file → text.

    :raises jinja2.TemplateError: with file and line, when a template is wrong or asks for a fact that does not exist.
    """
    platform = ENDPOINT_PLATFORMS[intent.platform]
    label = table(root, intent.platform).label
    words = platform.facts(intent)
    return {
        ending: _template(root, intent.platform, name).render(d=words, label=label)
        for ending, name in platform.documents.items()
    }


def server_document(intent: ServerIntent, root: Path = ROOT) -> str:
    """Print the whole document of a conference server.

    :raises jinja2.TemplateError: with file and line, when a template is wrong or asks for a fact that does not exist.
    """
    label = table(root, intent.platform).label
    return _template(root, intent.platform).render(d=SERVER_PLATFORMS[intent.platform].facts(intent), label=label)
