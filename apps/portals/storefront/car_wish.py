"""
What a visitor wishes of a car, as an address holds it. Pure: no database, no request.

The canonical address names the trim and what differs from its standard: ``?trim=JINGHONG-EV-680&option=PAINT-RIME``.
A form sends more: the answers of the step in view (``option-wheels``), what it showed as chosen (``shown``) and as
brought along by something else (``came``), and the cars to go back to (``was``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlencode

from apps.catalog.api import ConfigurationView, OptionGroupView

# More than any car has. What a longer address names beyond it is passed over, and the page says so.
MOST_OPTIONS = 60
LONGEST_CODE = 60
LONGEST_ADDRESS = 4000
STEPS_BACK = 6
BETWEEN_CODES = ","


class Parameters(Protocol):
    """The parameters of a request: Django's QueryDict."""

    def __iter__(self): ...
    def get(self, name: str, default: str = "") -> str: ...
    def getlist(self, name: str) -> list[str]: ...


@dataclass(frozen=True, kw_only=True)
class Car:
    """A trim and the options chosen on it beyond its standard, as one word: ``JINGHONG-EV-680:PAINT-CINNABAR``."""

    trim: str
    options: tuple[str, ...] = ()

    @classmethod
    def read(cls, word: str) -> "Car":
        """Return the car a word names; a word that makes no sense names one nobody sells."""
        trim, _colon, options = word[:LONGEST_ADDRESS].partition(":")
        return cls(trim=trim[:LONGEST_CODE], options=_codes([options])[:MOST_OPTIONS])

    def __str__(self) -> str:
        return f"{self.trim}:{BETWEEN_CODES.join(self.options)}" if self.options else self.trim


@dataclass(frozen=True, kw_only=True)
class Wish:
    """
    What a request asks for. ``options`` are meant as they stand; ``answers`` are what a form's inputs said.

    ``shown`` and ``came`` are what the form had shown as chosen and as brought along, ``past`` the cars to go back to,
    newest first, ``rival`` the car to compare with. ``is_cut`` tells that more was asked than anybody offers.
    """

    trim: str = ""
    options: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    shown: frozenset[str] = frozenset()
    came: frozenset[str] = frozenset()
    step: str = ""
    view: str = ""
    plan: str = ""
    months: str = ""
    down: str = ""
    past: tuple[Car, ...] = ()
    rival: Car | None = None
    is_cut: bool = False


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A car as it was made out of a wish: the car in its shortest form, its evaluation, and what had to be left out."""

    car: Car
    view: ConfigurationView
    is_reduced: bool = False
    inclusions: dict[str, str] = field(default_factory=dict)


class Stage(Protocol):
    """What evaluates a choice; see ``apps.catalog.api.CarOnStage``."""

    @property
    def groups(self) -> list[OptionGroupView]: ...
    def evaluate(self, option_codes: Iterable[str]) -> ConfigurationView: ...


def read_wish(data: Parameters) -> Wish:
    """Read a wish from a link or a form; whatever is too long or too much is cut, and said to be."""
    options = _codes(data.getlist("option"))
    answers = _codes(value for name in data if name.startswith("option-") for value in data.getlist(name))
    past = [Car.read(word) for word in data.getlist("was")[:STEPS_BACK]]
    rival = data.get("vs", "")
    return Wish(
        trim=data.get("trim", "")[:LONGEST_CODE],
        options=options[:MOST_OPTIONS],
        answers=answers[:MOST_OPTIONS],
        shown=frozenset(_codes(data.getlist("shown"))),
        came=frozenset(_codes(data.getlist("came"))),
        step=(data.get("step", "") or data.get("at", ""))[:LONGEST_CODE],
        view=(data.get("view", "") or data.get("seen", ""))[:LONGEST_CODE],
        plan=data.get("plan", "")[:LONGEST_CODE],
        months=data.get("months", "")[:8],
        down=data.get("down", "")[:16],
        past=tuple(past),
        rival=Car.read(rival) if rival else None,
        is_cut=max(len(options), len(answers)) > MOST_OPTIONS,
    )


def choose(stage: Stage, wish: Wish, *, trim: str) -> Chosen:
    """
    Return the car a wish comes to on one trim, in its shortest form.

    Answers that a form shows because they are standard, or came along with something else, are not choices: the next
    pack may bring other wheels. A standard answer that was not shown before was chosen on purpose, and stays even where
    it contradicts a pack: the page then says so.
    """
    offered = {option.code: option for group in stage.groups for option in group.options}
    asked = dict.fromkeys((*wish.options, *(code for code in wish.answers if _is_choice(code, offered, wish))))
    chosen = [code for code in asked if code in offered]
    view = stage.evaluate(chosen)
    brought = {row["code"]: row["included_by"] for row in view.breakdown if row["included_by"]}
    short = [code for code in view.selected if not offered[code].is_default and code not in brought]
    shorter = stage.evaluate(short)
    if (shorter.selected, shorter.conflicts, shorter.price) != (view.selected, view.conflicts, view.price):
        short, shorter = chosen, view
    unknown = any(code not in offered for code in wish.options)
    return Chosen(
        car=Car(trim=trim, options=tuple(short)),
        view=shorter,
        is_reduced=wish.is_cut or unknown,
        inclusions={row["code"]: row["included_by"] for row in shorter.breakdown if row["included_by"]},
    )


def _is_choice(code: str, offered: dict, wish: Wish) -> bool:
    if code not in offered or code in wish.came:
        return False
    return not offered[code].is_default or (bool(wish.shown) and code not in wish.shown)


def remember(wish: Wish, before: str, now: Car) -> tuple[Car, ...]:
    """Return the cars to go back to, newest first: the one shown before, if it was another, and those before it."""
    if not before:
        return wish.past
    previous = Car.read(before)
    return (previous, *wish.past)[:STEPS_BACK] if previous != now else wish.past


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a visitor stands: the car, and everything else that the address holds."""

    base: str
    car: Car
    step: str = ""
    view: str = ""
    plan: str = ""
    months: str = ""
    down: str = ""
    rival: Car | None = None

    def address(self, past: Sequence[Car] = (), **changes) -> str:
        """Return the address of this place, or of one that differs by ``changes``, with the cars to go back to."""
        place = replace(self, **changes) if changes else self
        pairs = [
            ("trim", place.car.trim),
            ("option", BETWEEN_CODES.join(place.car.options)),
            ("step", place.step),
            ("view", place.view),
            ("plan", place.plan),
            ("months", place.months),
            ("down", place.down),
            ("vs", str(place.rival) if place.rival else ""),
            *(("was", str(car)) for car in past),
        ]
        return f"{self.base}?{urlencode([pair for pair in pairs if pair[1]], safe=',:')}"


def _codes(values: Iterable[str]) -> tuple[str, ...]:
    """The codes in some values, each once; one may hold several. What is too long to be a code is none."""
    found: dict[str, None] = {}
    for value in values:
        for code in value[:LONGEST_ADDRESS].split(BETWEEN_CODES):
            if code:
                found[code[: LONGEST_CODE + 1]] = None
    return tuple(found)
