"""Seeded damage to declared files: one mutant is the small network with one to three things done to it.

Each mutation takes a `Random` and the root of a copy; the same random numbers always give the same mutant.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import yaml

Mutation = Callable[[Random, Path], None]

ODD_TEXT = [
    "", " ", "\t", "null", "~", "yes", "no", "on", "NULL", "0", "-1", "00", "0145", "1:20", "0x1F", "1e400", ".nan",
    "-.inf", "10" * 20, "9" * 5000, "2027-13-01", "2027-02-30", "2027-01-01 25:00:00", "1.10", "=", "<<", "*a", "&a",
    "!x y", "!!binary x", "!!python/object/apply:os.system [true]", "!vault x", "!unsafe '{{ x }}'", "{{ nowhere }}",
    "{{ 1 / 0 }}", "{% raw %}", "{{", "{{ hostvars }}", "{{ lookup('file', '/nowhere') }}",
    "{{ inventory_hostname }}", "{{ site.number }}", "${secret}", "`id`", "$(id)", "; reboot", "a\nb", "a\r\nb",
    "../../etc/passwd", "/etc/passwd", "a" * 100_000, "\u0000", "\u200b", "\u202ea", "\ufeff",
    "Xa\u0303 Lu\u031bo\u031b\u0323ng", "Xã", "ﬀ", "١٢٣", "𝟙", "😀", "\ud7ff", "\x7f", "\x85", "::/0", "0.0.0.0/0",
    "255.255.255.255/32", "2001:db8::/129", "10.96.0.0/12", "10.111.16.0/21", "fe80::1%eth0/64", "lci-hub", "lci-dr",
    "vnpt", "viettel", "frr", "ios", "EF", "baresip", "vmeeting_client", "conference_endpoint", "mega_vmeeting", "off",
]  # fmt: skip
ODD_VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2, 22, 31, 33, 64, 99, 100, 128, 129, 960, 1024, 4095, 65535, 65536, 2**31,
    2**32 - 1, 2**32, 2**64, 10**30, 0.5, float("inf"), float("nan"), [], {}, [[]], [None], {"a": 1}, {"": ""},
    {1: 2}, {True: False}, ["lan1", "lan1"], [{}], "x", "lan1", *ODD_TEXT,
]  # fmt: skip


def mutate(random: Random, root: Path) -> list[str]:
    """Damage the copy at `root`; gives the names of what was done."""
    chosen = random.choices(MUTATIONS, k=random.choice([1, 1, 1, 2, 3]))
    for mutation in chosen:
        mutation(random, root)
    return [mutation.__name__ for mutation in chosen]


def _files(root: Path) -> list[Path]:
    return sorted(p for d in ("inventory", "group_vars", "host_vars") for p in (root / d).rglob("*.yml") if p.is_file())


def _some_file(random: Random, root: Path) -> Path:
    return random.choice(_files(root) or [root / "inventory/province.yml"])


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace") if path.exists() else ""


def _tree(path: Path) -> Any:
    try:
        return yaml.safe_load(_text(path))
    except (ValueError, TypeError, yaml.YAMLError):
        return None


def _dump(path: Path, tree: Any) -> None:
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8", errors="surrogatepass")


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a tree. A former mutation may have put a node into itself: each is looked at once."""
    found: list[tuple[Any, Any]] = []
    ahead, seen = [tree], set[int]()
    while ahead:
        node = ahead.pop()
        if isinstance(node, (dict, list)) and id(node) in seen:
            continue
        seen.add(id(node))
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        for key in keys:
            found.append((node, key))
            ahead.append(node[key])
    return found


def _on_tree(change: Callable[[Random, list[tuple[Any, Any]]], None]) -> Mutation:
    def mutation(random: Random, root: Path) -> None:
        path = _some_file(random, root)
        tree = _tree(path)
        if places := _places(tree):
            change(random, places)
            with suppress(RecursionError):  # PyYAML does not write what contains itself: the file stays as it is
                _dump(path, tree)

    mutation.__name__ = change.__name__
    return mutation


def delete_key(random: Random, places: list[tuple[Any, Any]]) -> None:
    container, key = random.choice(places)
    del container[key]


def odd_value(random: Random, places: list[tuple[Any, Any]]) -> None:
    container, key = random.choice(places)
    container[key] = random.choice(ODD_VALUES)


def odd_key(random: Random, places: list[tuple[Any, Any]]) -> None:
    mappings = [(container, key) for container, key in places if isinstance(container, dict)]
    if mappings:
        container, key = random.choice(mappings)
        new = random.choice([value for value in ODD_VALUES if not isinstance(value, dict | list)])
        container[new] = container.pop(key) if random.random() < 0.5 else container[key]


def swap_values(random: Random, places: list[tuple[Any, Any]]) -> None:
    leaves = [(c, k) for c, k in places if not isinstance(c[k], dict | list)]
    if len(leaves) > 1:
        (a, first), (b, second) = random.sample(leaves, 2)
        a[first], b[second] = b[second], a[first]


def shuffle_list(random: Random, places: list[tuple[Any, Any]]) -> None:
    if lists := [c[k] for c, k in places if isinstance(c[k], list)]:
        random.shuffle(random.choice(lists))


def repeat_entry(random: Random, places: list[tuple[Any, Any]]) -> None:
    if lists := [c[k] for c, k in places if isinstance(c[k], list) and c[k]]:
        entries = random.choice(lists)
        entries.insert(random.randrange(len(entries) + 1), random.choice(entries))


def copy_subtree(random: Random, places: list[tuple[Any, Any]]) -> None:
    (a, first), (b, second) = random.choice(places), random.choice(places)
    b[second] = yaml.safe_load(yaml.safe_dump(a[first]))


def nudge_number(random: Random, places: list[tuple[Any, Any]]) -> None:
    numbers = [(c, k) for c, k in places if isinstance(c[k], int) and not isinstance(c[k], bool)]
    if numbers:
        container, key = random.choice(numbers)
        container[key] = random.choice(
            [container[key] + random.randint(-3, 3), container[key] * 2, container[key] // 2]
        )


def _on_text(change: Callable[[Random, str], str | bytes]) -> Mutation:
    def mutation(random: Random, root: Path) -> None:
        tables = sorted((root / "data").glob("laocai_*.csv"))
        path = random.choice(tables) if random.random() < 0.04 else _some_file(random, root)
        changed = change(random, _text(path))
        path.write_bytes(changed if isinstance(changed, bytes) else changed.encode("utf-8", "surrogatepass"))

    mutation.__name__ = change.__name__
    return mutation


def _cut(random: Random, text: str) -> tuple[str, str]:
    at = random.randint(0, len(text))
    return text[:at], text[at:]


def delete_line(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    del lines[random.randrange(len(lines))]
    return "".join(lines)


def repeat_line(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = random.randrange(len(lines))
    return "".join([*lines[: at + 1], lines[at], *lines[at + 1 :]])


def swap_lines(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    a, b = random.randrange(len(lines)), random.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return "".join(lines)


def indent_line(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = random.randrange(len(lines))
    lines[at] = random.choice(["  ", " ", "\t", "- "]) + lines[at] if random.random() < 0.6 else lines[at].lstrip()
    return "".join(lines)


def misspell_word(random: Random, text: str) -> str:
    words = list(re.finditer(r"[a-z_]{3,}", text))
    if not words:
        return text
    word = random.choice(words)
    at = random.randrange(word.start(), word.end())
    return text[:at] + random.choice(["", text[at] * 2, "x", text[at].upper()]) + text[at + 1 :]


def change_letter(random: Random, text: str) -> str:
    head, tail = _cut(random, text)
    return head + random.choice("{}[]:,-#&*!|>'\"%@`\t\n\r \0\x07\x1bé\u0303\u202e\u2028\ufeff\ud7ff😀0") + tail[1:]


def insert_text(random: Random, text: str) -> str:
    head, tail = _cut(random, text)
    return head + random.choice(ODD_TEXT) + tail


def replace_scalar(random: Random, text: str) -> str:
    scalars = list(re.finditer(r"(?<=: )[^\s,{}\[\]#]+", text))
    if not scalars:
        return text
    scalar = random.choice(scalars)
    return text[: scalar.start()] + random.choice(ODD_TEXT) + text[scalar.end() :]


def truncate(random: Random, text: str) -> str:
    return _cut(random, text)[0]


def replace_whole(random: Random, text: str) -> str | bytes:
    return random.choice([
        "", "---\n", "null\n", "[]\n", "text\n", "- a\n", "{}\n", "42\n", "--- a\n--- b\n",
        "%YAML 9.9\n---\n" + text, "...\n" + text, random.randbytes(300),
        b"\xff\xfe" + text.encode("utf-16-le", "replace"), text.encode("latin-1", "replace"),
        b"\xef\xbb\xbf" + text.encode("utf-8", "replace"), text.replace("\n", "\r\n"), text.replace("\n", "\r"),
        text.replace("  ", "\t"), "$ANSIBLE_VAULT;1.1;AES256\n6162\n", "$ANSIBLE_VAULT;1.1;AES256\n", text + text,
        text.upper(),
    ])  # fmt: skip


def nest_deeply(random: Random, text: str) -> str:
    depth = random.choice([29, 31, 200, 2000, 20000])
    return (
        text
        + "\n"
        + random.choice(["deep: " + "[" * depth + "]" * depth, "deep: " + "{a: " * depth + "1" + "}" * depth])
        + "\n"
    )


def aliases_that_grow(random: Random, text: str) -> str:
    width = random.choice([2, 9, 40])
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, random.choice([3, 9, 30]))]
    return text + "\n" + "\n".join(lines) + "\n"


def alias_of_itself(random: Random, text: str) -> str:
    subject = re.search(r"^(\w+):", text, re.MULTILINE)
    name = subject[1] if subject else "site"
    return random.choice(
        [
            f"{name}: &x {{a: *x}}\n",
            f"{name}: &x [*x]\n",
            f"{name}: &x\n  <<: *x\n",
            text + "\nother: &y {y: {z: *y}}\n",
        ]
    )


def rename_file(random: Random, root: Path) -> None:
    path = _some_file(random, root)
    if path.exists():
        name = random.choice(
            [
                "zz.yml",
                "all.yml",
                "x.txt",
                "x.yml.bak",
                "x.json",
                path.stem,
                f"{path.stem}2.yml",
                ".hidden.yml",
                "a b.yml",
                "ă.yml",
            ]
        )
        path.rename(path.with_name(name))


def delete_file(random: Random, root: Path) -> None:
    _some_file(random, root).unlink(missing_ok=True)


def copy_file(random: Random, root: Path) -> None:
    path = _some_file(random, root)
    hosts = ["lci-hub-r1", "lci-02734-quang-kim-r1", "lci-nobody-r1"]
    places = [f"host_vars/{host}.yml" for host in hosts]
    places += [
        "group_vars/hub.yml",
        "group_vars/all.yml",
        "group_vars/tier_commune/x.yml",
        "group_vars/all/x.yml",
        "inventory/x.yml",
    ]
    copy = root / random.choice(places)
    copy.parent.mkdir(exist_ok=True)
    if path.exists() and path != copy:
        shutil.copy(path, copy)


def directory_for_a_file(random: Random, root: Path) -> None:
    path = _some_file(random, root)
    path.unlink(missing_ok=True)
    path.mkdir(exist_ok=True)


def exception(random: Random, root: Path) -> None:
    """An exception of one router, mostly well formed, with values of a subject that may have nudged numbers."""
    host = random.choice(["lci-hub-r1", "lci-02734-quang-kim-r1", "lci-082-bat-xat-r1"])
    declared: dict[str, Any] = {"exception": {"reason": "fuzz", "requested_by": "data-centre", "expires": "2027-01-01"}}
    subject = random.choice(["routing", "vlans", "security", "providers", "qos"])
    tree = _tree(root / f"group_vars/all/{subject}.yml")
    declared |= tree if isinstance(tree, dict) else {}
    declared |= random.choice(
        [
            {},
            {"access": "none"},
            {"managed_by": "vnpt"},
            {"parent": "lci-dr"},
            {"tier": "hub"},
            {"ansible_host": "10.0.0.1"},
        ]
    )
    for _ in range(random.randint(0, 2)):
        nudge_number(random, _places(declared))
    (root / "host_vars").mkdir(exist_ok=True)
    _dump(root / f"host_vars/{host}.yml", declared)


def regroup(random: Random, root: Path) -> None:
    """Groups in other groups (circles among them), and hosts in other groups."""
    path = root / random.choice(["inventory/province.yml", "inventory/district_bat_xat.yml"])
    if not path.is_file() or not isinstance(tree := _tree(path), dict):
        return
    groups = [
        container[key]
        for container, key in _places(tree)
        if isinstance(container[key], dict) and "children" in container[key]
    ]
    names = [
        "province",
        "tier_hub",
        "tier_commune",
        "hub",
        "dr",
        "district_bat_xat",
        "site_lci_02683_bat_xat",
        "all",
        "nobody",
    ]
    if groups:
        group = random.choice(groups)
        where = random.choice(["children", "hosts", "vars"])
        inner = group.setdefault(where, {})
        if isinstance(inner, dict):
            member = random.choice([*names, "lci-hub-r1", "lci-hub-r2", "lci-02683-bat-xat-r2"])
            inner[member] = random.choice([None, {}, {"role": "router", "platform": "frr"}])
        _dump(path, tree)


def second_router(random: Random, root: Path) -> None:
    path = root / random.choice(["inventory/hub.yml", "inventory/district_bat_xat.yml"])
    line = re.compile(r"^( +)(\S+)-r1: (.*)$", re.MULTILINE)
    if path.is_file() and (found := list(line.finditer(_text(path)))):
        host = random.choice(found)
        second = f"{host[0]}\n{host[1]}{host[2]}-r{random.choice('2213')}: {host[3]}"
        path.write_text(_text(path).replace(host[0], second, 1), encoding="utf-8", errors="surrogatepass")


_TREE = (delete_key, odd_value, odd_key, swap_values, shuffle_list, repeat_entry, copy_subtree, nudge_number)
_TEXT = (
    delete_line, repeat_line, swap_lines, indent_line, misspell_word, change_letter, insert_text, replace_scalar,
    truncate, replace_whole, nest_deeply, aliases_that_grow, alias_of_itself,
)  # fmt: skip
_FILES = (rename_file, delete_file, copy_file, directory_for_a_file, exception, regroup, second_router)
MUTATIONS: list[Mutation] = [
    *(_on_tree(change) for change in (*_TREE, delete_key, odd_value, nudge_number, swap_values)),
    *(_on_text(change) for change in (*_TEXT, misspell_word, replace_scalar)),
    *_FILES,
]
