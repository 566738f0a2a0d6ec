"""kamailio.cfg as the agent writes it, and the words of a section found in it again.

Endpoints register and call each other, and nothing else: whoever is outside the declared prefixes gets no answer, who
is inside must prove an account, and a request within a call passes only when its call was let through before. What
happens is told as lines `EVENT KEY=VALUE …`, whose values are percent-encoded: they come from the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import ndiff

from napalm_frr.agent import kamailio_text
from napalm_frr.agent.kamailio_text import Server
from napalm_frr.agent.restorable import UNMANAGED
from napalm_frr.document import DocumentError

MARK = "EVENT "

_WORDS = (
    (re.compile(r"listen=(udp|tcp|tls):(\S+)"), r"listen \1 \2"),
    (re.compile(r'#!define DOMAIN "(\S+)"'), r"domain \1"),
    (re.compile(r"  if \(src_ip == (\S+)\) return\(1\);"), r"clients \1"),
    (re.compile(r"tos=(\d+)"), r"tos \1"),
    (re.compile(r'  \$sht\(users=>(\S+)\) = "(\S+)";'), r"account \1 password \2"),
)
"""Lines of the file that hold a word of the section, and that word."""

_TLS = """\
enable_tls=yes
loadmodule "tls.so"
modparam("tls","tls_method","TLSv1.2+")
modparam("tls","certificate","/etc/kamailio/tls.pem")
modparam("tls","private_key","/etc/kamailio/tls.key")
"""
_TEMPLATE = """\
#!KAMAILIO
# Written by napalm-frr-agent.
#!define DOMAIN "<domain>"
debug=1
log_stderror=yes
fork=yes
children=2
tcp_children=4
auto_aliases=no
dns=no
rev_dns=no
<listens>
tos=<tos>
tcp_connection_lifetime=3605
<tls>
loadmodule "tm.so"
loadmodule "tmx.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "xlog.so"
loadmodule "maxfwd.so"
loadmodule "sanity.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "nathelper.so"
loadmodule "htable.so"
loadmodule "jsonrpcs.so"
loadmodule "ctl.so"
modparam("jsonrpcs","pretty_format",0)
modparam("jsonrpcs","transport",4)
modparam("jsonrpcs","dgram_socket","/run/kamailio/kamailio_rpc.sock")
modparam("ctl","binrpc","unix:/run/kamailio/kamailio_ctl")
modparam("htable","htable","users=>size=9;")
modparam("htable","htable","calls=>size=9;autoexpire=86400;")
modparam("nathelper|registrar","received_avp","$avp(RECEIVED)")
modparam("usrloc","db_mode",0)
modparam("usrloc","timer_interval",10)
modparam("usrloc","handle_lost_tcp",1)

event_route[htable:mod-init] {
<accounts>
}

route[CLIENTS] {
<clients>
  return(-1);
}

request_route {
  if (!route(CLIENTS)) {
    EVENT outside account=$fU
    exit;
  }
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483","Too Many Hops"); exit; }
  if (!sanity_check()) exit;
  if (is_method("REGISTER")) { route(REGISTER); exit; }
  if (is_method("CANCEL")) {
    if (t_check_trans()) t_relay();
    exit;
  }
  if (has_totag()) { route(WITHIN); exit; }
  if (is_method("ACK")) exit;
  if (!is_method("INVITE")) { sl_send_reply("405","Method Not Allowed"); exit; }
  t_check_trans();
  route(CALL);
}

# Whoever comes back from here has proven the account $au; $avp(says) is the account that the message speaks for.
route[PROVE] {
  if ($au == $null) { route(CHALLENGE); exit; }
  if ($sht(users=>$au) == $null) {
    EVENT unknown_account account=$au code=403
    sl_send_reply("403","Forbidden");
    exit;
  }
  if (is_method("REGISTER")) {
    pv_www_authenticate(DOMAIN, "$sht(users=>$au)", "0");
    $var(proof) = $rc;
  } else {
    pv_proxy_authenticate(DOMAIN, "$sht(users=>$au)", "0");
    $var(proof) = $rc;
  }
  if ($var(proof) < 0) {
    if ($var(proof) == -2) {
      EVENT wrong_password account=$au code=401
    }
    route(CHALLENGE);
    exit;
  }
  if ($au != $avp(says)) {
    EVENT foreign_account account=$au peer=$avp(says) code=403
    sl_send_reply("403","Forbidden");
    exit;
  }
}

route[CHALLENGE] {
  auth_challenge(DOMAIN, "1");
}

route[REGISTER] {
  if ($td != DOMAIN) { sl_send_reply("403","Forbidden"); exit; }
  $avp(says) = $tU;
  route(PROVE);
  fix_nated_register();
  # One contact each: a program that started anew takes the place of its former self.
  save("location", "0x04");
  $var(saved) = $rc;
  if ($var(saved) == 1) {
    EVENT registered account=$au code=200
  }
  if ($var(saved) == 3) {
    EVENT unregistered account=$au code=200
  }
}

route[CALL] {
  if ($fd != DOMAIN) { sl_send_reply("403","Forbidden"); exit; }
  $avp(says) = $fU;
  route(PROVE);
  $avp(account) = $au;
  $avp(peer) = $rU;
  consume_credentials();
  EVENT invite account=$avp(account) peer=$avp(peer)
  if ($rd != DOMAIN || $sht(users=>$rU) == $null) {
    EVENT failed account=$avp(account) peer=$avp(peer) code=404
    sl_send_reply("404","Not Found");
    exit;
  }
  remove_hf("Route");
  if (!lookup("location")) {
    EVENT failed account=$avp(account) peer=$avp(peer) code=480
    sl_send_reply("480","Temporarily Unavailable");
    exit;
  }
  record_route();
  add_contact_alias();
  $sht(calls=>$ci) = 1;
  t_on_reply("CALL");
  t_on_failure("CALL");
  set_forward_no_connect();
  if (!t_relay()) {
    EVENT failed account=$avp(account) peer=$avp(peer) code=477
    sl_reply_error();
  }
}

onreply_route[CALL] {
  if (status =~ "^(1|2)") add_contact_alias();
  if (status =~ "^2" && $avp(answered) == $null) {
    $avp(answered) = 1;
    EVENT answered account=$avp(account) peer=$avp(peer) code=$rs
  }
}

failure_route[CALL] {
  EVENT failed account=$avp(account) peer=$avp(peer) code=$T_reply_code
  $sht(calls=>$ci) = $null;
}

route[WITHIN] {
  if ($sht(calls=>$ci) == $null || !loose_route()) {
    if (is_method("ACK")) {
      if (t_check_trans()) t_relay();
      exit;
    }
    sl_send_reply("404","Not here");
    exit;
  }
  handle_ruri_alias();
  set_forward_no_connect();
  if (is_method("BYE")) {
    $avp(stats) = $hdr(X-RTP-Stat);
    t_on_reply("ENDED");
    t_on_failure("ENDED");
    if (!t_relay()) {
      EVENT ended account=$fU peer=$tU code=477 stats=$avp(stats)
      sl_reply_error();
    }
    exit;
  }
  # Who changes a call is reached from then on by what this says.
  if (is_method("INVITE|UPDATE")) add_contact_alias();
  t_on_reply("WITHIN");
  if (!t_relay() && !is_method("ACK")) sl_reply_error();
}

onreply_route[WITHIN] {
  if (is_method("INVITE") && status =~ "^(1|2)") add_contact_alias();
}

onreply_route[ENDED] {
  if (status =~ "^2") {
    EVENT ended account=$fU peer=$tU code=$rs stats=$avp(stats) peer_stats=$hdr(X-RTP-Stat)
    $sht(calls=>$ci) = $null;
  }
}

failure_route[ENDED] {
  EVENT ended account=$fU peer=$tU code=$T_reply_code stats=$avp(stats)
  $sht(calls=>$ci) = $null;
}

event_route[usrloc:contact-expired] {
  EVENT unregistered account=$ulc(exp=>aor)
}

reply_route {
  if (!route(CLIENTS)) drop;
}
"""
_EVENT = re.compile(rf"(?<= ){MARK}(\w+)(.*)$", re.MULTILINE)


def write(server: Server) -> str:
    """The file."""
    parts = {
        "domain": server.domain,
        "listens": "\n".join(f"listen={transport}:{address}" for transport, address in server.listens),
        "tos": str(server.tos),
        "tls": _TLS.rstrip("\n") if server.has_tls else "# no listener needs a certificate",
        "accounts": "\n".join(f'  $sht(users=>{name}) = "{secret}";' for name, secret in server.accounts.items())
        or "  return;",
        "clients": "\n".join(f"  if (src_ip == {prefix}) return(1);" for prefix in server.clients),
    }
    text = _EVENT.sub(lambda match: _event(match[1], match[2].split()), _TEMPLATE)
    return re.sub(rf"<({'|'.join(parts)})>", lambda match: parts[match[1]], text)


def read(cfg: str) -> str:
    """The section that the file was written for, and lines `unmanaged line …` for whatever the agent had not written.

    A line that it had written and that is gone shows as `unmanaged line without …`.
    """
    if not cfg:
        return ""
    words = "".join(f"{word}\n" for word in _words(cfg))
    try:
        server = kamailio_text.parse(words)
    except DocumentError:
        server = None
    written = write(server).splitlines() if server else []
    return (words if server else "") + "".join(map(_marked, _changes(written, cfg)))


def _words(cfg: str) -> list[str]:
    """In the order of a section, each once."""
    found: dict[tuple[int, str], str] = {}
    for line in cfg.split("\n"):
        for pattern, word in _WORDS:
            if (match := pattern.fullmatch(line)) and not kamailio_text.fault(words := match.expand(word)):
                kind, _, rest = words.partition(" ")
                name = "" if kind in kamailio_text.ONE else rest.partition(" password ")[0]
                found.setdefault((kamailio_text.KINDS.index(kind), name), words)
    return [words for _, words in sorted(found.items())]


def _changes(written: list[str], cfg: str) -> Iterator[str]:
    *lines, rest = cfg.split("\n")
    for line in ndiff(written, lines) if lines != written else ():
        if line.startswith("+ "):
            yield line[2:]
        elif line.startswith("- "):
            yield f"without {line[2:]}"
    if rest:
        yield rest


def _marked(line: str) -> str:
    return f"{UNMANAGED}line {line.encode('unicode_escape').decode('ascii')}".rstrip() + "\n"


def _event(name: str, words: list[str]) -> str:
    """One call of xlog. Where a message came from and which call it belongs to is known when there is a message."""
    fields = dict(word.split("=", 1) for word in words)
    if "ulc" not in fields.get("account", ""):
        fields |= {"ip": "$si", "port": "$sp", "call": "$ci"}
    said = " ".join(f"{key}={_encoded(value)}" for key, value in fields.items())
    return f'xlog("L_NOTICE", "{MARK}event={name} at=$TV(Sn) {said}\\n");'


def _encoded(value: str) -> str:
    return f"$({value[1:]}{{s.urlencode.param}})" if value.startswith("$") else value
