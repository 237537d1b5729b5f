"""Writing the versions of an offer's price."""

from datetime import datetime, timedelta
from decimal import Decimal

from psycopg2.extras import DateTimeTZRange

from apps.accounts.api import User
from apps.catalog.errors import InvalidPrice, OfferNotFound
from apps.catalog.models import Offer, OfferPrice
from apps.kernel.api import Money
from apps.shop.api import StockRecord

MAX_PRICE = Decimal("9999999999.99")
TICK = timedelta(microseconds=1)


def check_price(price: Money, *, field: str = "price") -> None:
    """
    Let only prices pass that can be stored.

    :raises InvalidPrice: if the price is not above zero, or too large
    """
    if not 0 < price.amount <= MAX_PRICE:
        raise InvalidPrice(fields={field: [str(InvalidPrice.message)]}, price=price)


def lock_offer(offer_id: int) -> Offer:
    """
    Lock an offer's row: whoever changes its price holds it.

    :raises OfferNotFound: if there is no such offer
    """
    offer = Offer.objects.select_for_update(of=("self",), no_key=True).filter(pk=offer_id).first()
    if offer is None:
        raise OfferNotFound(offer_id=offer_id)
    return offer


def write_price(
    offer: Offer, price: Money, list_price: Money | None, *, by: User | None, now: datetime
) -> tuple[OfferPrice, bool]:
    """
    Close the version in force and open a new one; the version in force then, and whether it is new.

    The caller holds the offer's row lock.
    """
    old = OfferPrice.objects.filter(offer=offer, valid__upper_inf=True).first()
    list_amount = list_price.amount if list_price else (old.list_amount if old else None)
    if old and (old.amount, old.list_amount, old.currency) == (price.amount, list_amount, price.currency):
        return old, False
    starts = now
    if old:
        # Two changes within one instant: the first one was in force for a moment.
        starts = max(now, old.valid.lower + TICK)
        old.valid = DateTimeTZRange(old.valid.lower, starts)
        old.save(update_fields=["valid"])
    new = OfferPrice.objects.create(
        offer=offer,
        amount=price.amount,
        list_amount=list_amount,
        currency=price.currency,
        valid=DateTimeTZRange(starts, None),
        set_by=by,
    )
    # Only the price: the numbers on this row belong to inventory.
    StockRecord.objects.filter(pk=offer.stock_record_id).update(price=price.amount, price_currency=price.currency)
    return new, True
