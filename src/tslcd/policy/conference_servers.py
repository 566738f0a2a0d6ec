"""Conference servers: where the catalogue says that the service is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tslcd import model
from tslcd.conference import server as formulas
from tslcd.policy.rule import Breach, rule


@rule("TS-CNF-23", "error", "own")
def server_where_nobody_looks_for_it(
    servers: Sequence[model.ConferenceServer], conference: model.Conference, services: Mapping[str, model.Service]
) -> Iterator[Breach]:
    """A conference server stands at a site where the catalogue does not answer the conference service."""
    for server in servers:
        if formulas.place(conference, services, server.site_id) is None:
            own = conference.services.get(conference.service)
            entry = f"services.{own.catalogue}.servers" if own and own.catalogue else "an entry of services"
            text = f"{server.site_id} answers no {conference.service}; should be a site of {entry}"
            yield Breach(("role",), text, server.hostname)
