"""Which options go together on one trim, and what the car then costs. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.catalog.states import RuleKind
from apps.kernel.api import Money


class ConflictKind(StrEnum):
    """What is wrong with a choice."""

    REQUIRES = "requires"
    EXCLUDES = "excludes"
    INCLUDES = "includes"  # what an option brings along contradicts another choice of the same group
    ONE_PER_GROUP = "one_per_group"
    CHOICE_REQUIRED = "choice_required"  # a group without a default was left out
    UNKNOWN_OPTION = "unknown_option"  # the trim does not offer it


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as the trim offers it, at an extra price; ``is_single``: a car has exactly one of its group."""

    code: str
    group: str
    delta: Money
    is_default: bool = False
    is_single: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """``option`` requires, excludes or includes ``other``."""

    kind: RuleKind
    option: str
    other: str
    reason_zh: str = ""
    reason_en: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a choice cannot be built. ``other`` is empty where only one option, or a group, is at fault."""

    kind: ConflictKind
    option: str
    other: str = ""
    reason_zh: str = ""
    reason_en: str = ""


@dataclass(frozen=True, slots=True)
class PricedOption:
    """One line of the price: what an option adds. ``included_by`` names the option that brings it at no charge."""

    code: str
    amount: Money
    included_by: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A complete car: its options in the trim's order, its price, and what speaks against it."""

    base: Money
    options: tuple[PricedOption, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def price(self) -> Money:
        """The base price and all that the options add."""
        return sum((option.amount for option in self.options), self.base)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all options of the car."""
        return tuple(option.code for option in self.options)

    @property
    def valid(self) -> bool:
        """Whether the car can be built."""
        return not self.conflicts


def evaluate(*, base: Money, choices: Sequence[Choice], rules: Sequence[Rule], chosen: Iterable[str]) -> Evaluation:
    """
    Complete a choice of option codes to a car, price it and list every conflict.

    In this order: what was chosen; what that includes; the defaults of groups still empty; what those include. A group
    that was spoken for takes no default. Included options cost nothing, even when they were chosen as well.
    """
    offered = {choice.code: choice for choice in choices}
    conflicts: list[Conflict] = []
    selected: dict[str, Choice] = {}
    for code in dict.fromkeys(chosen):
        if code in offered:
            selected[code] = offered[code]
        else:
            conflicts.append(Conflict(ConflictKind.UNKNOWN_OPTION, code))
    conflicts += _crowded_groups(selected.values())

    inclusions = [rule for rule in rules if rule.kind == RuleKind.INCLUDES and rule.other in offered]
    _include(inclusions, offered, selected, conflicts)
    conflicts += _fill_defaults(choices, selected)
    _include(inclusions, offered, selected, conflicts)

    conflicts += _broken_rules(rules, selected)
    included_by = _included_by(inclusions, selected)
    options = tuple(
        PricedOption(
            code=choice.code,
            amount=Money.zero(base.currency) if choice.code in included_by else choice.delta,
            included_by=included_by.get(choice.code, ""),
        )
        for choice in choices
        if choice.code in selected
    )
    return Evaluation(base=base, options=options, conflicts=tuple(conflicts))


def _crowded_groups(selected: Iterable[Choice]) -> list[Conflict]:
    first_of: dict[str, str] = {}
    return [
        Conflict(ConflictKind.ONE_PER_GROUP, first_of[choice.group], choice.code)
        for choice in selected
        if choice.is_single and first_of.setdefault(choice.group, choice.code) != choice.code
    ]


def _include(
    inclusions: Sequence[Rule], offered: dict[str, Choice], selected: dict[str, Choice], conflicts: list[Conflict]
) -> None:
    """Add what the selected options bring along, and what that brings along, until nothing is added."""
    open_ends = list(selected)
    while open_ends:
        code = open_ends.pop(0)
        for rule in inclusions:
            if rule.option != code or rule.other in selected:
                continue
            brought = offered[rule.other]
            rival = _rival(brought, selected)
            if rival:
                conflict = Conflict(ConflictKind.INCLUDES, code, rival, rule.reason_zh, rule.reason_en)
                if conflict not in conflicts:
                    conflicts.append(conflict)
                continue
            selected[rule.other] = brought
            open_ends.append(rule.other)


def _included_by(inclusions: Sequence[Rule], selected: dict[str, Choice]) -> dict[str, str]:
    """
    Say which option of a complete car brings which others at no charge; the order of choosing plays no part.

    Of options that include each other in a circle, which nothing else includes, the dearest is paid for.
    """
    brings: dict[str, list[str]] = {code: [] for code in selected}
    for rule in inclusions:
        if rule.option in selected and rule.other in selected:
            brings[rule.option].append(rule.other)
    reached = {code: _reached_from(code, brings) for code in selected}

    def is_paid(code: str) -> bool:
        """Whether all who bring an option along are brought along by it, and none of them costs more."""
        rivals = [other for other in selected if other != code and code in reached[other]]
        own = (selected[code].delta.amount, code)
        return all(other in reached[code] and (selected[other].delta.amount, other) < own for other in rivals)

    paid = sorted(code for code in selected if is_paid(code))
    included_by: dict[str, str] = {}
    open_ends = list(paid)
    while open_ends:
        code = open_ends.pop(0)
        for other in brings[code]:
            if other not in paid and other not in included_by:
                included_by[other] = code
                open_ends.append(other)
    return included_by


def _reached_from(code: str, brings: dict[str, list[str]]) -> set[str]:
    reached: set[str] = set()
    open_ends = [code]
    while open_ends:
        for other in brings[open_ends.pop()]:
            if other not in reached:
                reached.add(other)
                open_ends.append(other)
    return reached


def _rival(brought: Choice, selected: dict[str, Choice]) -> str:
    """Return the option that holds the place an included option would take, if any."""
    if not brought.is_single or brought.code in selected:
        return ""
    return next((choice.code for choice in selected.values() if choice.group == brought.group), "")


def _fill_defaults(choices: Sequence[Choice], selected: dict[str, Choice]) -> list[Conflict]:
    spoken_for = {choice.group for choice in selected.values()}
    for choice in choices:
        if choice.is_default and choice.group not in spoken_for:
            selected[choice.code] = choice
            if choice.is_single:
                spoken_for.add(choice.group)
    filled = {choice.group for choice in selected.values()}
    empty = dict.fromkeys(choice.group for choice in choices if choice.is_single and choice.group not in filled)
    return [Conflict(ConflictKind.CHOICE_REQUIRED, group) for group in empty]


def _broken_rules(rules: Sequence[Rule], selected: dict[str, Choice]) -> list[Conflict]:
    conflicts = []
    for rule in rules:
        both = rule.other in selected
        if rule.option not in selected:
            continue
        if (rule.kind == RuleKind.REQUIRES and not both) or (rule.kind == RuleKind.EXCLUDES and both):
            kind = ConflictKind(rule.kind.lower())
            conflicts.append(Conflict(kind, rule.option, rule.other, rule.reason_zh, rule.reason_en))
    return conflicts
