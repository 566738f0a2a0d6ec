"""Loading goes through Ansible: its precedence, exceptions, templates and Vault mean what an Ansible user expects."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret, VaultSecretsContext

from tslcd import hosts, intent, load, model
from tslcd.errors import DeclarationError
from tslcd.origin import Origins
from tslcd.source import Source, open_source

QUANG_KIM = "lci-02734-quang-kim-r1"
SECRET = [("default", VaultSecret(b"open sesame"))]


def loaded(source: Source) -> model.Network:
    return load.from_ansible(source.inventory, source.variable_manager, source.loader)


def router(network: model.Network, hostname: str = QUANG_KIM) -> model.Router:
    return next(router for router in network.routers if router.hostname == hostname)


def declare(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def rewrite(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new), encoding="utf-8")


def test_a_router_carries_what_its_site_declares(small):
    assert router(load.network(small)) == model.Router(
        hostname=QUANG_KIM,
        site_id="lci-02734-quang-kim",
        tier="commune",
        parent="lci-082-bat-xat",
        site=model.Site(
            number=145,
            name="UBND xã Quang Kim",
            unit="02734-2023",
            uplinks=(model.Uplink(provider="vnpt", rate_mbps=30),),
        ),
        device=model.Device(role="router", platform="frr"),
    )


def test_nothing_of_ansible_is_left_in_the_model(small):
    found = router(load.network(small))
    assert {type(found.site.name), type(found.tier), type(found.hostname)} == {str}
    assert type(found.site.number) is int


def test_host_vars_win_over_the_group(small):
    declare(
        small,
        f"host_vars/{QUANG_KIM}.yml",
        "site: {number: 145, name: exception, uplinks: [{provider: viettel, rate_mbps: 50}]}\n"
        "exception: {reason: trial of a line, requested_by: district-it, expires: 2027-06-30}\n",
    )
    assert router(load.network(small)).site.uplinks == (model.Uplink(provider="viettel", rate_mbps=50),)


def test_an_exception_of_one_router_changes_its_document_alone(small):
    own = (small / "group_vars/all/routing.yml").read_text(encoding="utf-8").replace("informational", "warnings")
    note = "exception: {reason: noisy line, requested_by: district-it, expires: 2027-06-30}\n"
    declare(small, f"host_vars/{QUANG_KIM}.yml", own.replace("---\n", f"---\n{note}"))
    derived = intent.derive(load.network(small))
    assert {name for name in derived if derived[name].log_level == "warnings"} == {QUANG_KIM}
    assert len(derived) == 7


def test_a_decommissioned_site_has_no_document_and_keeps_its_number(small):
    rewrite(
        small,
        "inventory/district_bat_xat.yml",
        "number: 145\n",
        "number: 145\n              life_cycle: decommissioned\n",
    )
    network = load.network(small)
    assert router(network).site.number == 145
    assert QUANG_KIM not in intent.derive(network)


def test_extra_variables_win_over_everything(small):
    source = open_source(small)
    source.variable_manager._extra_vars = {"platform": "ffr", "unrelated": 1}
    with pytest.raises(DeclarationError) as raised:
        loaded(source)
    assert str(raised.value).splitlines() == [
        "-e: platform: unknown platform (ffr); did you mean frr? [TS-REF-09]",
        "-e: platform: unknown platform (ffr); one of: baresip, polycom_group, vmeeting_client [TS-REF-09]",
        "-e: platform: unknown platform (ffr); one of: kamailio [TS-REF-09]",
    ]


def test_templates_are_resolved(small):
    rewrite(small, "group_vars/all/routing.yml", "informational", "\"{{ 'warn' ~ 'ings' }}\"")
    assert load.network(small).province.routing.log_level == "warnings"


def test_a_vaulted_file_is_read(small):
    plain = (small / "group_vars/all/routing.yml").read_text(encoding="utf-8")
    declare(small, "group_vars/all/routing.yml", VaultLib(SECRET).encrypt(plain).decode())
    source = open_source(small, vault_secrets=SECRET)
    assert loaded(source).province.routing.log_level == "informational"


def vaulted(text: str) -> str:
    lines = VaultLib(SECRET).encrypt(text).decode().splitlines()
    return "!vault |\n" + "".join(f"    {line}\n" for line in lines)


@pytest.fixture
def password(monkeypatch):
    monkeypatch.setattr(VaultSecretsContext, "_current", VaultSecretsContext(SECRET))


@pytest.mark.usefixtures("password")
def test_a_vaulted_value_is_read(small):
    rewrite(small, "group_vars/all/routing.yml", "informational\n", vaulted("warnings"))
    assert load.network(small).province.routing.log_level == "warnings"


@pytest.mark.usefixtures("password")
def test_a_wrong_vaulted_value_is_not_shown(small):
    rewrite(small, "group_vars/all/routing.yml", "informational\n", vaulted("loudly-secret"))
    with pytest.raises(DeclarationError, match=r"routing\.log_level: wrong value \(vaulted, so not shown\)$"):
        load.network(small)


def test_a_vaulted_value_without_password_is_a_finding(small):
    rewrite(small, "group_vars/all/routing.yml", "informational\n", vaulted("warnings"))
    with pytest.raises(DeclarationError, match="log_level: cannot be resolved; vaulted, and no password is given"):
        load.network(small)


def test_places_are_the_same_when_ansible_gives_no_origins(small):
    source = open_source(small)
    tagged, reread = Origins(small), Origins(small, tagged=False)
    paths = [
        (("site", "number"), False),
        (("site", "number"), True),
        (("site", "uplinks", 0, "rate_mbps"), False),
        (("parent",), False),
        (("tier",), True),
        (("platform",), False),
        (("providers", "viettel", "bfd", "multiplier"), False),
        (("vlans", 2, "access_ports", 0), False),
        (("site", "nothing"), False),
    ]
    host = next(
        host
        for host in hosts.read_hosts(source.inventory, source.variable_manager, source.loader, small)
        if host.name == QUANG_KIM
    )
    for path, key in paths:
        expected = tagged.find(host.variables, path, host.scopes, key=key)
        assert expected is not None
        assert reread.find(host.variables, path, host.scopes, key=key) == expected, path
