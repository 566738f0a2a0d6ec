"""CPU seconds of each step from declared data to written files, in this one process; prints JSON.

Argument: a repository. Bare Jinja2 prints the same documents from the same facts, with templates compiled once: the
floor that the other figures are compared with.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

ROOT = Path(sys.argv[1]).resolve()
os.environ["ANSIBLE_CONFIG"] = str(ROOT / "ansible.cfg")

from tslcd import intent, load, render, write  # noqa: E402 - Ansible reads its settings when it is first imported
from tslcd.intended import Build, intent_json  # noqa: E402
from tslcd.platforms import PLATFORMS  # noqa: E402
from tslcd.source import Source, open_source  # noqa: E402

seconds: dict[str, float] = {}


@contextmanager
def phase(name: str) -> Iterator[None]:
    """Measure the CPU time of a block."""
    start = time.process_time()
    yield
    seconds[name] = time.process_time() - start


def main() -> None:
    """Measure every phase once."""
    with phase("inventory"):
        source = open_source(ROOT)
    with phase("variables"):
        _resolve_variables(source)
    with phase("variables again"):  # group_vars/ are parsed now
        _resolve_variables(source)
    with phase("variables and validation"):
        network = load.from_ansible(source.inventory, source.variable_manager, source.loader)
    seconds["validate"] = seconds.pop("variables and validation") - seconds.pop("variables again")
    facts: list[intent.RouterIntent] = []
    with phase("derive"):
        for stage in get_args(intent.Stage):
            facts += intent.derive(network, stage).values()
    with phase("words of the platform"):
        words = [PLATFORMS[one.platform].facts(one) for one in facts]
    with phase("words and text"):
        texts = [render.document(one, ROOT) for one in facts]
    seconds["text"] = seconds.pop("words and text") - seconds["words of the platform"]
    with phase("facts as JSON"):
        shown = [intent_json(one) for one in facts]
    build = Build(ROOT)
    files = {build.text_path(one.hostname, one.stage): text for one, text in zip(facts, texts, strict=True)}
    files |= {build.intent_path(one.hostname, one.stage): text for one, text in zip(facts, shown, strict=True)}
    everywhere = {one.hostname for one in facts}
    with phase("write"):
        write.apply(write.changes(files, everywhere))
    with phase("compare"):
        assert write.changes(files, everywhere) == []
    templates = {
        name: render.environment(ROOT / "templates").get_template(f"{name}/main.j2")
        for name in {one.platform for one in facts}
    }
    for template in templates.values():
        template.render(d=words[0])  # compiled, includes too
    with phase("bare Jinja2"):
        bare = [templates[one.platform].render(d=d) for one, d in zip(facts, words, strict=True)]
    assert bare == texts
    print(json.dumps(seconds))


def _resolve_variables(source: Source) -> None:
    for host in source.inventory.hosts.values():
        source.variable_manager.get_vars(host=host, include_hostvars=False)


if __name__ == "__main__":
    main()
