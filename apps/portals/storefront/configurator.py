"""The configurator's steps as a page shows them: pure, over what the catalog evaluated."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.catalog.api import ConfigurationView, ConflictKind, ConflictView, OptionGroupView, OptionView
from apps.kernel.api import Money, is_english
from apps.portals.storefront.car_wish import Chosen

PAINT_GROUP, WHEEL_GROUP, INTERIOR_GROUP, PACK_GROUP = "EXTERIOR", "WHEELS", "INTERIOR", "PACKS"
TRIM_STEP, FINANCE_STEP = "trim", "finance"
# From what is seen first to what is decided last; a group nobody thought of here comes before the money.
GROUP_ORDER = (PAINT_GROUP, WHEEL_GROUP, INTERIOR_GROUP, PACK_GROUP)
LOOKS = {PAINT_GROUP: "paints", INTERIOR_GROUP: "interiors", WHEEL_GROUP: "wheels"}
ONE = "ONE"
AND = " · "


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step by its code in the address, its number from one, and where it stands to the current one."""

    code: str
    name: str
    number: int
    is_current: bool
    is_done: bool


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One option of a question; ``included_by`` names what brings it along, ``conflicts`` what speaks against it."""

    option: OptionView
    is_chosen: bool
    included_by: str
    conflicts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question: radio buttons for one answer, check boxes for many. ``looks`` is how choices are drawn."""

    code: str
    name: str
    field: str
    is_single: bool
    looks: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """A conflict with one choice that ends it: the codes of the car after it, and what it does in words."""

    reason: str
    adds: str
    removes: str
    codes: tuple[str, ...]


def list_steps(groups: Sequence[OptionGroupView], asked: str, *, is_financed: bool) -> list[Step]:
    """Return the steps in their order; the one asked for is current, the first if there is none such."""
    ordered = sorted(groups, key=lambda group: _rank(group.code))
    names = [(TRIM_STEP, _("Trim")), *((group.code.lower(), group.name) for group in ordered)]
    names.append((FINANCE_STEP, _("Finance") if is_financed else _("Summary")))
    codes = [code for code, _name in names]
    current = codes.index(asked) if asked in codes else 0
    return [
        Step(code=code, name=name, number=place + 1, is_current=place == current, is_done=place < current)
        for place, (code, name) in enumerate(names)
    ]


def _rank(code: str) -> int:
    return GROUP_ORDER.index(code) if code in GROUP_ORDER else len(GROUP_ORDER)


def ask(group: OptionGroupView, groups: Sequence[OptionGroupView], chosen: Chosen) -> Question:
    """Return the question of one group with what is chosen, included and in conflict."""
    names = {option.code: option.name for each in groups for option in each.options}
    selected = set(chosen.view.selected)
    reasons: dict[str, list[str]] = {}
    for conflict in chosen.view.conflicts:
        for code in {conflict.option, conflict.other}:
            reasons.setdefault(code, []).append(conflict.reason)
    return Question(
        code=group.code,
        name=group.name,
        field=f"option-{group.code.lower()}",
        is_single=group.selection == ONE,
        looks=LOOKS.get(group.code, "packs"),
        choices=tuple(
            Choice(
                option=option,
                is_chosen=option.code in selected,
                included_by=names.get(chosen.inclusions.get(option.code, ""), ""),
                conflicts=tuple(reasons.get(option.code, ())) if option.code in selected else (),
            )
            for option in group.options
        ),
    )


def list_remedies(groups: Sequence[OptionGroupView], view: ConfigurationView) -> list[Remedy]:
    """Return each conflict with one way out of it: choose what is needed, or go without what is in the way."""
    return [_remedy(conflict, groups, view) for conflict in view.conflicts]


def _remedy(conflict: ConflictView, groups: Sequence[OptionGroupView], view: ConfigurationView) -> Remedy:
    options = {option.code: option for group in groups for option in group.options}
    kept = [code for code in view.selected if code in options]
    if conflict.kind == ConflictKind.REQUIRES and conflict.other in options:
        rivals = _rivals(conflict.other, groups)
        codes = (*(code for code in kept if code not in rivals), conflict.other)
        return Remedy(reason=conflict.reason, adds=options[conflict.other].name, removes="", codes=codes)
    brought_by = {row["code"]: row["included_by"] for row in view.breakdown if row["included_by"]}
    pair = [conflict.option, conflict.other]
    if conflict.kind == ConflictKind.INCLUDES:
        pair.reverse()
    # What came along, or is standard, would be back at once: what was chosen goes.
    chosen = [code for code in pair if code in kept and code not in brought_by and not options[code].is_default]
    leaving = chosen[0] if chosen else brought_by.get(conflict.option, conflict.option)
    return Remedy(
        reason=conflict.reason,
        adds="",
        removes=options[leaving].name if leaving in options else "",
        codes=tuple(code for code in kept if code != leaving and brought_by.get(code) != leaving),
    )


def _rivals(code: str, groups: Sequence[OptionGroupView]) -> set[str]:
    """Return what shares a question with one answer with ``code``."""
    for group in groups:
        codes = {option.code for option in group.options}
        if code in codes and group.selection == ONE:
            return codes - {code}
    return set()


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """One line of the price: what it is, what it adds (zero where included), and the step where it is chosen."""

    code: str
    name: str
    amount: Money
    step: str
    is_included: bool


def list_breakdown(view: ConfigurationView) -> list[PriceLine]:
    """Return the price line by line in the reader's language, the trim first."""
    name = "name_en" if is_english() else "name_zh"
    return [
        PriceLine(
            code=row["code"],
            name=row[name],
            amount=Money.of(row["amount"], row["currency"]),
            step=row["group"].lower() or TRIM_STEP,
            is_included=bool(row["included_by"]),
        )
        for row in view.breakdown
    ]


def find_chosen(view: ConfigurationView, group: OptionGroupView | None) -> OptionView | None:
    """Return the option of a group that a car has, None if it has none."""
    selected = set(view.selected)
    return next((option for option in (group.options if group else ()) if option.code in selected), None)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One line of a comparison: a question or fact, and what each of two cars says to it."""

    name: str
    values: tuple[str, ...]

    @property
    def is_different(self) -> bool:
        """Whether the cars say different things."""
        return len(set(self.values)) > 1


def compare_options(sides: Sequence[tuple[Sequence[OptionGroupView], ConfigurationView]]) -> list[Difference]:
    """Return what two or more cars have, question by question; "–" where one has nothing."""
    names: dict[str, str] = {}
    for groups, _view in sides:
        names |= {group.code: group.name for group in groups if group.code not in names}
    rows = []
    for code in sorted(names, key=_rank):
        values = []
        for groups, view in sides:
            selected = set(view.selected)
            options = next((group.options for group in groups if group.code == code), [])
            values.append(AND.join(option.name for option in options if option.code in selected) or "–")
        rows.append(Difference(name=names[code], values=tuple(values)))
    return rows
