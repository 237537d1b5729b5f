"""Hand goods over at a store against a one-time code."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from apps.kernel.api import DomainError, MoveNotAllowed, attempts
from apps.orders.errors import CodeExhausted, WrongCode
from apps.orders.models import CustomerOrder, Fulfilment, PickupCode
from apps.orders.policies.numbers import pickup_code, same_secret
from apps.orders.services import vehicles
from apps.orders.services.appointments import finish_handover
from apps.orders.services.fulfilments import is_receiver, lock_fulfilment, require_paid, store_names
from apps.orders.services.progress import follow_up, move_fulfilment
from apps.orders.services.timeline import add_event, tell_buyer
from apps.orders.states import PICKUP, FulfilmentStatus

if TYPE_CHECKING:
    from apps.accounts.api import User

MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class _Tried:
    """What became of a try; a refusal is raised only after the wrong attempt is committed."""

    fulfilment: Fulfilment
    refusal: DomainError | None = None


@attempts.trailed("orders.mark_ready", subject="fulfilment_id", keeps=("organization_id",))
def mark_ready(*, fulfilment_id: int, organization_id: int, by: "User | None", now: datetime) -> Fulfilment:
    """
    Send the buyer the one-time code. A car must have passed its inspection; parts need none.

    Where the code was used up by wrong attempts, a new one is sent.

    :raises FulfilmentNotFound: if it is not handed over by the organization
    :raises MoveNotAllowed: if the goods are not there, not inspected, or the buyer has a good code already
    """
    order, fulfilment = lock_fulfilment(fulfilment_id, organization_id=organization_id, move="ready", may=is_receiver)
    if fulfilment.status == FulfilmentStatus.READY and _is_exhausted(_live_code(fulfilment)):
        return _issue(order, fulfilment, event="code_reissued", now=now)
    is_arrived_part = fulfilment.status == FulfilmentStatus.ARRIVED and not fulfilment.has_vehicle
    move_fulfilment(fulfilment, "ready_uninspected" if is_arrived_part else "ready", by=by, now=now)
    _issue(order, fulfilment, event="ready", now=now)
    follow_up(order, by=by, now=now)
    return fulfilment


@transaction.atomic
def reissue_code(*, fulfilment_id: int, by: "User | None", now: datetime) -> Fulfilment:
    """
    Send the buyer a new code in place of the old one, for HQ: a lost phone, a message that never came.

    :raises MoveNotAllowed: if the goods are not ready for pickup
    """
    receiver = Fulfilment.objects.values_list("receiver_id", flat=True).filter(pk=fulfilment_id).first()
    order, fulfilment = lock_fulfilment(
        fulfilment_id, organization_id=receiver or 0, move="reissue_code", may=is_receiver
    )
    if fulfilment.status != FulfilmentStatus.READY:
        raise MoveNotAllowed(lifecycle=PICKUP.name, move="reissue_code", status=fulfilment.status)
    return _issue(order, fulfilment, event="code_reissued", now=now)


def hand_over(*, fulfilment_id: int, organization_id: int, code: str, by: "User | None", now: datetime) -> Fulfilment:
    """
    Give the goods to whoever shows the code. With the right code, repeating it changes nothing.

    :raises FulfilmentNotFound: if it is not handed over by the organization
    :raises MoveNotAllowed: if it is not ready (a car that was not inspected never is)
    :raises BalanceDue: if not everything is paid
    :raises WrongCode: if the code is not the one we sent; five wrong ones use it up
    :raises CodeExhausted: if it is used up
    """
    tried = _try_code(fulfilment_id, organization_id=organization_id, code=code.strip(), by=by, now=now)
    if tried.refusal is not None:
        raise tried.refusal
    return tried.fulfilment


@transaction.atomic
def _try_code(fulfilment_id: int, *, organization_id: int, code: str, by: "User | None", now: datetime) -> _Tried:
    order, fulfilment = lock_fulfilment(
        fulfilment_id, organization_id=organization_id, move="hand_over", may=is_receiver
    )
    if fulfilment.status not in (FulfilmentStatus.READY, FulfilmentStatus.HANDED_OVER):
        raise MoveNotAllowed(lifecycle=PICKUP.name, move="hand_over", status=fulfilment.status)
    live = _live_code(fulfilment)
    if live is None or (live.used_at is None and _is_exhausted(live)):
        return _Tried(fulfilment, CodeExhausted())
    is_right = same_secret(code, live.code)
    if fulfilment.status == FulfilmentStatus.HANDED_OVER:
        return _Tried(fulfilment, None if is_right else WrongCode(attempts_left=0))
    require_paid(order)
    if not is_right:
        live.attempts += 1
        live.save(update_fields=["attempts"])
        return _Tried(fulfilment, WrongCode(attempts_left=MOST_ATTEMPTS - live.attempts))
    live.used_at = now
    live.save(update_fields=["used_at"])
    fulfilment.done_at = now
    fulfilment.save(update_fields=["done_at"])
    move_fulfilment(fulfilment, "hand_over", by=by, now=now)
    vehicles.deliver_vehicles(fulfilment, by=by, now=now)
    finish_handover(fulfilment, by=by, now=now)
    add_event(order, "handed_over", at=now, fulfilment=fulfilment.pk, store=store_names(fulfilment))
    follow_up(order, by=by, now=now)
    return _Tried(fulfilment)


def _issue(order: CustomerOrder, fulfilment: Fulfilment, *, event: str, now: datetime) -> Fulfilment:
    PickupCode.objects.filter(fulfilment=fulfilment, replaced_at__isnull=True).update(replaced_at=now)
    issued = PickupCode.objects.create(fulfilment=fulfilment, code=pickup_code(secrets.randbits(64)), issued_at=now)
    names = store_names(fulfilment)
    add_event(order, event, at=now, fulfilment=fulfilment.pk, store=names)
    store = names["en"] if order.language.startswith("en") else names["zh"]
    tell_buyer(order, "pickup_code", cause=str(issued.pk), now=now, code=issued.code, store=store)
    return fulfilment


def _live_code(fulfilment: Fulfilment) -> PickupCode | None:
    return PickupCode.objects.filter(fulfilment=fulfilment, replaced_at__isnull=True).first()


def _is_exhausted(code: PickupCode | None) -> bool:
    return code is None or code.attempts >= MOST_ATTEMPTS
