"""napalm-frr-agent VERB: the only program on a device that engineers and auditors reach as root."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from napalm_frr.agent import (
    VERSION,
    auditor_shell,
    baresip_reads,
    boot,
    bridge_run,
    check,
    commit,
    danger,
    digest,
    going_back,
    running,
    show,
    state,
    timer,
)
from napalm_frr.document import DocumentError, join, named

_MAX_DOCUMENT = 4_000_000
_MAX_KEY = 100
_MAX_REVERT_S = 3600
_MAX_WORD = 1000

_READS = {
    "running": "print the document as it runs",
    "startup": "print the confirmed document, with which the router boots",
    "status": "transaction state",
    "check": "check the document on stdin",
}


_LOOKING_AFTER = ("running", "status", "commit", "confirm", "rollback")
"""Verbs that end a commit which nobody else will end, before they do their own work."""


def main(argv: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 failed, 2 refused, 126 not allowed."""
    options = _parser().parse_args(argv)
    if options.verb == "auditor-shell":
        return auditor_shell.main(os.environ)
    try:
        if options.verb in _LOOKING_AFTER:
            going_back.look_after()
        return _answer(_VERBS[options.verb](options))
    except Exception as error:  # the caller gets one JSON answer, whatever happens
        return _answer(_failure(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="napalm-frr-agent", description=__doc__, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=VERSION)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, explanation in _READS.items():
        verb = verbs.add_parser(name, help=explanation)
        if name in ("running", "startup"):
            verb.add_argument("form", nargs="?", choices=["redacted"], help="secrets as keyed digests")
    verbs.add_parser("show", help="one read, as JSON").add_argument("words", nargs="+", metavar="NAME")
    verb = verbs.add_parser("commit", help="put the document on stdin in place")
    verb.add_argument("--revert-in", type=int, default=0, metavar="SECONDS")
    verb.add_argument("--message", default="")
    verb.add_argument("--owner", default="")
    verb.add_argument("--data", default="", metavar="ID", help="of the declared data; recorded")
    verb.add_argument("--allow", action="append", default=[], help=f"dangerous changes: {', '.join(danger.KINDS)}")
    for name in ("confirm", "rollback"):
        verbs.add_parser(name, help=f"{name} a commit").add_argument("--id", default="")
    verb = verbs.add_parser("call", help="dial an account, or hang up; on an endpoint")
    verb.add_argument("action", choices=["dial", "hangup"])
    verb.add_argument("account", nargs="?", default="")
    verbs.add_parser("digest-key", help="keep the key on stdin for digests of secrets")
    verbs.add_parser("boot", help="put the confirmed document in place before FRR starts")
    verbs.add_parser("conference-bridge", help="run the bridge of section bridge, in the foreground")
    verbs.add_parser("auditor-shell", help="the auditor's login")
    verbs.add_parser("timer").add_argument("id")
    return parser


def _check(_: argparse.Namespace) -> dict[str, Any]:
    report = check.check(_document(), state.kind())
    return {"ok": report.ok, "errors": report.errors}


def _startup() -> str:
    confirmed = state.confirmed()
    return confirmed.text if confirmed else ""


def _show(options: argparse.Namespace) -> Any:
    if not show.is_listed(options.words):
        raise commit.RefusedError(f"unknown read; known: {', '.join(show.READS)}, route PREFIX [longer]")
    kind = state.kind()
    if message := show.refusal(options.words, kind):
        raise commit.RefusedError(message)
    return show.show(options.words, kind)


def _call(options: argparse.Namespace) -> dict[str, str]:
    if (kind := state.kind()) != "endpoint":
        raise commit.RefusedError(f"only an endpoint calls; this device is {named(kind)}")
    if (options.action == "dial") != bool(options.account):
        raise commit.RefusedError("call dial ACCOUNT, or call hangup")
    return baresip_reads.dial(options.account) if options.account else baresip_reads.hang_up()


def _commit(options: argparse.Namespace) -> dict[str, Any]:
    if not 0 <= options.revert_in <= _MAX_REVERT_S:
        raise commit.RefusedError(f"--revert-in is 0 to {_MAX_REVERT_S} seconds")
    allow = [kind for words in options.allow for kind in words.split(",")]
    if unknown := set(allow) - set(danger.KINDS):
        raise commit.RefusedError(f"--allow {', '.join(sorted(unknown))}: known are {', '.join(danger.KINDS)}")
    words = (options.owner or os.environ.get("SUDO_USER", "root"), options.message, options.data)
    facts = state.Facts(*(word[:_MAX_WORD] for word in words))
    return commit.commit(commit.Request(_document(), facts, options.revert_in, allow))


_VERBS: dict[str, Callable[[argparse.Namespace], Any]] = {
    "running": lambda options: _document_for(options, join(running.read())),
    "startup": lambda options: _document_for(options, _startup()),
    "digest-key": lambda _: digest.store(sys.stdin.read(_MAX_KEY)),
    "status": lambda _: {"version": VERSION} | commit.status(),
    "check": _check,
    "show": _show,
    "call": _call,
    "commit": _commit,
    "confirm": lambda options: commit.confirm(options.id),
    "rollback": lambda options: commit.rollback(options.id),
    "boot": lambda _: boot.boot(),
    "conference-bridge": lambda _: bridge_run.run(),
    "timer": lambda options: timer.wait(options.id, going_back.settle),
}


def _document_for(options: argparse.Namespace, text: str) -> str:
    return digest.redact(text) if options.form else text


def _document() -> str:
    data = sys.stdin.buffer.read(_MAX_DOCUMENT + 1)
    if len(data) > _MAX_DOCUMENT:
        raise DocumentError("", 0, f"longer than {_MAX_DOCUMENT} bytes")
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        raise DocumentError("", data[: error.start].count(b"\n") + 1, "only ASCII is allowed") from error


def _failure(error: Exception) -> dict[str, Any]:
    if isinstance(error, commit.RefusedError):
        return {"result": "refused", "error": str(error), **error.facts}
    if isinstance(error, state.LockedError):
        return {"result": "refused", "error": str(error), "locked": True}
    if isinstance(error, DocumentError):
        return {"result": "refused", "ok": False, "errors": [error.as_dict()], "error": str(error)}
    return {"result": "failed", "error": f"{type(error).__name__}: {error}"}


def _answer(answer: Any) -> int:
    """Text as it is, everything else as one line of JSON."""
    if isinstance(answer, str):
        sys.stdout.write(answer)
        return 0
    print(json.dumps(answer))
    if not isinstance(answer, dict):
        return 0
    if answer.get("result") in ("failed", "reverted") and "by" not in answer:
        return 1
    return 2 if answer.get("result") == "refused" or answer.get("ok") is False else 0


if __name__ == "__main__":
    sys.exit(main())
