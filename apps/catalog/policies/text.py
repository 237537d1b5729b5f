"""
Words to search by: Chinese words, their pinyin and the initials of it, part numbers, English.

Vector and query are written by hand rather than by ``to_tsvector``, so that the same tokens come out on both sides of
a search: ``5w-30`` stays one token, and ``机油滤清器`` is found as 机油, 滤清器, jiyoulvqingqi and jylqq.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from apps.catalog.policies.dictionaries import cut_generally, own_words, syllables_of

MAX_QUERY_TOKENS = 12
MAX_TOKEN_LENGTH = 60
# Nobody types more of a word; a longer text is cut here before anything looks at it.
MAX_QUERY_LENGTH = 100
# A position beyond this is stored as this by PostgreSQL; documents stay far below.
MAX_POSITION = 16383
# The characters of a Chinese run that are kept from a word's beginning on.
MAX_TAIL = 16

_RUN = re.compile(r"[0-9a-z]+(?:[.\-/][0-9a-z]+)*|[\u3400-\u9fff]+")
_JOINTS = re.compile(r"[.\-/]")


def words_of(text: str) -> list[str]:
    """Return the words of a text, lower-case, Chinese ones cut both long and short."""
    return list(dict.fromkeys(word for run in runs_of(text) for word in _cut(run)))


def tails_of(text: str) -> list[str]:
    """
    Return what follows from each word of a Chinese run on, so that a prefix finds any stretch that begins at a word.

    ``望舒长续航版`` is found as 望舒, 望舒长续航 and 长续航版, however the query is cut.
    """
    found: dict[str, None] = {}
    for run in runs_of(text):
        for start in _starts(run):
            found[run[start : start + MAX_TAIL]] = None
    return list(found)


def pinyin_words_of(text: str) -> list[str]:
    """
    Return pinyin and initials by which Latin typing finds the Chinese of a text.

    From every word of a run to the run's end: a prefix search then finds any stretch that begins at a word.
    """
    found: dict[str, None] = {}
    for run in runs_of(text):
        for start in _starts(run):
            syllables = syllables_of(run[start:])
            found["".join(syllables)[:MAX_TOKEN_LENGTH]] = None
            if len(syllables) > 1:
                found["".join(syllable[0] for syllable in syllables)[:MAX_TOKEN_LENGTH]] = None
    return list(found)


def pinyin_of(text: str) -> tuple[str, str]:
    """Return a text in pinyin and its initials, both without spaces, other letters kept."""
    syllables = [part for run in runs_of(text) for part in (syllables_of(run) if is_chinese(run) else [run])]
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


def search_vector(weighted: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Return a tsvector literal of (weight "A" to "D", tokens) pairs."""
    positions: dict[str, list[str]] = {}
    position = 0
    for weight, tokens in weighted:
        for token in dict.fromkeys(tokens):
            position = min(position + 1, MAX_POSITION)
            positions.setdefault(token[:MAX_TOKEN_LENGTH], []).append(f"{position}{weight}")
    return " ".join(f"'{token}':{','.join(places)}" for token, places in positions.items())


def search_query(text: str) -> str:
    """
    Return a tsquery literal that asks for every word of what somebody typed, or "" if there is no word in it.

    A Chinese run is asked for as it stands or by its words; Latin words that follow each other as they stand or as one:
    ``ji you`` finds 机油. English plurals find the singular.
    """
    runs = runs_of(text[:MAX_QUERY_LENGTH])
    asked: list[str] = []
    latin: list[str] = []
    for run in list(dict.fromkeys(runs))[:MAX_QUERY_TOKENS]:
        if is_chinese(run):
            asked += _latin_group(latin)
            latin = []
            asked.append(_chinese_term(run))
        else:
            latin.append(run)
    return " & ".join([*asked, *_latin_group(latin)])


def runs_of(text: str) -> Iterator[str]:
    """Yield the stretches of a text that are all Chinese or all letters and digits, lower-case, widths made equal."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("ü", "v")
    return (match.group() for match in _RUN.finditer(plain))


def is_chinese(run: str) -> bool:
    """Whether a run is of Chinese characters."""
    return run[0] >= "\u3400"


def cut_words(run: str) -> list[str]:
    """Cut a Chinese run into words, each character in one word only."""
    return own_words().cut(run)


def _cut(run: str) -> list[str]:
    if not is_chinese(run):
        # A part number is found whole, by its pieces, and by whoever leaves the dashes out.
        return list(dict.fromkeys([run, *_JOINTS.split(run), _JOINTS.sub("", run)]))
    return list(dict.fromkeys([*own_words().cut_for_search(run), *own_words().cut(run)]))


def _starts(run: str) -> list[int]:
    """Return where words of a Chinese run begin, by our dictionary or the general one; nothing for any other run."""
    if not is_chinese(run):
        return []
    starts: set[int] = set()
    for words in (own_words().cut(run), cut_generally(run)):
        start = 0
        for word in words:
            starts.add(start)
            start += len(word)
    return sorted(starts)


def _term(word: str) -> str:
    return f"'{word[:MAX_TOKEN_LENGTH]}':*"


def _chinese_term(run: str) -> str:
    words = list(dict.fromkeys(own_words().cut(run)))[:MAX_QUERY_TOKENS]
    if len(words) == 1:
        return _term(run)
    return f"({_term(run[:MAX_TAIL])} | ({' & '.join(_term(word) for word in words)}))"


def _latin_group(words: list[str]) -> list[str]:
    if len(words) < 2:
        # One letter begins nearly everything; as a word it names a few things.
        return [_term(_singular(word)) if len(word) > 1 else f"'{word}'" for word in words]
    apart = " & ".join(_term(_singular(word)) for word in words)
    return [f"({_term(''.join(words))} | ({apart}))"]


def _singular(word: str) -> str:
    if len(word) < 5 or not word.isalpha() or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return word[:-3]
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word.removesuffix("s")
