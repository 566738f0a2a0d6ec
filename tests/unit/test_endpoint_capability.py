"""Every key declared for endpoints reaches a platform's documents, or its table says that and why it does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_capability import another, changed, has_choice

from tslcd import capability, load, model, render
from tslcd.conference import endpoint
from tslcd.platforms import ENDPOINT_PLATFORMS

ROOT = Path(__file__).resolve().parents[2]
TABLES = {name: capability.table(ROOT, name) for name in ENDPOINT_PLATFORMS}
KIND = capability.ENDPOINTS
HUB, DR, COMMUNE = "lci-hub-c1", "lci-dr-c1", "lci-02734-quang-kim-c1"
# Another valid value, where "one more" is none.
ANOTHER: dict[str, Any] = {
    "addressing.site_v6_length": 55,
    "vlans.offset": 512,
    "vlans.id": lambda number: 21 if number == 20 else number,
    "conference.codec_rate_kbps": lambda rates: {codec: rate + 1 for codec, rate in rates.items()},
    "conference.codec": "1080p30",
    "conference.service": "extranet",
    "conference.audio_class": "default",
    "conference.video_class": "default",
    "conference.signalling_class": "default",
    "conference.services.catalogue": lambda name: name and "portal",
    "conference.services.registrars.v4": lambda address: address + 1,
    "conference.services.registrars.v6": lambda address: address + 1,
    "conference.services.transport": "udp",
    "qos.classes.dscp": ("CS1",),
    "services.servers.site": "lci-dr",
    "services.servers.vlan": "office",
    "contacts.tiers": ("hub",),
    "endpoint.service": "extranet",
    "endpoint.account": "another",
    "endpoint.secret": "another",
    "endpoint.call_rate_in_kbps": 1700,
    "endpoint.call_rate_out_kbps": 1700,
    "endpoint.media_encryption": "optional",
    "endpoint.vlan": "office",
    "endpoint.owner": "department-it",
    "endpoint.server_set_on": date(2024, 6, 1),
    "endpoint.account_set_on": date(2024, 6, 1),
    "endpoint.legacy": model.Legacy(server="meet.example.net"),
}
# What others refer to cannot change alone, and another platform has other documents.
ALONE = {"vlans.name", "qos.classes.name", "device.platform"}
UNDERIVED = [key for key in KIND.declared() if capability.is_below(key, KIND.not_derived) and key not in ALONE]


def covering(platform: str, key: str) -> capability.Entry:
    return next(entry for name, entry in TABLES[platform].entries.items() if capability.is_below(key, (name,)))


@pytest.fixture(scope="module")
def network(tmp_path_factory, small_network) -> model.Network:
    """The small network, with a second service, of a carrier, for the endpoint of DR."""
    network = load.network(small_network(tmp_path_factory.mktemp("small")))
    usual = network.province.conference.services["mega_vmeeting"]
    extranet = usual.model_copy(
        update={
            "name_vi": "Mạng VNPT",
            "attachment": "provider_extranet",
            "catalogue": None,
            "provider": "vnpt",
            "registrars": (model.Registrar(v4="10.96.20.5", v6="2001:db8:1500:530::10"),),
        }
    )
    conference = network.province.conference
    conference = conference.model_copy(update={"services": {**conference.services, "extranet": extranet}})
    province = network.province.model_copy(update={"conference": conference})
    own = model.Endpoint(service="extranet")
    rooms = tuple(with_endpoint(room, own) if room.hostname == DR else room for room in network.endpoints)
    return network.model_copy(update={"province": province, "endpoints": rooms})


def with_endpoint(room: model.ConferenceEndpoint, own: model.Endpoint) -> model.ConferenceEndpoint:
    return room.model_copy(update={"device": room.device.model_copy(update={"endpoint": own})})


def with_another(network: model.Network, key: str) -> model.Network:
    subject, _, field = key.partition(".")
    if subject in model.Province.model_fields:
        new = {subject: changed(getattr(network.province, subject), subject, key, ANOTHER)}
        return network.model_copy(update={"province": network.province.model_copy(update=new)})
    if subject == "endpoint":
        field = field.partition(".")[0]
        value = another(f"endpoint.{field}", model.Endpoint.model_fields[field].default, ANOTHER)
        rooms = [with_endpoint(r, r.device.endpoint.model_copy(update={field: value})) for r in network.endpoints]
    else:
        rooms = [
            r.model_copy(update={subject: changed(getattr(r, subject), subject, key, ANOTHER)})
            for r in network.endpoints
        ]
    return network.model_copy(update={"endpoints": tuple(rooms)})


def documents(network: model.Network, platform: str) -> dict[str, dict[str, str]]:
    rooms = tuple(
        own.model_copy(update={"device": own.device.model_copy(update={"platform": platform})})
        for own in network.endpoints
    )
    derived = endpoint.derive(network.model_copy(update={"endpoints": rooms}))
    return {name: render.endpoint_documents(derived[name], ROOT) for name in (HUB, DR, COMMUNE)}


@pytest.fixture(scope="module")
def unchanged(network) -> dict[str, dict[str, dict[str, str]]]:
    return {platform: documents(network, platform) for platform in ENDPOINT_PLATFORMS}


@pytest.mark.parametrize(
    ("platform", "key"), [(p, key) for p in ENDPOINT_PLATFORMS for key in KIND.needed if has_choice(covering(p, key))]
)
def test_a_declared_value_is_in_a_document_or_in_the_table_of_gaps(network, unchanged, platform, key):
    after = documents(with_another(network, key), platform)
    assert (after != unchanged[platform]) == (covering(platform, key).expressed is not None)


@pytest.mark.parametrize("key", UNDERIVED)
def test_what_no_text_follows_from_changes_no_document(network, unchanged, key):
    for platform in ENDPOINT_PLATFORMS:
        assert documents(with_another(network, key), platform) == unchanged[platform]


def test_the_values_of_this_file_are_others(network):
    """A change that changes nothing would let every gap pass."""
    assert [key for key in KIND.needed if with_another(network, key) == network] == []


ENTRIES = [(p, f, key) for p, found in TABLES.items() for f, entries in found.features.items() for key in entries]


@pytest.mark.parametrize(("platform", "feature", "key"), ENTRIES)
def test_a_table_without_an_entry_is_incomplete(platform, feature, key):
    found = TABLES[platform]
    left = {name: entry for name, entry in found.features[feature].items() if name != key}
    without = found.model_copy(update={"features": {**found.features, feature: left}})
    assert dict(capability.incomplete(without, KIND)).keys() == {key}


@pytest.mark.parametrize("platform", ENDPOINT_PLATFORMS)
def test_a_table_without_a_behaviour_is_incomplete(platform):
    for name in KIND.behaviours:
        left = {other: entry for other, entry in TABLES[platform].behaviours.items() if other != name}
        without = TABLES[platform].model_copy(update={"behaviours": left})
        assert dict(capability.incomplete(without, KIND)).keys() == {name}


def test_a_table_of_routers_is_none_of_endpoints():
    routers = capability.table(ROOT, "ios")
    assert dict(capability.incomplete(routers, KIND))
    assert dict(capability.incomplete(TABLES["baresip"], capability.ROUTERS))


def test_every_platform_is_labelled_until_something_verifies_it():
    labels = {name: table.label for name, table in TABLES.items()}
    assert labels.pop("baresip") == "", "it runs on the twin"
    assert all(label.startswith("unverified: ") for label in labels.values())
