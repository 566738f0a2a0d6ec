"""What all declared subjects share: strict models, and the kinds of values that are used in several of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Tier = Literal["hub", "dr", "department", "district", "commune"]
Dscp = Literal[
    "CS7", "CS6", "CS5", "EF", "VA", "CS4", "AF41", "AF42", "AF43", "CS3", "AF31", "AF32", "AF33", "CS2", "AF21",
    "AF22", "AF23", "CS1", "AF11", "AF12", "AF13", "LE", "DF",
]  # fmt: skip
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
"""A name that other declarations refer to."""
LocalName = Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$", max_length=200)]
"""A name for people, in Vietnamese; never sent to a device."""
Text = LocalName
"""One line for people: a reason, a reference, a source."""
DeviceText = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$")]
"""Text that reaches a device."""
InterfaceName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.-]{0,14}$")]
"""A logical port or interface (lan1, wan1); a platform may map it to a name of its own."""
Asn = Annotated[int, Field(ge=1, le=4294967295)]
RateMbps = Annotated[int, Field(ge=1, le=100000)]


class Declared(BaseModel):
    """Base of every declared subject: frozen, unknown keys refused, no silent type coercion of scalars."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
