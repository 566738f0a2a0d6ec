"""What tables of capabilities speak of on platforms of conference endpoints; capability.py reads the tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NOT_DERIVED: Mapping[str, str] = MappingProxyType(
    {
        "addressing.assumed": "decides where a document may be committed",
        "addressing.allocation_ref": "for people",
        "addressing.loopback_a": "routers' matter",
        "addressing.loopback_b": "routers' matter",
        "addressing.asn_base": "routers' matter",
        "zones": "routers' matter",
        "vlans.name": "what endpoints and servers refer to",
        "vlans.zone": "routers' matter",
        "vlans.local_v4": "rules refuse it where endpoints are",
        "vlans.access_ports": "routers' matter",
        "vlans.internet": "routers' matter; rules refuse it where endpoints are",
        "contracts": "for people and reports",
        "providers": "routers' matter",
        "routing": "routers' matter",
        "pair": "routers' matter",
        "security": "routers' matter",
        "firewall": "routers' matter",
        "qos.assumed": "decides where a document may be committed",
        "qos.classes.name": "what the conference refers to",
        "qos.classes.pcp": "routers' matter: endpoints are plugged in untagged",
        "qos.classes.share_percent": "routers' matter",
        "qos.classes.treatment": "routers' matter",
        "qos.classes.priority_level": "routers' matter",
        "qos.classes.traffic_vi": "for people",
        "qos.zones": "routers' matter",
        "qos.video_payload_types": "routers' matter",
        "qos.routing_class": "routers' matter",
        "qos.management_class": "routers' matter",
        "qos.default_class": "routers' matter",
        "conference.overhead_percent": "a fact for budgets",
        "conference.calls": "a fact for budgets",
        "conference.meetings": "a fact for budgets and records",
        "conference.services.confirmed": "decides where a document may be committed",
        "conference.services.attachment": "chooses between catalogue and registrars",
        "conference.services.provider": "for people and reports",
        "conference.services.bridge": "servers' matter: endpoints are told whom to call",
        "services.name_vi": "for people",
        "services.assumed": "decides where a document may be committed",
        "services.approval_ref": "for people",
        "services.qos_class": "routers' matter",
        "services.transports": "routers' matter",
        "services.clients": "routers' matter",
        "services.internet_facing": "routers' matter",
        "services.contact": "for people",
        "level_i": "routers' matter",
        "contacts.duties_vi": "for people",
        "units": "for people and reports",
        "policy": "decides what is a finding",
        "site.unit": "for people and reports",
        "site.life_cycle": "a decommissioned site has no document",
        "site.uplinks": "routers' matter",
        "site.circuits": "lines beside the level-II network",
        "site.ports": "routers' matter",
        "device.role": "chooses the model",
        "device.platform": "chooses the templates",
        "device.managed_by": "decides who commits",
        "device.access": "decides how we connect",
        "endpoint.server_set_on": "evidence for reports",
        "endpoint.account_set_on": "evidence for reports",
        "endpoint.legacy": "evidence for reports",
    }
)
"""Declared key → why no text of any platform of endpoints follows from it."""

BEHAVIOURS: Mapping[str, str] = MappingProxyType(
    {
        "one server": "it registers at the declared service and nowhere else",
        "server's identity": "it refuses a server that another one only pretends to be",
        "take-over": "it goes on at the next server by itself when the main one is gone",
        "IPv6": "it registers and calls over IPv6 as well as over IPv4",
        "encrypted media": "where encryption is required, a call without it is refused",
        "H.323": "the older protocol, which needs no account, is off",
        "one transaction": "a commit is whole or not at all, and undone by the endpoint unless it is confirmed",
        "checked before commit": "the platform's own parser reads every document first",
        "verified and audited": "what runs is compared with what is declared, and tried live",
    }
)
"""What follows from the design rather than from one declared key: each platform says how it does it, or not."""
