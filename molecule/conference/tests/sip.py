"""One attempt to register, as anybody could make it: sip.py SERVER DOMAIN ACCOUNT LOGIN PASSWORD [hold].

Prints the last answer's status code; 0 when nobody answers. With `hold` it stays until its standard input ends. Runs
inside nodes; standard library only. The server's certificate is not looked at: whoever attacks does not care.
"""

import hashlib
import re
import socket
import ssl
import sys

PATIENCE_S = 3
PORT = 5061


def digest(*words):
    """MD5 of the words with colons between them (RFC 7616)."""
    return hashlib.md5(":".join(words).encode()).hexdigest()


def register(server, domain, account, login, password, *hold):
    """Print the status code of the answer to a REGISTER with credentials."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection((server, PORT), PATIENCE_S) as plain, context.wrap_socket(plain) as stream:
        own, local = stream.getsockname()[0], stream.getsockname()[1]
        host = f"[{own}]" if ":" in own else own

        def ask(number, *lines):
            head = [
                f"REGISTER sip:{domain} SIP/2.0",
                f"Via: SIP/2.0/TLS {host}:{local};branch=z9hG4bK{number};rport",
                "Max-Forwards: 70",
                f"From: <sip:{account}@{domain}>;tag=1",
                f"To: <sip:{account}@{domain}>",
                f"Call-ID: {local}@{own}",
                f"CSeq: {number} REGISTER",
                f"Contact: <sip:{account}@{host}:{local};transport=tls>;expires=60",
                *lines,
                "Content-Length: 0",
            ]
            stream.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
            answer = b""
            while b"\r\n\r\n" not in answer and (more := stream.recv(65536)):
                answer += more
            return answer.decode()

        challenge = ask(1)
        nonce = re.search(r'nonce="([^"]+)"', challenge)
        if not nonce:
            tell(challenge)
            return
        first, second = digest(login, domain, password), digest("REGISTER", f"sip:{domain}")
        if "qop=" in challenge:
            answer = digest(first, nonce[1], "00000001", "c", "auth", second)
            more = ', qop=auth, nc=00000001, cnonce="c"'
        else:
            answer, more = digest(first, nonce[1], second), ""
        answered = ask(
            2,
            f'Authorization: Digest username="{login}", realm="{domain}", nonce="{nonce[1]}", uri="sip:{domain}", '
            f'response="{answer}"{more}',
        )
        tell(answered)
        if hold:
            sys.stdin.read()


def tell(answer):
    """Print the status code."""
    status = re.match(r"SIP/2.0 (\d+)", answer)
    print(status[1] if status else 0, flush=True)


def main():
    """Print the status code."""
    try:
        register(*sys.argv[1:])
    except OSError:
        print(0)


main()
