"""The splitter: what it takes apart, and what it refuses before any parser sees it."""

import pytest

from napalm_frr.document import KINDS, SECTIONS, DocumentError, join, kind_of, split, split_partial

WHOLE = (
    "#@ system\nhostname r1\n#@ ovs\n#@ frr\nhostname r1\nend\n#@ keepalived\n#@ tc\n#@ nft\ntable inet filter {\n}\n"
)


def test_join_is_the_inverse_of_split():
    document = split(WHOLE)
    assert tuple(document) == SECTIONS
    assert document["frr"] == "hostname r1\nend\n"
    assert document["tc"] == ""
    assert join(document) == WHOLE


@pytest.mark.parametrize(
    ("text", "section", "line", "words"),
    [
        ("", "system", 0, "missing"),
        ("hostname r1\n" + WHOLE, "", 1, "before the first"),
        (WHOLE.replace("#@ tc\n", "#@ qos\n"), "", 8, "unknown section"),
        (WHOLE.replace("#@ tc\n", ""), "tc", 0, "missing"),
        (WHOLE.replace("#@ tc\n", "#@ tc\n#@ tc\n"), "tc", 0, "twice"),
        (WHOLE.replace("#@ ovs\n", "").replace("#@ tc\n", "#@ ovs\n#@ tc\n"), "ovs", 0, "order"),
        (WHOLE.removesuffix("\n"), "", 11, "newline"),
        (WHOLE.replace("hostname r1\nend", "hostname r1 \nend"), "frr", 1, "white space"),
        (WHOLE.replace("hostname r1\nend", "hostname r\u00e9\nend"), "frr", 1, "ASCII"),
        (WHOLE.replace("hostname r1\n#@ ovs", "hostname r1\r\n#@ ovs"), "system", 1, "ASCII"),
        (WHOLE.replace("end\n", ""), "frr", 1, "'end'"),
        (WHOLE.replace("end\n", "end\nip route 0.0.0.0/0 10.0.0.1\n"), "frr", 3, "'end'"),
        (WHOLE.replace("end\n", "do write\nend\n"), "frr", 2, "not configuration"),
        (WHOLE.replace("end\n", "start-shell\nend\n"), "frr", 2, "not configuration"),
        (WHOLE.replace("end\n", "!reboot\nend\n"), "frr", 2, "shell"),
        (WHOLE.replace("table", "#! /bin/sh\ntable"), "nft", 1, "shell"),
        (WHOLE.replace("table", 'include "/etc/shadow"\ntable'), "nft", 1, "include"),
        (WHOLE.replace("{\n}", '{ }; include "/etc/shadow"\n'), "nft", 1, "include"),
        (WHOLE.replace("table", "define x = 1\ntable"), "nft", 1, "define"),
    ],
)
def test_refusals_name_section_and_line(text, section, line, words):
    with pytest.raises(DocumentError, match=words) as refusal:
        split(text)
    assert (refusal.value.section, refusal.value.line) == (section, line)


def test_a_comment_in_quotes_may_speak_of_an_include():
    text = WHOLE.replace("{\n}", '{\n\tcomment "we include all"\n}')
    assert 'comment "we include all"' in split(text)["nft"]


def test_a_merge_candidate_has_some_sections_in_order():
    assert dict(split_partial("#@ ovs\n#@ nft\n")) == {"ovs": "", "nft": ""}
    with pytest.raises(DocumentError, match="order"):
        split_partial("#@ nft\n#@ ovs\n")
    with pytest.raises(DocumentError, match="no section"):
        split_partial("")


@pytest.mark.parametrize(("kind", "sections"), KINDS.items())
def test_the_kind_of_device_is_told_by_the_headers(kind, sections):
    whole = {name: "end\n" if name == "frr" else "" for name in sections}
    text = join(dict(reversed(whole.items())))
    assert [line for line in text.splitlines() if line.startswith("#@")] == [f"#@ {name}" for name in sections]
    assert dict(split(text)) == whole
    assert kind_of(split(text)) == kind
    for name in sections[1:]:
        assert dict(split_partial(f"#@ {name}\n{whole[name]}")) == {name: whole[name]}


@pytest.mark.parametrize(
    ("text", "section", "words"),
    [
        ("#@ system\n", "", "baresip of an endpoint"),
        ("#@ baresip\n", "system", "missing in the document of an endpoint"),
        ("#@ system\n#@ baresip\n#@ kamailio\n", "kamailio", "does not belong into the document of an endpoint"),
        ("#@ system\n#@ ovs\n#@ baresip\n", "baresip", "does not belong into the document of a router"),
        ("#@ system\n#@ kamailio\n#@ nft\n", "nft", "does not belong into the document of a server"),
        ("#@ baresip\n#@ system\n", "system", "the order is system, baresip"),
    ],
)
def test_what_is_missing_or_does_not_belong_to_the_kind_is_named(text, section, words):
    with pytest.raises(DocumentError, match=words) as refusal:
        split(text)
    assert refusal.value.section == section
