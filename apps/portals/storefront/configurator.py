"""The configurator's steps as a page shows them: pure, over what the catalog evaluated."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language

from apps.catalog.api import ConfigurationView, OptionGroupView, OptionView

PAINT_GROUP = "EXTERIOR"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One option of a step; ``conflicts`` says why it does not go with the rest."""

    option: OptionView
    is_chosen: bool
    conflicts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One question: radio buttons for one answer, check boxes for many."""

    code: str
    name: str
    is_single: bool
    choices: tuple[Choice, ...]


def list_steps(groups: Sequence[OptionGroupView], view: ConfigurationView) -> list[Step]:
    """Return the steps in the order of the groups, with what is chosen and what conflicts."""
    chosen = set(view.selected)
    reasons: dict[str, list[str]] = {}
    for conflict in view.conflicts:
        reasons.setdefault(conflict.option, []).append(conflict.reason)
    return [
        Step(
            code=group.code,
            name=group.name,
            is_single=group.selection == "ONE",
            choices=tuple(
                Choice(
                    option=option, is_chosen=option.code in chosen, conflicts=tuple(reasons.get(option.code, ()))
                )
                for option in group.options
            ),
        )
        for group in groups
    ]


def keep_offered(codes: Sequence[str], groups: Sequence[OptionGroupView]) -> list[str]:
    """Return the codes that this trim offers: a choice made on another trim carries over where it can."""
    offered = {option.code for group in groups for option in group.options}
    return [code for code in codes if code in offered]


def list_breakdown(view: ConfigurationView) -> list[dict[str, object]]:
    """Return the price line by line in the reader's language: ``name`` and ``amount`` (zero where included)."""
    name = "name_en" if get_language() == "en" else "name_zh"
    return [{"name": row[name], "amount": Decimal(row["amount"])} for row in view.breakdown]


def find_paint(steps: Sequence[Step]) -> str:
    """Return the code of the chosen paint, or "" if none is."""
    paints = (choice for step in steps if step.code == PAINT_GROUP for choice in step.choices)
    return next((choice.option.code for choice in paints if choice.is_chosen), "")
