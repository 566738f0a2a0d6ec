"""Assumptions: values that nobody has confirmed yet are named in every run, and refused in one for production."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network

from tslcd import model
from tslcd.origin import KeyPath
from tslcd.policy.rule import Breach, rule

DOCUMENTATION = (
    IPv4Network("192.0.2.0/24"),
    IPv4Network("198.51.100.0/24"),
    IPv4Network("203.0.113.0/24"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("3fff::/20"),
)
"""Ranges that nobody routes (RFC 5737, RFC 3849, RFC 9637)."""
DOCUMENTATION_ASNS = (range(64496, 64512), range(65536, 65552))
"""AS numbers that nobody has (RFC 5398)."""


@rule("TS-ASM-01", "warning", "own", production="error")
def assumed_value(
    *,
    addressing: model.Addressing | None = None,
    qos: model.Qos | None = None,
    level_i: model.LevelI | None = None,
    contracts: Mapping[str, model.Contract] = {},
    providers: Mapping[str, model.Provider] = {},
    services: Mapping[str, model.Service] = {},
    conference: model.Conference | None = None,
) -> Iterator[Breach]:
    """A value is a guess or a placeholder."""
    flags: list[tuple[KeyPath, bool]] = []
    flags += [(("addressing",), addressing.assumed)] if addressing else []
    flags += [(("qos",), qos.assumed)] if qos else []
    flags += [(("level_i",), level_i.assumed)] if level_i else []
    flags += [(("contracts", name), contract.assumed) for name, contract in contracts.items()]
    flags += [(("services", name), service.assumed) for name, service in services.items()]
    meetings = conference.meetings if conference else ()
    flags += [(("conference", "meetings", index), meeting.assumed) for index, meeting in enumerate(meetings)]
    for path, assumed in flags:
        if assumed:
            yield Breach((*path, "assumed"), "assumed; refused outside the twin until it is confirmed")
    profiles: dict[KeyPath, tuple[str, ...]] = {("providers", name): p.assumed_facts for name, p in providers.items()}
    if conference:
        profiles |= {("conference", "services", name): s.assumed_facts for name, s in conference.services.items()}
    for path, facts in profiles.items():
        if facts:
            text = f"{len(facts)} assumed facts ({', '.join(facts[:3])}{', …' if len(facts) > 3 else ''})"
            yield Breach((*path, "confirmed"), f"{text}; refused outside the twin until they are confirmed")


@rule("TS-ASM-02", "warning", "address allocation", production="error")
def documentation_range(
    addressing: model.Addressing | None = None,
    firewall: model.Firewall | None = None,
    level_i: model.LevelI | None = None,
    providers: Mapping[str, model.Provider] = {},
) -> Iterator[Breach]:
    """A prefix or an AS number is one that is kept for documents and belongs to nobody."""
    prefixes: list[tuple[KeyPath, IPv4Network | IPv6Network]] = []
    for key in ("site_v4", "site_v6", "loopback_a", "loopback_b") if addressing else ():
        prefixes.append((("addressing", key), getattr(addressing, key)))
    for key in ("infrastructure_v4", "infrastructure_v6") if firewall else ():
        prefixes.append((("firewall", key), getattr(firewall, key)))
    for key in ("announced_v4", "announced_v6", "accepted_v4", "accepted_v6") if level_i else ():
        prefixes += [(("level_i", key, index), prefix) for index, prefix in enumerate(getattr(level_i, key))]
    asns: list[tuple[KeyPath, int]] = [(("level_i", "peer_asn"), level_i.peer_asn)] if level_i else []
    for name, provider in providers.items():
        prefixes += [(("providers", name, *keys), prefix) for keys, prefix in provider.prefixes]
        asns.append((("providers", name, "pe_asn"), provider.pe_asn))
    for path, prefix in prefixes:
        if any(prefix.version == kept.version and prefix.overlaps(kept) for kept in DOCUMENTATION if prefix.prefixlen):
            yield Breach(path, f"{prefix} is kept for documents; should be an allocated prefix")
    for path, asn in asns:
        if any(asn in kept for kept in DOCUMENTATION_ASNS):
            yield Breach(path, f"AS number {asn} is kept for documents; should be an assigned one")


@rule("TS-ASM-03", "error", "address allocation")
def confirmed_without_reference(addressing: model.Addressing) -> Iterator[Breach]:
    """The base prefixes count as allocated, but nothing says by what."""
    if not addressing.assumed and addressing.allocation_ref is None:
        text = "false without allocation_ref; should name the letter that allocated the prefixes"
        yield Breach(("addressing", "assumed"), text)
