"""Rendering to disk: whole network validated, only the play's hosts written, only bytes that differ."""

from __future__ import annotations

import pytest

from tslcd import intent, load, write

TWO = {"lci-hub-r1", "lci-02734-quang-kim-r1"}


@pytest.fixture
def network(small):
    return load.network(small)


def test_only_the_chosen_hosts_are_rendered(small, network):
    files = write.rendering(network, TWO, small).files
    assert {path.stem for path in files} == TWO
    assert {path.parent.name for path in files} == {"intended", "day0"}


def test_facts_do_not_depend_on_the_choice_of_hosts(small, network):
    everywhere = {router.hostname for router in network.routers}
    everything = write.rendering(network, everywhere, small).files
    part = write.rendering(network, TWO, small).files
    assert part == {path: text for path, text in everything.items() if path.stem in TWO}


def test_a_second_run_changes_nothing(small, network):
    files = write.rendering(network, TWO, small).files
    first = write.changes(files)
    write.apply(first)
    assert len(first) == len(files)
    assert write.changes(files) == []
    assert not list(small.glob("build/*/*.tmp"))


def test_files_of_hosts_that_are_gone_are_removed_only_from_a_whole_run(small, network):
    files = write.rendering(network, TWO, small).files
    write.apply(write.changes(files))
    stray = small / "build/intended/lci-gone-r1.conf"
    stray.write_text("#@ system\n", encoding="utf-8")
    assert write.changes(files) == []
    assert [change.path for change in write.changes(files, TWO)] == [stray]
    write.apply(write.changes(files, TWO))
    assert not stray.exists()


def test_assumed_values_are_named(small, network):
    guessed = ("services.backup", "services.reporting", "services.shared-data")
    lines = ("providers.viettel", "providers.vnpt")
    facts = intent.derive(network)
    assert sorted({name for host in TWO for name in facts[host].assumed}) == ["addressing", *lines, *guessed]


def test_a_syntax_error_names_template_and_line(small, network):
    (small / "templates/frr/vlan.j2").write_text("#@ ovs\n{% if %}\n", encoding="utf-8")
    with pytest.raises(write.RenderError, match=r"^templates/frr/vlan\.j2:2: "):
        write.rendering(network, TWO, small)


def test_text_that_is_not_ascii_is_refused(small, network):
    (small / "templates/frr/vlan.j2").write_text("#@ ovs\nbridge cầu\n", encoding="utf-8")
    with pytest.raises(write.RenderError, match=r"line \d+: not ASCII: bridge cầu"):
        write.rendering(network, TWO, small)


def test_files_of_a_decommissioned_site_go_even_from_a_limited_run(small, network):
    files = write.rendering(network, TWO, small).files
    write.apply(write.changes(files))
    hub = {path: text for path, text in files.items() if path.stem == "lci-hub-r1"}
    found = write.changes(hub, retired={"lci-02734-quang-kim-r1"})
    assert {(change.path.stem, change.after) for change in found} == {("lci-02734-quang-kim-r1", None)}
    assert len(found) == 4
