"""Reads of offers: whose is shown, at which price."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import DateTimeField, Q, QuerySet

from apps.catalog.errors import OfferNotFound
from apps.catalog.models import Offer, OfferPrice
from apps.catalog.policies.offers import HOUSE_SCORE, OfferCandidate, OfferVerdict, choose_offer
from apps.catalog.policies.prices import NATIONAL, DerivedPrice, PriceContext, derive_price
from apps.catalog.selectors.prices import ContextShape, entries_asked, read_entries, shape_of, values_of
from apps.catalog.states import STOCKED_KINDS, OfferStatus
from apps.kernel.api import Money, Parameter, among_ids, prepared
from apps.shop.api import StockRecord
from apps.suppliers.api import may_sell

# What a price, a choice and an order read of an offer and of what hangs on it; the rest stays in the database.
OFFER_COLUMNS = (
    "amount",
    "list_amount",
    "currency",
    "valid",
    "offer__sku",
    "offer__product_id",
    "offer__site_code",
    "offer__more_site_codes",
    "offer__lead_time_days",
    "offer__minimum_quantity",
    "offer__stock_record__num_in_stock",
    "offer__stock_record__num_allocated",
    "offer__seller__partner_id",
    "offer__seller__organization__code",
    "offer__seller__organization__name_zh",
    "offer__seller__organization__name_en",
    "offer__seller__organization__supplier__score",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedOffer:
    """An offer on sale with the price in force: ``derived`` from its own (``version``) and the price lists over it."""

    offer: Offer
    version: OfferPrice
    derived: DerivedPrice
    list_price: Money | None
    available: int
    score: Decimal

    @property
    def price(self) -> Money:
        """What a buyer pays."""
        return self.derived.price

    @property
    def seller_organization(self):
        """The organization that sells."""
        return self.offer.seller.organization


def priced_offers(
    product_ids: Collection[int], *, at: datetime | None = None, context: PriceContext = NATIONAL
) -> dict[int, list[PricedOffer]]:
    """
    All offers on sale by product, in one query; ``at`` None means the price that runs on, as lists show it.

    Offers of organizations that are inactive, or of suppliers that are not approved, are not on sale.
    """
    rows = _prices_on_sale(shape_of(at, context))(products=list(product_ids), **values_of(at, context))
    found: dict[int, list[PricedOffer]] = defaultdict(list)
    for row in rows:
        supplier = getattr(row.offer.seller.organization, "supplier", None)
        derived = derive_price(Money(row.amount, row.currency), read_entries(row.entries, context))
        found[row.offer.product_id].append(
            PricedOffer(
                offer=row.offer,
                version=row,
                derived=derived,
                list_price=shown_list_price(row, derived),
                available=available_of(row.offer.stock_record),
                score=supplier.score if supplier else HOUSE_SCORE,
            )
        )
    return found


@prepared
def _prices_on_sale(shape: ContextShape) -> QuerySet[OfferPrice]:
    in_force = Q(valid__contains=Parameter("at", DateTimeField())) if shape.is_dated else Q(valid__upper_inf=True)
    products = among_ids("offer__product_id", "products")
    return (
        OfferPrice.objects.filter(products, in_force, _seller_may_sell(), offer__status=OfferStatus.ACTIVE)
        .select_related("offer__stock_record", "offer__seller__organization__supplier")
        .only(*OFFER_COLUMNS)
        .annotate(entries=entries_asked("offer__product_id", shape))
    )


def _seller_may_sell() -> Q:
    approved = Q(offer__seller__organization__supplier__isnull=True) | may_sell(
        "offer__seller__organization__supplier__"
    )
    return approved & Q(offer__seller__organization__is_active=True)


def rank_offers(
    offers: Sequence[PricedOffer], *, kind: str, quantity: int = 1
) -> tuple[PricedOffer | None, list[OfferVerdict]]:
    """The offer the consumer sees who wants so many pieces, None without any, and the verdict on each."""
    verdicts = choose_offer(candidates_of(offers, kind=kind, quantity=quantity))
    chosen = next((offer for offer in offers if verdicts and offer.offer.pk == verdicts[0].offer_id), None)
    return chosen, verdicts


def candidates_of(offers: Sequence[PricedOffer], *, kind: str, quantity: int = 1) -> list[OfferCandidate]:
    """Offers as the choice looks at them: at the sellers' own prices, since price lists are nobody's merit."""
    return [
        OfferCandidate(
            offer_id=offer.offer.pk,
            price=offer.derived.base,
            lead_time_days=offer.offer.lead_time_days,
            score=offer.score,
            in_stock=kind not in STOCKED_KINDS or offer.available > 0,
            meets_minimum=quantity >= offer.offer.minimum_quantity,
        )
        for offer in sorted(offers, key=lambda offer: offer.offer.pk)
    ]


def available_of(stock_record: StockRecord) -> int:
    """Pieces free to promise, as inventory last wrote them on the stock record."""
    return max((stock_record.num_in_stock or 0) - (stock_record.num_allocated or 0), 0)


def shown_list_price(version: OfferPrice, derived: DerivedPrice | None = None) -> Money | None:
    """What is worth striking out: the recommended price, or else the price before a campaign."""
    price = derived.price.amount if derived else version.amount
    if version.list_amount is not None and version.list_amount > price:
        return Money(version.list_amount, version.currency)
    return derived.struck_out if derived else None


def price_at(offer_id: int, at: datetime) -> OfferPrice | None:
    """The version of an offer's price in force at an instant, None before its first."""
    return OfferPrice.objects.filter(offer_id=offer_id, valid__contains=at).first()


def list_offers_of(organization_id: int) -> QuerySet[Offer]:
    """The offers of a selling organization, by SKU."""
    return (
        Offer.objects.filter(seller__organization_id=organization_id)
        .select_related("stock_record", "product__info", "seller")
        .order_by("sku")
    )


def get_offer(sku: str, organization_id: int) -> Offer:
    """
    An organization's offer by its SKU.

    :raises OfferNotFound: if it has none; another's offer reads alike
    """
    offer = list_offers_of(organization_id).filter(sku=sku).first()
    if offer is None:
        raise OfferNotFound(sku=sku)
    return offer
