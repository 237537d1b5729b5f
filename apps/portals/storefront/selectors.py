"""What pages show, put together from the doors of several apps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from apps.catalog.api import Configuration, PictureSet, Series, Trim, VehicleModel, list_cards
from apps.kernel.api import Money
from apps.orders.api import CartLineView, OrderLineView
from apps.portals.storefront.pictures import car_picture, find_picture, paint_of


@dataclass(frozen=True, kw_only=True)
class SeriesCard:
    """One series as lists show it, in the paint it is known for; ``price_from`` is that of its cheapest trim."""

    series: Series
    picture: PictureSet | None
    price_from: Money | None
    powertrains: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Car:
    """One of our cars as an answer to "which car is it for?"."""

    product_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class ShownLine:
    """A line of a cart or an order with its picture and the page it leads back to; "" where there is none."""

    view: CartLineView | OrderLineView
    picture: str
    url: str


def list_series_cards(*, body_type: str = "", powertrain: str = "") -> list[SeriesCard]:
    """Return the series on sale in their order, narrowed by body type and powertrain; an unknown value finds none."""
    rows = Series.objects.filter(is_public=True, brand__is_own=True).order_by("position", "pk")
    if body_type:
        rows = rows.filter(body_type=body_type)
    if powertrain:
        rows = rows.filter(pk__in=VehicleModel.objects.filter(powertrain=powertrain).values("series"))
    series = list(rows.prefetch_related("models__trims"))
    products = [trim.product_id for row in series for model in row.models.all() for trim in model.trims.all()]
    prices = {card.id: card.price for card in list_cards(products)}
    return [_series_card(row, prices) for row in series]


def list_body_types() -> list[tuple[str, str]]:
    """Return the body types there is a series of: code and name, in the order of the series."""
    rows = Series.objects.filter(is_public=True, brand__is_own=True).order_by("position", "pk")
    return list({row.body_type: (row.body_type, row.get_body_type_display()) for row in rows}.values())


def list_powertrains() -> list[tuple[str, str]]:
    """Return the powertrains there is a model of: code and name."""
    rows = VehicleModel.objects.filter(series__is_public=True, series__brand__is_own=True).order_by("pk")
    return list({row.powertrain: (row.powertrain, row.get_powertrain_display()) for row in rows}.values())


def list_cars() -> Sequence[Car]:
    """Return every trim of our own brand, for the question which car a part is for."""
    trims = (
        Trim.objects.filter(model__series__brand__is_own=True, model__series__is_public=True, product__is_public=True)
        .select_related("model")
        .order_by("model__series__position", "model__pk", "position", "pk")
    )
    return [Car(product_id=trim.product_id, name=f"{trim.model.name} {trim.name}") for trim in trims]


def cover_of(series: Series) -> PictureSet | None:
    """Return the picture a series is shown with where nobody chose a paint."""
    found = find_picture(series.code, paints=[paint_of(series.image_key)])
    return found.picture if found else None


def show_lines(views: Iterable[CartLineView | OrderLineView]) -> list[ShownLine]:
    """Return lines of a cart or an order with their pictures and pages, cars as they were configured; one query."""
    rows = list(views)
    wanted = [view.configuration_id for view in rows if view.configuration_id]
    builds = Configuration.objects.filter(pk__in=wanted).select_related("product__trim__model__series")
    known = {str(build.pk): build for build in builds} if wanted else {}
    return [_shown_line(view, known.get(str(view.configuration_id))) for view in rows]


def _shown_line(view: CartLineView | OrderLineView, build: Configuration | None) -> ShownLine:
    if build is None:
        address = reverse("shop:product", args=[view.slug]) if view.slug else ""
        return ShownLine(view=view, picture=view.image, url=address)
    trim = build.product.trim
    paints = [code for code in build.option_codes if code.startswith("PAINT-")]
    address = reverse("shop:vehicle", args=[trim.model.series.slug])
    query = urlencode([("trim", trim.code), *(("option", code) for code in build.option_codes)])
    return ShownLine(
        view=view, picture=car_picture(trim.model.series.code, *paints) or view.image, url=f"{address}?{query}"
    )


def _series_card(series: Series, prices: Mapping[int, Money | None]) -> SeriesCard:
    models = list(series.models.all())
    trims = [trim for model in models for trim in model.trims.all()]
    asked = [price for trim in trims if (price := prices.get(trim.product_id)) is not None]
    return SeriesCard(
        series=series,
        picture=cover_of(series),
        price_from=min(asked, key=lambda price: price.amount) if asked else None,
        powertrains=tuple(dict.fromkeys(model.get_powertrain_display() for model in models)),
    )
