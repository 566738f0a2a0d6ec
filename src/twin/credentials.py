"""Keys and secrets of one twin, made anew at each start: who may log in, how devices prove who they are."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tslcd.secrets import PLACEHOLDER
from twin.certificates import Authority, Signed
from twin.shape import Device, Router

ACCOUNTS = ("netops", "auditor")
_KEY_LINE = re.compile(r"^key (\S+) \S+ \$\{([^}]+)\}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An ed25519 key: OpenSSH private file, and public `TYPE BASE64`."""

    private: str
    public: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """All keys of a twin, and the values of the documents' placeholders. `authority` has signed `servers`."""

    accounts: Mapping[str, KeyPair]
    hosts: Mapping[str, KeyPair]
    secrets: Mapping[str, str]
    digest_master: bytes
    authority: str
    servers: Mapping[str, Signed]


def generate(devices: Iterable[str], documents: Iterable[str], served: Iterable[Device] = ()) -> Credentials:
    """Make keys for the accounts, for these devices and for `served` conference servers, and a value for every
    placeholder in the documents: the account's public key where a person's key is meant, otherwise a random word.
    """
    accounts = {account: _key_pair() for account in ACCOUNTS}
    values = dict[str, str]()
    for document in documents:
        values |= {name: accounts[account].public for account, name in _KEY_LINE.findall(document)}
        for name in PLACEHOLDER.findall(document):
            values.setdefault(name, secrets.token_urlsafe(16))
    authority = Authority()
    return Credentials(
        accounts,
        {device: _key_pair() for device in devices},
        values,
        secrets.token_bytes(32),
        authority.certificate,
        {server.name: authority.sign(server.name, server.addresses) for server in served},
    )


def write(
    directory: Path, credentials: Credentials, devices: Iterable[Router | Device], boots: Mapping[str, str]
) -> None:
    """Write the credentials directory; twin.json marks it as a twin's and says how its devices were delivered."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = "".join(f"{r.name},{','.join(r.addresses)} {credentials.hosts[r.name].public}\n" for r in devices)
    _write(directory / "known_hosts", known)
    _write(directory / "secrets.yml", yaml.safe_dump(dict(credentials.secrets), width=1000))
    _write(directory / "digest_master", credentials.digest_master.hex() + "\n")
    for account, key in credentials.accounts.items():
        _write(directory / account, key.private)
        _write(directory / f"{account}.pub", f"{key.public} {account}@twin\n")
    _write(directory / "twin.json", json.dumps({"environment": "twin", "routers": dict(boots)}, indent=1) + "\n")


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)


def _key_pair() -> KeyPair:
    key = Ed25519PrivateKey.generate()
    return KeyPair(
        private=key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode(),
        public=key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode(),
    )
