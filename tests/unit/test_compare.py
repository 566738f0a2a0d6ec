"""Comparison of documents: nothing when equal, a unified diff per section otherwise."""

from napalm_frr import compare
from napalm_frr.document import SECTIONS

RUNNING = {**dict.fromkeys(SECTIONS, ""), "frr": "hostname r1\nend\n", "nft": "table inet a {\n}\n"}


def test_equal_documents_have_no_diff():
    assert compare.diff(RUNNING, dict(RUNNING)) == dict.fromkeys(SECTIONS, "")
    assert compare.text(RUNNING, dict(RUNNING)) == ""


def test_a_difference_stands_in_its_section_and_goes_from_running_to_intended():
    intended = {**RUNNING, "frr": "hostname r2\nend\n"}
    diffs = compare.diff(intended, RUNNING)
    assert [name for name, text in diffs.items() if text] == ["frr"]
    assert diffs["frr"] == "--- frr running\n+++ frr intended\n@@ -1,2 +1,2 @@\n-hostname r1\n+hostname r2\n end\n"


def test_several_sections_follow_each_other_in_document_order():
    intended = {**RUNNING, "nft": "", "system": "hostname r1\n"}
    text = compare.text(intended, RUNNING)
    assert text.index("+++ system") < text.index("+++ nft")


def test_the_sections_are_those_of_the_intended_document():
    endpoint = {"system": "hostname c1\n", "baresip": "config x\n"}
    assert list(compare.diff(endpoint, RUNNING)) == ["system", "baresip"]
    assert compare.text(endpoint, dict(endpoint)) == ""
