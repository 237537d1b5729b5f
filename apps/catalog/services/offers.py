"""Offers and their prices."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from psycopg2.extras import DateTimeTZRange

from apps.accounts.api import Organization, OrganizationKind, User
from apps.catalog.errors import AlreadyOffered, InvalidPrice, OfferNotFound, ProductNotFound, SkuTaken, UnknownSite
from apps.catalog.models import Offer, OfferPrice, ProductInfo, Seller
from apps.catalog.selectors.offers import get_offer
from apps.catalog.services.projections import index_products, refresh_shown_offers
from apps.catalog.states import OFFER
from apps.events.api import ProductChanged
from apps.kernel.api import Money, outbox, ports
from apps.shop.api import Partner, StockRecord
from apps.suppliers.api import require_approved_supplier

MAX_PRICE = Decimal("9999999999.99")
TICK = timedelta(microseconds=1)


@transaction.atomic
def put_offer(
    *,
    sku: str,
    organization_id: int,
    product_id: int,
    price: Money,
    lead_time_days: int,
    site: str,
    by: User | None,
    now: datetime,
    list_price: Money | None = None,
) -> tuple[Offer, bool]:
    """
    Make an offer, or change the organization's offer of that SKU; the offer, and whether it is new.

    The site must be one of the organization's. The product of an offer never changes.

    :raises SupplierNotApproved: if a supplier may not sell
    :raises OfferNotFound: if the SKU is another organization's
    :raises SkuTaken: if it is the organization's own, for another product
    :raises AlreadyOffered: if the organization offers the product under another SKU
    :raises ProductNotFound: if there is no such public product
    :raises UnknownSite: if the site is not the organization's
    :raises InvalidPrice: if the price is not above zero
    """
    organization = Organization.objects.get(pk=organization_id)
    if organization.kind == OrganizationKind.SUPPLIER:
        require_approved_supplier(organization_id=organization_id)
    _check_price(price)
    offer = Offer.objects.select_for_update(of=("self",), no_key=True).filter(sku=sku).select_related("seller").first()
    if offer is not None:
        # Before anything else about the offer: another organization's reads as missing, whatever is asked of it.
        _check_own(offer, organization_id=organization_id, product_id=product_id)
    if not ports.adapter("catalog.site_directory").ships_for(site_code=site, organization_id=organization_id):
        raise UnknownSite(fields={"site": [str(UnknownSite.message)]}, site=site)
    if offer is None:
        offer = _create_offer(
            sku=sku, organization=organization, product_id=product_id, site=site, days=lead_time_days, now=now
        )
        is_new = True
    else:
        offer.lead_time_days, offer.site_code = lead_time_days, site
        offer.save(update_fields=["lead_time_days", "site_code"])
        is_new = False
    write_price(offer, price, list_price, by=by, now=now)
    refresh_shown_offers([product_id])
    if is_new:
        index_products([product_id])
    outbox.record(ProductChanged(product_id=product_id), at=now)
    return get_offer(sku, organization_id), is_new


@transaction.atomic
def set_offer_price(
    *, offer_id: int, amount: Money, by: User | None, now: datetime, list_amount: Money | None = None
) -> OfferPrice:
    """
    Sell an offer at another price from ``now`` on; the same price again changes nothing.

    ``list_amount`` None keeps the list price that is in force.

    :raises InvalidPrice: if the price is not above zero
    :raises OfferNotFound: if there is no such offer
    """
    _check_price(amount)
    offer = Offer.objects.select_for_update(of=("self",), no_key=True).filter(pk=offer_id).first()
    if offer is None:
        raise OfferNotFound(offer_id=offer_id)
    price, is_new = write_price(offer, amount, list_amount, by=by, now=now)
    if is_new:
        refresh_shown_offers([offer.product_id])
        outbox.record(ProductChanged(product_id=offer.product_id), at=now)
    return price


@transaction.atomic
def pause_offer(*, offer_id: int, by: User | None, now: datetime, reason: str = "") -> Offer:
    """
    Take an offer off sale.

    :raises OfferNotFound: if there is no such offer
    :raises MoveNotAllowed: if it is not on sale
    """
    return _move_offer(offer_id, "pause", by=by, now=now, reason=reason)


@transaction.atomic
def resume_offer(*, offer_id: int, by: User | None, now: datetime, reason: str = "") -> Offer:
    """
    Put a paused offer back on sale.

    :raises OfferNotFound: if there is no such offer
    :raises MoveNotAllowed: if it is not paused
    """
    return _move_offer(offer_id, "resume", by=by, now=now, reason=reason)


@transaction.atomic
def ensure_seller(organization: Organization) -> Seller:
    """Make an organization a seller, with its Oscar partner, unless it is one."""
    seller = Seller.objects.filter(organization=organization).first()
    if seller is not None:
        return seller
    partner, _ = Partner.objects.get_or_create(code=organization.code.lower(), defaults={"name": organization.name_zh})
    return Seller.objects.get_or_create(organization=organization, defaults={"partner": partner})[0]


def _move_offer(offer_id: int, move: str, *, by: User | None, now: datetime, reason: str) -> Offer:
    offer = Offer.objects.filter(pk=offer_id).first()
    if offer is None:
        raise OfferNotFound(offer_id=offer_id)
    OFFER.move(offer, move, by=by, at=now, reason=reason)
    refresh_shown_offers([offer.product_id])
    outbox.record(ProductChanged(product_id=offer.product_id), at=now)
    return offer


def _create_offer(
    *, sku: str, organization: Organization, product_id: int, site: str, days: int, now: datetime
) -> Offer:
    if not ProductInfo.objects.filter(pk=product_id, product__is_public=True).exists():
        raise ProductNotFound(product_id=product_id)
    seller = ensure_seller(organization)
    # The unique constraints decide races; these reads only make the usual refusal readable.
    if Offer.objects.filter(seller=seller, product_id=product_id).exists():
        raise AlreadyOffered(product_id=product_id)
    try:
        with transaction.atomic():
            record = StockRecord.objects.create(
                product_id=product_id, partner_id=seller.partner_id, partner_sku=sku, num_in_stock=0, num_allocated=0
            )
            return Offer.objects.create(
                stock_record=record,
                seller=seller,
                product_id=product_id,
                sku=sku,
                site_code=site,
                lead_time_days=days,
                created_at=now,
            )
    except IntegrityError:
        raise SkuTaken(sku=sku) from None


def _check_own(offer: Offer, *, organization_id: int, product_id: int) -> None:
    if offer.seller.organization_id != organization_id:
        raise OfferNotFound(sku=offer.sku)
    if offer.product_id != product_id:
        raise SkuTaken(sku=offer.sku)


def _check_price(price: Money) -> None:
    if not 0 < price.amount <= MAX_PRICE:
        raise InvalidPrice(fields={"price": [str(InvalidPrice.message)]})


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
