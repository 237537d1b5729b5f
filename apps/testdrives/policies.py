"""Pure rules of test drives: who may drive, which car suits best."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

LONGEST_TEXT = 500


@dataclass(frozen=True, kw_only=True)
class Licence:
    """What somebody says about their driving licence; ``born_on`` only where it was asked."""

    licence_class: str
    expires_on: date
    born_on: date | None = None


def age_on(born_on: date, day: date) -> int:
    """Return how many birthdays somebody has had by a day; born on 29 February, the birthday is 1 March."""
    had_it = (day.month, day.day) >= (born_on.month, born_on.day)
    return day.year - born_on.year - (0 if had_it else 1)


def is_accepted(licence_class: str, accepted: Collection[str]) -> bool:
    """
    Whether a licence covers a car; ``licence_class`` may name several, as papers do: ``A2D``, ``C1E``.

    Source: 机动车驾驶证申领和使用规定（公安部令第162号）附件1: classes are a letter, most with a digit.
    """
    held, text = set(), licence_class.strip().upper()
    for index, letter in enumerate(text):
        if letter.isalpha():
            digit = text[index + 1 : index + 2]
            held.add(letter + (digit if digit.isdigit() else ""))
    return bool(held & set(accepted))


def clean(text: str, *, most: int = LONGEST_TEXT) -> str:
    """Return a text without characters that cannot be shown, at most so long."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()[:most]


def nearness(*, is_same_trim: bool, is_same_model: bool) -> int:
    """Return how well a demonstration car stands for the car somebody wants: the lower the better."""
    return 0 if is_same_trim else 1 if is_same_model else 2
