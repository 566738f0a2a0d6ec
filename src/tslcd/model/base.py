"""What all declared subjects share: strict models, and the kinds of values that are used in several of them."""

from __future__ import annotations

import unicodedata
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def _readable(text: str) -> str:
    if hidden := next((letter for letter in text if not letter.isprintable()), None):
        raise ValueError(f"should hold letters and signs that are seen, not U+{ord(hidden):04X}")
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError("should be in composed letters (Unicode NFC), as Vietnamese keyboards write them")
    return text


def _with_length(prefix: object) -> object:
    if isinstance(prefix, str) and "/" not in prefix:
        raise ValueError("should have a length, as in 10.96.0.0/12")
    return prefix


Tier = Literal["hub", "dr", "department", "district", "commune"]
CENTRES: tuple[Tier, ...] = ("hub", "dr")
"""Tiers that send to all others at once, and that all others depend on."""
Dscp = Literal[
    "CS7", "CS6", "CS5", "EF", "VA", "CS4", "AF41", "AF42", "AF43", "CS3", "AF31", "AF32", "AF33", "CS2", "AF21",
    "AF22", "AF23", "CS1", "AF11", "AF12", "AF13", "LE", "DF",
]  # fmt: skip
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=63)]
"""A name that other declarations refer to."""
LocalName = Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$", max_length=200), AfterValidator(_readable)]
"""A name for people, in Vietnamese; never sent to a device."""
Text = LocalName
"""One line for people: a reason, a reference, a source."""
DeviceText = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$", max_length=2000)]
"""Text that reaches a device."""
InterfaceName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.-]{0,14}$")]
"""A logical port or interface (lan1, wan1); a platform may map it to a name of its own."""
Asn = Annotated[int, Field(ge=1, le=4294967295)]
Prefix4 = Annotated[IPv4Network, BeforeValidator(_with_length)]
Prefix6 = Annotated[IPv6Network, BeforeValidator(_with_length)]
RateMbps = Annotated[int, Field(ge=1, le=100000)]


class Declared(BaseModel):
    """Base of every declared subject: frozen, unknown keys refused, no silent type coercion of scalars."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
