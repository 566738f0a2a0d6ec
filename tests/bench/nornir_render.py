"""The same documents by Nornir and nornir-jinja2, from the same facts; prints JSON with CPU seconds.

Argument: a repository. Loading and deriving are not counted: each host is given its facts. `shared environment` passes
one Jinja2 environment to all tasks, `environment per task` is what nornir-jinja2 does when it is given a path.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any, get_args

ROOT = Path(sys.argv[1]).resolve()
os.environ["ANSIBLE_CONFIG"] = str(ROOT / "ansible.cfg")

from nornir.core import Nornir  # noqa: E402 - Ansible reads its settings when it is first imported
from nornir.core.inventory import Defaults, Groups, Host, Hosts, Inventory  # noqa: E402
from nornir.plugins.runners import SerialRunner, ThreadedRunner  # noqa: E402
from nornir_jinja2.plugins.tasks import template_file  # noqa: E402

from tslcd import intent, load, render  # noqa: E402
from tslcd.platforms import PLATFORMS  # noqa: E402


def main() -> None:
    """Measure each way once."""
    network = load.network(ROOT)
    stages = [intent.derive(network, stage) for stage in get_args(intent.Stage)]
    jobs = [
        {name: (one.platform, PLATFORMS[one.platform].facts(one)) for name, one in found.items()} for found in stages
    ]
    wanted = [{name: render.document(one, ROOT) for name, one in found.items()} for found in stages]
    inventory = Inventory(Hosts({name: Host(name) for name in jobs[0]}), Groups(), Defaults())
    shared = {"jinja_env": render.environment(ROOT / "templates")}
    ways: dict[str, tuple[Any, dict[str, Any]]] = {
        "shared environment": (SerialRunner(), shared),
        "shared environment, 10 threads": (
            ThreadedRunner(num_workers=10),
            {"jinja_env": render.environment(ROOT / "templates")},
        ),
        "environment per task": (SerialRunner(), {"path": str(ROOT / "templates")}),
    }
    seconds = {}
    for way, (runner, options) in ways.items():
        nornir = Nornir(inventory=inventory, runner=runner)
        start = time.process_time()
        done = [nornir.run(task=_document, jobs=found, options=options) for found in jobs]
        seconds[way] = time.process_time() - start
        assert not any(results.failed for results in done)
        if "jinja_env" in options:
            assert [{name: result[1].result for name, result in results.items()} for results in done] == wanted
    print(json.dumps(seconds))


def _document(task: Any, jobs: dict[str, Any], options: dict[str, Any]) -> None:
    platform, d = jobs[task.host.name]
    task.run(task=template_file, template=f"{platform}/main.j2", d=d, **options)


if __name__ == "__main__":
    main()
