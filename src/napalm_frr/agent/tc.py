"""Section `tc`: the HTB trees of the kernel, changed class by class, so that what stays as it is loses no packet.

Whatever else queues on an interface shows as a line `unmanaged qdisc INTERFACE WHERE KIND` and is taken away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from napalm_frr.agent import process, tc_text
from napalm_frr.agent.tc_text import Class, Tree, name_of, number_of

_UNMANAGED = "unmanaged qdisc "
_FAILED = re.compile(r"^Command failed -:(\d+)$", re.MULTILINE)
_STAND_INS = """
for name; do ip link add name "$name" type veth || exit; done
tc -batch - || exit
tc -d qdisc show
for name; do echo "interface $name"; tc -d class show dev "$name"; done"""
_SENT = re.compile(r"^class htb (1:\w+).*\n Sent (\d+) bytes (\d+) pkt \(dropped (\d+),", re.MULTILINE)
_UNITS = {"bit": 1, "Kbit": 10**3, "Mbit": 10**6, "Gbit": 10**9, "b": 1, "Kb": 2**10, "Mb": 2**20}
_VALUE = re.compile(r"([\d.]+)([A-Za-z]*)")
# What the kernel has when nothing else was asked for; anything else shows.
_USUAL = {"r2q": "10", "linklayer": "ethernet", "mpu": "0b"}


def read() -> str:
    """The section as the kernel has it. Raises CommandError."""
    shown = process.run(["tc", "-d", "qdisc", "show"])
    return _section(shown, lambda interface: process.run(["tc", "-d", "class", "show", "dev", interface]))


def apply(text: str) -> None:
    """Raises CommandError: then part of it is done."""
    running = read()
    for line in running.splitlines():
        if line.startswith(_UNMANAGED):  # what resists stays, and shows
            process.outcome(["tc", *removal(line).split(" ")])
    if commands := [command for _, command in steps(text, running)]:
        process.run(["tc", "-batch", "-"], "".join(f"{command}\n" for command in commands))


def check(text: str) -> list[tuple[int, str]]:
    """Lines (from 1) that tc refuses or that the kernel would show otherwise, tried on stand-ins in an empty network.

    Raises DocumentError when the grammar refuses the text.
    """
    trees = tc_text.parse(text)
    if not trees:
        return []
    plan = steps(text, "")
    status, output, errors = process.outcome(
        ["unshare", "--net", "sh", "-c", _STAND_INS, "sh", *trees],
        "".join(f"{command}\n" for _, command in plan),
    )
    if status:
        failed = _FAILED.search(errors)
        message = next((line for line in errors.splitlines() if not line.startswith("Command failed")), "refused")
        return [(plan[int(failed[1]) - 1][0] if failed else 0, message.removeprefix("Error: ").strip())]
    qdiscs, *classes = re.split(r"^interface .*\n", output, flags=re.MULTILINE)
    seen = _section(qdiscs, dict(zip(trees, classes, strict=True)).__getitem__)
    if seen == text:
        return []
    for number, (line, other) in enumerate(zip(text.splitlines(), seen.splitlines(), strict=False), 1):
        if line != other:
            return [(number, f"not in canonical form; the kernel would show {other!r}")]
    return [(0, f"not in canonical form; the kernel would show {len(seen.splitlines())} lines")]


def counters() -> dict[str, dict[str, dict[str, int]]]:
    """Interface -> class -> packets, bytes and dropped packets since the class was made. Raises CommandError."""
    return {
        interface: {
            name: {"packets": int(packets), "bytes": int(sent), "dropped": int(dropped)}
            for name, sent, packets, dropped in _SENT.findall(
                process.run(["tc", "-s", "class", "show", "dev", interface])
            )
        }
        for interface in _running(read())
    }


def steps(wanted_text: str, running_text: str) -> list[tuple[int, str]]:
    """(line of the wanted section, or 0; command of `tc -batch`), from the running section to the wanted one."""
    wanted, running = tc_text.parse(wanted_text), _running(running_text)
    numbers = {line: number for number, line in enumerate(wanted_text.splitlines(), 1)}
    found = [(0, f"qdisc del dev {name} root") for name in running if name not in wanted]
    for name, tree in wanted.items():
        have = running.get(name)
        if have is None or have.structure != tree.structure:
            found += [(0, f"qdisc del dev {name} root")] if have else []
            default = f"qdisc add dev {name} root handle 1: htb default {tree.default:#x}"
            found.append((numbers[next(tree.lines(name))], default))
            have = Tree(tree.default)
        found += [(0, command) for command in _dropped(name, tree, have)]
        for this in tree.classes.values():
            line = numbers[this.line(name)]
            found += [(line, command) for command in _class_steps(name, this, have.classes.get(this.number))]
    return found


def _dropped(interface: str, tree: Tree, have: Tree) -> Iterator[str]:
    """Leaves that go; of those that move to another parent, the old place."""
    for number, this in have.classes.items():
        if number not in tree.classes or tree.classes[number].parent != this.parent:
            yield f"class del dev {interface} classid {name_of(number)}"


def _class_steps(interface: str, wanted: Class, have: Class | None) -> Iterator[str]:
    plain = {key: value for key, value in wanted.attributes.items() if key not in ("queue", "parent")}
    old: dict[str, str] = dict(have.attributes) if have and have.parent == wanted.parent else {}
    parent = name_of(wanted.parent) if wanted.parent else "1:"
    queue, old_queue = wanted.attributes.get("queue", ""), old.pop("queue", "")
    old.pop("parent", None)
    if plain != old:
        words = " ".join(f"{key} {value}" for key, value in plain.items())
        verb = "change" if old else "add"
        yield f"class {verb} dev {interface} parent {parent} classid {name_of(wanted.number)} htb {words}"
    if queue != old_queue:
        kind, _, limit = queue.partition(":")
        if old_queue and not old_queue.startswith(kind):
            yield f"qdisc del dev {interface} parent {name_of(wanted.number)}"
            old_queue = ""
        verb = "change" if old_queue else "add"
        where = f"parent {name_of(wanted.number)} handle {wanted.number:x}:"
        yield f"qdisc {verb} dev {interface} {where} {kind} limit {limit.removesuffix('p')}"


def _running(text: str) -> dict[str, Tree]:
    """Trees of a running section, with whatever strange words they have."""
    trees: dict[str, Tree] = {}
    for line in text.splitlines():
        kind, interface, name, *words = line.split(" ")
        if kind == "htb":
            trees[interface] = Tree(number_of(name.removeprefix("default=")) if not words else -1)
        elif kind == "class":
            attributes = {key: value for key, _, value in (word.partition("=") for word in words)}
            trees[interface].classes[number_of(name)] = Class(number_of(name), attributes)
    return trees


def _section(qdiscs: str, classes: Callable[[str], str]) -> str:
    """The section out of what `tc -d qdisc show` prints, and of what `tc -d class show` prints of an interface."""
    roots: dict[str, str] = {}
    queues: dict[tuple[str, str], str] = {}
    foreign = []
    for line in qdiscs.splitlines():
        _, kind, handle, _, interface, *words = line.split()
        where = words[1] if words[0] == "parent" else words[0]
        values = dict(pairwise(words))
        if handle == "0:":  # the kernel's own
            continue
        if (kind, handle, where) == ("htb", "1:", "root"):
            default = name_of(int(values.get("default", "0"), 16))
            roots[interface] = " ".join([f"htb {interface} default={default}", *_strange(values.items())])
        elif kind in ("pfifo", "bfifo") and f"1:{handle}" == f"{where}:":
            queues[interface, where] = f"{kind}:{_plain(values['limit'])}"
        else:
            foreign.append(f"{_UNMANAGED}{interface} {where} {kind}")
    lines = sorted(foreign)
    for interface in sorted(roots):
        lines.append(roots[interface])
        lines += _class_lines(interface, classes(interface), queues)
    return "".join(f"{line}\n" for line in lines)


def _class_lines(interface: str, shown: str, queues: dict[tuple[str, str], str]) -> list[str]:
    found = {}
    for line in shown.splitlines():
        _, kind, name, *words = line.split()
        if kind != "htb" or not name.startswith("1:"):
            continue  # of what shows as unmanaged
        pairs = list(pairwise(words))  # those of a value and the next word mean nothing, and do no harm
        values = {key: _plain(value) for key, value in pairs if key in tc_text.OF_CLASS}
        if (interface, name) in queues:
            values["queue"] = queues[interface, name]
        number = number_of(name)
        found[number] = " ".join([Class(number, values).line(interface), *_strange(pairs)])
    return [found[number] for number in sorted(found)]


def _strange(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Words for values that are not the usual ones."""
    return sorted({f"{key}={value}" for key, value in pairs if _USUAL.get(key, value) != value})


def _plain(value: str) -> str:
    """`28500kbit` for tc's `28500Kbit`, `15360b` for `15Kb`, `1600b` for `1600b/8`; anything else as it is."""
    match = _VALUE.match(value)
    if not match or match[2] not in _UNITS:
        return value
    number = round(float(match[1]) * _UNITS[match[2]])
    if not match[2].endswith("bit"):
        return f"{number}b"
    return f"{number}bit" if number % 1000 else f"{number // 1000}kbit"


def removal(line: str) -> str:
    """The command of tc that takes away what an unmanaged line shows."""
    interface, where = line.removeprefix(_UNMANAGED).split(" ")[:2]
    return f"qdisc del dev {interface} {'root' if where == 'root' else f'parent {where}'}"
