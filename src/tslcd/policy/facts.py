"""What rules look at: what is valid by itself, by name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from tslcd import model
from tslcd.policy.run import Run


class Own(NamedTuple):
    """A value of a subject: what all share (`host` None), or what one router has for itself by its exception."""

    host: str | None
    value: Any


def by_site(routers: Iterable[model.Router]) -> list[list[model.Router]]:
    """The routers of each site, in the order of the declaration."""
    found: dict[str, list[model.Router]] = {}
    for router in routers:
        found.setdefault(router.site_id, []).append(router)
    return list(found.values())


@dataclass(frozen=True)
class Facts:
    """Valid subjects by name, valid routers and endpoints.

    Of every host, valid or not, its management address; `site_ids` are the sites that have a router.
    """

    subjects: Mapping[str, Any]
    routers: Sequence[model.Router]
    site_ids: Collection[str]
    ansible_hosts: Mapping[str, str | None]
    run: Run
    official_units: Sequence[model.Unit] = ()
    settings: Mapping[str, model.Declared] = field(default_factory=dict)
    root: Path | None = None
    endpoints: Sequence[model.ConferenceEndpoint] = ()
    servers: Sequence[model.ConferenceServer] = ()

    @property
    def profile(self) -> str | None:
        """Name of the policy profile that holds on the run's day; None when none does, or none is valid."""
        policy: model.Policy | None = self.subjects.get("policy")
        return policy.profile_of(self.run.as_of) if policy is not None else None

    def by_name(self) -> dict[str, Any]:
        """Values by the names that rules ask for.

        Subjects have their own names. `sites` are the first routers of the sites (what a site declares, its tier, its
        id), `in_service` those of sites that are not decommissioned; `every_vlans` and `every_security` also have what
        exceptions declare; `limits` are the thresholds of the day's profile; `subjects` are all that are valid.
        """
        first = {router.site_id: router for router in reversed(self.routers)}
        sites = tuple(router for router in self.routers if first[router.site_id] is router)
        values = dict(self.subjects)
        values |= {
            "routers": self.routers,
            "sites": sites,
            "in_service": tuple(router for router in sites if router.in_service),
            "endpoints": self.endpoints,
            "servers": self.servers,
            "site_ids": self.site_ids,
            "ansible_hosts": self.ansible_hosts,
            "as_of": self.run.as_of,
            "subjects": self.subjects,
            "settings": self.settings,
        }
        for name in ("vlans", "security"):
            values[f"every_{name}"] = tuple(self._every(name))
        if self.official_units:
            values["official_units"] = self.official_units
        if self.root is not None:
            values["root"] = self.root
        if self.profile is not None:
            values["limits"] = self.subjects["policy"].profiles[self.profile]
        return values

    def _every(self, name: str) -> Iterator[Own]:
        if name in self.subjects:
            yield Own(None, self.subjects[name])
        for router in self.routers:
            if name in router.overrides:
                yield Own(router.hostname, router.overrides[name])
