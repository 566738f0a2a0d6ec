"""Firewall: from the network, a router answers on SSH and on nothing else that listens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from napalm.base import NetworkDriver

from tslcd.intent import RouterIntent
from tslcd.verify.reach import answers

BGP = 179


def problems(intent: RouterIntent, device: NetworkDriver) -> list[str]:
    """BGP must not answer to anybody but the declared peers, and we are none."""
    del device  # the claim is about what the network sees, not about what the router says
    if intent.firewall is None:
        return []
    loopbacks = (str(intent.loopback_v4.ip), str(intent.loopback_v6.ip))
    # Silence is the right answer: both families are waited for at once.
    with ThreadPoolExecutor(len(loopbacks)) as pool:
        open_to_us = pool.map(lambda address: answers(address, BGP, timeout_s=0.4), loopbacks)
        return [
            f"port {BGP} of {address} answers from here"
            for address, answer in zip(loopbacks, open_to_us, strict=True)
            if answer
        ]
