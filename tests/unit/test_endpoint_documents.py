"""Documents of conference endpoints are well formed, by parsers of their formats or by a grammar of their lines."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from xml.etree import ElementTree

import pytest

from napalm_frr import document
from napalm_frr.agent import baresip_text
from tslcd import load, model, render, secrets
from tslcd.conference import endpoint
from tslcd.conference.endpoint import EndpointIntent
from tslcd.platforms import ENDPOINT_PLATFORMS

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = r"\d{1,3}(?:\.\d{1,3}){3}"
SERVER = rf"{ADDRESS}:\d{{4,5}}"
WORD = r"[A-Za-z0-9._-]+"
# A letter that markup must escape, a quote, and what Vietnamese needs.
ROOM_NAME = 'Hội trường <A> & "B"'

# Command of a room system → what may follow.
COMMANDS = {
    "hostname set": r"[a-z0-9][a-z0-9-]{0,61}[a-z0-9]",
    "dhcp": "off|client",
    "ipaddress set": ADDRESS,
    "subnetmask set": ADDRESS,
    "defaultgateway set": ADDRESS,
    "usefixedports": "yes|no",
    "udpports set": r"\d{4,5}",
    "dynamicbandwidth": "yes|no",
    "encryption": "yes|no|requiredvideocallsonly|requiredallcalls",
    "systemsetting iph323enable": "yes|no",
    "systemsetting sipenable": "yes|no",
    "systemsetting sipregistrarserver": SERVER,
    "systemsetting sipproxyserver": SERVER,
    "systemsetting sipaccountname": WORD,
    "systemsetting sipusername": f"{WORD}@{WORD}",
}


@pytest.fixture(scope="module")
def network(tmp_path_factory, small_network) -> model.Network:
    return load.network(small_network(tmp_path_factory.mktemp("small")))


def intents(network: model.Network, platform: str, **declared: object) -> list[EndpointIntent]:
    """All endpoints on one platform, with these declared values."""
    rooms = []
    for own in network.endpoints:
        inner = own.device.endpoint.model_copy(update=declared)
        device = own.device.model_copy(update={"platform": platform, "endpoint": inner})
        rooms.append(own.model_copy(update={"device": device}))
    return list(endpoint.derive(network.model_copy(update={"endpoints": tuple(rooms)})).values())


def command_errors(text: str) -> list[str]:
    """Lines of a room system's command line that no known command is."""
    wrong, seen = [], []
    for line in text.splitlines():
        if line.startswith("! "):
            continue
        command = next((known for known in COMMANDS if line.startswith(f"{known} ")), None)
        if command is None or not re.fullmatch(COMMANDS[command], line.removeprefix(f"{command} ")) or command in seen:
            wrong.append(line)
        else:
            seen.append(command)
    return wrong


def section_errors(text: str) -> list[str]:
    """What the agent of a device would refuse in section baresip."""
    try:
        baresip_text.parse(document.split(secrets.for_parsers(text, {}))["baresip"])
    except document.DocumentError as error:
        return [error.message]
    return []


class Sheet(HTMLParser):
    """Reads a sheet: every element is closed in its order; cells of its tables by their label."""

    EMPTY = frozenset({"meta"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.unclosed: list[str] = []
        self.text: list[str] = []
        self.cells: list[str] = []
        self.feed(text)
        self.close()
        self.unclosed += self.open

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.EMPTY:
            self.open.append(tag)
        if tag in {"th", "td"}:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unclosed.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self.open and self.open[-1] in {"th", "td"}:
            self.cells[-1] += data

    @property
    def rows(self) -> dict[str, str]:
        return dict(zip(self.cells[::2], self.cells[1::2], strict=True))


@pytest.mark.parametrize("encryption", ["required", "optional", "off"])
def test_every_line_of_a_room_system_is_a_known_command(network, encryption):
    for intent in intents(network, "polycom_group", media_encryption=encryption):
        text = render.endpoint_documents(intent, ROOT)["conf"]
        assert command_errors(text) == []
        lines = text.splitlines()
        word = {"required": "requiredallcalls", "optional": "yes", "off": "no"}[encryption]
        assert f"encryption {word}" in lines
        assert lines[-1] == "systemsetting sipenable yes", "registers with half of its settings"
        address, mask, gateway = (next(line.split()[-1] for line in lines if line.startswith(w)) for w in
                                  ("ipaddress", "subnetmask", "defaultgateway"))  # fmt: skip
        assert IPv4Address(gateway) in IPv4Network(f"{address}/{mask}", strict=False)


@pytest.mark.parametrize(
    "line",
    [
        "sipenable yes",
        "systemsetting sipenable maybe",
        "systemsetting sipregistrarserver example.net",
        "ipaddress 10.0.0.1",
        "encryption requiredallcalls; reboot",
        "",
    ],
)
def test_the_grammar_refuses_other_lines(line):
    assert command_errors(f"{line}\n") == [line]
    assert command_errors("dhcp off\ndhcp off\n") == ["dhcp off"]


@pytest.mark.parametrize("encryption", ["required", "optional", "off"])
def test_the_profile_of_a_room_system_is_xml_with_every_value(network, encryption):
    for intent in intents(network, "polycom_group", media_encryption=encryption, call_rate_out_kbps=768):
        root = ElementTree.fromstring(render.endpoint_documents(intent, ROOT)["xml"])
        found = {f"{part.tag}/{leaf.tag}": leaf.text for part in root for leaf in part}
        server = f"{intent.service.registrars[0].v4}:5061"
        assert found == {
            "SIP/enableSIP": "true",
            "SIP/sipRegistrarServer": server,
            "SIP/sipProxyServer": server,
            "SIP/transport": "TLS",
            "SIP/sipUserName": intent.account,
            "SIP/sipPassword": "${" + intent.secret + "}",
            "SIP/inboundCallRate": "1500",
            "SIP/outboundCallRate": "768",
            "QoS/dynamicBandwidth": "true",
            "QoS/maxTxBandwidth": "768",
            "QoS/maxRxBandwidth": "1500",
            "CallSettings/aesEncryption": {"required": "enable", "optional": "auto", "off": "disable"}[encryption],
            "CallSettings/useFixedPorts": "true",
            "CallSettings/udpStartPort": "16384",
            "CallSettings/udpEndPort": "32767",
        }


def test_signs_of_markup_stay_values_in_a_profile(network):
    intent = replace(intents(network, "polycom_group")[0], account="a<b>&c")
    root = ElementTree.fromstring(render.endpoint_documents(intent, ROOT)["xml"])
    assert root.findtext("SIP/sipUserName") == "a<b>&c"


@pytest.mark.parametrize("encryption", ["required", "optional", "off"])
def test_a_sheet_is_html_with_every_value_a_person_types(network, encryption):
    for intent in intents(network, "vmeeting_client", media_encryption=encryption, room=ROOM_NAME):
        sheet = Sheet(render.endpoint_documents(intent, ROOT)["html"])
        assert sheet.unclosed == []
        rows = sheet.rows
        assert rows["Phòng họp"] == ROOM_NAME
        assert rows["Máy chủ"] == str(intent.service.registrars[0].v4)
        assert rows["Tài khoản"] == intent.account
        assert rows["Địa chỉ IPv4"] == str(intent.address_v4)
        assert rows["Địa chỉ IPv6"] == str(intent.address_v6)
        assert rows["Mật khẩu"].startswith("không in ở đây")
        text = "".join(sheet.text)
        assert "DỰ THẢO" in text
        assert "unverified: no real client has confirmed the names of its menus" in text
        assert "máy chủ mô phỏng" in text, "the stand-in is not called so"


@pytest.mark.parametrize("broken", ["<p>", "</p>", "<p><b></p></b>", "<table><tr><td>a</tr></table>"])
def test_a_sheet_with_an_open_element_is_noticed(broken):
    assert Sheet(f"<html>{broken}</html>").unclosed


@pytest.mark.parametrize("encryption", ["required", "optional", "off"])
def test_every_line_of_section_baresip_is_a_setting_or_an_account(network, encryption):
    for intent in intents(network, "baresip", media_encryption=encryption):
        text = render.endpoint_documents(intent, ROOT)["conf"]
        assert section_errors(text) == []
        assert text.count("\naccounts ") == len(intent.service.registrars) == 2
        assert text.count(";mediaenc=srtp-mand;") == 2 * (encryption == "required")
        assert ("mediaenc" in text) == (encryption != "off")
        assert text.index("module srtp.so") < text.index("module account.so"), "encryption would be dropped silently"


def test_no_account_is_cut_off_by_the_program_that_reads_it():
    """baresip 1.0.0 copies each line into 512 bytes and says nothing (modules/account)."""
    network = load.network(ROOT)
    longest_secret = "x" * 64
    for intent in intents(network, "baresip"):
        text = render.endpoint_documents(intent, ROOT)["conf"].replace("${" + intent.secret + "}", longest_secret)
        assert max(len(line.removeprefix("accounts ")) for line in text.splitlines()) < 512, intent.hostname


@pytest.mark.parametrize("platform", [name for name in ENDPOINT_PLATFORMS if name != "baresip"])
def test_what_no_real_device_has_verified_says_so_in_every_document(network, platform):
    for text in render.endpoint_documents(intents(network, platform)[0], ROOT).values():
        assert "unverified: " in text
