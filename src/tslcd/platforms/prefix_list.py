"""Words of a prefix list that FRR and IOS share."""

from __future__ import annotations

from tslcd.routing import PrefixRule


def bounds(rule: PrefixRule) -> str:
    """Which lengths inside the prefix are meant; empty, or with a space before it."""
    own, most = rule.prefix.prefixlen, rule.prefix.max_prefixlen
    least = f" ge {rule.shortest}" if rule.shortest > own else ""
    if rule.longest == own or (rule.longest == most and least):
        return least
    return f"{least} le {rule.longest}"
