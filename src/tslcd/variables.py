"""Which variables the model knows, and where each is declared."""

from __future__ import annotations

from typing import Any, get_type_hints

from tslcd import model, platforms

SUBJECTS: dict[str, Any] = get_type_hints(model.Province, include_extras=True)
SITE_FACTS: dict[str, Any] = {
    name: hint
    for name, hint in get_type_hints(model.Router, include_extras=True).items()
    if name in {"tier", "parent", "site"}
}
DEVICE_FACTS: dict[str, Any] = get_type_hints(model.Device, include_extras=True)
ENDPOINT_FACTS: dict[str, Any] = get_type_hints(model.EndpointDevice, include_extras=True)
SERVER_FACTS: dict[str, Any] = get_type_hints(model.ServerDevice, include_extras=True)
OPTIONAL = {
    *(name for name, field in model.Device.model_fields.items() if not field.is_required()),
    *(name for name, field in model.EndpointDevice.model_fields.items() if not field.is_required()),
    "parent",
}
EXCEPTION = "exception"
NOTES = {EXCEPTION: model.ExceptionNote}
# What one router may have for itself, from host_vars/: nothing that other routers' documents follow from.
OVERRIDABLE = {"routing", "vlans", "security", *platforms.SETTINGS}
HOMES = {
    **{name: f"group_vars/all/{name}.yml" for name in SUBJECTS},
    **{name: f"group_vars/platform_{name}/{name}.yml" for name in platforms.SETTINGS},
}
KNOWN = {*SUBJECTS, *SITE_FACTS, *DEVICE_FACTS, *ENDPOINT_FACTS, *platforms.SETTINGS, EXCEPTION}
# Variables of Ansible, of the connection to a device and of vaulted files; the model does not speak of them.
FOREIGN = ("ansible_", "napalm_", "commit_", "vault_")
MISSING = {
    "site": "missing; a site's group declares it below vars",
    "tier": "missing; name the site's area below a tier_* group of inventory/province.yml",
    "role": "missing; the device's own line declares it",
    "platform": "missing; the device's own line declares it",
}
MISSING_SUBJECT = "missing; this file should declare it"
