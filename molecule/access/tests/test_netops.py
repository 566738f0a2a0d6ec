from __future__ import annotations

import json

import pytest
from escapes import AGENT, MARK, PAYLOAD

# What a document may not say: (a line of the running document that is replaced, by what), by class.
DOCUMENTS = {
    "sudo rules": [
        ("sudo netops", "sudo netops ALL=(root) NOPASSWD: ALL\nsudo netops"),
        ("sudo netops", f"sudo netops ALL=(root) NOPASSWD: {AGENT}, /bin/sh\nsudo netops"),
        ("sudo netops", f"sudo netops ALL=(root) NOPASSWD: {AGENT} *\nsudo netops"),
        ("sudo netops", "sudo @include /tmp/x\nsudo netops"),
        ("sudo netops", "sudo Defaults env_keep += LD_PRELOAD\nsudo netops"),
        ("sudo netops", f"sudo netops ALL=(ALL) NOPASSWD: {AGENT} ^.*$\nsudo netops"),
    ],
    "sshd options": [
        ("sshd PermitRootLogin", "sshd AuthorizedKeysCommand /bin/sh\nsshd PermitRootLogin"),
        ("sshd PermitRootLogin", "sshd Include /etc/shadow\nsshd PermitRootLogin"),
        ("sshd PermitRootLogin", "sshd Subsystem sftp internal-sftp\nsshd PermitRootLogin"),
        ("sshd PermitRootLogin", "sshd AcceptEnv *\nsshd PermitRootLogin"),
        ("sshd PermitRootLogin no", "sshd PermitRootLogin yes"),
        ("sshd PermitRootLogin no", "sshd PermitRootLogin no\nsshd permitrootlogin yes"),
        ("sshd Match User auditor", "sshd Match User netops\nsshd ForceCommand /bin/sh\nsshd Match User auditor"),
        ("sshd Match User auditor", "sshd Match exec /bin/sh\nsshd Match User auditor"),
        ("sshd AuthorizedKeysFile /etc", "sshd AuthorizedKeysFile /tmp"),
        ("sshd Port 22", "sshd Port 22\nsshd HostKey /etc/shadow"),
    ],
    "accounts, keys and kernel settings": [
        ("account auditor", "account root\naccount auditor"),
        ("key netops", "key root"),
        ("key netops engineer-1 ", 'key netops engineer-1 command="sh" '),
        ("sysctl net.ipv4.ip_forward = 1", "sysctl kernel.core_pattern = |/bin/sh"),
        ("sysctl net.ipv4.ip_forward = 1", "sysctl net.ipv4/../../kernel.core_pattern = 1"),
        ("hostname ", "hostname $(id)"),
    ],
    "files of nft": [
        ("table inet filter {", 'include "/etc/shadow"\ntable inet filter {'),
        ("table inet filter {", "define x = 1\ntable inet filter {"),
        ("table inet filter {", "#!/bin/sh\ntable inet filter {"),
    ],
    "shell lines of FRR": [
        ("router bgp", "!sh\nrouter bgp"),
        ("router bgp", "do write file\nrouter bgp"),
        ("router bgp", "start-shell\nrouter bgp"),
        ("router bgp", "copy /etc/shadow running-config\nrouter bgp"),
        ("\nend\n", "\nend\nconfigure terminal\n"),
    ],
    "names of Open vSwitch": [
        ("bridge br0", "bridge br0 -- --help"),
        ("port br0 lan1", "port br0 $(id)"),
        ("port br0 lan1", "port br0 lan1 options:x=/etc/shadow"),
    ],
}
COMMANDS = [
    "sudo -n id",
    "sudo -n sh",
    "sudo -n -u auditor id",
    "sudo -n -e /etc/shadow",
    f"sudo -n {AGENT}/../../../bin/sh",
    f"sudo -n LD_PRELOAD=/tmp/x.so {AGENT} status",
    f"sudo -n PYTHONPATH=/tmp {AGENT} status",
    "cat /etc/shadow",
    "cat /var/lib/napalm-frr/confirmed.conf",
    "vtysh -c 'show running-config'",
    "nft list ruleset",
    "ovs-vsctl show",
    "ip link set wan1 mtu 1400",
    f"cp /bin/sh {AGENT}",
    "touch /etc/escaped",
    "su -c id",
]


def test_a_mark_shows_where_a_shell_runs(netops):
    """Control: what is looked for after every attempt does appear where a command is run, as the engineer's is."""
    assert MARK in netops.run(f"{PAYLOAD}; ls /tmp/escaped /var/tmp/escaped").output
    netops.run("rm /tmp/escaped /var/tmp/escaped")


def test_netops_is_root_through_the_agent_only(netops, attempted):
    """sudo lets the engineer run the agent and nothing else, and files of root stay closed."""
    assert netops.run(f"sudo -n {AGENT} status").status == 0
    answers = netops.run_all(COMMANDS, [""] * len(COMMANDS))
    attempted({command: answer.status != 0 for command, answer in zip(COMMANDS, answers, strict=True)})


def test_an_environment_does_not_reach_the_agent(netops, attempted):
    """Variables of the engineer's shell do not make the agent, which is root, run other code."""
    plain = netops.run(f"sudo -n {AGENT} show rules")
    outcomes = {}
    for name in ("PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME", "LD_PRELOAD", "BASH_ENV", "PATH", "VTYSH_PAGER"):
        command = f"echo '{PAYLOAD}' > /tmp/x; {name}=/tmp/x; export {name}; /usr/bin/sudo -n {AGENT} show rules"
        outcomes[name] = netops.run(command).output.splitlines()[-1:] == plain.output.splitlines()[-1:]
    netops.run("/bin/rm -f /tmp/x")
    attempted(outcomes)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_gives_nobody_more_than_the_agent(kind, netops, attempted):
    """A document that would make somebody root by another way is refused before anything reads it as root."""
    running = netops.run(f"sudo -n {AGENT} running").output
    candidates = []
    for old, new in DOCUMENTS[kind]:
        assert old in running
        candidates.append(running.replace(old, new, 1))
    answers = netops.run_all([f"sudo -n {AGENT} check"] * len(candidates), candidates)
    attempted({new: _is_refused(answer) for (_, new), answer in zip(DOCUMENTS[kind], answers, strict=True)})


def _is_refused(answer):
    is_shown = MARK in answer.output or "root:" in answer.output
    return answer.status == 2 and not json.loads(answer.output)["ok"] and not is_shown
