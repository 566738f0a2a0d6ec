"""Every rule of the policy has cases in cases/<id>.yml: small changes to valid data, with exactly what they break.

A file: `fires` and `near`, lists of changes, each with `because`. A change: `set` (key path → value; what a router
declares is below `hosts.<hostname>`, a conference endpoint below `endpoints.<hostname>`), `delete` (key paths), `copy`
(new hostname → the one that it is like), `as_of`, `production`. A change of `fires` also has `finds`: every finding
that the unchanged data does not have, of whatever rule. A change of `near` must not break the rule: it is as close to
breaking it as valid data comes.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import yaml

from tslcd import load, model, policy
from tslcd.conference.address import endpoint_v4
from tslcd.origin import dotted
from tslcd.policy.facts import Facts
from tslcd.policy.rule import SOURCES
from tslcd.policy.run import Run
from tslcd.validation import validate

CASES = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in Path(__file__).parent.glob("cases/*.yml")
}
FIRES = [(name, index) for name, case in sorted(CASES.items()) for index in range(len(case["fires"]))]
NEAR = [(name, index) for name, case in sorted(CASES.items()) for index in range(len(case["near"]))]
DAY = date(2024, 6, 1)  # contracts hold
OVERRIDES = "overrides"
EVERYWHERE = {"TS-PLT-01", "TS-CNF-18", "TS-CNF-21"}
"""What platforms express, and that few sites of the small network have endpoints: not what other cases are for."""
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def declared(small_network, tmp_path_factory) -> dict[str, Any]:
    """The small network as plain data: subjects by name, `hosts`, and the rest as it is loaded."""
    network = load.network(small_network(tmp_path_factory.mktemp("small")))
    hosts = {router.hostname: router.model_dump(mode="json", exclude_defaults=True) for router in network.routers}
    rooms = {own.hostname: own.model_dump(mode="json", exclude_defaults=True) for own in network.endpoints}
    return {**network.province.model_dump(mode="json"), "hosts": hosts, "endpoints": rooms, "known": network}


def changed(declared: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    data = {key: value if key == "known" else deepcopy(value) for key, value in declared.items()}
    for new, old in change.get("copy", {}).items():
        kind = "hosts" if old in data["hosts"] else "endpoints"
        data[kind][new] = deepcopy(data[kind][old]) | {"hostname": new, "site_id": new.rsplit("-", 1)[0]}
    for path, value in change.get("set", {}).items():
        *parents, last = keys(path)
        node: Any = data
        for key in parents:
            node = node.setdefault(key, {}) if isinstance(node, dict) else node[key]
        if isinstance(node, list) and last == len(node):
            node.append(value)
        else:
            node[last] = value
    for path in change.get("delete", ()):
        *parents, last = keys(path)
        node = data
        for key in parents:
            node = node[key]
        del node[last]
    return data


def keys(path: str) -> list[str | int]:
    return [int(part[1:-1]) if part[0] == "[" else part for part in re.findall(r"\[\d+\]|[^.\[\]]+", path)]


def facts(data: dict[str, Any], change: dict[str, Any]) -> Facts:
    """What the loader would give to the rules; fails when the changed data is not valid by itself."""

    def valid(kind: Any, value: object, name: str) -> Any:
        instance, problems = validate(kind, value, name)
        assert not problems, problems
        return instance

    hints = get_type_hints(model.Province, include_extras=True)
    subjects = {name: valid(hints[name], data[name], name) for name in hints if name in data}
    routers, addresses = [], {}
    for hostname, declared in data["hosts"].items():
        own = {name: valid(hints[name], value, name) for name, value in declared.get(OVERRIDES, {}).items()}
        plain = {key: value for key, value in declared.items() if key not in {OVERRIDES, "ansible_host"}}
        router = valid(model.Router, plain, hostname)
        routers.append(router.model_copy(update={"overrides": own}))
        base = subjects["addressing"].loopback_b if hostname.endswith("-r2") else subjects["addressing"].loopback_a
        addresses[hostname] = declared.get("ansible_host", str(base.network_address + router.site.number))
    of_site = {router.site_id: router for router in reversed(routers)}
    endpoints = []
    for hostname, declared in data["endpoints"].items():
        plain = {key: value for key, value in declared.items() if key != "ansible_host"}
        endpoint = valid(model.ConferenceEndpoint, plain, hostname)
        endpoint = endpoint.model_copy(update={"site": of_site[endpoint.site_id].site})  # as the loader gives it
        endpoints.append(endpoint)
        number, own = endpoint.site.number, declared["device"].get("endpoint")
        usual = endpoint_v4(data.get("addressing"), data.get("vlans"), number, hostname, own)
        addresses[hostname] = declared.get("ansible_host", usual)
    run = Run(date.fromisoformat(str(change.get("as_of", DAY))), change.get("production", False))
    site_ids = {router.site_id for router in routers}
    known = data["known"]
    return Facts(subjects, routers, site_ids, addresses, run, known.official_units, known.settings, ROOT, endpoints)


def found(declared: dict[str, Any], change: dict[str, Any], name: str) -> list[str]:
    """`[host: ]key path: text [id]` of every breach, sorted; of rules EVERYWHERE only in their own cases."""
    judged = policy.judge(facts(changed(declared, change), change))
    return sorted(
        f"{breach.host + ': ' if breach.host else ''}{dotted(breach.path)}: {breach.text} [{rule.id}]"
        for rule, _, breach in judged
        if rule.id == name or rule.id not in EVERYWHERE
    )


def new(declared: dict[str, Any], change: dict[str, Any], name: str) -> list[str]:
    known = found(declared, {}, name)
    return [line for line in found(declared, change, name) if line not in known]


@pytest.mark.parametrize(("name", "index"), FIRES)
def test_it_fires(declared, name, index):
    change = CASES[name]["fires"][index]
    assert new(declared, change, name) == sorted(change["finds"])


@pytest.mark.parametrize(("name", "index"), NEAR)
def test_a_near_miss_does_not_fire(declared, name, index):
    change = CASES[name]["near"][index]
    assert [line for line in new(declared, change, name) if line.endswith(f"[{name}]")] == []


@pytest.mark.parametrize(("name", "index"), FIRES)
def test_a_rule_that_finds_nothing_is_noticed(declared, name, index, monkeypatch):
    monkeypatch.setitem(policy.RULES, name, replace(policy.RULES[name], check=lambda **_: iter(())))
    change = CASES[name]["fires"][index]
    assert new(declared, change, name) != sorted(change["finds"])


def test_every_rule_has_a_case_that_fires_and_a_near_miss():
    assert CASES.keys() == policy.RULES.keys()
    assert [name for name, case in CASES.items() if not (case["fires"] and case["near"])] == []


@pytest.mark.parametrize("name", sorted(policy.RULES))
def test_a_rule_asks_for_what_there_is(declared, name):
    rule = policy.RULES[name]
    assert {*rule.needs, *rule.uses} <= facts(declared, {}).by_name().keys()
    assert rule.source in SOURCES
    assert rule.forbids.endswith(".")


def test_no_rule_needs_a_subject_that_is_broken(declared):
    """Whatever single subject is not valid, the others are judged, and nothing else is found than without it."""
    everything = facts(declared, {})
    for name in everything.subjects:
        some = {key: value for key, value in everything.subjects.items() if key != name}
        list(policy.judge(replace(everything, subjects=some)))


def test_nothing_is_judged_in_an_empty_network():
    assert list(policy.judge(Facts({}, [], set(), {}, Run(DAY)))) == []
