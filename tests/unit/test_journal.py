"""What is left of the files that going back relies on, after a power cut at any byte."""

import random

import pytest

from napalm_frr.agent import chain, journal

STEPS = ["begin", "timer", "frr", "nft", "applied"]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "journal"
    journal.start(path, journal.Entry("a1", "read", {}))
    for step in STEPS:
        journal.append(path, step, {"n": step})
    return path


def test_a_journal_is_read_as_it_was_written(path):
    assert [entry.step for entry in journal.read(path)] == ["read", *STEPS]
    assert journal.read(path)[1].facts == {"n": "begin"}
    assert path.stat().st_size == journal.SIZE


def test_a_journal_cut_off_anywhere_ends_with_its_last_whole_line(path):
    data = path.read_bytes()
    _, length = journal.parse(data)
    for end in range(length + 1):
        whole = data[:end].count(b"\n")
        assert len(journal.parse(data[:end])[0]) == whole
        assert len(journal.parse(data[:end].ljust(journal.SIZE, b"\0"))[0]) == whole


def test_a_garbled_journal_is_believed_up_to_the_garbage_only(path):
    data = path.read_bytes()
    entries, length = journal.parse(data)
    generator = random.Random(1)
    for _ in range(200):
        place = generator.randrange(length)
        garbled = data[:place] + bytes([data[place] ^ generator.randrange(1, 256)]) + data[place + 1 :]
        found, _ = journal.parse(garbled)
        assert found == entries[: data[:place].count(b"\n")]


def test_writing_goes_on_after_a_garbled_tail(path):
    data = path.read_bytes()
    _, length = journal.parse(data)
    path.write_bytes(data[: length - 3] + b"\xff" * 50 + data[length + 47 :])
    journal.append(path, "revert")
    assert [entry.step for entry in journal.read(path)] == ["read", *STEPS[:-1], "revert"]
    assert path.stat().st_size == journal.SIZE


def test_lines_of_an_earlier_commit_do_not_count(path):
    earlier = path.read_bytes()
    first = journal.line(0, journal.Entry("b2", "read", {}))
    offset = len(journal.line(0, journal.Entry("a1", "read", {})))
    assert [entry.id for entry in journal.parse(first + earlier[offset:])[0]] == ["b2"]
    journal.start(path, journal.Entry("b2", "read", {}))
    assert [entry.id for entry in journal.read(path)] == ["b2"]


@pytest.fixture
def commits(tmp_path):
    path = tmp_path / "commits"
    for number in range(4):
        chain.append(path, {"id": str(number), "result": "confirmed"})
    return path


def test_a_chain_of_records_is_whole(commits):
    records = chain.read(commits)
    assert [record["id"] for record in records] == ["0", "1", "2", "3"]
    assert chain.first_broken(records) is None


def test_a_changed_removed_or_exchanged_record_breaks_the_chain_at_its_place(commits):
    records = chain.read(commits)
    changed = [dict(record) for record in records]
    changed[1]["id"] = "x"
    assert chain.first_broken(changed) == 1
    changed[1]["hash"] = chain.digest(changed[1])
    assert chain.first_broken(changed) == 2
    assert chain.first_broken([records[0], *records[2:]]) == 1
    assert chain.first_broken(records[1:]) == 0
    assert chain.first_broken([records[1], records[0]]) == 0


def test_a_torn_record_is_cut_off_and_the_chain_goes_on(commits):
    data = commits.read_bytes()
    for lost in (1, 5, 100):
        commits.write_bytes(data[:-lost])
        chain.append(commits, {"id": "new", "result": "reverted"})
        records = chain.read(commits)
        assert [record["id"] for record in records] == ["0", "1", "2", "new"]
        assert chain.first_broken(records) is None
