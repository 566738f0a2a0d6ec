"""How many meetings the network must carry at once: what the conference budget is judged by."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tslcd.model.base import Declared, Name, Tier


class Conference(Declared):
    """Calls × codec rate × overhead must fit into the conference classes of one uplink, at each site and at the hub."""

    codec_rate_kbps: dict[Name, Annotated[int, Field(ge=16, le=100000)]]
    """Codec → rate of one call in each direction before overhead, kbit/s."""
    codec: Name
    """Key of `codec_rate_kbps`: what meetings are planned with."""
    overhead_percent: Annotated[int, Field(ge=0, le=100)]
    """What packets add to a codec's rate, percent."""
    calls: dict[Tier, Annotated[int, Field(ge=0, le=10000)]]
    """Tier → calls at once at each site of it; at the hub: all that meet there at once."""
    audio_class: Name
    """Class of the meetings' sound, a name of `qos.classes`."""
    video_class: Name
    """Class of the meetings' picture, a name of `qos.classes`."""
