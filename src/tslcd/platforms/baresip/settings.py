"""What is declared for endpoints of platform baresip alone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tslcd.platforms import debian

Module = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+\.so$")]
Path = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._/-]+$", max_length=200)]
Driver = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+,[A-Za-z0-9._/:-]+$", max_length=200)]
"""Without a device after the comma the program takes its own default and says nothing."""
Codec = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(/[0-9]+){0,2}$")]


class Settings(debian.Settings):
    """Modules, devices, codecs, kernel settings, sudo and sshd of every endpoint of this platform."""

    module_path: Path
    """Directory of the modules."""
    modules: Annotated[tuple[Module, ...], Field(min_length=1)]
    """Modules in the order in which they are loaded: srtp.so before account.so, which looks for it."""
    applications: tuple[Module, ...]
    """Modules that are loaded last, as applications."""
    audio_source: Driver
    """Where sound comes from: driver and its device."""
    audio_source_rate_hz: Annotated[int, Field(ge=8000, le=48000)]
    """Samples that the source gives, per second; what a codec does not take is converted."""
    audio_source_channels: Annotated[int, Field(ge=1, le=2)]
    """Channels that the source gives."""
    audio_player: Driver
    """Where sound goes to: driver and its device."""
    video_source: Driver
    """Where pictures come from: driver and its device."""
    video_display: Driver
    """Where pictures go to: driver and its device."""
    audio_codecs: Annotated[tuple[Codec, ...], Field(min_length=1)]
    """Codecs for sound, the preferred one first."""
    video_codecs: Annotated[tuple[Codec, ...], Field(min_length=1)]
    """Codecs for pictures, the preferred one first."""
    answer: Literal["auto", "manual"]
    """Whether a call is answered by itself, or by somebody in the room."""
    ca_file: Path
    """Certificates that the service's is signed by, where signalling is over TLS."""
    registration_interval_s: Annotated[int, Field(ge=30, le=3600)]
    """How long a registration holds, seconds."""
