"""Take a car in part exchange: offer, acceptance, inspection at the dealer, credit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.dealers.api import get_store
from apps.events.api import TradeInDeclined, TradeInInspected
from apps.financing.errors import (
    CarAlreadyOffered,
    InvalidUsedCar,
    NotWorthTaking,
    OfferExpired,
    TradeInExceedsBalance,
    TradeInNotFound,
)
from apps.financing.models import TradeIn
from apps.financing.policies.applications import warn_at
from apps.financing.policies.trade_ins import UsedCar, Valuation, value_car
from apps.financing.selectors.trade_ins import read_table, table_in_force, used_car_of
from apps.financing.services.applying import ZONE, new_number, require_order
from apps.financing.states import TRADE_IN, Condition, TradeInStatus
from apps.kernel.api import Money, MoveNotAllowed, attempts, outbox
from apps.membership.api import InvalidVin, read_vin
from apps.payments.api import Source, Tender, book_tender

if TYPE_CHECKING:
    from apps.accounts.api import User

HIGHEST_PRICE = Decimal("9999999.00")
HIGHEST_MILEAGE = 999_999
LONGEST_CAR = 120
LONGEST_NOTE = 500
CLOCK = ("expires_at", "warn_at")
# Nobody values a car registered before; a plain mistake in typing the year is caught as well.
OLDEST = date(1980, 1, 1)


@dataclass(frozen=True, kw_only=True)
class CarTold:
    """A used car as its owner typed it; ``price_as_new`` in yuan, ``mileage_km`` in kilometres."""

    price_as_new: str
    first_registered: date | None
    mileage_km: str
    condition: str


def read_car(told: CarTold, *, on: date) -> UsedCar:
    """
    Return the car that was described.

    :raises InvalidUsedCar: if something is missing or cannot be; ``fields`` say what
    """
    faults: dict[str, list[str]] = {}
    price = _number(told.price_as_new)
    if price is None or not 0 < price <= HIGHEST_PRICE:
        faults["price_as_new"] = [_("Please give the price as new in yuan.")]
    mileage = _number(told.mileage_km)
    if mileage is None or not 0 <= mileage <= HIGHEST_MILEAGE:
        faults["mileage_km"] = [_("Please give the mileage in kilometres.")]
    if told.first_registered is None or not OLDEST <= told.first_registered <= on:
        faults["first_registered"] = [_("Please give the day of the first registration.")]
    if told.condition not in Condition.values:
        faults["condition"] = [_("Please say how the car is kept.")]
    if faults or price is None or mileage is None or told.first_registered is None:
        raise InvalidUsedCar(fields=faults)
    return UsedCar(
        price_as_new=Money.rounded(price),
        first_registered=told.first_registered,
        mileage_km=int(mileage),
        condition=told.condition,
    )


@attempts.trailed("financing.offer_trade_in", subject="vin", keeps=["car_name"])
def offer_trade_in(*, told: CarTold, car_name: str, vin: str, by: "User", now: datetime) -> TradeIn:
    """
    Value the caller's car by today's table and offer that for it until the table's days are over.

    :raises InvalidUsedCar: if something is missing, or the VIN is none
    :raises NoTradeInTable: if no table holds today
    :raises NotWorthTaking: if nothing is left of its value
    :raises CarAlreadyOffered: if the car is in another trade-in
    """
    today = now.astimezone(ZONE).date()
    car = read_car(told, on=today)
    if not 1 <= len(car_name.strip()) <= LONGEST_CAR:
        raise InvalidUsedCar(fields={"car": [_("Please say which car it is.")]})
    number = _vin(vin)
    table = table_in_force(on=today)
    valuation = value_car(car, read_table(table), on=today)
    if not valuation.value:
        raise NotWorthTaking
    try:
        with transaction.atomic():
            return TradeIn.objects.create(
                number=new_number("T", now),
                owner=by,
                car=car_name.strip(),
                vin=number,
                first_registered=car.first_registered,
                mileage_km=car.mileage_km,
                condition=car.condition,
                price_as_new=car.price_as_new.amount,
                table=table,
                offered=valuation.value.amount,
                offered_at=now,
                **_clock(table.offer_days, now=now),
            )
    except IntegrityError:
        raise CarAlreadyOffered from None


@attempts.trailed("financing.accept_trade_in", subject="number", keeps=["store_id"])
def accept_trade_in(*, number: str, store_id: int, by: "User", now: datetime) -> TradeIn:
    """
    Accept an offer and say at which store the car will be inspected; the offer holds as long again.

    :raises TradeInNotFound: if it is not the caller's
    :raises OfferExpired: if the offer has run out
    :raises UnknownStore: if there is no such open store
    :raises MoveNotAllowed: if it was accepted before, or is over
    """
    trade_in = lock_trade_in(number, owner_id=by.pk)
    _check_clock(trade_in, "accept", now=now)
    store = get_store(store_id)
    trade_in.store = store
    trade_in.organization_id = store.dealer.organization_id
    _set_clock(trade_in, days=trade_in.table.offer_days, now=now)
    trade_in.save(update_fields=["store", "organization", *CLOCK])
    TRADE_IN.move(trade_in, "accept", by=by, at=now)
    return trade_in


@attempts.trailed(
    "financing.inspect_trade_in", subject="number", keeps=["organization_id", "mileage_km", "condition", "deduction"]
)
def inspect_trade_in(
    *,
    number: str,
    organization_id: int,
    mileage_km: int,
    condition: str,
    deduction: Money,
    note: str,
    by: "User",
    now: datetime,
) -> TradeIn:
    """
    Note what the dealer found; the figure follows from the table of the offer, on the day of the offer.

    What the owner described rightly is worth what was offered. ``deduction`` is for repairs, with a ``note`` that says
    which.

    :raises TradeInNotFound: if it was not brought to this dealer
    :raises InvalidUsedCar: if mileage or condition cannot be, or a deduction is negative or says nothing
    :raises OfferExpired: if the car came too late
    :raises NotWorthTaking: if nothing is left; the store declines it instead
    :raises MoveNotAllowed: if it was inspected before, or is over
    """
    trade_in = lock_trade_in(number, organization_id=organization_id)
    _check_clock(trade_in, "inspect", now=now)
    _check_findings(mileage_km, condition, deduction, note)
    valuation = revalue(trade_in, mileage_km=mileage_km, condition=condition, deduction=deduction)
    if not valuation.value:
        raise NotWorthTaking
    trade_in.inspected_mileage_km = mileage_km
    trade_in.inspected_condition = condition
    trade_in.deduction = deduction.amount
    trade_in.note = note.strip()
    trade_in.value = valuation.value.amount
    trade_in.inspected_at = now
    trade_in.inspected_by = by
    _set_clock(trade_in, days=trade_in.table.credit_days, now=now)
    trade_in.save(
        update_fields=[
            "inspected_mileage_km",
            "inspected_condition",
            "deduction",
            "note",
            "value",
            "inspected_at",
            "inspected_by",
            *CLOCK,
        ]
    )
    TRADE_IN.move(trade_in, "inspect", by=by, at=now)
    outbox.record(
        TradeInInspected(
            trade_in_number=number,
            organization_id=organization_id,
            value_minor=valuation.value.minor,
            currency=trade_in.currency,
        ),
        at=now,
    )
    return trade_in


def revalue(trade_in: TradeIn, *, mileage_km: int, condition: str, deduction: Money) -> Valuation:
    """Value a car anew as it was found, by the table and on the day of its offer."""
    found = used_car_of(trade_in, mileage_km=mileage_km, condition=condition)
    offered_on = trade_in.offered_at.astimezone(ZONE).date()
    return value_car(found, read_table(trade_in.table), on=offered_on, deduction=deduction)


@attempts.trailed("financing.decline_trade_in", subject="number", keeps=["organization_id"])
def decline_trade_in(*, number: str, organization_id: int, note: str, by: "User", now: datetime) -> TradeIn:
    """
    Do not take the car, and say why.

    :raises TradeInNotFound: if it was not brought to this dealer
    :raises InvalidUsedCar: without a reason
    :raises MoveNotAllowed: if it was inspected, or is over
    """
    trade_in = lock_trade_in(number, organization_id=organization_id)
    if not 1 <= len(note.strip()) <= LONGEST_NOTE:
        raise InvalidUsedCar(fields={"note": [_("Please say why.")]})
    trade_in.note = note.strip()
    _stop_clock(trade_in)
    trade_in.save(update_fields=["note", *CLOCK])
    TRADE_IN.move(trade_in, "decline", by=by, at=now)
    outbox.record(TradeInDeclined(trade_in_number=number, organization_id=organization_id), at=now)
    return trade_in


@attempts.trailed("financing.credit_trade_in", subject="number", keeps=["order_number"])
def credit_trade_in(*, number: str, order_number: str, by: "User", now: datetime) -> TradeIn:
    """
    Agree to the dealer's figure: it counts towards the caller's order at once, the car is the dealer's.

    :raises TradeInNotFound: if it is not the caller's
    :raises OfferExpired: if the figure has run out
    :raises OrderNotFinanceable: if the order is not the caller's, holds no car, or takes no more money
    :raises TradeInExceedsBalance: if the car is worth more than what is still to be paid
    :raises MoveNotAllowed: if it was not inspected, was credited before, or is over
    """
    trade_in = lock_trade_in(number, owner_id=by.pk)
    _check_clock(trade_in, "credit", now=now)
    order = require_order(order_number, by=by)
    value = trade_in.money("value")
    if value > order.balance_due:
        raise TradeInExceedsBalance(most=order.balance_due)
    payment = book_tender(
        order_number=order.number,
        tender=Tender.TRADE_IN,
        source=Source.DEALER,
        reference=trade_in.number,
        amount=value,
        subject=f"{trade_in.car} {trade_in.vin}",
        by=by,
        now=now,
    )
    trade_in.order_number = order.number
    trade_in.payment_number = payment.number
    trade_in.credited_at = now
    _stop_clock(trade_in)
    trade_in.save(update_fields=["order_number", "payment_number", "credited_at", *CLOCK])
    TRADE_IN.move(trade_in, "credit", by=by, at=now)
    return trade_in


@attempts.trailed("financing.withdraw_trade_in", subject="number")
def withdraw_trade_in(*, number: str, by: "User", now: datetime) -> TradeIn:
    """
    Keep the car.

    :raises TradeInNotFound: if it is not the caller's
    :raises MoveNotAllowed: if it was credited, or is over
    """
    trade_in = lock_trade_in(number, owner_id=by.pk)
    _stop_clock(trade_in)
    trade_in.save(update_fields=CLOCK)
    return TRADE_IN.move(trade_in, "withdraw", by=by, at=now)


def expire_trade_ins(*, now: datetime, limit: int = 200) -> int:
    """End the offers and figures that have run out; how many. Several of these may run at once."""
    with transaction.atomic():
        due = list(
            TradeIn.objects.filter(expires_at__lte=now)
            .order_by("expires_at", "pk")
            .select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit]
        )
        for trade_in in due:
            _stop_clock(trade_in)
            trade_in.save(update_fields=CLOCK)
            TRADE_IN.move(trade_in, "expire", by=None, at=now)
    return len(due)


def lock_trade_in(number: str, **whose: int) -> TradeIn:
    """
    Lock a trade-in's row, of this owner or dealer, and return it as it is now.

    :raises TradeInNotFound: if there is none, or it is somebody else's
    """
    rows = TradeIn.objects.select_related("table").filter(number=number, **whose)
    trade_in = rows.select_for_update(of=("self",), no_key=True).first()
    if trade_in is None:
        raise TradeInNotFound
    return trade_in


def _clock(days: int, *, now: datetime) -> dict[str, datetime | None]:
    """Say until when something holds, and when its owner is reminded of that."""
    until = now + timedelta(days=days)
    return {"expires_at": until, "warn_at": warn_at(until, now=now)}


def _set_clock(trade_in: TradeIn, *, days: int, now: datetime) -> None:
    for field, at in _clock(days, now=now).items():
        setattr(trade_in, field, at)


def _stop_clock(trade_in: TradeIn) -> None:
    trade_in.expires_at = trade_in.warn_at = None


def _check_clock(trade_in: TradeIn, move: str, *, now: datetime) -> None:
    """Refuse what comes too late; the sweep that ends it may not have been here yet."""
    if not TRADE_IN.can(trade_in, move):
        if trade_in.status == TradeInStatus.EXPIRED:
            raise OfferExpired
        raise MoveNotAllowed(lifecycle=TRADE_IN.name, move=move, status=trade_in.status)
    if trade_in.expires_at is None or trade_in.expires_at <= now:
        raise OfferExpired


def _check_findings(mileage_km: int, condition: str, deduction: Money, note: str) -> None:
    faults: dict[str, list[str]] = {}
    if not 0 <= mileage_km <= HIGHEST_MILEAGE:
        faults["mileage_km"] = [_("Please give the mileage in kilometres.")]
    if condition not in Condition.values:
        faults["condition"] = [_("Please say how the car is kept.")]
    if deduction < Money.zero(deduction.currency):
        faults["deduction"] = [_("A deduction cannot be negative.")]
    if len(note.strip()) > LONGEST_NOTE or (deduction and not note.strip()):
        faults["note"] = [_("Please say what the deduction is for, in at most 500 characters.")]
    if faults:
        raise InvalidUsedCar(fields=faults)


def _vin(text: str) -> str:
    try:
        number = read_vin(text)
    except InvalidVin as refusal:
        raise InvalidUsedCar(fields={"vin": [str(refusal)]}) from None
    if not number:
        raise InvalidUsedCar(fields={"vin": [_("Please give the VIN: 17 characters, in the registration.")]})
    return number


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 12 else None
