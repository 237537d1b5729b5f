"""Accept a part of a fulfilment: what the site has. The rest goes to the next site, or back to the buyer as money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.api import divide_promise
from apps.kernel.api import Money, MoveNotAllowed
from apps.orders.errors import NotAPart, ReasonRequired
from apps.orders.models import CustomerOrder, Fulfilment, FulfilmentLine
from apps.orders.models.fields import columns_of
from apps.orders.policies.money import Amounts, split_by_quantity, sum_amounts, with_freight
from apps.orders.services.fulfilments import accept_fulfilment, is_source, lock_fulfilment, require_paid
from apps.orders.services.progress import move_fulfilment
from apps.orders.services.rerouting import LONGEST_REASON, move_to_next_site, release_lines
from apps.orders.services.timeline import add_event
from apps.orders.states import FULFILMENTS, FulfilmentStatus
from apps.payments.api import RefundReason, request_refund

if TYPE_CHECKING:
    from apps.accounts.api import User


@dataclass(frozen=True, kw_only=True)
class PartlyAccepted:
    """What came of it: the accepted fulfilment, the one with the rest, and the money given back (zero if rerouted)."""

    fulfilment: Fulfilment
    rest: Fulfilment
    refunded: Money

    @property
    def is_rerouted(self) -> bool:
        """Whether another site takes the rest."""
        return not self.refunded


@transaction.atomic
def accept_partly(
    *,
    fulfilment_id: int,
    organization_id: int,
    quantities: Mapping[int, int],
    reason: str,
    by: "User | None",
    now: datetime,
) -> PartlyAccepted:
    """
    Take on ``quantities`` (pieces by order line; lines left out none) and let go of the rest.

    The rest becomes a fulfilment of its own. The next site takes it whole, or it is called off and its exact total is
    given back. Every amount of the two sums to what the one was.

    :raises ReasonRequired: without a reason
    :raises FulfilmentNotFound: if the goods are not the organization's to send
    :raises MoveNotAllowed: if it was accepted already, or carries a vehicle
    :raises NotAPart: if no piece is taken, or every piece, or more than were asked for
    :raises BalanceDue: if the buyer has not paid in full yet
    """
    words = reason.strip()[:LONGEST_REASON]
    if not words:
        raise ReasonRequired(fields={"reason": [_("This is required.")]})
    order, fulfilment = lock_fulfilment(
        fulfilment_id, organization_id=organization_id, move="accept_partly", may=is_source
    )
    is_open = fulfilment.status == FulfilmentStatus.PENDING and fulfilment.source_accepted_at is None
    if not is_open or fulfilment.has_vehicle:
        name = FULFILMENTS[fulfilment.method].name
        raise MoveNotAllowed(lifecycle=name, move="accept_partly", status=fulfilment.status)
    lines = list(FulfilmentLine.objects.filter(fulfilment=fulfilment).select_related("item__line").order_by("pk"))
    _check(lines, quantities)
    require_paid(order)
    rest = _divide(order, fulfilment, lines, quantities, by=by, now=now)
    refunded = _let_go(order, rest, reason=words, by=by, now=now)
    accepted = accept_fulfilment(fulfilment_id=fulfilment.pk, organization_id=organization_id, by=by, now=now)
    return PartlyAccepted(fulfilment=accepted, rest=rest, refunded=refunded)


def _check(lines: Sequence[FulfilmentLine], quantities: Mapping[int, int]) -> None:
    known = {line.item_id: line.quantity for line in lines}
    is_within = all(0 <= pieces <= known.get(item, -1) for item, pieces in quantities.items())
    if not is_within or not 0 < sum(quantities.values()) < sum(known.values()):
        raise NotAPart


def _divide(
    order: CustomerOrder,
    fulfilment: Fulfilment,
    lines: Sequence[FulfilmentLine],
    quantities: Mapping[int, int],
    *,
    by: "User | None",
    now: datetime,
) -> Fulfilment:
    """Write the rest as a fulfilment of its own and return it; both together are what the one was."""
    whole = fulfilment.amounts(order.currency)
    goods_tax = sum_amounts([line.amounts(order.currency) for line in lines], order.currency).tax
    kept_amounts, rest_amounts = Amounts.zero(order.currency), Amounts.zero(order.currency)
    rest = Fulfilment.objects.get(pk=fulfilment.pk)
    rest.pk, rest._state.adding, rest.created_at = None, True, now
    rest.order, rest.seller_order = order, fulfilment.seller_order
    rest.save()
    for line in lines:
        kept = quantities.get(line.item_id, 0)
        shares = split_by_quantity(line.amounts(order.currency), [kept, line.quantity - kept])
        kept_amounts, rest_amounts = kept_amounts + shares[0], rest_amounts + shares[1]
        _divide_line(order, rest, line, kept, shares, by=by, now=now)
    amounts = with_freight([kept_amounts, rest_amounts], freight=whole.freight, freight_tax=whole.tax - goods_tax)
    for one, share in zip((fulfilment, rest), amounts, strict=True):
        Fulfilment.objects.filter(pk=one.pk).update(**columns_of(share))
        for name, value in columns_of(share).items():
            setattr(one, name, value)
    return rest


def _divide_line(
    order: CustomerOrder,
    rest: Fulfilment,
    line: FulfilmentLine,
    kept: int,
    shares: Sequence[Amounts],
    *,
    by: "User | None",
    now: datetime,
) -> None:
    """Leave ``kept`` pieces in the line and move the others, with their stock, to the rest."""
    cause = f"{order.number}/f{rest.pk}.0"
    left = line.quantity - kept
    if not left:
        return
    if not kept:
        # The whole line goes over as it is: its promise keeps its cause.
        FulfilmentLine.objects.filter(pk=line.pk).update(fulfilment=rest)
        return
    reservations: list[int | None] = [None, None]
    if line.reservation_id is not None:
        parts = [(line.stock_cause, kept), (cause, left)]
        promises = divide_promise(reservation_id=line.reservation_id, parts=parts, by=by, now=now)
        reservations = [promise.reservation_id for promise in promises]
    FulfilmentLine.objects.filter(pk=line.pk).update(
        quantity=kept, reservation_id=reservations[0], **columns_of(shares[0])
    )
    FulfilmentLine.objects.create(
        fulfilment=rest,
        item=line.item,
        quantity=left,
        reservation_id=reservations[1],
        stock_cause=cause if reservations[1] is not None else "",
        **columns_of(shares[1]),
    )


def _let_go(order: CustomerOrder, rest: Fulfilment, *, reason: str, by: "User | None", now: datetime) -> Money:
    """Give the rest to the next site, or call it off; the money that goes back to the buyer."""
    if move_to_next_site(order, rest, by=by, now=now):
        add_event(order, "rejected", at=now, fulfilment=rest.pk, reason=reason)
        return Money.zero(order.currency)
    amount = Money(rest.total, order.currency)
    release_lines(list(FulfilmentLine.objects.filter(fulfilment=rest, reservation_id__isnull=False)), by=by, now=now)
    move_fulfilment(rest, "cancel", by=by, now=now, reason=reason)
    order.called_off += amount.amount
    order.save(update_fields=["called_off"])
    if amount:
        request_refund(
            order_number=order.number,
            amount=amount,
            reason=RefundReason.PART_CALLED_OFF,
            cause_key=f"orders.part:{rest.pk}",
            by=by,
            now=now,
        )
        add_event(order, "part_called_off", at=now, amount=amount, fulfilment=rest.pk)
    return amount
