"""
Words to search by: Chinese words, their pinyin and the initials of it.

The search vector is written by hand rather than by ``to_tsvector``, so that the same tokens come out on both sides of
a search: ``5w-30`` stays one token, and ``机油滤清器`` is found as 机油, 滤清器, jiyoulvqingqi and jylqq.
"""

import re
from collections.abc import Iterable, Iterator

import rjieba
from pypinyin import lazy_pinyin

MAX_QUERY_TOKENS = 12
MAX_TOKEN_LENGTH = 60
# A position beyond this is stored as this by PostgreSQL; documents stay far below.
MAX_POSITION = 16383

_RUN = re.compile(r"[0-9a-z]+(?:[.\-/][0-9a-z]+)*|[\u3400-\u9fff]+")


def words_of(text: str) -> list[str]:
    """Return the words of a text, lower-case, Chinese ones cut both long and short."""
    return list(dict.fromkeys(word for run in _runs(text) for word in _cut(run)))


def pinyin_words_of(text: str) -> list[str]:
    """
    Return pinyin and initials by which Latin typing finds the Chinese of a text.

    From every word of a run to the run's end: a prefix search then finds any stretch that begins at a word.
    """
    found: dict[str, None] = {}
    for run in _runs(text):
        if not _is_chinese(run):
            continue
        start = 0
        for word in rjieba.cut(run):
            syllables = lazy_pinyin(run[start:])
            found["".join(syllables)[:MAX_TOKEN_LENGTH]] = None
            if len(syllables) > 1:
                found["".join(syllable[0] for syllable in syllables)[:MAX_TOKEN_LENGTH]] = None
            start += len(word)
    return list(found)


def pinyin_of(text: str) -> tuple[str, str]:
    """Return a text in pinyin and its initials, both without spaces, other letters kept."""
    syllables = [part for run in _runs(text) for part in (lazy_pinyin(run) if _is_chinese(run) else [run])]
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


def search_vector(weighted: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Return a tsvector literal of (weight "A" to "D", tokens) pairs."""
    positions: dict[str, list[str]] = {}
    position = 0
    for weight, tokens in weighted:
        for token in tokens:
            position = min(position + 1, MAX_POSITION)
            positions.setdefault(token[:MAX_TOKEN_LENGTH], []).append(f"{position}{weight}")
    return " ".join(f"'{token}':{','.join(places)}" for token, places in positions.items())


def search_query(text: str) -> str:
    """Return a tsquery literal that asks for every word of what somebody typed, or "" if there is no word in it."""
    words = [
        word[:MAX_TOKEN_LENGTH] for run in _runs(text) for word in (rjieba.cut(run) if _is_chinese(run) else [run])
    ]
    return " & ".join(f"'{word}':*" for word in list(dict.fromkeys(words))[:MAX_QUERY_TOKENS])


def _runs(text: str) -> Iterator[str]:
    return (match.group() for match in _RUN.finditer(text.lower()))


def _cut(run: str) -> list[str]:
    if not _is_chinese(run):
        # A part number is found whole and by its pieces.
        return list(dict.fromkeys([run, *re.split(r"[.\-/]", run)]))
    return list(dict.fromkeys([*rjieba.cut_for_search(run), *rjieba.cut(run)]))


def _is_chinese(run: str) -> bool:
    return run[0] >= "\u3400"
