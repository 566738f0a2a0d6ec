"""Changing one declared value changes every rendered file that follows from it, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tslcd import load, write

ROOT = Path(__file__).resolve().parents[2]
ALONE = {
    "lci-hub-r1",
    "lci-dr-r1",
    "lci-082-bat-xat-r1",
    "lci-02683-bat-xat-r1",
    "lci-02686-a-mu-sung-r1",
    "lci-02734-quang-kim-r1",
}
ROUTERS = {"frr": ALONE | {"lci-hub-r2"}, "ios": ALONE}
VNPT_ALONE = "lci-02734-quang-kim-r1"


def files(root: Path) -> dict[str, str]:
    """Every file of both stages, as `intended/<host>.conf`."""
    network = load.network(root)
    rendered = write.rendering(network, {router.hostname for router in network.routers}, ROOT).files
    return {f"{path.parent.name}/{path.name}": text for path, text in rendered.items()}


def changed(root: Path, name: str, edits: dict[str, str]) -> set[str]:
    """The rendered files that differ after `edits` of one declared file."""
    before = files(root)
    text = (root / name).read_text(encoding="utf-8")
    for old, new in edits.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (root / name).write_text(text, encoding="utf-8")
    after = files(root)
    assert before.keys() == after.keys()
    assert len(before) in {len(routers) * 4 for routers in ROUTERS.values()}
    return {name for name, text in after.items() if before[name] != text}


@pytest.mark.parametrize("platform", ["frr", "ios"])
def test_a_vlan_name_reaches_the_full_document_of_every_router_and_no_day0(tmp_path, small_network, platform):
    found = changed(
        small_network(tmp_path, platform), "group_vars/all/vlans.yml", {"name: office": "name: administration"}
    )
    assert found == {f"intended/{host}.{ending}" for host in ROUTERS[platform] for ending in ("conf", "json")}


@pytest.mark.parametrize("platform", ["frr", "ios"])
def test_a_qos_share_reaches_every_router_where_its_platform_expresses_it(tmp_path, small_network, platform):
    found = changed(
        small_network(tmp_path, platform),
        "group_vars/all/qos.yml",
        {"share_percent: 24": "share_percent: 23", "share_percent: 26": "share_percent: 27"},
    )
    assert found == {f"intended/{host}.{ending}" for host in ROUTERS[platform] for ending in ("conf", "json")}


@pytest.mark.parametrize("platform", ["frr", "ios"])
def test_a_fact_of_a_provider_reaches_its_own_sites_alone_in_both_stages(tmp_path, small_network, platform):
    line = "port: wan2  # where the line is plugged in, at every site\n    encapsulation: untagged\n    mtu_bytes: "
    edit = {f"{line}1492": f"{line}1480"}
    found = changed(small_network(tmp_path, platform), "group_vars/all/providers.yml", edit)
    on_viettel = ROUTERS[platform] - {VNPT_ALONE}
    stages = [f"{stage}/{host}" for stage in ("intended", "day0") for host in on_viettel]
    assert found == {f"{file}.{ending}" for file in stages for ending in ("conf", "json")}
