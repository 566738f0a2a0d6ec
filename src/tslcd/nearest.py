"""The valid name that a misspelt one most likely meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice closest to `word`, or None when nothing is close."""
    matches = get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return matches[0] if matches else None


def suggestion(word: str, choices: Iterable[str]) -> str:
    """What would be right: the nearest choice, else a few of the choices."""
    names = sorted(set(choices))
    if (close := nearest(word, names)) is not None:
        return f"did you mean {close}?"
    return one_of(names)


def one_of(choices: Iterable[str]) -> str:
    """A few of the choices."""
    names = sorted(set(choices))
    return f"one of: {', '.join(names[:8])}{', …' if len(names) > 8 else ''}"
