"""The security baseline of every managed device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tslcd import model
from tslcd.policy.facts import Own
from tslcd.policy.rule import Breach, rule

IN_CLEAR = ("telnet", "http", "snmp_v2")


@rule("TS-SEC-01", "error", "level-3 hardening")
def management_in_clear(every_security: Sequence[Own]) -> Iterator[Breach]:
    """Devices are managed by a protocol that does not encrypt."""
    for host, security in every_security:
        for index, protocol in enumerate(security.management_protocols):
            if protocol in IN_CLEAR:
                path = ("security", "management_protocols", index)
                yield Breach(path, f"{protocol} is not encrypted; should be ssh or https", host)


@rule("TS-SEC-02", "error", "level-3 hardening")
def long_idle_sessions(every_security: Sequence[Own], limits: model.Profile) -> Iterator[Breach]:
    """An idle administrator stays logged in for too long, or for ever."""
    for host, security in every_security:
        if not 0 < security.idle_timeout_s <= limits.max_idle_timeout_s:
            shown = "never" if security.idle_timeout_s == 0 else f"after {security.idle_timeout_s} s"
            text = f"idle administrators are logged out {shown}; should be 1 to {limits.max_idle_timeout_s}"
            yield Breach(("security", "idle_timeout_s"), text, host)


@rule("TS-SEC-03", "error", "level-3 hardening")
def logs_kept_too_short(every_security: Sequence[Own], limits: model.Profile) -> Iterator[Breach]:
    """Central logs are gone before the time that they must be kept."""
    for host, security in every_security:
        if security.log_retention_days < limits.min_log_retention_days:
            text = f"{security.log_retention_days} days; should be {limits.min_log_retention_days} or more"
            yield Breach(("security", "log_retention_days"), text, host)


@rule("TS-SEC-04", "error", "level-3 hardening")
def default_account(every_security: Sequence[Own]) -> Iterator[Breach]:
    """An account of the manufacturer stays usable."""
    for host, security in every_security:
        for index, name in enumerate(security.default_accounts):
            path = ("security", "default_accounts", index)
            yield Breach(path, f"{name} stays usable; should be removed or disabled", host)


@rule("TS-SEC-05", "error", "level-3 hardening")
def nobody_may_manage(
    firewall: model.Firewall, zones: Mapping[str, model.Zone], vlans: Sequence[model.Vlan]
) -> Iterator[Breach]:
    """No management VLAN of any site may open SSH to the routers: a commit would lock everybody out."""
    if not firewall.management_sites:
        yield Breach(("firewall", "management_sites"), "empty; should name the sites that routers are managed from")
    if not any(vlan.zone in zones and zones[vlan.zone].role == "management" for vlan in vlans):
        yield Breach(("vlans",), "no VLAN of a zone with role management; routers could be managed from nowhere")


@rule("TS-SEC-06", "error", "level-3 hardening")
def person_declared_twice(system: model.System) -> Iterator[Breach]:
    """Two entries of people have one id or one key: logs would not say who it was."""
    for key in ("id", "public_key"):
        values = [getattr(person, key) for person in system.people]
        for index, value in enumerate(values):
            if value in values[:index]:
                text = f"the same as of {system.people[values.index(value)].id}; should be a person's own"
                yield Breach(("system", "people", index, key), text)
