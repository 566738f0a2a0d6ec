"""Provider clouds: one PE each, with BGP sessions to every site, and a way to the Internet that it leaks on purpose."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from tslcd import secrets
from twin import carrier, node
from twin.node import File
from twin.paths import CODE
from twin.process import Process
from twin.shape import Provider
from twin.topology import OUTSIDE_PREFIX_V4, OUTSIDE_PREFIX_V6

# IPv6 routes are replaced, not deleted first: see docs/decisions/0013, which our routers follow.
DAEMONS = """\
bgpd=yes
bfdd=yes
vtysh_enable=yes
zebra_options="-A 127.0.0.1 -s 90000000 --v6-rr-semantics"
bgpd_options="-A 127.0.0.1"
staticd_options="-A 127.0.0.1"
bfdd_options="-A 127.0.0.1"
"""


def boot(provider: Provider, first: Process, files: list[File], log: Path, values: Mapping[str, str]) -> None:
    """Boot a PE in a started node; `values` are those of the placeholders.

    :raises TwinError: when that fails.
    """
    own = [
        File("/etc/frr/daemons", DAEMONS, 0o640),
        File("/etc/frr/frr.conf", secrets.fill(configuration(provider), values), 0o640),
        File("/run/twin/links", carrier.links(provider)),
        File("/run/twin/queues", carrier.queues(provider)),
        File("/run/twin/rules", carrier.rules(provider)),
    ]
    node.boot(provider.name, first, [*files, *own], (CODE / "provider.sh").read_text(), log)


def configuration(provider: Provider) -> str:
    """The PE's frr.conf; passwords are placeholders."""
    return _template().render(
        provider=provider, outside_prefix_v4=OUTSIDE_PREFIX_V4, outside_prefix_v6=OUTSIDE_PREFIX_V6
    )


def sessions_missing(name: str, first: Process) -> list[str]:
    """Peers (addresses) of the PE without an established session that has brought at least one prefix."""
    summary = json.loads(node.ask(name, first, ["vtysh", "-c", "show bgp summary json"]))
    return [
        address
        for family in ("ipv4Unicast", "ipv6Unicast")
        for address, peer in summary[family]["peers"].items()
        if peer["state"] != "Established" or not peer["pfxRcd"]
    ]


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(CODE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # router text, not HTML
    )
    return environment.get_template("provider_frr.conf.j2")
