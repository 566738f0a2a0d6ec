"""Section `tc`: its grammar, what tc prints turned into it, and the commands from one state to another."""

import pytest

from napalm_frr.agent import tc, tc_text
from napalm_frr.document import DocumentError

SECTION = """\
htb wan1 default=1:a
class wan1 1:1 rate=30000kbit ceil=30000kbit burst=15000b cburst=15000b overhead=24
class wan1 1:3 parent=1:1 rate=1496kbit ceil=1496kbit burst=1870b cburst=1870b overhead=24 prio=0 quantum=1514 queue=bfifo:15360b
class wan1 1:a parent=1:1 rate=7800kbit ceil=30000kbit burst=3900b cburst=15000b overhead=24 prio=3 quantum=1514 queue=pfifo:100p
"""  # noqa: E501 - one line per class
QDISCS = """\
qdisc noqueue 0: dev lo root refcnt 2
qdisc htb 1: dev wan1 root refcnt 3 r2q 10 default 0xa direct_packets_stat 7 ver 3.17 direct_qlen 1000
qdisc pfifo a: dev wan1 parent 1:a limit 100p
qdisc bfifo 3: dev wan1 parent 1:3 limit 15Kb
qdisc fq_codel 0: dev wan2 root refcnt 2 limit 10240p flows 1024
"""
COMMON = "overhead 24 ceil {ceil} linklayer ethernet burst {burst}/1 mpu 0b cburst {cburst}/1 mpu 0b level {level}\n"
CLASSES = (
    "class htb 1:a parent 1:1 leaf a: prio 3 quantum 1514 rate 7800Kbit "
    + COMMON.format(ceil="30Mbit", burst="3900b", cburst="15000b", level=0)
    + "class htb 1:3 parent 1:1 leaf 3: prio 0 quantum 1514 rate 1496Kbit "
    + COMMON.format(ceil="1496Kbit", burst="1870b", cburst="1870b", level=0)
    + "class htb 1:1 root rate 30Mbit "
    + COMMON.format(ceil="30Mbit", burst="15000b", cburst="15000b", level=7)
)


def shown(qdiscs=QDISCS, classes=CLASSES):
    return tc._section(qdiscs, {"wan1": classes}.__getitem__)


def commands(wanted, running):
    return [command for _, command in tc.steps(wanted, running)]


def test_what_the_kernel_shows_is_the_section_to_the_byte():
    assert shown() == SECTION


def test_the_grammar_reads_a_section_and_prints_it_back():
    trees = tc_text.parse(SECTION)
    assert "".join(f"{line}\n" for name, tree in trees.items() for line in tree.lines(name)) == SECTION
    assert tc_text.parse("") == {}


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("htb wan1", "hfsc wan1", 1),
        ("htb wan1", "htb wan1;reboot", 1),
        ("default=1:a", "default=1:0", 1),
        ("default=1:a", "default=2:a", 1),
        ("default=1:a\n", "default=1:a r2q=5\n", 1),
        ("default=1:a", "default=1:b", 0),
        ("default=1:a", "default=1:1", 0),
        (SECTION, SECTION + SECTION, 5),
        ("class wan1 1:3", "class wan2 1:3", 3),
        ("class wan1 1:3", "class wan1 1:f", 4),
        ("1:3 parent=1:1", "1:3 parent=1:a", 3),
        ("1:3 parent=1:1 ", "1:3 parent=1:1 mpu=64 ", 3),
        ("rate=1496kbit ceil=1496kbit", "ceil=1496kbit rate=1496kbit", 3),
        ("rate=1496kbit ", "", 3),
        ("rate=1496kbit", "rate=1.5mbit", 3),
        ("burst=1870b cburst", "burst=1870 cburst", 3),
        ("prio=0", "prio=8", 3),
        ("queue=bfifo:15360b", "queue=fq_codel:100p", 3),
        ("queue=bfifo:15360b", "queue=bfifo:100p", 3),
        (" queue=bfifo:15360b", "", 0),
        ("cburst=15000b overhead=24\n", "cburst=15000b overhead=24 prio=0 quantum=1514 queue=pfifo:9p\n", 0),
    ],
)
def test_what_the_grammar_does_not_know_is_refused_with_its_line(old, new, line):
    assert old in SECTION
    with pytest.raises(DocumentError) as refusal:
        tc_text.parse(SECTION.replace(old, new, 1))
    assert (refusal.value.section, refusal.value.line) == ("tc", line)


def test_each_thing_that_somebody_changed_has_a_line_of_its_own():
    def drift(qdiscs=QDISCS, classes=CLASSES):
        return sorted(set(shown(qdiscs, classes).splitlines()) ^ set(SECTION.splitlines()))

    assert drift() == []
    assert [line.split()[2] for line in drift(classes=CLASSES.replace("rate 1496Kbit", "rate 2Mbit"))] == ["1:3"] * 2
    assert "mpu=64b" in drift(classes=CLASSES.replace("mpu 0b", "mpu 64b", 1))[1]
    without = [line for line in CLASSES.splitlines(keepends=True) if "1:a" not in line]
    assert [line.split()[2] for line in drift(classes="".join(without))] == ["1:a"]
    assert drift(QDISCS + "qdisc tbf 8001: dev lan1 root refcnt 2 rate 1Mbit\n") == ["unmanaged qdisc lan1 root tbf"]
    replaced = QDISCS.replace("bfifo 3: dev wan1 parent 1:3 limit 15Kb", "sfq 30: dev wan1 parent 1:3 limit 127p")
    assert "unmanaged qdisc wan1 1:3 sfq" in drift(replaced)


def test_nothing_is_done_to_an_interface_that_is_as_wanted():
    assert commands(SECTION, SECTION) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("rate=1496kbit", "rate=900kbit", ["class change dev wan1 parent 1:1 classid 1:3"]),
        ("queue=pfifo:100p", "queue=pfifo:9p", ["qdisc change dev wan1 parent 1:a handle a: pfifo limit 100"]),
        (
            "queue=pfifo:100p",
            "queue=bfifo:9b",
            ["qdisc del dev wan1 parent 1:a", "qdisc add dev wan1 parent 1:a handle a: pfifo limit 100"],
        ),
        (" queue=pfifo:100p", "", ["qdisc add dev wan1 parent 1:a handle a: pfifo limit 100"]),
        ("wan1 1:3", "wan1 1:4", ["class del dev wan1 classid 1:4", "class add dev", "qdisc add dev"]),
    ],
)
def test_what_differs_is_changed_in_place(old, new, expected):
    found = commands(SECTION, SECTION.replace(old, new, 1))
    assert len(found) == len(expected)
    assert all(command.startswith(start) for command, start in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("old", "new"),
    [("default=1:a", "default=1:3"), ("default=1:a", "default=1:a r2q=5"), ("1:1", "1:2")],
)
def test_another_tree_is_built_anew(old, new):
    """`qdisc replace` of a live HTB is refused by the kernel."""
    found = commands(SECTION, SECTION.replace(old, new))
    assert found[:2] == ["qdisc del dev wan1 root", "qdisc add dev wan1 root handle 1: htb default 0xa"]
    assert len(found) == 7


def test_an_interface_that_is_not_declared_is_freed():
    assert commands("", SECTION) == ["qdisc del dev wan1 root"]


def test_what_is_unmanaged_tells_how_it_is_removed():
    assert tc.removal("unmanaged qdisc wan1 root tbf") == "qdisc del dev wan1 root"
    assert tc.removal("unmanaged qdisc wan1 1:3 sfq") == "qdisc del dev wan1 parent 1:3"


def test_going_back_leaves_out_what_no_document_can_say():
    running = SECTION.replace("default=1:a", "default=1:a r2q=5").replace("queue=bfifo", "mpu=64b queue=bfifo")
    assert tc_text.accepted(f"unmanaged qdisc lan1 root tbf\n{running}") == SECTION
