"""
The words that products are searched by, with counts: drawn from the search vectors, shared by all processes.

Beat has it made anew every few minutes; whoever finds none at all makes it.
"""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection

from apps.catalog.policies.spelling import Word, Words
from apps.catalog.policies.text import is_chinese, pinyin_of
from apps.catalog.selectors import search_sql

KEY = "catalog.vocabulary"
# How long a process goes on with the one it holds before it looks for another.
HOLD_SECONDS = 30.0
MAX_WORDS = 20_000
LONGEST_CHINESE_WORD, LONGEST_LATIN_WORD = 10, 24
TITLE_WORDS = "SELECT word, ndoc FROM ts_stat('SELECT title_words FROM catalog_listing') ORDER BY ndoc DESC, word"


@dataclass(frozen=True)
class Vocabulary:
    """Chinese and Latin words apart, and how many products each category, brand and kind has."""

    version: str
    chinese: Words
    latin: Words
    categories: dict[int, int]
    brands: dict[int, int]

    @property
    def everything(self) -> tuple[Words, Words]:
        """Both halves."""
        return self.chinese, self.latin


_held: tuple[float, str, Vocabulary] | None = None


def current_vocabulary() -> Vocabulary:
    """The vocabulary; made here and now only if there is none at all."""
    database = connection.settings_dict["NAME"]
    if _held and _held[1] == database and time.monotonic() - _held[0] < HOLD_SECONDS:
        return _held[2]
    stored = cache.get(KEY)
    return _hold(_unpack(stored)) if stored and stored["database"] == database else refresh_vocabulary()


def _hold(vocabulary: Vocabulary) -> Vocabulary:
    global _held  # noqa: PLW0603 - one copy a process
    _held = (time.monotonic(), connection.settings_dict["NAME"], vocabulary)
    return vocabulary


def refresh_vocabulary() -> Vocabulary:
    """Draw the vocabulary anew and share it."""
    counts = search_sql.count(search_sql.Plan())
    with connection.cursor() as cursor:
        cursor.execute(TITLE_WORDS)
        found = cursor.fetchall()[: MAX_WORDS * 4]
    packed = {
        "database": connection.settings_dict["NAME"],
        "chinese": _chinese_words(found),
        "categories": counts.categories,
        "brands": {pk: number for pk, number in counts.brands.items() if pk},
    }
    # What is typed for a Chinese word is no English word.
    sounds = {key for word, _count in found if word and is_chinese(word) for key in pinyin_of(word)}
    packed["latin"] = [
        (word, count)
        for word, count in found
        if word.isascii() and word.isalpha() and 2 < len(word) <= LONGEST_LATIN_WORD and word not in sounds
    ][:MAX_WORDS]
    packed["version"] = hashlib.sha256(repr(packed).encode()).hexdigest()[:12]
    cache.set(KEY, packed, None)
    return _hold(_unpack(packed))


def _chinese_words(found: Iterable[tuple[str, int]]) -> list[tuple[str, int, tuple[str, ...]]]:
    words = [
        (word, count) for word, count in found if word and is_chinese(word) and 2 <= len(word) <= LONGEST_CHINESE_WORD
    ][:MAX_WORDS]
    return [(word, count, pinyin_of(word)) for word, count in words]


def _unpack(packed: dict) -> Vocabulary:
    return Vocabulary(
        version=packed["version"],
        chinese=Words([Word(text, count, tuple(keys)) for text, count, keys in packed["chinese"]]),
        latin=Words([Word(text, count) for text, count in packed["latin"]]),
        categories=packed["categories"],
        brands=packed["brands"],
    )
