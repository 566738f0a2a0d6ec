"""An audit never calls compliant what it has not looked at."""

from napalm_frr.coverage import NOT_COVERED
from napalm_frr.document import SECTIONS
from tslcd import audit

DOCUMENT = "".join(f"#@ {name}\n" for name in SECTIONS)
WITH_TABLE = DOCUMENT + "table inet t {\n}\n"


def test_the_table_and_the_report_of_an_audit_name_what_no_check_covers():
    found = {"r1": audit.findings(WITH_TABLE, WITH_TABLE, WITH_TABLE)}
    assert found["r1"].status == "compliant"
    assert list(audit.table(found))[-1] == f"\nnot covered by any check: {'; '.join(NOT_COVERED)}"
    assert audit.report(found, commit="c", time="t")["not_covered"] == list(NOT_COVERED)


def test_a_section_without_content_is_not_called_compliant():
    sections = audit.findings(WITH_TABLE, WITH_TABLE, WITH_TABLE).sections
    assert {name: finding.status for name, finding in sections.items()} == {
        **dict.fromkeys(SECTIONS, "no content"),
        "nft": "compliant",
    }


def test_a_difference_is_pending_only_while_the_confirmed_document_still_runs():
    assert audit.findings(WITH_TABLE, DOCUMENT, DOCUMENT).sections["nft"].status == "pending"
    assert audit.findings(DOCUMENT, WITH_TABLE, DOCUMENT).sections["nft"].status == "drift"


def test_a_router_that_would_start_with_another_document_is_drift():
    found = audit.findings(WITH_TABLE, WITH_TABLE, DOCUMENT)
    assert (found.status, found.sections["nft"].status) == ("drift", "compliant")


class Device:
    """A device that runs and would start with what is declared."""

    def open(self) -> None: ...

    def close(self) -> None: ...

    def status(self) -> dict:
        return {"pending": None}

    def get_config(self, retrieve: str) -> dict[str, str]:
        return {retrieve: WITH_TABLE}


def test_what_a_device_does_undeclared_is_drift_though_every_section_is_as_declared():
    assert audit.device(WITH_TABLE, Device(), lambda _: []).status == "compliant"
    found = audit.device(WITH_TABLE, Device(), lambda _: ["a is registered, but not declared"])
    assert (found.status, found.reason) == ("drift", "a is registered, but not declared")
    assert not [section for section in found.sections.values() if section.diff]
    assert "drift: a is registered, but not declared" in "\n".join(audit.table({"s1": found}))
