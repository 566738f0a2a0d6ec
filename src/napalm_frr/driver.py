"""The NAPALM driver `frr`: one document, one transaction with a revert timer on the router."""

from __future__ import annotations

import getpass
import json
import os
import shlex
import socket
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

from napalm.base.exceptions import (
    CommandErrorException,
    CommitConfirmException,
    CommitError,
    ConnectionClosedException,
    LockError,
    MergeConfigException,
    ReplaceConfigException,
)
from napalm.base.netmiko_helpers import netmiko_args

from napalm_frr import compare, getters, neighbors, redaction, routes
from napalm_frr.absent import Absent
from napalm_frr.agent import PATH, restorable
from napalm_frr.document import HEADER, Document, DocumentError, join, split, split_partial
from napalm_frr.session import Answer, ExecSession, connect

_AGENT = f"sudo -n {PATH}"
Json = dict[str, Any]


class FrrDriver(Absent):
    """Debian routers with FRR, Open vSwitch and nftables; Debian conference endpoints and their servers.

    Optional arguments, all strings unless said otherwise; an account that may only read can do whatever does not load,
    commit or ping.

    * `known_hosts`: file of host keys; default: the user's. Checking is always strict.
    * `key_file`: private key; default: the user's keys. `port` (int): 22.
    * `owner`: who commits, shown to others; default: user@machine.
    * `data`: id of the declared data that the documents were made from, for the router's record of commits.
    * `allow` (list): dangerous changes that commits may make, of `remove-protocol`, `management-path`; also an
      attribute, for one commit. What a commit would need is said by the one that is refused.
    * netmiko's own, for example `conn_timeout` (seconds), `disabled_algorithms`.

    Beyond NAPALM: `status()` gives `pending` (owner, id, seconds_left, until) or None, `confirmed`, and `last` (how the
    latest commit ended). `call(verb, account)`, on a conference endpoint: `dial` an account of its own domain, or
    `hangup`; raises CommandErrorException.
    """

    def __init__(
        self, hostname: str, username: str, password: str, timeout: int = 60, optional_args: Json | None = None
    ) -> None:
        options = dict(optional_args or {})
        self.hostname, self.username, self.password, self.timeout = hostname, username, password, timeout
        self.platform = "frr"
        self.profile = [self.platform]
        self.allow: Sequence[str] = _list(options.get("allow", ()))
        self._data = str(options.get("data") or "")
        # No methods: NAPALM's own test suite lets a driver have none beyond the contract.
        self.status: Callable[[], Json] = partial(self._agent_json, "status")
        self.call: Callable[..., None] = partial(self._call)
        self._owner = str(options.get("owner") or f"{getpass.getuser()}@{socket.gethostname()}")
        self._netmiko_options = netmiko_args(options) | {
            key: options[key] for key in ("known_hosts",) if key in options
        }
        self._digest_key = os.urandom(redaction.KEY_BYTES)
        self._session: ExecSession | None = None
        self._candidate: Document | None = None
        self._commit_id = ""
        self._unchanged = False

    # Connection

    def open(self) -> None:
        """Connects with strict host key checking. Raises ConnectionException and its kinds."""
        self._session = connect(self.hostname, self.username, self.password, self.timeout, dict(self._netmiko_options))

    def close(self) -> None:
        """Ends the session. A pending commit stays pending, and its timer runs on."""
        if self._session:
            self._session.disconnect()
        self._session = None

    def is_alive(self) -> dict[str, bool]:
        """Whether the SSH transport stands."""
        return {"is_alive": self._session is not None and self._session.is_alive()}

    # Configuration

    def load_template(
        self,
        template_name: str,
        template_source: str | None = None,
        template_path: str | None = None,
        **template_vars: Any,
    ) -> None:
        """See NAPALM. The result is a merge candidate, so a template prints whole sections.

        It gets those that run as `running` (section -> text), beside its own variables.
        """
        template_vars = {"running": restorable.declarable(self._running()), **template_vars}
        super().load_template(template_name, template_source, template_path, **template_vars)

    def load_replace_candidate(self, filename: str | None = None, config: str | None = None) -> None:
        """Takes a whole document; the router only checks it. Raises ReplaceConfigException with section and line."""
        self._candidate = self._checked(_text(filename, config, ReplaceConfigException), split, ReplaceConfigException)

    def load_merge_candidate(self, filename: str | None = None, config: str | None = None) -> None:
        """Takes a document of some sections: each replaces its section as a whole. Raises MergeConfigException."""

        def merged(text: str) -> Document:
            return {**restorable.declarable(self._running()), **split_partial(text)}

        self._candidate = self._checked(_text(filename, config, MergeConfigException), merged, MergeConfigException)

    def compare_config(self) -> str:
        """Unified diffs, from what runs now to the candidate, of the sections that differ; "" when none does.

        A secret is shown as a digest that has a meaning only here: it says that another one runs, never which.
        """
        if self._candidate is None:
            return ""
        return compare.text(self._redacted(self._candidate), self._redacted(self._running())).strip()

    def commit_config(self, message: str = "", revert_in: int | None = None) -> None:
        """Applies the candidate; with `revert_in` the router goes back after that many seconds, unless confirmed.

        Raises CommitError; the router then runs what it ran before, or the error says what differs.
        """
        if self._candidate is None:
            raise CommitError(f"{self.hostname}: no candidate is loaded")
        words = [
            "commit",
            "--owner",
            self._owner,
            "--message",
            " ".join(message.split()),
            "--revert-in",
            str(int(revert_in or 0)),
            *(word for change in self.allow for word in ("--allow", change)),
            *(["--data", self._data] if self._data else []),
        ]
        answer = self._transaction(words, CommitError, join(self._candidate))
        if answer.get("result") == "reverted":
            raise CommitError(f"{self.hostname}: {_why_reverted(answer)}")
        self._commit_id = str(answer.get("id", ""))
        self._unchanged = answer["result"] == "unchanged"

    def confirm_commit(self) -> None:
        """Keeps the pending commit, also one of an earlier session. Raises CommitConfirmException if there is none."""
        if self._unchanged and not self._commit_id:
            return
        self._transaction(["confirm", *self._id()], CommitConfirmException)

    def has_pending_commit(self) -> bool:
        """Whether a commit on this router waits for its confirm, whoever made it."""
        return self.status()["pending"] is not None

    def discard_config(self) -> None:
        """Forgets the candidate."""
        self._candidate = None

    def rollback(self) -> None:
        """Takes back the pending commit, or else the one that this object made and confirmed. Raises CommitError."""
        if self._unchanged and not self._commit_id:
            return
        answer = self._transaction(["rollback", *self._id()], CommitError)
        self._commit_id = ""
        if not answer.get("whole", True):
            raise CommitError(f"{self.hostname}: {_why_reverted(answer)}")

    def get_config(
        self, retrieve: str = "all", full: bool = False, sanitized: bool = False, format: str = "text"
    ) -> dict[str, str]:
        """`startup` is the last confirmed document. `full` changes nothing: a document is always whole."""
        if format != "text":
            raise NotImplementedError("documents are text")
        sources: dict[str, Callable[[], str]] = {
            "running": lambda: self._agent_text("running"),
            "candidate": lambda: join(self._candidate) if self._candidate else "",
            "startup": lambda: self._agent_text("startup"),
        }
        clean = redaction.hide if sanitized else str
        return {name: clean(read()) if retrieve in ("all", name) else "" for name, read in sources.items()}

    # Reads

    def get_facts(self) -> Json:
        """See NAPALM."""
        return getters.facts(self._agent_json("show facts"))

    def get_interfaces(self) -> Json:
        """See NAPALM."""
        return getters.interfaces(self._agent_json("show interfaces"))

    def get_interfaces_ip(self) -> Json:
        """See NAPALM."""
        return getters.interfaces_ip(self._agent_json("show interfaces"))

    def get_bgp_neighbors(self) -> Json:
        """See NAPALM."""
        return neighbors.summary(self._agent_json("show bgp"))

    def get_bgp_neighbors_detail(self, neighbor_address: str = "") -> Json:
        """See NAPALM. What FRR does not tell is "" or -1."""
        return neighbors.detail(self._agent_json("show bgp"), neighbor_address)

    def get_route_to(self, destination: str = "", protocol: str = "", longer: bool = False) -> Json:
        """See NAPALM: exactly this prefix, with `longer` also those in it; for an address the route that it takes.

        {} when there is none. Raises ValueError for what is neither.
        """
        return routes.route_to(self._agent_json(routes.question(destination, longer)), protocol)

    def get_arp_table(self, vrf: str = "") -> list[Json]:
        """See NAPALM; `age` is the time since the neighbour was last confirmed, in seconds."""
        _refuse_vrf(vrf)
        rows = getters.neighbours(self._agent_json("show neighbours"), 4)
        return [{name: value for name, value in row.items() if name != "state"} for row in rows]

    def get_ipv6_neighbors_table(self) -> list[Json]:
        """See NAPALM; `age` as in get_arp_table."""
        return getters.neighbours(self._agent_json("show neighbours"), 6)

    def get_vlans(self) -> Json:
        """See NAPALM. A VLAN's name is the description of its gateway's interface."""
        return getters.vlans(self._running())

    def ping(  # noqa: PLR0917 - the signature is NAPALM's
        self,
        destination: str,
        source: str = "",
        ttl: int = 255,
        timeout: int = 2,
        size: int = 100,
        count: int = 5,
        vrf: str = "",
        source_interface: str = "",
    ) -> Json:
        """See NAPALM. Needs an account with a shell; `timeout` is per probe, five probes a second; no VRFs."""
        _refuse_vrf(vrf)
        words = ["ping", "-n", "-c", str(count), "-W", str(timeout), "-t", str(ttl), "-s", str(size), "-i", "0.2"]
        if origin := source or source_interface:
            words += ["-I", origin]
        answer = self._run(shlex.join([*words, "--", destination]))
        return getters.ping(answer.output or answer.errors, count)

    def cli(self, commands: list[str], encoding: str = "text") -> dict[str, str]:
        """Reads of the agent: `running`, `startup`, `status`, `show NAME`. Any other raises CommandErrorException."""
        if encoding != "text":
            raise NotImplementedError("the agent answers in text")
        return {command: self._agent_text(command) for command in commands}

    def _call(self, verb: str, account: str = "") -> None:
        self._transaction(["call", verb, *filter(None, [account])], CommandErrorException)

    # The agent

    def _checked(self, text: str, read: Callable[[str], Document], refusal: type[Exception]) -> Document:
        try:
            document = read(text)
        except DocumentError as error:
            raise refusal(f"{self.hostname}: {error}") from error
        answer = self._transaction(["check"], refusal, join(document))
        if errors := answer.get("errors"):
            raise refusal(f"{self.hostname}: {_lines(errors)}")
        return document

    def _running(self) -> Document:
        return split_running(self._agent_text("running"))

    def _redacted(self, document: Document) -> Document:
        return {name: redaction.redact(text, self._digest_key) for name, text in document.items()}

    def _id(self) -> list[str]:
        return ["--id", self._commit_id] if self._commit_id else []

    def _transaction(self, words: list[str], refusal: type[Exception], text: str = "") -> Json:
        """One verb that answers in JSON. Raises `refusal`, or LockError while another agent is at work."""
        answer = self._execute(words, text)
        try:
            facts = cast(Json, json.loads(answer.output))
        except ValueError as error:
            raise refusal(f"{self.hostname}: {_said(answer) or 'no answer'}") from error
        if facts.get("locked"):
            raise LockError(f"{self.hostname}: {facts['error']}")
        if facts.get("result") in ("refused", "failed"):
            reason = _lines(facts["errors"]) if facts.get("errors") else redaction.hide(facts["error"])
            raise refusal(f"{self.hostname}: {reason}")
        return facts

    def _agent_text(self, command: str) -> str:
        answer = self._execute(command.split())
        if answer.status:
            raise CommandErrorException(f"{self.hostname}: {command!r}: {_said(answer)}")
        return answer.output

    def _agent_json(self, command: str) -> Any:
        return json.loads(self._agent_text(command))

    def _execute(self, words: list[str], text: str = "") -> Answer:
        return self._run(f"{_AGENT} {shlex.join(words)}", text)

    def _run(self, command: str, text: str = "") -> Answer:
        if self._session is None:
            raise ConnectionClosedException(f"{self.hostname}: not connected")
        return self._session.execute(command, text, self.timeout)


def split_running(text: str) -> Document:
    """Sections of what an agent printed. Its text may hold lines that no document may: it is cut, not checked."""
    parts: dict[str, str] = {}
    name = ""
    for line in text.splitlines(keepends=True):
        if line.startswith(HEADER):
            name = line.removeprefix(HEADER).strip()
            parts.setdefault(name, "")
        else:
            parts[name] += line
    return parts


def _list(value: str | Sequence[str]) -> Sequence[str]:
    """One word is a list too: NAPALM's command line knows no lists."""
    return [value] if isinstance(value, str) else value


def _refuse_vrf(vrf: str) -> None:
    if vrf:
        raise NotImplementedError("a router has one routing table")


def _text(filename: str | None, config: str | None, refusal: type[Exception]) -> str:
    if filename is None:
        return config or ""
    try:
        return Path(filename).read_text(encoding="utf-8")
    except OSError as error:
        raise refusal(f"{filename}: {error.strerror}") from error


def _said(answer: Answer) -> str:
    return redaction.hide((answer.errors or answer.output).strip())


def _lines(errors: list[Json]) -> str:
    lines = (f"section {error['section'] or '-'} line {error['line']}: {error['message']}" for error in errors)
    return "; ".join(map(redaction.hide, lines))


def _why_reverted(answer: Json) -> str:
    parts = [f"the commit was taken back: {answer.get('reason', '')}"]
    for diff in answer.get("differences", {}).values():
        parts.append(diff.strip())
    if not answer.get("whole", True):
        parts.append(
            f"GOING BACK IS NOT COMPLETE: {answer.get('failure', '')} sections {', '.join(answer.get('left', {}))}"
        )
    return redaction.hide("\n".join(parts))
