"""A Debian device of its own on this machine: namespaces with their own /etc, /run, /var and network, and an agent."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from napalm_frr import zipapp
from napalm_frr.agent import PATH, system_text

_OWN = """
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir /run/own /run/own/etc /run/own/etc.work /run/sshd
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/own/etc,workdir=/run/own/etc.work /etc
for place in /var/log /var/home /var/lib/napalm-frr /var/lib/baresip /usr/local/sbin; do
  mkdir -p "$place"
  mount -t tmpfs tmpfs "$place"
done
sed -i '/:1[0-9][0-9][0-9]:/d' /etc/passwd
rm -f /etc/sudoers.d/*
ip link set lo up
for address in $ADDRESSES; do ip address add "$address" dev lo; done
echo ready
exec sleep 600"""
SYSTEM = "".join(f"{line}\n" for line in ["hostname dev1", *(f"sshd {line}" for line in system_text._SSHD_REQUIRED)])


class Device:
    """Runs programs on the device; `agent` gives the agent's answer as JSON, or its text."""

    def __init__(self, pid: int) -> None:
        self._enter = ["nsenter", f"--target={pid}", "--all", "--"]

    def run(self, *argv: str, text: str = "") -> str:
        return subprocess.run([*self._enter, *argv], input=text, capture_output=True, text=True, check=False).stdout

    def agent(self, *words: str, text: str = "") -> dict | list | str:
        output = self.run(PATH, *words, text=text)
        return json.loads(output) if output.startswith(("{", "[")) else output


@contextmanager
def device(tmp_path: Path, confirmed: str, *addresses: str) -> Iterator[Device]:
    """A device that was delivered with this document; not booted yet. Everything of it ends with the block."""
    program = zipapp.build(tmp_path / "agent")
    namespaces = ["--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--mount-proc", "--kill-child"]
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "ADDRESSES": " ".join(addresses)}
    started = subprocess.Popen(
        ["unshare", *namespaces, "sh", "-c", _OWN], stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert started.stdout is not None
        assert started.stdout.readline() == "ready\n"
        children = Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text(encoding="ascii")
        this = Device(int(children))
        this.run("install", str(program), PATH)
        this.run("tee", "/var/lib/napalm-frr/confirmed.conf", text=confirmed)
        yield this
    finally:
        started.kill()
        started.wait()
