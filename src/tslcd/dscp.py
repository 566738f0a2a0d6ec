"""Differentiated services code points by name (RFC 2474, 2597, 3246, 5865, 8622)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tslcd.model import Dscp

DSCP: Mapping[Dscp, int] = MappingProxyType(
    {
        "CS7": 56, "CS6": 48, "CS5": 40, "EF": 46, "VA": 44, "CS4": 32, "AF41": 34, "AF42": 36, "AF43": 38, "CS3": 24,
        "AF31": 26, "AF32": 28, "AF33": 30, "CS2": 16, "AF21": 18, "AF22": 20, "AF23": 22, "CS1": 8, "AF11": 10,
        "AF12": 12, "AF13": 14, "LE": 1, "DF": 0,
    }
)  # fmt: skip
