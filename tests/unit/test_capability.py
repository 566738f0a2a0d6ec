"""Every declared key reaches the documents of a platform, or its table says that and why it does not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from tslcd import capability, capability_document, intent, load, model, render
from tslcd.errors import DeclarationError
from tslcd.platforms import PLATFORMS

ROOT = Path(__file__).resolve().parents[2]
COMMUNE = "lci-02686-a-mu-sung-r1"
TABLES = {name: capability.table(ROOT, name) for name in PLATFORMS}
DERIVED = [key for key in capability.declared_keys() if not capability.is_below(key, capability.NOT_DERIVED)]
UNDERIVED = [key for key in capability.declared_keys() if key not in DERIVED and key != "device.platform"]

WORK = model.Maintenance(reason="a test", requested_by="data-centre", until=date(2024, 6, 1))
# Another valid value, where "one more" is none.
ANOTHER: dict[str, Any] = {
    "addressing.site_v6_length": 55,
    "zones.role": "users",
    "vlans.id": 21,
    "vlans.zone": "services",
    "vlans.offset": 512,
    "vlans.access_ports": ("lan2",),
    "providers.network": "vnpt",
    "providers.port": "wan2",
    "providers.authentication": lambda value: {"none": "md5", "md5": "none"}[value],
    "providers.class_map": lambda value: dict.fromkeys(value, next(iter(value.values()))),
    "providers.traffic_classes.recognised_by": ("CS7",),
    "routing.log_level": "warnings",
    "system.people.account": "auditor",
    "firewall.management_sites": ("lci-dr",),
    "firewall.managed_zones": ("services",),
    "firewall.flows.source": "conference",
    "firewall.flows.destination": "conference",
    "qos.classes.name": lambda name: {"shared-bulk": "shared-critical", "shared-critical": "shared-bulk"}.get(
        name, name
    ),
    "qos.classes.dscp": ("CS1",),
    "qos.classes.priority_level": lambda level: level and 3 - level,
    "qos.routing_class": "management",
    "qos.management_class": "signalling",
    "qos.default_class": "shared-bulk",
    "conference.audio_class": "signalling",
    "qos.classes.treatment": "fair",
    "services.servers.site": "lci-dr",
    "services.servers.vlan": "office",
    "services.transports.protocol": "udp",
    "services.clients": ("mgmt",),
    "site.uplinks.provider": "viettel",
    "site.uplinks.maintenance": lambda _: WORK,
    "device.maintenance": lambda _: model.DeviceMaintenance(**WORK.model_dump()),
    "site.uplinks.router": lambda unit: 3 - unit,
    "site.ports.access": "conference",
    "site.ports.trunk": ("services",),
    "site.ports.native": "management",
    "site.life_cycle": "branch_office",
    "device.ports": {"wan1": "Port1"},
}


def covering(platform: str, key: str) -> capability.Entry:
    return next(entry for name, entry in TABLES[platform].entries.items() if capability.is_below(key, (name,)))


def another(key: str, value: Any, special: Mapping[str, Any] = ANOTHER) -> Any:
    if key in special:
        return special[key](value) if callable(special[key]) else special[key]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return f"{value}x"
    if isinstance(value, date):
        return value + timedelta(1)
    if isinstance(value, IPv4Network | IPv6Network):
        return type(value)((int(value.network_address) + value.num_addresses, value.prefixlen))
    return type(value)() if isinstance(value, tuple | dict) else value


def changed(value: Any, here: str, key: str, special: Mapping[str, Any] = ANOTHER) -> Any:
    """`value`, which stands at `here`, with every value at `key` replaced by another one."""
    if isinstance(value, BaseModel):
        names = [name for name in type(value).model_fields if capability.is_below(key, (f"{here}.{name}",))]
        return value.model_copy(update={n: changed(getattr(value, n), f"{here}.{n}", key, special) for n in names})
    if here == key:
        return another(key, value, special)
    if isinstance(value, Mapping):
        return {name: changed(item, here, key, special) for name, item in value.items()}
    if isinstance(value, tuple):
        return tuple(changed(item, here, key, special) for item in value)
    return value


def with_another(network: model.Network, key: str) -> model.Network:
    subject = key.split(".", maxsplit=1)[0]
    if subject in model.Province.model_fields:
        new = {subject: changed(getattr(network.province, subject), subject, key)}
        return network.model_copy(update={"province": network.province.model_copy(update=new)})
    routers = [
        router.model_copy(update={subject: changed(getattr(router, subject), subject, key)})
        if key != "site.uplinks.router" or router.tier == "hub"  # others have no second router
        else router
        for router in network.routers
    ]
    return network.model_copy(update={"routers": tuple(routers)})


def with_ports(network: model.Network) -> model.Network:
    """With switch ports of every kind at the last site: nothing can be changed of what nobody declares."""
    ports = {
        "lan3": model.SwitchPort(access="office", enabled=False, description="kept free"),
        "lan4": model.SwitchPort(trunk=("office",), native="conference"),
    }
    site = network.routers[-1].site.model_copy(update={"ports": ports})
    routers = (
        router.model_copy(update={"site": site}) if router.site.number == site.number else router
        for router in network.routers
    )
    return network.model_copy(update={"routers": tuple(routers)})


def with_unequal_lines(network: model.Network) -> model.Network:
    """With slower lines at a second router: otherwise nobody could tell which line is where."""

    def own(site: model.Site) -> model.Site:
        slower = (u if u.router == 1 else u.model_copy(update={"rate_mbps": 900}) for u in site.uplinks)
        return site.model_copy(update={"uplinks": tuple(slower)})

    routers = tuple(router.model_copy(update={"site": own(router.site)}) for router in network.routers)
    return network.model_copy(update={"routers": routers})


def with_maintenance(network: model.Network) -> model.Network:
    """With a drained secondary line at a commune: nothing follows from how lines are drained where none is."""
    at = next(place for place, router in enumerate(network.routers) if router.hostname == COMMUNE)
    routers = list(network.routers)
    site = routers[at].site
    lines = (site.uplinks[0], site.uplinks[1].model_copy(update={"maintenance": WORK}))
    routers[at] = routers[at].model_copy(update={"site": site.model_copy(update={"uplinks": lines})})
    return network.model_copy(update={"routers": tuple(routers)})


def documents(network: model.Network) -> dict[str, str]:
    """The documents of the hub's routers and of a commune with two uplinks."""
    intents = intent.derive(network)
    shown = ("lci-hub-r1", "lci-hub-r2", COMMUNE)
    return {name: render.document(intents[name], ROOT) for name in shown if name in intents}


@pytest.fixture(scope="module")
def networks(tmp_path_factory, small_network) -> dict[str, model.Network]:
    loaded = {name: load.network(small_network(tmp_path_factory.mktemp(name), platform=name)) for name in PLATFORMS}
    return {name: with_maintenance(with_unequal_lines(with_ports(network))) for name, network in loaded.items()}


@pytest.fixture(scope="module")
def unchanged(networks) -> dict[str, dict[str, str]]:
    return {name: documents(network) for name, network in networks.items()}


def has_choice(entry: capability.Entry) -> bool:
    """Whether more than one value may be declared; what may not is in tests/errors/cases/inexpressible_*.yml."""
    return entry.refused is None and len(entry.values) != 1


@pytest.mark.parametrize(
    ("platform", "key"), [(p, key) for p in PLATFORMS for key in DERIVED if has_choice(covering(p, key))]
)
def test_a_declared_value_is_in_the_document_or_in_the_table_of_gaps(networks, unchanged, platform, key):
    after = documents(with_another(networks[platform], key))
    assert (after != unchanged[platform]) == (covering(platform, key).expressed is not None)


@pytest.mark.parametrize("key", UNDERIVED)
def test_what_is_for_people_changes_no_document(networks, unchanged, key):
    for platform, network in networks.items():
        assert documents(with_another(network, key)) == unchanged[platform]


@pytest.fixture
def tables(tmp_path) -> Path:
    """A repository that holds nothing but the tables."""
    for name in PLATFORMS:
        (tmp_path / "templates" / name).mkdir(parents=True)
        shutil.copy(ROOT / f"templates/{name}/capabilities.yml", tmp_path / f"templates/{name}/capabilities.yml")
    return tmp_path


def rewritten(root: Path, platform: str, change: Callable[[dict], object]) -> None:
    path = root / f"templates/{platform}/capabilities.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content), encoding="utf-8")


ENTRIES = [(p, f, key) for p, found in TABLES.items() for f, entries in found.features.items() for key in entries]


@pytest.mark.parametrize(("platform", "feature", "key"), ENTRIES)
def test_a_table_without_an_entry_is_incomplete(platform, feature, key):
    found = TABLES[platform]
    left = {name: entry for name, entry in found.features[feature].items() if name != key}
    without = found.model_copy(update={"features": {**found.features, feature: left}})
    missing = dict(capability.incomplete(without, capability.ROUTERS))
    assert missing
    assert all(capability.is_below(name, (key,)) for name in missing)


@pytest.mark.parametrize("name", capability.BEHAVIOURS)
def test_a_table_without_a_behaviour_is_incomplete(name):
    left = {other: entry for other, entry in TABLES["ios"].behaviours.items() if other != name}
    without = TABLES["ios"].model_copy(update={"behaviours": left})
    assert dict(capability.incomplete(without, capability.ROUTERS)).keys() == {name}


def test_an_incomplete_table_is_refused(tables):
    rewritten(tables, "ios", lambda table: table["features"]["vlan"].pop("vlans.name"))
    with pytest.raises(DeclarationError, match=r"^templates/ios/capabilities.yml: vlans.name: no entry; "):
        capability.table(tables, "ios")


def test_a_key_that_cannot_be_declared_is_refused(tables):
    rewritten(tables, "ios", lambda table: table["features"]["vlan"].update({"vlans.colour": {"expressed": "x"}}))
    with pytest.raises(DeclarationError, match=r"vlans\.colour: no such declared key"):
        capability.table(tables, "ios")


@pytest.mark.parametrize("entry", [{}, {"expressed": "x", "gap": "y"}, {"expresed": "x"}])
def test_an_entry_with_no_verdict_or_two_is_refused(tables, entry):
    rewritten(tables, "ios", lambda table: table["features"]["vlan"].update({"vlans.id": entry}))
    with pytest.raises(DeclarationError, match="is no table of capabilities"):
        capability.table(tables, "ios")


def test_the_page_is_not_stale():
    page = (ROOT / capability_document.FILE).read_text(encoding="utf-8")
    assert page == capability_document.text(), "run `python -m tslcd.capability_document`"


def test_the_label_stands_in_documents_and_on_the_page(unchanged):
    for platform, found in TABLES.items():
        labelled = {text.startswith(f"! {found.label}\n") for text in unchanged[platform].values()}
        assert labelled == {bool(found.label)}
        assert found.label in capability_document.text()
    assert TABLES["ios"].label == "unverified: rendered from templates that no real device has confirmed"
