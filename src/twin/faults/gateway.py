"""A gateway that moves by VRRP on a router without a partner: what the section `keepalived` takes over from `frr`."""

from __future__ import annotations

import re

from napalm_frr.document import join, split

INTERFACE, SPEAKS_ON = "vlan30", "vlan99"
_BLOCK = re.compile(rf"^interface {INTERFACE}\n(?: .*\n)*", re.MULTILINE)
_ADDRESS = re.compile(r"^ ip(?:v6)? address (\S+)\n", re.MULTILINE)
_SECTION = """\
vrrp_instance gateways {{
    state BACKUP
    interface {speaks_on}
    version 3
    virtual_router_id 1
    priority 200
    advert_int 0.3
    preempt_delay 30
    virtual_ipaddress {{
        fe80::1/64 dev {speaks_on}
    }}
    virtual_ipaddress_excluded {{
{addresses}    }}
    track_interface {{
        lan1 weight -20
    }}
}}
"""


def moving(document: str) -> str:
    """The same document with one VLAN's gateway under VRRP; unchanged when it has no such VLAN."""
    parts = dict(split(document))
    block = _BLOCK.search(parts["frr"])
    if not block:
        return document
    addresses = "".join(f"        {address} dev {INTERFACE}\n" for address in _ADDRESS.findall(block[0]))
    parts["frr"] = parts["frr"].replace(block[0], _ADDRESS.sub("", block[0]))
    parts["keepalived"] = _SECTION.format(speaks_on=SPEAKS_ON, addresses=addresses)
    return join(parts)
