"""What a selling organization sees of its own offers: the price in force, the one that waits, whose offer is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from apps.catalog.errors import OfferNotFound
from apps.catalog.models import Offer, OfferPrice, PriceChange, ProductInfo
from apps.catalog.policies.offers import LostBy
from apps.catalog.selectors.offers import list_offers_of
from apps.catalog.states import OfferStatus, PriceChangeStatus
from apps.kernel.api import Money


class ReviewState(StrEnum):
    """Where an offer stands, in one word."""

    ON_SALE = "on_sale"
    PAUSED = "paused"
    PRICE_WAITS = "price_waits"  # on sale at the old price
    FIRST_PRICE_WAITS = "first_price_waits"  # not on sale yet
    PRICE_REJECTED = "price_rejected"  # on sale at the old price; the last one asked for was turned down
    WITHOUT_PRICE = "without_price"  # its first price was turned down


@dataclass(frozen=True, kw_only=True)
class OwnOffer:
    """One of an organization's offers as its people read it."""

    offer: Offer
    state: ReviewState
    price: Money | None
    list_price: Money | None
    waiting: PriceChange | None
    last_decided: PriceChange | None
    is_shown: bool
    lost_by: LostBy | None


def list_own_offers(organization_id: int) -> QuerySet[Offer]:
    """
    The offers of an organization by SKU, ready for ``describe_offers``: filter and page it, then describe the page.
    """
    shown = ProductInfo.objects.filter(shown_offer=OuterRef("pk"))
    return (
        list_offers_of(organization_id)
        .select_related("product__info__offer_choice", "seller__organization")
        .annotate(is_shown=Exists(shown))
        .prefetch_related(
            Prefetch("prices", OfferPrice.objects.filter(valid__upper_inf=True), to_attr="in_force"),
            Prefetch("price_changes", PriceChange.objects.order_by("-pk"), to_attr="asked"),
        )
    )


def get_own_offer(sku: str, organization_id: int) -> Offer:
    """
    An organization's offer by its SKU, ready for ``describe_offers``.

    :raises OfferNotFound: if it has none; another's offer reads alike
    """
    offer = list_own_offers(organization_id).filter(sku=sku).first()
    if offer is None:
        raise OfferNotFound(sku=sku)
    return offer


def describe_offers(offers: Sequence[Offer]) -> list[OwnOffer]:
    """Rows of ``list_own_offers`` in words; no further query."""
    return [_describe(offer) for offer in offers]


def offer_review_state(offer: Offer) -> OwnOffer:
    """Where one offer stands."""
    rows = list_own_offers(offer.seller.organization_id).filter(pk=offer.pk)
    return describe_offers(rows)[0]


def _describe(offer: Offer) -> OwnOffer:
    # Both were fetched under these names by ``list_own_offers``.
    version: OfferPrice | None = next(iter(offer.in_force), None)  # type: ignore[attr-defined]
    asked: list[PriceChange] = offer.asked  # type: ignore[attr-defined]
    waiting = next((change for change in asked if change.status == PriceChangeStatus.WAITING), None)
    decided = next(
        (change for change in asked if change.status in (PriceChangeStatus.APPROVED, PriceChangeStatus.REJECTED)), None
    )
    return OwnOffer(
        offer=offer,
        state=_state(offer, version, waiting, asked),
        price=Money(version.amount, version.currency) if version else None,
        list_price=Money(version.list_amount, version.currency) if version and version.list_amount else None,
        waiting=waiting,
        last_decided=decided,
        is_shown=offer.is_shown,  # type: ignore[attr-defined]
        lost_by=_lost_by(offer),
    )


def _state(
    offer: Offer, version: OfferPrice | None, waiting: PriceChange | None, asked: Sequence[PriceChange]
) -> ReviewState:
    if waiting:
        return ReviewState.PRICE_WAITS if version else ReviewState.FIRST_PRICE_WAITS
    if version is None:
        return ReviewState.WITHOUT_PRICE
    if offer.status == OfferStatus.PAUSED:
        return ReviewState.PAUSED
    is_rejected = bool(asked) and asked[0].status == PriceChangeStatus.REJECTED
    return ReviewState.PRICE_REJECTED if is_rejected else ReviewState.ON_SALE


def _lost_by(offer: Offer) -> LostBy | None:
    choice = getattr(offer.product.info, "offer_choice", None)
    verdicts = choice.verdicts if choice else []
    reason = next((row["lost_by"] for row in verdicts if row["offer_id"] == offer.pk), None)
    return LostBy(reason) if reason else None
