"""The configurator's steps as a page shows them: pure, over what the catalog evaluated."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from apps.catalog.api import ConfigurationView, ConflictKind, ConflictView, OptionGroupView, OptionView
from apps.kernel.api import Money

PAINT_GROUP = "EXTERIOR"
ONE = "ONE"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One option of a step; ``field`` is the name of its input, ``conflicts`` say why it does not go with the rest."""

    option: OptionView
    field: str
    is_chosen: bool
    is_included: bool
    conflicts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One question: radio buttons for one answer, check boxes for many. ``looks`` is how choices are drawn."""

    code: str
    name: str
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


def read_choice(codes: Iterable[str], groups: Sequence[OptionGroupView]) -> list[str]:
    """
    Return the codes a visitor chose that this trim offers.

    A form sends the standard answers along. They are left out: the catalog fills them in again where nothing else, such
    as a pack, brings an answer. A choice made on another trim carries over where it can.
    """
    offered = {option.code for group in groups for option in group.options if not option.is_default}
    return [code for code in dict.fromkeys(codes) if code in offered]


def list_steps(groups: Sequence[OptionGroupView], view: ConfigurationView) -> list[Step]:
    """Return the steps in the order of the groups, with what is chosen, included and in conflict."""
    chosen = set(view.selected)
    included = {row["code"] for row in view.breakdown if row["included_by"]}
    reasons: dict[str, list[str]] = {}
    for conflict in view.conflicts:
        reasons.setdefault(conflict.option, []).append(conflict.reason)
    return [
        Step(
            code=group.code,
            name=group.name,
            is_single=group.selection == ONE,
            looks="swatches" if any(option.swatch for option in group.options) else "rows",
            choices=tuple(
                Choice(
                    option=option,
                    field=f"option-{group.code.lower()}",
                    is_chosen=option.code in chosen,
                    is_included=option.code in included,
                    conflicts=tuple(reasons.get(option.code, ())),
                )
                for option in group.options
            ),
        )
        for group in groups
    ]


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


def list_breakdown(view: ConfigurationView) -> list[dict[str, object]]:
    """Return the price line by line in the reader's language: ``name`` and ``amount`` (zero where included)."""
    name = "name_en" if (get_language() or "").startswith("en") else "name_zh"
    return [{"name": row[name], "amount": Money.of(row["amount"], row["currency"])} for row in view.breakdown]


def find_paint(codes: Iterable[str], groups: Sequence[OptionGroupView]) -> str:
    """Return the code of the chosen paint, or "" if none is."""
    paints = {option.code for group in groups if group.code == PAINT_GROUP for option in group.options}
    return next((code for code in codes if code in paints), "")
