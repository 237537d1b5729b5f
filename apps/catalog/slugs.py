"""Readable addresses from Chinese titles."""

from django.utils.text import slugify

from apps.catalog.policies.dictionaries import syllables_of

MAX_LENGTH = 120


def slugify_zh(text: str) -> str:
    """Return a title's pinyin as a slug: ``星驰 E5 机油`` is ``xing-chi-e5-ji-you``; ``product`` if nothing is left."""
    words = (word.strip() for word in syllables_of(text.replace("ü", "v")))
    return slugify(" ".join(word for word in words if word))[:MAX_LENGTH].strip("-") or "product"
