"""Levels: what they bring, and who is on which; and who belongs to whom."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from psycopg2.extras import DateRange

from apps.dealers.errors import HierarchyCycle, HierarchyTooDeep, InvalidBenefit, InvalidPeriod, UnknownDealer
from apps.dealers.models import Dealer, LevelBenefit
from apps.dealers.policies import MOST_GENERATIONS
from apps.dealers.services.history import check_reason, keep
from apps.dealers.services.locks import lock_dealer
from apps.dealers.states import ChannelMove, DealerLevel, LevelBenefitKind
from apps.events.api import DealerLevelChanged
from apps.kernel.api import attempts, outbox

if TYPE_CHECKING:
    from apps.accounts.api import User

LARGEST_BENEFIT = Decimal(100_000)
RATES = (LevelBenefitKind.REBATE_RATE, LevelBenefitKind.CONCESSION_RATE)


@attempts.trailed("dealers.change_level", subject="dealer_id", keeps=("level", "reason"))
def change_level(*, dealer_id: int, level: DealerLevel, reason: str, by: "User | None", now: datetime) -> Dealer:
    """
    Raise or lower a dealer to another level, from now on; nothing happens to one that is on it already.

    Orders keep what was agreed when they were placed.

    :raises ReasonRequired, UnknownDealer: without a reason or a dealer
    """
    words = check_reason(reason)
    dealer = lock_dealer(dealer_id)
    before = dealer.level
    if before == level:
        return dealer
    dealer.level = level
    dealer.save(update_fields=["level"])
    keep(
        ChannelMove.CHANGE_LEVEL, dealer_id=dealer.pk, reason=words, by=by, at=now, before=str(before), after=str(level)
    )
    outbox.record(
        DealerLevelChanged(organization_id=dealer.organization_id, level=str(level), before=str(before)), at=now
    )
    return dealer


@transaction.atomic
def set_level_benefit(
    *, level: DealerLevel, benefit: LevelBenefitKind, value: Decimal, starts_on: date, now: datetime
) -> LevelBenefit:
    """
    Let a level bring so much from a day on; what ran until then ends the day before.

    :raises InvalidBenefit: if the value is below zero, no rate though one is asked for, or absurdly large
    :raises InvalidPeriod: if a later value is set already
    """
    most = Decimal(1) if benefit in RATES else LARGEST_BENEFIT
    if not value.is_finite() or not 0 <= value <= most:
        raise InvalidBenefit(most=str(most), fields={"value": [str(InvalidBenefit())]})
    rows = LevelBenefit.objects.select_for_update(of=("self",), no_key=True).filter(level=level, benefit=benefit)
    newest = rows.order_by("-valid").first()
    if newest is not None:
        if newest.valid.lower >= starts_on:
            raise InvalidPeriod(starts=starts_on.isoformat(), ends="")
        if newest.valid.upper is None or newest.valid.upper > starts_on:
            newest.valid = DateRange(newest.valid.lower, starts_on)
            newest.save(update_fields=["valid"])
    try:
        with transaction.atomic():
            return LevelBenefit.objects.create(
                level=level, benefit=benefit, value=value, valid=DateRange(starts_on, None)
            )
    except IntegrityError as error:
        # Somebody set the first value of this benefit a moment ago.
        raise InvalidPeriod(starts=starts_on.isoformat(), ends="") from error


@attempts.trailed("dealers.move_dealer", subject="dealer_id", keeps=("parent_id", "reason"))
def move_dealer(*, dealer_id: int, parent_id: int | None, reason: str, by: "User | None", now: datetime) -> Dealer:
    """
    Let a dealer belong to another one (group, regional company), or to nobody.

    :raises ReasonRequired, UnknownDealer: without a reason, a dealer or a parent
    :raises HierarchyCycle: if it would be above itself
    :raises HierarchyTooDeep: if the tree would be deeper than MOST_GENERATIONS
    """
    words = check_reason(reason)
    dealer = lock_dealer(dealer_id)
    parent = Dealer.objects.filter(pk=parent_id).first() if parent_id is not None else None
    if parent_id is not None and parent is None:
        raise UnknownDealer(dealer_id=parent_id)
    before = dealer.parent.code if dealer.parent else ""
    dealer.parent = parent
    try:
        with transaction.atomic():
            dealer.save(update_fields=["parent"])
    except IntegrityError as error:
        raise _refusal_of(error) from error
    keep(
        ChannelMove.MOVE_DEALER,
        dealer_id=dealer.pk,
        reason=words,
        by=by,
        at=now,
        before=before,
        after=parent.code if parent else "",
    )
    return dealer


def _refusal_of(error: IntegrityError) -> Exception:
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if constraint in ("dealers_hierarchy_has_no_cycle", "dealers_nobody_is_its_own_parent"):
        return HierarchyCycle()
    if constraint == "dealers_hierarchy_is_not_too_deep":
        return HierarchyTooDeep(most=MOST_GENERATIONS)
    return error
