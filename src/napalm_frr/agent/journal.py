"""What a commit has begun to do, step by step, in a file whose space is reserved beforehand.

One line per step, written before the step: `CRC32 SEQUENCE COMMIT STEP FACTS`. The file has a fixed size; what is not
yet written is NUL. Reading ends at the first line that is not whole: a truncated or garbled tail is never believed.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from napalm_frr.agent import files

SIZE = 64 * 1024


class Entry(NamedTuple):
    """One step of the commit `id`."""

    id: str
    step: str
    facts: dict[str, Any]


def line(number: int, entry: Entry) -> bytes:
    """The line of an entry."""
    rest = f"{number} {entry.id} {entry.step} {json.dumps(entry.facts)}".encode("ascii")
    return b"%08x %b\n" % (zlib.crc32(rest), rest)


def parse(data: bytes) -> tuple[list[Entry], int]:
    """The entries that are whole and in sequence, and the length of their lines."""
    entries: list[Entry] = []
    end = 0
    while (newline := data.find(b"\n", end)) >= 0:
        checksum, _, rest = data[end:newline].partition(b" ")
        if checksum != b"%08x" % zlib.crc32(rest):
            break
        number, commit_id, step, facts = rest.decode("ascii").split(" ", 3)
        if int(number) != len(entries) or (entries and commit_id != entries[0].id):
            break
        entries.append(Entry(commit_id, step, json.loads(facts)))
        end = newline + 1
    return entries, end


def start(path: Path, entry: Entry) -> None:
    """Forgets the commit before and reserves the space of this one. Raises OSError when the disk is full."""
    with _opened(path) as descriptor:
        os.posix_fallocate(descriptor, 0, SIZE)
        os.pwrite(descriptor, line(0, entry).ljust(SIZE, b"\0"), 0)
        os.ftruncate(descriptor, SIZE)


def append(path: Path, step: str, facts: dict[str, Any] | None = None) -> None:
    """Durable when it returns. A full journal takes no more: only repeated attempts to go back can fill it."""
    data = path.read_bytes()
    entries, end = parse(data)
    if not entries:
        return
    new = line(len(entries), Entry(entries[0].id, step, facts or {}))
    if end + len(new) > SIZE:
        return
    with _opened(path) as descriptor:
        rest = data[end:].strip(b"\0")
        os.pwrite(descriptor, new.ljust(SIZE - end, b"\0") if rest else new, end)


def read(path: Path) -> list[Entry]:
    """The entries of the latest commit."""
    try:
        return parse(path.read_bytes())[0]
    except FileNotFoundError:
        return []


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        yield descriptor
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        files.sync_directory(path.parent)
