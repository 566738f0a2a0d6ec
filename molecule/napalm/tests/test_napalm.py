from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import candidates
import pytest
from napalm import get_network_driver
from napalm.base.base import NetworkDriver
from napalm.base.test import base, conftest, getters

import napalm_frr
from napalm_frr import absent

ADDRESS = "10.111.0.129"
HUB = {"1.0.4.0/24": "10.96.4.0/22", "8.8.8.8": "10.111.0.1"}
GETTERS = {
    "get_facts": (),
    "get_interfaces": (),
    "get_interfaces_ip": (),
    "get_bgp_neighbors": (),
    "get_bgp_neighbors_detail": (),
    "get_route_to": ("10.96.4.0/22",),
    "get_arp_table": (),
    "get_ipv6_neighbors_table": (),
    "get_vlans": (),
    "get_config": (),
}
CREDENTIALS = Path(os.environ["TSLCD_CREDENTIALS"])
README = Path(napalm_frr.__file__).with_name("README.md")
NAPALM = Path(sys.executable).with_name("napalm")


def pytest_generate_tests(metafunc):
    conftest.pytest_generate_tests(metafunc, __file__)


def _device(account="netops", kind=None):
    optional = {"known_hosts": str(CREDENTIALS / "known_hosts"), "key_file": str(CREDENTIALS / account)}
    return (kind or get_network_driver("frr"))(ADDRESS, account, "", optional_args=optional)


@pytest.fixture(scope="module")
def vendor(tmp_path_factory):
    """The candidates; in the end the router runs what it ran in the beginning."""
    directory = tmp_path_factory.mktemp("frr")
    with _device() as device:
        running = device.get_config(retrieve="running")["running"]
    candidates.write(directory, running)
    yield directory
    with _device() as device:
        device.load_replace_candidate(config=running)
        if device.compare_config():
            device.commit_config()


class OfThisNetwork(napalm_frr.FrrDriver):
    """NAPALM's suite asks for a route and a host of the Internet; this network has its hub."""

    def get_route_to(self, destination="", protocol="", longer=False):
        return super().get_route_to(HUB.get(destination, destination), protocol, longer)

    def ping(self, destination, *_, **__):
        return super().ping(HUB.get(destination, destination), source=ADDRESS, count=2)


class TestConfiguration(unittest.TestCase, base.TestConfigNetworkDriver):
    """NAPALM's own seven tests of changes to a configuration."""

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.vendor, cls.device = directory.name, _device()
        cls.device.open()
        candidates.write(Path(cls.vendor), cls.device.get_config(retrieve="running")["running"])


class TestGetters(getters.BaseTestGetters):
    """NAPALM's own tests of every getter that is not absent."""

    driver = napalm_frr.FrrDriver

    @pytest.fixture(autouse=True, scope="class")
    def _router(self, request):
        with _device(kind=OfThisNetwork) as device:
            request.cls.device = device
            yield


# These would be skipped; test_what_is_absent_says_why covers them.
for _name in (*absent.REASONS, "get_arp_table_with_vrf"):
    setattr(TestGetters, f"test_{_name}", None)


def test_what_is_absent_says_why():
    """Every method of NAPALM's contract is implemented, or raises NotImplementedError with its reason."""
    device = _device()
    contract = {name for name, _ in inspect.getmembers(NetworkDriver, inspect.isfunction) if name[0] != "_"}
    inherited = {name for name in contract if getattr(napalm_frr.FrrDriver, name) is getattr(NetworkDriver, name)}
    assert inherited == {"pre_connection_tests", "connection_tests", "post_connection_tests", "compliance_report"}
    for name in absent.REASONS:
        with pytest.raises(NotImplementedError, match=f"{name}: .{{20}}"):
            getattr(device, name)()
    with pytest.raises(NotImplementedError, match="one routing table"):
        device.get_arp_table(vrf="TEST")


def test_the_auditor_reads_what_the_engineer_reads():
    """Every getter gives the auditor an answer of the same shape and size as the engineer."""
    with _device("auditor") as auditor, _device() as engineer:
        for getter, arguments in GETTERS.items():
            seen, known = (getattr(device, getter)(*arguments) for device in (auditor, engineer))
            assert seen, getter
            assert (type(seen), len(seen)) == (type(known), len(known)), getter


def _napalm(*arguments):
    files = {"known_hosts": CREDENTIALS / "known_hosts", "key_file": CREDENTIALS / "netops"}
    optional = ",".join(f"{name}={str(path)!r}" for name, path in files.items())
    login = ("--user", "netops", "--password", "", "--vendor", "frr", "--optional_args", optional)
    return subprocess.run([NAPALM, *login, ADDRESS, *arguments], capture_output=True, text=True, check=False)


def test_napalms_command_line_reads():
    """`napalm --vendor frr … call get_facts` prints the router's facts."""
    done = _napalm("call", "get_facts")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["hostname"] == "lci-02683-bat-xat-r1"


def test_napalms_command_line_shows_a_difference_and_changes_nothing(vendor):
    """`napalm --vendor frr … configure FILE --dry-run` prints the diff; the router runs what it ran."""
    done = _napalm("configure", str(vendor / "new_good.conf"), "--dry-run")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (vendor / "new_good.diff").read_text().strip()
    with _device() as device:
        assert device.get_config(retrieve="running")["running"] == (vendor / "initial.conf").read_text()


def test_the_script_of_the_readme_works(vendor, tmp_path):
    """The plain NAPALM script of the driver's README commits a document and confirms it."""
    script = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[1]
    assert ADDRESS in script
    for name in ("known_hosts", "netops"):
        (tmp_path / name).symlink_to(CREDENTIALS / name)
    wanted = (vendor / "new_good.conf").read_text()
    (tmp_path / "router.conf").write_text(wanted)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (vendor / "new_good.diff").read_text().strip()
    with _device() as device:
        assert device.get_config(retrieve="startup")["startup"] == wanted
