"""Conference endpoints beside routers: declared, derived, grouped and rendered; routers' own facts do not see them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tslcd import intent, load, model, secrets, write
from tslcd.conference import endpoint, meetings, service
from tslcd.source import open_source
from twin import plan
from twin.errors import TwinError

ROOT = Path(__file__).resolve().parents[2]
HUB, DR, QUANG_KIM = "lci-hub-c1", "lci-dr-c1", "lci-02734-quang-kim-c1"


@pytest.fixture(scope="module")
def province() -> model.Network:
    return load.network(ROOT)


@pytest.fixture(scope="module")
def network(tmp_path_factory, small_network) -> model.Network:
    return load.network(small_network(tmp_path_factory.mktemp("small")))


def with_own(network: model.Network, hostname: str, **declared: object) -> model.Network:
    rooms = []
    for room in network.endpoints:
        if room.hostname == hostname:
            own = room.device.endpoint.model_copy(update=declared)
            room = room.model_copy(update={"device": room.device.model_copy(update={"endpoint": own})})  # noqa: PLW2901
        rooms.append(room)
    return network.model_copy(update={"endpoints": tuple(rooms)})


def test_every_site_has_one_endpoint_and_no_router_is_one(province):
    assert sorted(room.site_id for room in province.endpoints) == sorted({r.site_id for r in province.routers})
    assert len(province.endpoints) == 185
    assert not {room.hostname for room in province.endpoints} & {router.hostname for router in province.routers}


def test_the_test_twin_has_endpoints_that_run_on_it_and_others_are_set_up_otherwise(province):
    platforms = {room.hostname: room.device.platform for room in province.endpoints}
    twin = ("lci-hub", "lci-082-bat-xat", "lci-02683-bat-xat", "lci-02686-a-mu-sung", "lci-02701-y-ty")
    assert {platforms[f"{site}-c1"] for site in (*twin, "lci-02734-quang-kim")} == {"baresip"}
    assert Counter(platforms.values()) == {"vmeeting_client": 168, "polycom_group": 11, "baresip": 6}


def test_a_usual_endpoint_declares_nothing_and_all_follows(network):
    own = endpoint.derive(network)[QUANG_KIM]
    assert next(r for r in network.endpoints if r.hostname == QUANG_KIM).device.endpoint == model.Endpoint()
    assert (own.account, own.secret) == ("lci-02734-quang-kim", "conference_lci-02734-quang-kim-c1")
    assert own.uri == "lci-02734-quang-kim@hoi-nghi.laocai.internal"
    assert (str(own.address_v4), str(own.gateway_v4)) == ("10.98.69.11/26", "10.98.69.1/26")
    assert (str(own.address_v6), str(own.gateway_v6)) == ("2001:db8:1500:9120::11/64", "2001:db8:1500:9120::1/64")
    assert (own.call_rate_in_kbps, own.call_rate_out_kbps, own.audio_rate_kbps) == (1500, 1500, 64)
    assert own.media_encryption == "required"
    assert own.marks == endpoint.Marks(audio="EF", video="AF41", signalling="CS3")
    assert own.owner_vi == "Phòng Văn hóa và Thông tin cấp huyện"
    assert secrets.PLACEHOLDER.fullmatch("${" + own.secret + "}")


def test_the_service_is_the_hubs_server_and_then_the_one_of_dr(network):
    found = service.derive(network)["mega_vmeeting"]
    assert [(r.site_id, str(r.v4), str(r.v6)) for r in found.registrars] == [
        ("lci-hub", "10.96.5.74", "2001:db8:1500:130::10"),
        ("lci-dr", "10.96.9.74", "2001:db8:1500:230::10"),
    ]
    assert all(own.service == found for own in endpoint.derive(network).values())


def test_what_an_endpoint_declares_wins(network):
    changed = with_own(
        network,
        DR,
        account="phong-hop",
        secret="phong_hop",
        call_rate_in_kbps=3000,
        call_rate_out_kbps=768,
        owner="department-it",
        room="Hội trường",
    )
    own = endpoint.derive(changed)[DR]
    assert (own.account, own.secret, own.room_vi) == ("phong-hop", "phong_hop", "Hội trường")
    assert (own.call_rate_in_kbps, own.call_rate_out_kbps) == (3000, 768)
    assert own.owner_vi == "Cán bộ công nghệ thông tin của sở, ban, ngành"
    assert endpoint.derive(changed)[HUB] == endpoint.derive(network)[HUB]


def test_a_second_endpoint_has_an_address_and_an_account_of_its_own(network):
    second = next(r for r in network.endpoints if r.hostname == DR).model_copy(update={"hostname": "lci-dr-c2"})
    both = endpoint.derive(network.model_copy(update={"endpoints": (*network.endpoints, second)}))
    assert str(both["lci-dr-c2"].address_v4.ip) == "10.96.9.12"
    assert str(both["lci-dr-c2"].address_v6.ip) == "2001:db8:1500:220::12"
    assert (both["lci-dr-c2"].account, both[DR].account) == ("lci-dr-c2", "lci-dr")


def test_no_two_endpoints_share_an_address_an_account_or_a_secret(province):
    derived = endpoint.derive(province).values()
    for facts in ("address_v4", "address_v6", "account", "secret"):
        assert len({getattr(own, facts) for own in derived}) == 185, facts


def test_routers_derive_the_same_with_and_without_endpoints(network):
    assert intent.derive(network) == intent.derive(network.model_copy(update={"endpoints": ()}))


def test_assumed_values_and_the_stand_in_are_named(network):
    assert endpoint.derive(network)[HUB].assumed == ("addressing", "conference.services.mega_vmeeting")


def test_views_group_endpoints_and_give_them_their_own_address(small):
    inventory = open_source(small).inventory
    members = {name: {host.name for host in group.get_hosts()} for name, group in inventory.groups.items()}
    assert members["role_conference_endpoint"] == {HUB, DR, QUANG_KIM}
    assert members["platform_baresip"] == {HUB, QUANG_KIM}
    assert all(not name.endswith("-c1") for name in members["role_router"] | members["platform_frr"])
    addresses = {name: inventory.hosts[name].vars["ansible_host"] for name in (HUB, QUANG_KIM)}
    assert addresses == {HUB: "10.96.5.11", QUANG_KIM: "10.98.69.11"}


def test_an_endpoint_of_a_decommissioned_site_is_in_no_group_and_has_no_document(small):
    file = small / "inventory/district_bat_xat.yml"
    text = file.read_text(encoding="utf-8").replace(
        "number: 145\n", "number: 145\n              life_cycle: decommissioned\n"
    )
    file.write_text(text, encoding="utf-8")
    groups = open_source(small).inventory.groups
    assert QUANG_KIM not in {host.name for host in groups["role_conference_endpoint"].get_hosts()}
    network = load.network(small)
    assert QUANG_KIM in {room.hostname for room in network.endpoints}
    assert endpoint.derive(network).keys() == {HUB, DR}
    assert write.rendering(network, {QUANG_KIM}, small).files == {}


def test_documents_of_endpoints_stand_beside_those_of_routers(small):
    network = load.network(small)
    rendered = write.rendering(network, {HUB, DR, "lci-hub-r1"}, small)
    names = sorted(str(path.relative_to(small)) for path in rendered.files)
    assert names == [
        "build/day0/lci-hub-r1.conf",
        "build/day0/lci-hub-r1.json",
        "build/intended/lci-dr-c1.html",
        "build/intended/lci-dr-c1.json",
        "build/intended/lci-hub-c1.conf",
        "build/intended/lci-hub-c1.json",
        "build/intended/lci-hub-r1.conf",
        "build/intended/lci-hub-r1.json",
    ]
    only = [notice.endswith(write.RENDERED_ONLY) for notice in rendered.notices]
    assert only == [" vmeeting_client " in notice for notice in rendered.notices]
    assert [notice.split(",")[0] for notice in rendered.notices if "unverified" in notice] == [
        "platform vmeeting_client (unverified: no real client has confirmed the names of its menus)",
    ]


def test_another_platform_takes_the_documents_of_the_former_one_away(small):
    write.apply(write.changes(write.rendering(load.network(small), {DR}, small).files))
    file = small / "inventory/dr.yml"
    text = file.read_text(encoding="utf-8")
    assert "platform: vmeeting_client" in text
    file.write_text(text.replace("platform: vmeeting_client", "platform: polycom_group"), encoding="utf-8")
    found = write.changes(write.rendering(load.network(small), {DR}, small).files)
    after = {change.path.suffix: change.after is not None for change in found if change.path.suffix != ".json"}
    assert after == {".html": False, ".conf": True, ".xml": True}


def test_a_device_reads_ascii_and_people_read_vietnamese(small):
    rendered = write.rendering(load.network(small), {HUB, DR}, small).files
    assert all(text.isascii() for path, text in rendered.items() if path.suffix in {".conf", ".xml"})
    assert "Phiếu thiết lập" in next(text for path, text in rendered.items() if path.suffix == ".html")


def test_letters_that_no_device_reads_are_refused(small):
    template = small / "templates/baresip/main.j2"
    template.write_text(template.read_text(encoding="utf-8") + "# cầu\n", encoding="utf-8")
    with pytest.raises(write.RenderError, match=r"document of lci-hub-c1, line \d+: not ASCII: # cầu"):
        write.rendering(load.network(small), {HUB}, small)


def test_a_template_of_endpoints_that_is_wrong_is_named_with_its_line(small):
    (small / "templates/baresip/accounts.j2").write_text("\n{{ d.nobody }}\n", encoding="utf-8")
    with pytest.raises(write.RenderError, match=r"^templates/baresip/accounts\.j2:2: .*rendering lci-hub-c1"):
        write.rendering(load.network(small), {HUB}, small)


def test_the_twin_builds_the_endpoints_that_it_can_run_with_the_routers_of_their_site(small):
    built = plan.make(small, plan.Request(limit="district_bat_xat", boot="day0")).boots
    assert "lci-02734-quang-kim-r1" in built
    assert {name for name in built if "-r" not in name} == {"lci-hub-c1", "lci-hub-s1", "lci-02734-quang-kim-c1"}
    with pytest.raises(TwinError, match=f"no router is meant by {QUANG_KIM}"):
        plan.make(small, plan.Request(limit=QUANG_KIM, boot="day0"))


def test_a_district_meeting_invites_its_communes_and_a_provincial_one_its_tiers(network):
    sites = [router for router in network.routers if router.unit == 1]
    provincial, district = network.province.conference.meetings
    assert meetings.invited(provincial, sites) == ("lci-hub", "lci-082-bat-xat")
    assert meetings.invited(district, sites) == (
        "lci-082-bat-xat",
        "lci-02683-bat-xat",
        "lci-02686-a-mu-sung",
        "lci-02734-quang-kim",
    )


def test_meetings_are_held_at_once_from_the_start_until_just_before_the_end(network):
    first, _ = network.province.conference.meetings
    during = first.model_copy(update={"key": "during", "starts_at": first.starts_at.replace(hour=3, minute=59)})
    after = first.model_copy(
        update={"key": "after", "starts_at": first.ends_at, "ends_at": first.ends_at.replace(hour=9)}
    )
    held = [[meeting.key for meeting in together] for _, together in meetings.at_once((first, during, after))]
    assert held == [["2026-12-tinh"], ["2026-12-tinh", "during"], ["after"]]
