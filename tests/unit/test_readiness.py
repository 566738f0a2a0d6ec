"""What is said of a room before a meeting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tslcd import load, readiness
from tslcd.conference import endpoint, server
from tslcd.readiness import Finding, Look, Trial
from tslcd.readiness.look import _interface

READY = Look(source="10.98.69.11", provider="vnpt", percent=18.2, rtt_ms=12.5, unanswered=0)


@pytest.fixture(scope="module")
def network(tmp_path_factory, small_network):
    return load.network(small_network(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="module")
def room(network):
    return endpoint.derive(network)["lci-02734-quang-kim-c1"]


def test_a_ready_room_is_said_to_be_so_in_words_of_officials(room):
    finding = Finding(room, READY, Trial("lci-hub-c1"))
    assert finding.problems == ()
    assert finding.sentence_vi == ("UBND xã Quang Kim: sẵn sàng: đã đăng ký, qua đường vnpt, gọi thử không mất gói.")
    assert readiness.sentence([finding]) == "readiness: 1 rooms, 1 ready, 0 not ready"


@pytest.mark.parametrize(
    ("found", "trial", "why"),
    [
        ({"source": ""}, None, "chưa đăng ký tại máy chủ hội nghị"),
        ({"source": "10.98.69.12"}, None, "tài khoản đang đăng ký từ địa chỉ khác (10.98.69.12)"),
        ({"provider": ""}, None, "không có đường truyền cấp II đến máy chủ"),
        ({"percent": 120.0}, None, "đường truyền không đủ cho cuộc họp (120 %)"),
        ({"rtt_ms": 80.0}, None, "độ trễ lớn (80 ms)"),
        ({"problem": "timed out"}, None, "không đọc được thiết bị mạng (timed out)"),
        ({"source": None, "problem": "timed out"}, None, "không đọc được thiết bị mạng (timed out)"),
        ({"unanswered": 5, "rtt_ms": None}, None, "mất 5 gói thử đến trung tâm"),
        ({}, Trial("x", problem="no answer"), "gọi thử không được (no answer)"),
        ({}, Trial("x", lost=7), "gọi thử mất 7 gói âm thanh"),
    ],
)
def test_a_room_that_is_not_ready_says_why(room, found, trial, why):
    finding = Finding(room, replace(READY, **found), trial)
    assert finding.problems == (why,)
    assert f"UBND xã Quang Kim: CHƯA sẵn sàng: {why}." in list(readiness.table([finding]))


def test_a_room_at_the_servers_own_site_needs_no_line(room):
    finding = Finding(room, Look(source=str(room.address_v6.ip), provider=None), None)
    assert finding.problems == ()
    assert "tại trung tâm dữ liệu, chưa gọi thử" in finding.sentence_vi


def test_the_way_is_that_of_the_longest_prefix_in_use():
    def route(length, name, *, selected=True, fib=True):
        return {"prefixLen": length, "selected": selected, "nexthops": [{"fib": fib, "interfaceName": name}]}

    assert (
        _interface({"zebra": {"a": [route(12, "wan1")], "b": [route(22, "wan9", selected=False), route(22, "wan2")]}})
        == "wan2"
    )
    assert _interface({"zebra": {"a": [route(22, "wan1", fib=False)]}}) == ""
    assert _interface({"zebra": {}}) == ""


def test_the_main_server_is_the_one_that_endpoints_name_first(network):
    assert server.main(network).hostname == "lci-hub-s1"
    with pytest.raises(LookupError, match="no conference_server stands where mega_vmeeting is answered first"):
        server.main(network.model_copy(update={"servers": ()}))
