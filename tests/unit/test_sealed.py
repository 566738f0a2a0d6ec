"""The confirmed document is on disk twice: whatever happens to one file, a router boots what was confirmed last."""

import contextlib
from pathlib import Path

import pytest

from napalm_frr.agent import files, sealed
from napalm_frr.document import SECTIONS

OLD = "".join(f"#@ {name}\n" for name in SECTIONS)
NEW = OLD + "table inet t {\n}\n"


@pytest.fixture
def path(tmp_path):
    """The old document is confirmed."""
    path = tmp_path / "confirmed.conf"
    sealed.write(path, OLD, {"id": "a1"})
    return path


def copy(path):
    return path.with_suffix(".copy")


def names(path):
    return sorted(member.name for member in path.parent.iterdir())


def tear(path):
    path.write_bytes(path.read_bytes()[:50])


def test_a_sealed_document_that_lost_a_byte_is_not_used():
    content = sealed.seal(OLD, {"id": "a1"})
    assert sealed.unseal(content) == (OLD, {"id": "a1"})
    for end in range(len(content)):
        assert sealed.unseal(content[:end]) is None
    assert sealed.unseal(content.replace("#@ nft", "#@ nfT")) is None


def test_a_plain_document_is_a_delivered_one(tmp_path):
    delivered = tmp_path / "confirmed.conf"
    delivered.write_text(OLD)
    assert sealed.read(delivered) == (OLD, {})


def test_the_new_document_counts_when_either_file_is_torn(path):
    sealed.write(path, NEW, {"id": "a2"})
    whole = path.read_bytes()
    tear(path)
    assert sealed.read(path) == (NEW, {"id": "a2"})
    path.write_bytes(whole)
    tear(copy(path))
    assert sealed.read(path) == (NEW, {"id": "a2"})


def test_no_document_is_made_up_when_both_files_are_torn(path):
    tear(path)
    tear(copy(path))
    assert sealed.read(path) is None
    sealed.mend(path)
    assert sealed.read(path) is None


@pytest.mark.parametrize(("renames", "id"), [(0, "a1"), (1, "a1"), (2, "a1"), (3, "a2"), (4, "a2")])
def test_a_crash_at_any_rename_leaves_the_old_or_the_new_document_twice(path, monkeypatch, renames, id):
    """Two renames bring the new files to the disk, two put them in place."""
    rename, left = Path.replace, iter(range(renames))

    def replace(this, target):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return rename(this, target)

    monkeypatch.setattr(Path, "replace", replace)
    with contextlib.suppress(KeyboardInterrupt):
        sealed.write(path, NEW, {"id": "a2"})
    monkeypatch.undo()
    found = sealed.read(path)
    assert found.facts == {"id": id}
    contents = [member.read_text() for member in path.parent.iterdir()]
    assert sum(sealed.unseal(content) == found for content in contents) >= 2
    sealed.mend(path)
    assert sealed.unseal(path.read_text()) == sealed.unseal(copy(path).read_text()) == found


@pytest.mark.parametrize("written", [0, 1])
def test_a_full_disk_changes_nothing(path, monkeypatch, written):
    before = {member: (path.parent / member).read_bytes() for member in names(path)}
    write, left = files.write, iter(range(written))

    def fail_when_full(*arguments, **options):
        if next(left, None) is None:
            raise OSError("No space left on device")
        write(*arguments, **options)

    monkeypatch.setattr(files, "write", fail_when_full)
    with pytest.raises(OSError, match="No space"):
        sealed.write(path, NEW, {"id": "a2"})
    assert {member: (path.parent / member).read_bytes() for member in names(path)} == before
    assert sealed.read(path) == (OLD, {"id": "a1"})


def test_damage_to_one_file_is_mended_from_the_other(path):
    for damaged in (path, copy(path)):
        tear(damaged)
        sealed.mend(path)
        assert sealed.unseal(path.read_text()) == sealed.unseal(copy(path).read_text()) == (OLD, {"id": "a1"})


def test_nothing_is_written_when_both_files_are_whole(path, monkeypatch):
    monkeypatch.setattr(sealed, "write", lambda *_: pytest.fail("written"))
    sealed.mend(path)
