"""Reads of trade-ins: what a car is worth today, whose a trade-in is, what waits at a dealer."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from apps.financing.errors import NoTradeInTable, TradeInNotFound
from apps.financing.models import TradeIn, TradeInTable
from apps.financing.policies.trade_ins import UsedCar, Valuation, ValueTable, value_car
from apps.kernel.api import Money

if TYPE_CHECKING:
    from apps.accounts.api import User


def table_in_force(*, on: date) -> TradeInTable:
    """
    Return the table that values cars on a day in China.

    :raises NoTradeInTable: if none does
    """
    table = TradeInTable.objects.filter(valid__contains=on).first()
    if table is None:
        raise NoTradeInTable
    return table


def read_table(table: TradeInTable) -> ValueTable:
    """Return the figures of a table."""
    return ValueTable(
        ages=[(row.months, row.share) for row in table.ages.order_by("months")],
        factors={row.condition: row.factor for row in table.conditions.all()},
        km_a_year=table.km_a_year,
        share_per_1000_km=table.share_per_1000_km,
        most_for_km=table.most_for_km,
    )


def estimate(*, car: UsedCar, on: date) -> Valuation:
    """
    Say what a car is worth on a day in China, without any obligation.

    :raises NoTradeInTable: if no table holds
    """
    return value_car(car, read_table(table_in_force(on=on)), on=on)


def used_car_of(trade_in: TradeIn, *, mileage_km: int | None = None, condition: str = "") -> UsedCar:
    """Return the car as its owner described it, or as it was found."""
    return UsedCar(
        price_as_new=Money(trade_in.price_as_new, trade_in.currency),
        first_registered=trade_in.first_registered,
        mileage_km=trade_in.mileage_km if mileage_km is None else mileage_km,
        condition=condition or trade_in.condition,
    )


def access_trade_in(*, number: str, by: "User") -> TradeIn:
    """
    Return a trade-in of the caller.

    :raises TradeInNotFound: if there is none, or it is somebody else's
    """
    return _get(TradeIn.objects.filter(owner_id=by.pk), number)


def access_dealer_trade_in(*, number: str, organization_id: int) -> TradeIn:
    """
    Return a trade-in that was brought to a dealer.

    :raises TradeInNotFound: if there is none, or it is another dealer's
    """
    return _get(TradeIn.objects.filter(organization_id=organization_id), number)


def list_trade_ins(*, by: "User") -> QuerySet[TradeIn]:
    """List the caller's trade-ins, the newest first."""
    return TradeIn.objects.filter(owner_id=by.pk).select_related("store").order_by("-pk")


def list_dealer_trade_ins(*, organization_id: int) -> QuerySet[TradeIn]:
    """List what was brought to a dealer, the newest first."""
    return TradeIn.objects.filter(organization_id=organization_id).select_related("store").order_by("-pk")


def _get(rows: QuerySet[TradeIn], number: str) -> TradeIn:
    trade_in = rows.select_related("store", "table").filter(number=number).first()
    if trade_in is None:
        raise TradeInNotFound
    return trade_in
