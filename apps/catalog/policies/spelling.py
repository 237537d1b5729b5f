"""What somebody means who has typed half a word, or a word wrong. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from apps.catalog.policies.text import cut_words, is_chinese, pinyin_of, runs_of

# How alike a word must be, from 0 to 1, to be what was meant; short words leave less room for mistakes.
ALIKE, ALIKE_IF_SHORT = 0.7, 0.75
SHORT = 4
# Words shorter than this are abbreviations or the beginning of anything.
SHORTEST_MISTAKE = 3
CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Word:
    """A word people search by, how many products have it in their titles, and what else it may be typed as."""

    text: str
    count: int
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """Words to look among, the frequent ones first."""

    words: Sequence[Word]

    @cached_property
    def by_key(self) -> Mapping[str, Word]:
        """The most frequent word of each spelling."""
        found: dict[str, Word] = {}
        for word in self.words:
            for key in (word.text, *word.keys):
                found.setdefault(key, word)
        return found

    @cached_property
    def keys(self) -> Sequence[str]:
        """All spellings in order."""
        return sorted(self.by_key)

    @cached_property
    def long_keys(self) -> Sequence[str]:
        """The spellings long enough to be mistaken for each other."""
        return [key for key in self.keys if len(key) >= SHORTEST_MISTAKE]

    def beginning_with(self, typed: str, *, limit: int) -> list[Word]:
        """The words one spelling of which begins with what was typed, frequent ones first."""
        found = {word.text: word for word in self._begun(typed)}
        return sorted(found.values(), key=lambda word: (-word.count, len(word.text), word.text))[:limit]

    def knows(self, typed: str) -> bool:
        """Whether any spelling begins with what was typed."""
        return next(self._begun(typed), None) is not None

    def nearest(self, typed: str) -> Word | None:
        """The word that is most alike, of equals the most frequent; None if none is alike enough."""
        if len(typed) < SHORTEST_MISTAKE:
            return None
        cutoff = ALIKE_IF_SHORT if len(typed) <= SHORT else ALIKE
        found = process.extract(
            typed, self.long_keys, scorer=OSA.normalized_similarity, score_cutoff=cutoff, limit=CANDIDATES
        )
        if not found:
            return None
        best = max(found, key=lambda match: (round(match[1], 2), match[0][0] == typed[0], self.by_key[match[0]].count))
        return self.by_key[best[0]]

    def _begun(self, typed: str) -> Iterator[Word]:
        for place in range(bisect_left(self.keys, typed), len(self.keys)):
            key = self.keys[place]
            if not key.startswith(typed):
                return
            yield self.by_key[key]


def correct(text: str, words: Words) -> str:
    """
    Return a text with every word that no product knows replaced by the nearest one that some product knows.

    Chinese is compared by its sound, since it is typed by its sound: 机油滤请器 is 机油滤清器. "" if nothing is wrong,
    or nothing near enough.
    """
    corrected, is_changed = [], False
    for run in runs_of(text):
        meant = _correct_chinese(run, words) if is_chinese(run) else _correct_latin(run, words)
        corrected.append(meant or run)
        is_changed = is_changed or bool(meant and meant != run)
    return " ".join(corrected) if is_changed else ""


def _correct_latin(run: str, words: Words) -> str:
    if words.knows(run) or not run.isalpha():
        return run
    word = words.nearest(run)
    return word.text if word else ""


def _correct_chinese(run: str, words: Words) -> str:
    if words.knows(run):
        return run
    sound = pinyin_of(run)[0]
    if sound in words.by_key:
        return words.by_key[sound].text
    parts = cut_words(run)
    if len(parts) > 1 and all(words.knows(part) for part in parts):
        return run
    word = words.nearest(sound)
    return word.text if word and len(run) > 1 else ""
