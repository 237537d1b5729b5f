"""What pages show, put together from the doors of several apps."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.catalog.api import ProductCard, ProductKind, ProductQuery, Series, Trim, picture_url, search_products
from apps.kernel.api import Money

MOST_TRIMS = 100


@dataclass(frozen=True, kw_only=True)
class SeriesCard:
    """One series as a list shows it; ``price_from`` is that of its cheapest trim on sale."""

    series: Series
    picture: str
    price_from: Money | None
    powertrains: tuple[str, ...]

    @property
    def tagline(self) -> str:
        """One line of what it is for, in the reader's language."""
        return self.series.tagline


@dataclass(frozen=True, kw_only=True)
class TrimCard:
    """One trim of a series with its price."""

    trim: Trim
    card: ProductCard


def list_series_cards(*, body_type: str = "", powertrain: str = "") -> list[SeriesCard]:
    """Return the series on sale in their order, narrowed by body type and powertrain; an unknown value finds none."""
    rows = Series.objects.filter(is_public=True, brand__is_own=True).prefetch_related("models__trims")
    if body_type:
        rows = rows.filter(body_type=body_type)
    if powertrain:
        rows = rows.filter(models__powertrain=powertrain).distinct()
    prices = {card.id: card.price for card in _vehicle_cards()}
    cards = []
    for series in rows.order_by("position", "pk"):
        trims = [trim for model in series.models.all() for trim in model.trims.all()]
        asked = [price for trim in trims if (price := prices.get(trim.product_id)) is not None]
        cards.append(
            SeriesCard(
                series=series,
                picture=picture_url(series.image_key, kind=ProductKind.VEHICLE),
                price_from=min(asked, key=lambda price: price.amount) if asked else None,
                powertrains=tuple(dict.fromkeys(model.get_powertrain_display() for model in series.models.all())),
            )
        )
    return cards


def list_trim_cards(series: Series) -> list[TrimCard]:
    """Return the trims of a series on sale, in their order."""
    cards = {card.id: card for card in _vehicle_cards()}
    trims = (
        Trim.objects.filter(model__series=series, product__is_public=True)
        .select_related("model__series", "product__info")
        .order_by("model__powertrain", "position", "pk")
    )
    return [TrimCard(trim=trim, card=cards[trim.product_id]) for trim in trims if trim.product_id in cards]


def list_garage_choices() -> Sequence[Trim]:
    """Return every trim of our own brand, for the question which car a part is for."""
    return (
        Trim.objects.filter(model__series__brand__is_own=True, product__is_public=True)
        .select_related("model__series", "product__info")
        .order_by("model__series__position", "model__powertrain", "position", "pk")
    )


def vehicle_picture(series: Series, paint: str) -> str:
    """Return the address of a series' picture in a paint, or its standard one where that was not taken."""
    key = f"vehicles/{series.code.lower()}/{paint.lower().removeprefix('paint-')}"
    return picture_url(key) or picture_url(series.image_key, kind=ProductKind.VEHICLE)


def _vehicle_cards() -> list[ProductCard]:
    return search_products(ProductQuery(kind=ProductKind.VEHICLE, page_size=MOST_TRIMS)).items
