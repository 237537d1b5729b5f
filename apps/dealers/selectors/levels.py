"""What a level is worth on a day."""

from datetime import date
from decimal import Decimal

from apps.dealers.models import LevelBenefit
from apps.dealers.states import DealerLevel, LevelBenefitKind


def benefits_of(level: DealerLevel | str, *, on: date) -> dict[LevelBenefitKind, Decimal]:
    """Return the benefits of a level on a day; one that nobody set is missing."""
    rows = LevelBenefit.objects.filter(level=level, valid__contains=on)
    return {LevelBenefitKind(row.benefit): row.value for row in rows}


def benefit_by_level(benefit: LevelBenefitKind, *, on: date) -> dict[str, Decimal]:
    """Return one benefit of every level that has it on a day."""
    return dict(LevelBenefit.objects.filter(benefit=benefit, valid__contains=on).values_list("level", "value"))
