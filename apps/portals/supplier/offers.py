"""What the pages of offers show: each offer with its price, its stock by site, and how to change them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.catalog.api import Offer, OfferPrice, OfferStatus
from apps.inventory.api import Site, StockLevel
from apps.kernel.api import Money

LOW = 3
FREE = F("on_hand") - F("safety_stock") - F("reserved") - F("allocated")


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What lies of an offer at one site, in pieces."""

    site: Site
    on_hand: int
    promised: int
    free: int


@dataclass(frozen=True, kw_only=True)
class OfferRow:
    """One offer as its seller sees it."""

    offer: Offer
    price: Money | None
    shelves: Sequence[Shelf]

    @property
    def free(self) -> int:
        """Pieces free to sell over all sites."""
        return sum(shelf.free for shelf in self.shelves)

    @property
    def on_hand(self) -> int:
        """Pieces on all shelves."""
        return sum(shelf.on_hand for shelf in self.shelves)

    @property
    def is_low(self) -> bool:
        """Whether a handful is left, or none."""
        return self.free <= LOW

    @property
    def is_paused(self) -> bool:
        """Whether it is off sale."""
        return self.offer.status == OfferStatus.PAUSED


def find_offers(organization_id: int, *, query: str = "", is_low: bool = False) -> QuerySet[Offer]:
    """Return an organization's offers by SKU; those whose SKU or title holds ``query``, those that run low."""
    found = (
        Offer.objects.filter(seller__organization_id=organization_id)
        .select_related("product__info", "stock_record")
        .order_by("sku")
    )
    if query:
        found = found.filter(
            Q(sku__icontains=query) | Q(product__title__icontains=query) | Q(product__info__title_en__icontains=query)
        )
    if is_low:
        levels = StockLevel.objects.filter(product=OuterRef("product"), site__organization_id=organization_id)
        plenty = levels.annotate(free=FREE).filter(free__gt=LOW)
        found = found.filter(~Exists(plenty))
    return found


def rows_of(offers: Iterable[Offer], *, organization_id: int) -> list[OfferRow]:
    """Return offers with price and stock, in two queries whatever their number."""
    offers = list(offers)
    prices = {
        price.offer_id: Money(price.amount, price.currency)
        for price in OfferPrice.objects.filter(offer__in=offers, valid__upper_inf=True)
    }
    shelves: dict[int, list[Shelf]] = {offer.product_id: [] for offer in offers}
    levels = StockLevel.objects.filter(product__in=list(shelves), site__organization_id=organization_id)
    for level in levels.select_related("site").order_by("site__code"):
        promised = level.reserved + level.allocated
        free = max(level.on_hand - level.safety_stock - promised, 0)
        shelves[level.product_id].append(Shelf(site=level.site, on_hand=level.on_hand, promised=promised, free=free))
    return [OfferRow(offer=offer, price=prices.get(offer.pk), shelves=shelves[offer.product_id]) for offer in offers]


def list_own_sites(organization_id: int) -> QuerySet[Site]:
    """Return an organization's sites by code."""
    return Site.objects.filter(organization_id=organization_id).order_by("code")
