"""How every commit ended, one JSON object per line, each with the hash of the one before it.

A record that somebody changed, removed or put in between breaks the chain at its place. Whoever is root can write a new
chain: an auditor who keeps the last hash of each reading can tell. Records cut off at the end by a power cut leave a
chain that is whole as far as it goes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from napalm_frr.agent import files

ORIGIN = "0" * 64
Record = dict[str, Any]


def digest(record: Record) -> str:
    """SHA-256 of a record without its own hash."""
    plain = {key: value for key, value in record.items() if key != "hash"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def linked(record: Record, previous: Record | None) -> Record:
    """The record as it follows `previous`."""
    new = record | {"previous": previous["hash"] if previous else ORIGIN}
    return new | {"hash": digest(new)}


def first_broken(records: Sequence[Record]) -> int | None:
    """Position of the first record that does not follow from the one before it; None when all do."""
    previous = ORIGIN
    for number, record in enumerate(records):
        if record.get("previous") != previous or record.get("hash") != digest(record):
            return number
        previous = str(record["hash"])
    return None


def read(path: Path) -> list[Record]:
    """All records; what a power cut left of a last one is not."""
    return _read(path)[0]


def append(path: Path, record: Record) -> Record:
    """Adds a record durably and returns it with its hashes. Raises OSError."""
    records, end = _read(path)
    new = linked(record, records[-1] if records else None)
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        os.ftruncate(descriptor, end)
        data = json.dumps(new).encode("ascii") + b"\n"
        if os.pwrite(descriptor, data, end) != len(data):
            os.ftruncate(descriptor, end)
            raise OSError(f"{path}: not written whole")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        files.sync_directory(path.parent)
    return new


def _read(path: Path) -> tuple[list[Record], int]:
    """Records, and where the last whole one ends."""
    records: list[Record] = []
    end = 0
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return [], 0
    for line in data.splitlines(keepends=True):
        try:
            record = json.loads(line)
        except ValueError:
            break
        if not line.endswith(b"\n") or not isinstance(record, dict):
            break
        records.append(record)
        end += len(line)
    return records, end
