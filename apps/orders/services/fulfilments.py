"""
Walk a fulfilment to its buyer. Each move locks the order's row first, then the fulfilment's.

Who may move what: the *source* (owner of the site) ships; the *receiver* (dealer of the store) takes in, inspects and
hands over. An organization that is neither finds nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.api import ship as ship_stock
from apps.kernel.api import MoveNotAllowed, attempts
from apps.orders import conf
from apps.orders.errors import BalanceDue, FulfilmentNotFound, TrackingRequired
from apps.orders.models import CustomerOrder, Fulfilment, FulfilmentLine
from apps.orders.selectors.orders import access_order
from apps.orders.services import vehicles
from apps.orders.services.balance_dates import date_balance
from apps.orders.services.locks import lock_order, lock_order_by_id
from apps.orders.services.progress import follow_up, move_fulfilment
from apps.orders.services.timeline import add_event, tell_buyer
from apps.orders.states import FULFILMENTS, ORDER, FulfilmentStatus, Method, OrderStatus, Reason

if TYPE_CHECKING:
    from apps.accounts.api import User

LONGEST_TRACKING = 60


def lock_fulfilment(
    fulfilment_id: int, *, organization_id: int, move: str, may: Callable[[Fulfilment, int], bool]
) -> tuple[CustomerOrder, Fulfilment]:
    """
    Lock the order of a fulfilment and return both as they are now.

    :raises FulfilmentNotFound: if the organization has no part in it
    :raises MoveNotAllowed: if it has one, but this ``move`` is the other side's
    """
    order_id = Fulfilment.objects.filter(pk=fulfilment_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise FulfilmentNotFound
    order = lock_order_by_id(order_id)
    fulfilment = Fulfilment.objects.select_related(
        "seller_order", "site", "store__dealer", "store__site", "source", "receiver"
    ).get(pk=fulfilment_id)
    if fulfilment.site_id is None or not is_party(fulfilment, organization_id):
        raise FulfilmentNotFound
    if not may(fulfilment, organization_id):
        # Its list shows the fulfilment, so "there is no such thing" would be no answer.
        raise MoveNotAllowed(lifecycle=FULFILMENTS[fulfilment.method].name, move=move, status=fulfilment.status)
    fulfilment.order = order
    return order, fulfilment


def is_source(fulfilment: Fulfilment, organization_id: int) -> bool:
    """Tell whether the organization owns the site the goods come from."""
    return fulfilment.source_id == organization_id


def is_receiver(fulfilment: Fulfilment, organization_id: int) -> bool:
    """Tell whether the organization's store hands the goods over."""
    return fulfilment.receiver_id == organization_id


def is_party(fulfilment: Fulfilment, organization_id: int) -> bool:
    """Tell whether the organization is source or receiver."""
    return is_source(fulfilment, organization_id) or is_receiver(fulfilment, organization_id)


@attempts.trailed("orders.accept_fulfilment", subject="fulfilment_id", keeps=("organization_id",))
def accept_fulfilment(*, fulfilment_id: int, organization_id: int, by: "User | None", now: datetime) -> Fulfilment:
    """
    Take a fulfilment on. The receiving dealer may do so once the goods are on their way already.

    :raises FulfilmentNotFound: if it is not the organization's
    :raises MoveNotAllowed: if it is past accepting, or the organization accepted it already
    """
    order, fulfilment = lock_fulfilment(fulfilment_id, organization_id=organization_id, move="accept", may=is_party)
    if fulfilment.method == Method.PICKUP and not is_receiver(fulfilment, organization_id):
        return _confirm_as_source(order, fulfilment, by=by, now=now)
    is_on_its_way = fulfilment.method == Method.PICKUP and fulfilment.status == FulfilmentStatus.IN_TRANSIT
    if not (is_on_its_way and fulfilment.accepted_at is None):
        move_fulfilment(fulfilment, "accept", by=by, now=now)
    fulfilment.accepted_at = now
    fulfilment.attention = _settled(fulfilment)
    fulfilment.save(update_fields=["accepted_at", "attention"])
    party = fulfilment.receiver or fulfilment.source
    add_event(order, "accepted", at=now, who={"zh": party.name_zh, "en": party.name_en}, fulfilment=fulfilment.pk)
    if fulfilment.method == Method.DELIVERY:
        # Nothing is shipped to a buyer who owes something; a pickup calls the balance when the goods are there.
        _call_balance(order, by=by, now=now)
    follow_up(order, by=by, now=now)
    return fulfilment


def _confirm_as_source(order: CustomerOrder, fulfilment: Fulfilment, *, by: "User | None", now: datetime) -> Fulfilment:
    """Note that the source will send the goods to the store; the status waits for the goods or the dealer."""
    is_open = fulfilment.status in (FulfilmentStatus.PENDING, FulfilmentStatus.IN_TRANSIT)
    if not is_open or fulfilment.source_accepted_at is not None:
        raise MoveNotAllowed(lifecycle=FULFILMENTS[fulfilment.method].name, move="accept", status=fulfilment.status)
    fulfilment.source_accepted_at = now
    fulfilment.attention = _settled(fulfilment)
    fulfilment.save(update_fields=["source_accepted_at", "attention"])
    follow_up(order, by=by, now=now)
    return fulfilment


def _settled(fulfilment: Fulfilment) -> str:
    """Return what still needs attention once somebody accepted."""
    return Reason.UNIT_MISSING if fulfilment.attention == Reason.UNIT_MISSING else Reason.NONE


@attempts.trailed("orders.ship_fulfilment", subject="fulfilment_id", keeps=("organization_id",))
def ship_fulfilment(
    *,
    fulfilment_id: int,
    organization_id: int,
    carrier: str,
    tracking_number: str,
    by: "User | None",
    now: datetime,
) -> Fulfilment:
    """
    Send the goods off: to the buyer, or to the store. The pieces leave the site's stock.

    :raises TrackingRequired: without carrier or tracking number
    :raises FulfilmentNotFound: if the organization does not own the site
    :raises MoveNotAllowed: if it is not accepted yet (delivery), or was shipped already
    :raises BalanceDue: if it goes to the buyer and is not paid in full
    """
    tracking = _check_tracking(carrier, tracking_number)
    order, fulfilment = lock_fulfilment(fulfilment_id, organization_id=organization_id, move="ship", may=is_source)
    is_delivery = fulfilment.method == Method.DELIVERY
    lifecycle = FULFILMENTS[fulfilment.method]
    is_accepted_pickup = not is_delivery and fulfilment.status == FulfilmentStatus.IN_TRANSIT
    if fulfilment.shipped_at is not None or not (lifecycle.can(fulfilment, "ship") or is_accepted_pickup):
        raise MoveNotAllowed(lifecycle=lifecycle.name, move="ship", status=fulfilment.status)
    if is_delivery:
        require_paid(order)
        vehicles.inspect_vehicles(fulfilment, by=by, now=now)
    if not is_accepted_pickup:
        move_fulfilment(fulfilment, "ship", by=by, now=now)
    fulfilment.carrier, fulfilment.tracking_number = tracking
    fulfilment.source_accepted_at = fulfilment.source_accepted_at or now
    _leave(fulfilment, by=by, now=now)
    fulfilment.save(update_fields=["carrier", "tracking_number", "source_accepted_at", "shipped_at"])
    if is_delivery:
        names = {"carrier": tracking[0], "tracking_number": tracking[1]}
        add_event(order, "shipped", at=now, fulfilment=fulfilment.pk, **names)
        tell_buyer(order, "shipped", cause=str(fulfilment.pk), now=now, **names)
    follow_up(order, by=by, now=now)
    return fulfilment


@attempts.trailed("orders.mark_arrived", subject="fulfilment_id", keeps=("organization_id", "vin"))
def mark_arrived(
    *, fulfilment_id: int, organization_id: int, vin: str = "", by: "User | None", now: datetime
) -> Fulfilment:
    """
    Note that the store has the goods; a balance that is still open is called.

    ``vin`` is what was read off the car that came; left out, nobody compared it.

    :raises FulfilmentNotFound: if it is not handed over by the organization
    :raises MoveNotAllowed: if it is not on its way
    :raises UnknownVin: if the car that came is none of the order's
    """
    order, fulfilment = lock_fulfilment(fulfilment_id, organization_id=organization_id, move="arrive", may=is_receiver)
    if vin.strip():
        vehicles.require_assigned(fulfilment, vin=vin)
    move_fulfilment(fulfilment, "arrive", by=by, now=now)
    if fulfilment.shipped_at is None:
        _leave(fulfilment, by=by, now=now)
    fulfilment.accepted_at = fulfilment.accepted_at or now
    fulfilment.save(update_fields=["accepted_at", "shipped_at"])
    vehicles.place_vehicles(fulfilment, by=by, now=now)
    add_event(order, "arrived", at=now, fulfilment=fulfilment.pk, store=store_names(fulfilment))
    _call_balance(order, by=by, now=now)
    follow_up(order, by=by, now=now)
    return fulfilment


@transaction.atomic
def confirm_delivery(
    *, number: str, fulfilment_id: int, by: "User | None", now: datetime, token: str | None = None
) -> Fulfilment:
    """
    Note that the buyer has a shipment, as the buyer says. Repeating changes nothing.

    :raises OrderNotFound: if the order is not the caller's
    :raises FulfilmentNotFound: if it is not a delivery of this order
    :raises MoveNotAllowed: if it was not shipped
    """
    access_order(number=number, by=by, token=token)
    order = lock_order(number)
    fulfilment = _delivery_of(order, fulfilment_id)
    if fulfilment.status == FulfilmentStatus.DELIVERED:
        return fulfilment
    return complete_delivery(order, fulfilment, by=by, now=now)


@transaction.atomic
def confirm_as_staff(*, fulfilment_id: int, by: "User | None", now: datetime) -> Fulfilment:
    """
    Note that the buyer has a shipment, as the carrier told HQ.

    :raises FulfilmentNotFound: if there is no such delivery
    :raises MoveNotAllowed: if it was not shipped
    """
    order_id = Fulfilment.objects.filter(pk=fulfilment_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise FulfilmentNotFound
    order = lock_order_by_id(order_id)
    return complete_delivery(order, _delivery_of(order, fulfilment_id), by=by, now=now)


def confirm_old_deliveries(*, now: datetime, limit: int = 200) -> list[int]:
    """Close deliveries that were shipped long ago and nobody disputed; each in a transaction of its own."""
    before = now - timedelta(days=conf.DELIVERY_CONFIRM_DAYS)
    due = (
        Fulfilment.objects.filter(status=FulfilmentStatus.SHIPPED, shipped_at__lte=before)
        .order_by("pk")
        .values_list("pk", flat=True)[:limit]
    )
    return [pk for pk in list(due) if _confirm_if_shipped(pk, now=now)]


@transaction.atomic
def _confirm_if_shipped(fulfilment_id: int, *, now: datetime) -> bool:
    order = lock_order_by_id(Fulfilment.objects.values_list("order_id", flat=True).get(pk=fulfilment_id))
    fulfilment = _delivery_of(order, fulfilment_id)
    if fulfilment.status != FulfilmentStatus.SHIPPED:
        return False
    complete_delivery(order, fulfilment, by=None, now=now)
    return True


def complete_delivery(order: CustomerOrder, fulfilment: Fulfilment, *, by: "User | None", now: datetime) -> Fulfilment:
    """Close a delivery of a locked order."""
    fulfilment.done_at = now
    fulfilment.save(update_fields=["done_at"])
    move_fulfilment(fulfilment, "confirm_delivery", by=by, now=now)
    vehicles.deliver_vehicles(fulfilment, by=by, now=now)
    add_event(order, "delivered", at=now, fulfilment=fulfilment.pk)
    follow_up(order, by=by, now=now)
    return fulfilment


def require_paid(order: CustomerOrder) -> None:
    """
    Refuse to let goods go to a buyer who owes something.

    :raises BalanceDue: with the amount
    """
    due = order.balance_due
    if due:
        raise BalanceDue(balance_due=due)


def store_names(fulfilment: Fulfilment) -> dict[str, str]:
    """Return the store's name in both languages, for the timeline."""
    store = fulfilment.store
    return {"zh": store.name_zh, "en": store.name_en} if store else {"zh": "", "en": ""}


def _delivery_of(order: CustomerOrder, fulfilment_id: int) -> Fulfilment:
    fulfilment = (
        Fulfilment.objects.select_related("seller_order", "store")
        .filter(pk=fulfilment_id, order=order, method=Method.DELIVERY)
        .first()
    )
    if fulfilment is None:
        raise FulfilmentNotFound
    fulfilment.order = order
    return fulfilment


def _leave(fulfilment: Fulfilment, *, by: "User | None", now: datetime) -> None:
    """Take the pieces out of the site's stock."""
    lines = FulfilmentLine.objects.filter(fulfilment=fulfilment, reservation_id__isnull=False)
    ship_stock(reservation_ids=list(lines.values_list("reservation_id", flat=True)), by=by, now=now)
    fulfilment.shipped_at = now


def _call_balance(order: CustomerOrder, *, by: "User | None", now: datetime) -> None:
    """Ask for the rest of an order with a prepayment, once, and date it: the goods are there."""
    if order.status == OrderStatus.DEPOSIT_PAID:
        ORDER.move(order, "call_balance", by=by, at=now)
        add_event(order, "balance_called", at=now, balance_due=order.balance_due)
    if order.status == OrderStatus.AWAITING_BALANCE and order.balance_due_at is None:
        date_balance(order, now=now)


def _check_tracking(carrier: str, tracking_number: str) -> tuple[str, str]:
    given = {"carrier": carrier.strip(), "tracking_number": tracking_number.strip()}
    wrong = {name: [_("This is required.")] for name, value in given.items() if not value}
    wrong |= {name: [_("This is too long.")] for name, value in given.items() if len(value) > LONGEST_TRACKING}
    if wrong:
        raise TrackingRequired(fields=wrong)
    return given["carrier"], given["tracking_number"]
