"""A SIP user agent of a few lines, over UDP: what a server answers to a request. Runs on the device."""

from __future__ import annotations

import hashlib
import re
import socket
import sys


def ask(words: list[str]) -> str:
    """The last status, after one answer to a challenge; "" when nothing comes back."""
    source, server, method, speaks_for, account, secret, call = words
    domain = "hoi-nghi.laocai.internal"
    target = f"sip:{domain}" if method == "REGISTER" else f"sip:lci-b@{domain}"
    peer = f"sip:{speaks_for}@{domain}" if method == "REGISTER" else target
    status, proof = "", ""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mine:
        mine.bind((source, 0))
        mine.settimeout(0.5)
        at = f"{source}:{mine.getsockname()[1]}"
        for number in (1, 2):
            lines = [
                f"{method} {target} SIP/2.0",
                f"Via: SIP/2.0/UDP {at};branch=z9hG4bK{call}{number};rport",
                "Max-Forwards: 70",
                f"From: <sip:{speaks_for}@{domain}>;tag=a",
                f"To: <{peer}>{';tag=b' if method == 'BYE' else ''}",
                f"Route: <sip:{server};lr>",
                f"Call-ID: {call}",
                f"CSeq: {number} {method}",
                f"Contact: <sip:{speaks_for}@{at}>",
                *([proof] if proof else []),
                "Content-Length: 0",
            ]
            mine.sendto("".join(f"{line}\r\n" for line in [*lines, ""]).encode(), (server, 5060))
            try:
                answer = mine.recv(65536).decode()
            except TimeoutError:
                return status
            status = answer.split(" ")[1]
            if status not in ("401", "407") or not account:
                return status
            proof = _proof(answer, method, target, account, secret)
    return status


def _proof(answer: str, method: str, target: str, account: str, secret: str) -> str:
    realm, nonce = (re.search(rf'{key}="([^"]*)"', answer)[1] for key in ("realm", "nonce"))
    one, two = (
        hashlib.md5(text.encode()).hexdigest() for text in (f"{account}:{realm}:{secret}", f"{method}:{target}")
    )
    whole = hashlib.md5(f"{one}:{nonce}:00000001:x:auth:{two}".encode()).hexdigest()
    header = "Authorization" if method == "REGISTER" else "Proxy-Authorization"
    return (
        f'{header}: Digest username="{account}", realm="{realm}", nonce="{nonce}", uri="{target}",'
        f' response="{whole}", cnonce="x", qop=auth, nc=00000001'
    )


if __name__ == "__main__":
    print(ask(sys.argv[1:]))
