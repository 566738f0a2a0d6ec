"""What the sections `system` and `ovs` may say, and the auditor's exact list."""

import pytest

from napalm_frr.agent import PATH, auditor_shell, ovs, ovs_text, show, system_text
from napalm_frr.document import DocumentError

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKJBBaNQ2IChWgGpkO6uzcmTct98rsQNv1Jmmma4q6hE"
SSHD = [f"sshd {line}" for line in system_text._SSHD_REQUIRED]
SYSTEM = "\n".join(
    [
        "hostname r1",
        "daemon bfdd",
        "daemon bgpd",
        "account auditor",
        "account netops",
        f"key netops engineer-1 {KEY}",
        "sysctl net.ipv4.ip_forward = 1",
        f"sudo netops ALL=(root) NOPASSWD: {PATH}",
        f"sudo auditor ALL=(root) NOPASSWD: {PATH} running, {PATH} show bgp-routes",
        *SSHD,
        "sshd Match User auditor",
        f"sshd ForceCommand {PATH} auditor-shell",
        "",
    ]
)


def test_a_good_system_section_is_read():
    system = system_text.parse(SYSTEM)
    assert system.hostname == "r1"
    assert system.daemons == ["bfdd", "bgpd"]
    assert system.keys[0].owner == "engineer-1"
    assert system.sysctls == {"net.ipv4.ip_forward": "1"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hostname r1", "hostname r1;reboot"),
        ("hostname r1", "hostnme r1"),
        ("daemon bfdd", "daemon sshd"),
        ("account auditor\naccount netops", "account netops\naccount auditor"),
        ("daemon bgpd", "daemon bfdd"),
        ("key netops", "key root"),
        ("engineer-1 ssh-ed25519", "engineer-1 ecdsa-sha2-nistp256"),
        ("engineer-1 ssh", 'engineer-1 command="sh" ssh'),
        ("sysctl net.ipv4.ip_forward = 1", "sysctl kernel.core_pattern = |/bin/sh"),
        ("sysctl net.ipv4.ip_forward = 1", "sysctl net.ipv4.../kernel.x = 1"),
        (f"NOPASSWD: {PATH}\n", "NOPASSWD: /bin/sh\n"),
        (f"NOPASSWD: {PATH}\n", "NOPASSWD: ALL\n"),
        (f"NOPASSWD: {PATH}\n", f"NOPASSWD: {PATH}, /bin/sh\n"),
        (f"NOPASSWD: {PATH}\n", f"NOPASSWD: {PATH} *\n"),
        (f"NOPASSWD: {PATH}\n", f"NOPASSWD: {PATH} \\\n"),
        ("sudo netops ALL", "sudo ALL ALL"),
        ("sudo netops ALL", "sudo @include /tmp/x ALL"),
        ("sudo netops ALL", "sudo Defaults env_keep += LD_PRELOAD ALL"),
        ("sshd PermitRootLogin no", "sshd PermitRootLogin yes"),
        ("sshd PermitRootLogin no\n", ""),
        ("sshd Match", "sshd Include /tmp/x\nsshd Match"),
        ("sshd Match", "sshd AuthorizedKeysCommand /bin/sh\nsshd Match"),
        ("sshd Match", "sshd Banner /etc/shadow\nsshd Match"),
        ("sshd Match", "sshd Subsystem sftp internal-sftp\nsshd Match"),
        ("sshd Match", "sshd PermitUserEnvironment yes\nsshd Match"),
        ("auditor-shell", "auditor-shell; sh"),
    ],
)
def test_a_section_that_gives_more_than_the_agent_is_refused(old, new):
    assert old in SYSTEM
    with pytest.raises(DocumentError):
        system_text.parse(SYSTEM.replace(old, new, 1))


def test_an_mtu_is_read_and_the_usual_one_is_not_written():
    assert system_text.parse(SYSTEM + "mtu wan2 1492\n").mtus == {"wan2": 1492}
    for line in ("mtu wan2 1500", "mtu wan2 1279", "mtu wan2 9217", "mtu wan2 01492", "mtu -wan2 1492", "mtu wan2 x"):
        with pytest.raises(DocumentError):
            system_text.parse(f"{SYSTEM}{line}\n")
    with pytest.raises(DocumentError):
        system_text.parse(SYSTEM + "mtu wan2 1400\nmtu wan2 1492\n")


def test_lines_that_only_a_running_section_has_are_told_apart():
    shown = ["account mallory groups=sudo", "unmanaged /etc/sudoers.d/x", "daemon watchfrr=dead"]
    assert not any(system_text.is_declarable(line) for line in shown)
    assert all(system_text.is_declarable(line) for line in SYSTEM.splitlines())


OVS = "bridge br0\nport br0 lan1 tag=10\nport br0 trunk1 tag=99 trunks=10,20 vlan_mode=native-untagged\n"
OVS += "port br0 vlan10 tag=10 type=internal\n"


def test_a_good_ovs_section_is_read_and_printed_back():
    bridges = ovs_text.parse(OVS)
    assert "bridge br0\n" + "".join(port.line() + "\n" for port in bridges["br0"].values()) == OVS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bridge br0", "bridge br0 stp_enable=true"),
        ("port br0 lan1", "port br1 lan1"),
        ("port br0 lan1 tag=10\n", "port br0 lan1 tag=10\nport br0 lan1 tag=20\n"),
        ("lan1 tag=10", "zlan1 tag=10"),
        ("tag=99 trunks=10,20", "trunks=10,20 tag=99"),
        ("tag=10 type=internal", "tag=10 type=patch"),
        ("lan1 tag=10", "lan1 options:x=y"),
        ("lan1 tag=10", "lan1 link=up tag=10"),
        ("lan1 tag=10", 'lan1 description=a"b tag=10'),
        ("lan1 tag=10", "lan1-with-a-long-name tag=10"),
    ],
)
def test_a_bad_ovs_section_is_refused(old, new):
    assert old in OVS
    with pytest.raises(DocumentError):
        ovs_text.parse(OVS.replace(old, new, 1))


def test_nothing_is_done_to_a_switch_that_is_as_wanted():
    assert ovs.transaction(OVS, OVS) == []


def test_a_vlan_changes_in_place_and_a_strange_port_is_made_anew():
    running = OVS.replace("vlan10 tag=10", "vlan10 tag=11").replace("lan1 tag=10", "lan1 options=a:b tag=10", 1)
    words = " ".join(ovs.transaction(OVS, running))
    assert words == ("del-port lan1 -- add-port br0 lan1 -- set Port lan1 tag=10 -- set Port vlan10 tag=10")


@pytest.mark.parametrize("command", [*auditor_shell.ALLOWED, f"sudo -n {PATH} running", f"sudo -n {PATH} show facts"])
def test_the_auditor_may_read(command):
    words = auditor_shell.words(command)
    assert words is not None
    assert words[0] in ("running", "startup", "status", "show")


@pytest.mark.parametrize(
    "command",
    [
        "", " ", "sh", "running ", " running", "running;sh", "running\nsh", "running && sh", "running | sh",
        "running `id`", "running $(id)", "running > /etc/passwd", "status -c 'conf t'", "show", "show ",
        "show facts facts", "show ../facts", "show  facts", "SHOW facts", "commit", "confirm", "rollback", "check",
        "boot", "timer x", "auditor-shell", "--help", f"{PATH} running", f"sudo {PATH} running",
        f"sudo -n {PATH} commit", f"sudo -n {PATH} sudo -n {PATH} running", "sudo -s", "scp -f /etc/shadow",
        "/usr/lib/openssh/sftp-server", "internal-sftp", "rsync --server .", "running\0",
    ],
)  # fmt: skip
def test_the_auditor_may_nothing_else(command):
    assert auditor_shell.words(command) is None


def test_the_reads_have_plain_names():
    """sudo compares the arguments with a list in which these stand as they are."""
    assert all(name.replace("-", "").isalnum() and name.islower() for name in show.READS)
