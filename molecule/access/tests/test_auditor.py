from __future__ import annotations

import json

import escapes
import paramiko
import pytest
from escapes import MARK, PAYLOAD
from login import CREDENTIALS, HOST, Login

from napalm_frr import redaction
from napalm_frr.agent.auditor_shell import ALLOWED
from napalm_frr.agent.show import refusal

SECRET = "password-of-a-session"
READS = [words for words in ALLOWED if not words.startswith("show ") or not refusal(words.split()[1:], "router")]
"""Those that a router has."""


def _is_refused(answer):
    return answer.status != 0 and MARK not in answer.output and "root:" not in answer.output


def _label(command):
    return repr(command) if len(command) < 200 else f"{command[:20]!r}… of {len(command)} characters"


@pytest.mark.parametrize("kind", escapes.COMMANDS)
def test_the_auditor_runs_nothing_but_the_listed_reads(kind, auditor, attempted):
    """The auditor's account refuses whatever is not exactly a listed read, whatever it is made to look like."""
    commands = escapes.COMMANDS[kind]
    answers = auditor.run_all(commands, [f"{PAYLOAD}\n"] * len(commands))
    attempted({_label(command): _is_refused(answer) for command, answer in zip(commands, answers, strict=True)})


def test_the_environment_of_the_auditor_changes_nothing(auditor, attempted):
    """Variables that a client sends are not taken, and a read is the same with all of them."""
    outcomes = {
        f"{name}={value}": not auditor.is_granted("env", name.encode(), value.encode())
        for name, value in escapes.ENVIRONMENT.items()
    }
    plain, dressed = auditor.run("show rules"), auditor.run("show rules", environment=escapes.ENVIRONMENT)
    attempted({**outcomes, "all at once": plain.status == 0 and dressed == plain})


@pytest.mark.parametrize("terminal", [False, True], ids=["no-terminal", "terminal"])
def test_the_auditors_prompt_is_no_shell(terminal, auditor, attempted):
    """What is typed at the auditor's prompt, control characters included, is compared with the same list."""

    def begin(channel):
        if terminal:
            channel.get_pty(term="../../../tmp/escaped", width=1, height=1)
        channel.invoke_shell()

    outcomes = {}
    for line in escapes.TYPED if terminal else ["\n".join(escapes.TYPED)]:
        end = "\r" if terminal else "\n"
        answer = auditor.talk(begin, end.join([line, PAYLOAD, "id", "exit", ""]).encode())
        outcomes[repr(line[:40])] = MARK not in answer.output and "uid=" not in answer.output
    attempted(outcomes)


def test_the_auditor_gets_no_files_ports_or_agents(auditor, attempted):
    """Every other service of SSH is refused: subsystems, forwarding in both directions, agent, X11, tunnels."""
    outcomes = {
        f"subsystem {name}": not auditor.is_granted("subsystem", name)
        for name in (b"sftp", b"scp", b"netconf", b"publickey", b"/bin/sh", b"internal-sftp")
    }
    for target in (("127.0.0.1", 22), ("127.0.0.1", 2601), ("::1", 179), ("10.111.0.1", 22), ("10.96.4.10", 80)):
        outcomes[f"-L to {target}"] = not _opens(auditor, "direct-tcpip", target)
    outcomes["-D (the same channel, to the provider)"] = not _opens(auditor, "direct-tcpip", ("10.111.17.2", 179))
    for kind in ("direct-streamlocal@openssh.com", "tun@openssh.com", "session@escaped"):
        outcomes[f"channel {kind}"] = not _opens(auditor, kind, None)
    for bind in (("127.0.0.1", 0), ("", 8022), ("0.0.0.0", 2222)):
        outcomes[f"-R on {bind}"] = not _listens(auditor, bind)
    outcomes["-R on a socket"] = not auditor.transport.global_request(
        "streamlocal-forward@openssh.com", ("/tmp/escaped",)
    )
    outcomes["agent forwarding"] = not auditor.is_granted("auth-agent-req@openssh.com")
    outcomes["X11 forwarding"] = not auditor.is_granted("x11-req", False, b"MIT-MAGIC-COOKIE-1", b"0" * 32, 0)
    attempted(outcomes)


def _opens(auditor, kind, target):
    try:
        auditor.transport.open_channel(kind, target, ("127.0.0.1", 1), timeout=5).close()
    except (paramiko.SSHException, EOFError):
        return False
    return True


def _listens(auditor, bind):
    try:
        auditor.transport.request_port_forward(*bind)
    except (paramiko.SSHException, EOFError):
        return False
    return True


def test_files_in_its_home_give_the_auditor_nothing(twin, auditor, attempted):
    """Start-up files and keys in the auditor's home are not read, should one ever get there."""
    stranger = paramiko.Ed25519Key.from_private_key_file(str(CREDENTIALS / "netops"))
    home = "/var/home/auditor"
    files = {**escapes.PLANTED, ".ssh/authorized_keys": f"{stranger.get_name()} {stranger.get_base64()}"}
    script = "".join(
        f"mkdir -p $(dirname {home}/{name}); cat > {home}/{name} <<'E'\n{content}\nE\n"
        for name, content in files.items()
    )
    twin("exec", HOST, "--", "sh", "-c", f"{script} chown -R auditor {home}; chmod -R go-w {home}")
    try:
        plain = auditor.run("show rules")
        prompt = auditor.run("")
        with pytest.raises(paramiko.AuthenticationException):
            _ = Login("auditor", key="netops").transport
    finally:
        twin("exec", HOST, "--", "sh", "-c", f"cd {home} && rm -rf {' '.join({n.split('/')[0] for n in files})}")
    unread = plain.status == 0 and MARK not in plain.output + prompt.output
    attempted(dict.fromkeys(files, unread))


def test_sudo_is_a_second_wall(twin, attempted):
    """Even with a shell, sudo would give the auditor nothing but the same list."""
    script = "".join(
        f"sudo -n {words} < /dev/null > /tmp/out 2>&1; echo \"$? $(head -c 40 /tmp/out | tr '\\n' ' ')\"\n"
        for words in escapes.SUDO
    )
    answers = twin("exec", HOST, "--", "su", "auditor", "-s", "/bin/sh", "-c", script).splitlines()
    assert len(answers) == len(escapes.SUDO)
    attempted({words: not answer.startswith("0 ") for words, answer in zip(escapes.SUDO, answers, strict=True)})


@pytest.mark.parametrize("command", [*READS, "show route 10.96.4.0/22", "show route 2001:db8::/32 longer"])
def test_every_read_of_the_audit_works(command, auditor):
    """Every listed read works for the auditor, in both spellings."""
    for spelling in (command, f"sudo -n {escapes.AGENT} {command}"):
        answer = auditor.run(spelling)
        assert answer.status == 0, answer.output
        if command.split()[0] not in ("running", "startup"):
            json.loads(answer.output)


def test_a_secret_is_read_as_a_digest(auditor, netops, twin):
    """The auditor sees a session's password as a digest that only the key's holder can compare; no read shows it."""
    key = redaction.device_key(b"master of this test", HOST)
    twin("exec", HOST, "--", "cp", "-p", "/var/lib/napalm-frr/digest.key", "/run/digest.key")  # the twin's own
    configure = "vtysh -c 'configure terminal' -c 'router bgp' -c"
    assert netops.run(f"sudo -n {escapes.AGENT} digest-key", typed=key.hex().encode()).status == 0
    twin("exec", HOST, "--", "sh", "-c", f"{configure} 'neighbor 192.0.2.1 remote-as 64999'")
    twin("exec", HOST, "--", "sh", "-c", f"{configure} 'neighbor 192.0.2.1 password {SECRET}'")
    try:
        known = netops.run(f"sudo -n {escapes.AGENT} running").output
        seen = {command: auditor.run(command).output for command in READS}
    finally:
        put_back = "mv /run/digest.key /var/lib/napalm-frr/digest.key"
        twin("exec", HOST, "--", "sh", "-c", f"{configure} 'no neighbor 192.0.2.1'; {put_back}")
    assert SECRET in known
    assert [command for command, output in seen.items() if SECRET in output] == []
    assert seen["running"] == redaction.redact(known, key) != known
