"""Secrets in a device's text, and two ways to print it without them. Standard library only: the agent has it too.

`hide` is for messages; nothing can be compared any more. `redact` puts a keyed digest in a secret's place: who has the
key and the intended text sees whether the same secret runs; who has neither learns nothing, also not by guessing.
"""

from __future__ import annotations

import hashlib
import hmac
import re

_SECRETS = (
    re.compile(
        r"(neighbor \S+ password |(?:^|: ?)[-+ ]*(?:enable )?password |authentication-key |key-string "
        r"|message-digest-key \d+ md5 |account +\S+ +password +)(\S.*)$",
        re.MULTILINE,
    ),
    # With what stands before it in the line, where that names the account: the same secret of two is not the same.
    re.compile(r"""((?:<sip:[^\n]*?;)?auth_pass=)("[^"\n]*"?|[^;\s]+)"""),
    re.compile(r"""(users=>[^\n]*?= *")([^"\n]+)"""),  # in a kamailio.cfg that somebody edited
)
_DIGEST_BYTES = 16
REMOVED = "<removed>"
"""What stands in a secret's place where nobody is to compare it, or can."""
KEY_BYTES = 32


def hide(text: str) -> str:
    """The text with every secret replaced, in documents, diffs and messages."""
    for secret in _SECRETS:
        text = secret.sub(rf"\1{REMOVED}", text)
    return text


def redact(text: str, key: bytes) -> str:
    """The document with a digest in the place of each secret; `key` as from `device_key`.

    The digest covers the words before the secret: the same password of two neighbours is not seen to be the same.
    """

    def digest(match: re.Match[str]) -> str:
        value = hmac.new(key, (match[1].strip() + "\0" + match[2]).encode(), hashlib.sha256).digest()
        return f"{match[1]}<hmac-sha256:{value[:_DIGEST_BYTES].hex()}>"

    for secret in _SECRETS:
        text = secret.sub(digest, text)
    return text


def device_key(master: bytes, hostname: str) -> bytes:
    """A router's own key: one that is stolen betrays the digests of no other. `master` never leaves the controller."""
    return hmac.new(master, b"napalm-frr digest\0" + hostname.encode(), hashlib.sha256).digest()
