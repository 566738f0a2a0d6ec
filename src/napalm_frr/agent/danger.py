"""Changes that a commit makes only when it is told to: they end a protocol, or may lock engineers out.

Only what can be seen in the text for certain is looked at: the revert timer is there for everything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from napalm_frr.agent import PATH, system_text
from napalm_frr.document import Document

PROTOCOL, MANAGEMENT = "remove-protocol", "management-path"
KINDS = (PROTOCOL, MANAGEMENT)

_PROGRAMS = ("keepalived", "baresip", "kamailio", "bridge")
"""Sections that are empty when their program is not to run."""

_LISTENING = ("Port ", "ListenAddress ", "AddressFamily ")
_ROUTER_ID = re.compile(r"^ (?:bgp|ospf|ospf6) router-id (\S+)$", re.MULTILINE)
_MULTIHOP = re.compile(r"^ neighbor (\S+) ebgp-multihop ", re.MULTILINE)
_SOURCE = re.compile(r"^ neighbor (\S+) update-source (\S+)$", re.MULTILINE)
_CLOSED_INPUT = re.compile(r"hook input priority filter; policy drop;.*?^\t}$", re.MULTILINE | re.DOTALL)


def found(before: Document, wanted: Document) -> dict[str, list[str]]:
    """Kind -> what the change would do; without the kinds of which there is nothing. Both documents are valid."""
    reasons = {
        PROTOCOL: list(_protocols(before, wanted)),
        MANAGEMENT: [*_accounts(before, wanted), *_sshd(before, wanted), *_loopback(before, wanted), *_nft(wanted)],
    }
    return {kind: texts for kind, texts in reasons.items() if texts}


def _protocols(before: Document, wanted: Document) -> Iterator[str]:
    have, want = system_text.parse(before["system"]), system_text.parse(wanted["system"])
    for daemon in sorted(set(have.daemons) - set(want.daemons)):
        yield f"stops {daemon}"
    for program in _PROGRAMS:
        if before.get(program) and not wanted[program]:
            yield f"stops {program}"
    for protocol in sorted(_routers(before) - _routers(wanted)):
        yield f"removes router {protocol}"


def _routers(document: Document) -> set[str]:
    return {line.split(" ")[1] for line in document.get("frr", "").splitlines() if line.startswith("router ")}


def _accounts(before: Document, wanted: Document) -> Iterator[str]:
    have, want = _engineers(before), _engineers(wanted)
    for account, keys in have.items():
        if account not in want:
            yield f"account {account} may no longer log in and use the agent"
        elif not keys & want[account]:
            yield f"account {account} loses all its keys"


def _engineers(document: Document) -> dict[str, set[str]]:
    """Accounts that may log in by SSH and use every verb of the agent -> their keys."""
    system = system_text.parse(document["system"])
    allowed = next((line.split(" ")[1:] for line in system.sshd if line.startswith("AllowUsers ")), system.accounts)
    keys: dict[str, set[str]] = {}
    for key in system.keys:
        if f"{key.account} ALL=(root) NOPASSWD: {PATH}" in system.sudo and key.account in allowed:
            keys.setdefault(key.account, set()).add(key.base64)
    return keys


def _sshd(before: Document, wanted: Document) -> Iterator[str]:
    have, want = (_where_sshd_listens(document) for document in (before, wanted))
    if have != want:
        yield f"sshd listens elsewhere: {', '.join(sorted(want)) or 'default'}"


def _where_sshd_listens(document: Document) -> set[str]:
    lines = set(system_text.parse(document["system"]).sshd)
    return {line for line in lines if line.startswith(_LISTENING) and line != "Port 22"}


def _loopback(before: Document, wanted: Document) -> Iterator[str]:
    have, want = (document.get("frr", "") for document in (before, wanted))
    for address in sorted(_addresses_of_loopback(have) - _addresses_of_loopback(want)):
        yield f"removes {address} from the loopback"
    if set(_ROUTER_ID.findall(have)) - set(_ROUTER_ID.findall(want)):
        yield "changes or removes a router-id"


def _addresses_of_loopback(frr: str) -> set[str]:
    """Without those that multihop sessions of BGP run from: they come and go with their sessions."""
    block = frr.partition("\ninterface lo\n")[2].partition("\nexit\n")[0]
    beyond = set(_MULTIHOP.findall(frr))
    ends = {address for peer, address in _SOURCE.findall(frr) if peer in beyond}
    addresses = re.findall(r"^ ip(?:v6)? address (\S+)", block, re.MULTILINE)
    return {address for address in addresses if address.partition("/")[0] not in ends}


def _nft(wanted: Document) -> Iterator[str]:
    """A rule set that drops by default what comes in, and accepts no SSH there; what passes the router is no way in."""
    ports = [line.split(" ")[1] for line in system_text.parse(wanted["system"]).sshd if line.startswith("Port ")]
    port = ports[0] if ports else "22"
    accepts = re.compile(rf"^.*\btcp dport (?:{port}|\{{[^}}]*\b{port}\b[^}}]*\}})(?: .*)? accept\b", re.MULTILINE)
    for chain in _CLOSED_INPUT.findall(wanted.get("nft", "")):
        if not accepts.search(chain):
            yield f"nft accepts no SSH on port {port}"
