"""Names kept in two languages, told in one."""

from django.utils.translation import get_language


def in_language(chinese: str, english: str) -> str:
    """Return the one of two texts that suits the reader; the other one where it is empty."""
    is_english = (get_language() or "").startswith("en")
    return (english or chinese) if is_english else (chinese or english)
