"""Offers and their prices."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from apps.accounts.api import Organization, OrganizationKind, User
from apps.catalog.errors import (
    AlreadyOffered,
    InvalidLeadTime,
    InvalidMinimum,
    OfferNotFound,
    ProductNotFound,
    SkuTaken,
    UnknownSite,
)
from apps.catalog.models import Offer, OfferPrice, ProductInfo, Seller
from apps.catalog.selectors.offers import get_offer
from apps.catalog.services.price_changes import ask_price
from apps.catalog.services.price_versions import check_price, lock_offer, write_price
from apps.catalog.services.projections import index_products, refresh_shown_offers
from apps.catalog.states import OFFER, ProductKind
from apps.events.api import ProductChanged
from apps.kernel.api import Money, attempts, outbox, ports
from apps.shop.api import Partner, StockRecord
from apps.suppliers.api import require_approved_supplier

MOST_PIECES = 999
LONGEST_LEAD_TIME = 365
MOST_SITES = 10


@attempts.trailed(
    "catalog.put_offer", subject="sku", keeps=("organization_id", "product_id", "price", "list_price", "site")
)
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
    minimum_quantity: int | None = None,
    more_sites: Sequence[str] | None = None,
) -> tuple[Offer, bool]:
    """
    Make an offer, or change the organization's offer of that SKU; the offer, and whether it is new.

    It ships from ``site``, or else from ``more_sites`` in their order; all must be the organization's. What is None
    stays as it is. The product of an offer never changes. A price beyond what the rules let a seller decide waits for
    review (``offer_review_state`` tells) while the old one stays in force; a new offer is not on sale until then.

    :raises SupplierNotApproved: if a supplier may not sell
    :raises OfferNotFound: if the SKU is another organization's
    :raises SkuTaken: if it is the organization's own, for another product
    :raises AlreadyOffered: if the organization offers the product under another SKU
    :raises ProductNotFound: if there is no such public product
    :raises UnknownSite: if a site is not the organization's
    :raises InvalidPrice: if the price is not above zero
    :raises AbsurdPrice: if it is so far from the one in force that it can only be a mistake
    :raises InvalidMinimum: if nobody may order so few, or so many
    :raises InvalidLeadTime: if the lead time is no number of days of a year
    """
    organization = Organization.objects.get(pk=organization_id)
    if organization.kind == OrganizationKind.SUPPLIER:
        require_approved_supplier(organization_id=organization_id)
    check_price(price)
    if list_price is not None:
        check_price(list_price, field="list_price")
    _check_terms(product_id, minimum_quantity, lead_time_days)
    offers = Offer.objects.select_for_update(of=("self",), no_key=True).select_related("seller__organization")
    offer = offers.filter(sku=sku).first()
    if offer is not None:
        # Before anything else about the offer: another organization's reads as missing, whatever is asked of it.
        _check_own(offer, organization_id=organization_id, product_id=product_id)
    others = None if more_sites is None else [code for code in dict.fromkeys(more_sites) if code != site][:MOST_SITES]
    _check_sites([site, *(others or [])], organization_id=organization_id)
    is_new = offer is None
    if offer is None:
        offer = create_offer(
            sku=sku, organization=organization, product_id=product_id, site=site, days=lead_time_days, now=now
        )
    offer.lead_time_days, offer.site_code = lead_time_days, site
    offer.minimum_quantity = offer.minimum_quantity if minimum_quantity is None else minimum_quantity
    offer.more_site_codes = [code for code in offer.more_site_codes if code != site] if others is None else others
    offer.save(update_fields=["lead_time_days", "site_code", "more_site_codes", "minimum_quantity"])
    ask_price(offer, price, list_price, by=by, now=now)
    refresh_shown_offers([product_id])
    if is_new:
        index_products([product_id])
    outbox.record(ProductChanged(product_id=product_id), at=now)
    return get_offer(sku, organization_id), is_new


@attempts.trailed("catalog.set_offer_price", subject="offer_id", keeps=("amount", "list_amount"))
def set_offer_price(
    *, offer_id: int, amount: Money, by: User | None, now: datetime, list_amount: Money | None = None
) -> OfferPrice:
    """
    Sell an offer at another price from ``now`` on, as headquarters decides; the same price again changes nothing.

    ``list_amount`` None keeps the list price that is in force.

    :raises InvalidPrice: if the price is not above zero
    :raises OfferNotFound: if there is no such offer
    """
    check_price(amount)
    if list_amount is not None:
        check_price(list_amount, field="list_price")
    offer = lock_offer(offer_id)
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


def create_offer(
    *, sku: str, organization: Organization, product_id: int, site: str, days: int, now: datetime
) -> Offer:
    """
    Make an offer without a price: not on sale yet.

    :raises ProductNotFound: if there is no such public product
    :raises AlreadyOffered: if the organization offers the product under another SKU
    :raises SkuTaken: if the SKU is in use
    """
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


def _check_terms(product_id: int, minimum_quantity: int | None, lead_time_days: int) -> None:
    if not 0 <= lead_time_days <= LONGEST_LEAD_TIME:
        raise InvalidLeadTime(fields={"lead_time_days": [str(InvalidLeadTime.message)]})
    if minimum_quantity is None or minimum_quantity == 1:
        return
    is_car = ProductInfo.objects.filter(pk=product_id, kind=ProductKind.VEHICLE).exists()
    if is_car or not 1 <= minimum_quantity <= MOST_PIECES:
        raise InvalidMinimum(fields={"minimum_quantity": [str(InvalidMinimum.message)]})


def _check_sites(sites: Sequence[str], *, organization_id: int) -> None:
    directory = ports.adapter("catalog.site_directory")
    for site in sites:
        if not directory.ships_for(site_code=site, organization_id=organization_id):
            raise UnknownSite(fields={"site": [str(UnknownSite.message)]}, site=site)
