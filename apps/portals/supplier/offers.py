"""What the pages of offers show: each offer with its price, its stock by site, and how to change them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.catalog.api import LostBy, Offer, OfferPrice, OfferStatus, ReviewState, offer_review_state
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


# Where an offer stands: words and color.
STATES = {
    ReviewState.ON_SALE: (_("on sale"), "good"),
    ReviewState.PAUSED: (_("off sale"), "warn"),
    ReviewState.PRICE_WAITS: (_("new price under review"), "accent"),
    ReviewState.FIRST_PRICE_WAITS: (_("first price under review"), "accent"),
    ReviewState.PRICE_REJECTED: (_("new price turned down"), "bad"),
    ReviewState.WITHOUT_PRICE: (_("price turned down"), "bad"),
}
# Why another seller's offer is shown instead.
LOST_BY = {
    LostBy.MINIMUM: _("Another offer of this product is shown: yours has a minimum quantity."),
    LostBy.SOLD_OUT: _("Another offer of this product is shown: yours is sold out."),
    LostBy.DEARER: _("Another offer of this product is shown: it costs less."),
    LostBy.LATER: _("Another offer of this product is shown: it arrives sooner."),
    LostBy.LOWER_SCORE: _("Another offer of this product is shown: its supplier has a higher score."),
    LostBy.NEWER: _("Another offer of this product is shown: it is older than yours."),
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one offer stands, in words; ``waiting`` is the price under review, ``why_hidden`` why another is shown."""

    words: Promise
    tone: str
    waiting: Money | None
    note: str
    why_hidden: Promise | None


def standing_of(offer: Offer) -> Standing:
    """Return where an offer stands with review and choice."""
    own = offer_review_state(offer)
    words, tone = STATES[own.state]
    waiting = Money(own.waiting.amount, own.waiting.currency) if own.waiting else None
    was_rejected = own.state in (ReviewState.PRICE_REJECTED, ReviewState.WITHOUT_PRICE)
    note = own.last_decided.note if was_rejected and own.last_decided else ""
    why = LOST_BY.get(own.lost_by) if own.lost_by and not own.is_shown else None
    return Standing(words=words, tone=tone, waiting=waiting, note=note, why_hidden=why)


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
