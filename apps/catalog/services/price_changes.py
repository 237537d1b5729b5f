"""Prices that sellers ask for: at once, after review, or not at all."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.api import User
from apps.catalog.errors import AbsurdPrice, NothingWaits, ReasonRequired
from apps.catalog.models import Offer, OfferPrice, PriceChange
from apps.catalog.policies.price_changes import Verdict
from apps.catalog.selectors.price_changes import access_price_change, judge
from apps.catalog.services.price_versions import lock_offer, write_price
from apps.catalog.services.projections import refresh_shown_offers
from apps.catalog.states import PRICE_CHANGE, PriceChangeStatus
from apps.events.api import PriceChangeDecided, ProductChanged
from apps.kernel.api import Money, attempts, outbox


@dataclass(frozen=True, slots=True)
class AskedPrice:
    """What came of asking for a price: the version in force, the change that waits, and whether anything is new."""

    in_force: OfferPrice | None
    waiting: PriceChange | None
    is_new: bool


def ask_price(offer: Offer, price: Money, list_price: Money | None, *, by: User | None, now: datetime) -> AskedPrice:
    """
    Ask for a price from now on. Within the rules it counts; beyond them it waits and the old one stays in force.

    Whatever waited before is withdrawn: the seller has thought better of it. The caller holds the offer's row lock.

    :raises AbsurdPrice: if it is so far from the price in force that it can only be a mistake
    """
    in_force = OfferPrice.objects.filter(offer=offer, valid__upper_inf=True).first()
    waiting = PriceChange.objects.filter(offer=offer, status=PriceChangeStatus.WAITING).first()
    if in_force is None or (in_force.amount, in_force.currency) != (price.amount, price.currency):
        judged = judge(offer, price, at=now)
        if judged.verdict.verdict is Verdict.REFUSED:
            before = Money(judged.before, price.currency) if judged.before is not None else price
            told = _("This is too far from the price in force.")
            raise AbsurdPrice(price=price, before=before, sku=offer.sku, fields={"price": [told]})
        if judged.verdict.verdict is Verdict.REVIEW:
            list_amount = list_price.amount if list_price else None
            if waiting and (waiting.amount, waiting.list_amount) == (price.amount, list_amount):
                return AskedPrice(in_force, waiting, is_new=False)
            if waiting:
                PRICE_CHANGE.move(waiting, "withdraw", by=by, at=now, reason="a later change")
            change = PriceChange.objects.create(
                offer=offer,
                old_amount=judged.before,
                amount=price.amount,
                list_amount=list_amount,
                currency=price.currency,
                reasons=list(judged.verdict.reasons),
                rule=judged.rule,
                asked_by=by,
                asked_at=now,
            )
            return AskedPrice(in_force, change, is_new=True)
    if waiting:
        PRICE_CHANGE.move(waiting, "withdraw", by=by, at=now, reason="a later change")
    version, is_new = write_price(offer, price, list_price, by=by, now=now)
    return AskedPrice(version, None, is_new=is_new)


@transaction.atomic
def approve_price_change(*, change_id: int, by: User | None, now: datetime, note: str = "") -> PriceChange:
    """
    Let a price that waited count from now on.

    :raises NothingWaits: if there is no such change
    :raises MoveNotAllowed: if it was decided or withdrawn meanwhile
    """
    change, offer = _lock(change_id)
    _decide(change, "approve", by=by, now=now, note=note)
    list_price = Money(change.list_amount, change.currency) if change.list_amount is not None else None
    write_price(offer, Money(change.amount, change.currency), list_price, by=by, now=now)
    refresh_shown_offers([offer.product_id])
    outbox.record(ProductChanged(product_id=offer.product_id), at=now)
    return change


@transaction.atomic
def reject_price_change(*, change_id: int, by: User | None, now: datetime, note: str) -> PriceChange:
    """
    Turn a price down; the old one stays in force.

    :raises NothingWaits: if there is no such change
    :raises ReasonRequired: without a note
    :raises MoveNotAllowed: if it was decided or withdrawn meanwhile
    """
    if not note.strip():
        raise ReasonRequired(fields={"note": [str(ReasonRequired.message)]})
    change, _locked = _lock(change_id)
    return _decide(change, "reject", by=by, now=now, note=note.strip()[:300])


@attempts.trailed("catalog.withdraw_price_change", subject="change_id", keeps=("organization_id",))
def withdraw_price_change(*, change_id: int, organization_id: int, by: User | None, now: datetime) -> PriceChange:
    """
    Take back a price the organization asked for and that still waits.

    :raises NothingWaits: if the change is not the organization's
    :raises MoveNotAllowed: if it was decided meanwhile
    """
    access_price_change(change_id=change_id, organization_id=organization_id)
    change, _locked = _lock(change_id)
    return PRICE_CHANGE.move(change, "withdraw", by=by, at=now)


def _lock(change_id: int) -> tuple[PriceChange, Offer]:
    """Lock the offer first, as whoever changes its price does, then read the change as it is now."""
    offer_id = PriceChange.objects.filter(pk=change_id).values_list("offer_id", flat=True).first()
    if offer_id is None:
        raise NothingWaits(change_id=change_id)
    offer = lock_offer(offer_id)
    return PriceChange.objects.select_related("offer__seller").get(pk=change_id), offer


def _decide(change: PriceChange, move: str, *, by: User | None, now: datetime, note: str) -> PriceChange:
    PRICE_CHANGE.move(change, move, by=by, at=now, reason=note)
    change.decided_by, change.decided_at, change.note = by, now, note
    change.save(update_fields=["decided_by", "decided_at", "note"])
    outbox.record(
        PriceChangeDecided(
            offer_id=change.offer_id,
            organization_id=change.offer.seller.organization_id,
            sku=change.offer.sku,
            status=change.status,
            amount=str(change.amount),
            currency=change.currency,
            note=note,
        ),
        at=now,
    )
    return change
