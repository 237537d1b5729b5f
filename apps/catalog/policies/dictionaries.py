"""
The dictionaries of Chinese words and sounds.

They are loaded by the first who asks: reading them takes a fifth of a process's start, and most never look anything up.
"""

from functools import cache
from typing import TYPE_CHECKING

from apps.catalog.policies.part_words import PART_WORDS

if TYPE_CHECKING:
    import rjieba

# How often a word of ours counts to have been seen: often enough to stay in one piece.
OWN_WORD_FREQUENCY = 100_000


@cache
def own_words() -> "rjieba.Jieba":
    """Return the cutter that knows our words for parts besides the general ones."""
    import rjieba

    cutter = rjieba.Jieba()
    for word in PART_WORDS:
        cutter.add_word(word, OWN_WORD_FREQUENCY, "n")
    return cutter


def cut_generally(run: str) -> list[str]:
    """Cut a Chinese run as the general dictionary would, without our words."""
    import rjieba

    return rjieba.cut(run)


def syllables_of(text: str) -> list[str]:
    """Return the pinyin of a text, a syllable a character, without tones; what is not Chinese stays as it is."""
    from pypinyin import lazy_pinyin

    return lazy_pinyin(text)


def load() -> None:
    """Read both now, for a process whose first visitor should not wait for it."""
    own_words()
    syllables_of("星驰")
