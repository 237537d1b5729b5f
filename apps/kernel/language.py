"""Texts that are kept in Chinese and in English, for whoever reads."""

from django.utils.translation import get_language


def is_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def in_language(chinese: str, english: str) -> str:
    """Return the one of two texts that suits the reader; the other one where it is empty."""
    return (english or chinese) if is_english() else (chinese or english)
