"""What the pages of members show, put together from the doors of several apps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode

from apps.accounts.api import User
from apps.catalog.api import (
    LineQuote,
    LineRequest,
    PictureSet,
    ProductCard,
    Trim,
    list_cards,
    picture_set,
    try_quote_lines,
)
from apps.kernel.api import Money
from apps.membership.api import CarView, SavedView, Wish, list_saved_configurations, list_wishes
from apps.portals.storefront.pictures import find_picture


@dataclass(frozen=True, kw_only=True)
class WishRow:
    """A wish as the list shows it; ``configuration_id`` "" for a product as it is."""

    product_id: int
    configuration_id: str
    # Of a product that can be put into the cart as it is; "" for cars.
    slug: str
    title: str
    summary: str
    kind: str
    price: Money | None
    list_price: Money | None
    in_stock: bool
    picture: PictureSet | None
    url: str


@dataclass(frozen=True, kw_only=True)
class CarRow:
    """A car of a garage with its picture."""

    view: CarView
    picture: PictureSet | None


@dataclass(frozen=True, kw_only=True)
class SavedRow:
    """A saved configuration with its picture and the way back into the configurator."""

    view: SavedView
    picture: PictureSet | None
    url: str


def list_car_choices() -> list[tuple[str, list[tuple[int, str]]]]:
    """Return every trim of our own brand by series, as a select shows groups."""
    trims = (
        Trim.objects.filter(model__series__brand__is_own=True, model__series__is_public=True, product__is_public=True)
        .select_related("model__series")
        .order_by("model__series__position", "model__pk", "position", "pk")
    )
    groups: dict[str, list[tuple[int, str]]] = {}
    for trim in trims:
        groups.setdefault(trim.model.series.name, []).append((trim.product_id, f"{trim.model.name} {trim.name}"))
    return list(groups.items())


def show_cars(cars: Iterable[CarView]) -> list[CarRow]:
    """Return cars with their pictures."""
    return [CarRow(view=car, picture=picture_of_car(car.series_code)) for car in cars]


def is_for_sale(product_id: int) -> bool:
    """Whether there is such a public product."""
    return bool(list_cards([product_id])) if 0 < product_id < 2**63 else False


def show_guest_wishes(product_ids: Sequence[int]) -> list[WishRow]:
    """Return products as a wish list shows them; what left the shop is left out."""
    cars = {row.product_id: row for row in _trims_of(product_ids)}
    return [_wish_row(card, cars.get(card.id)) for card in list_cards(product_ids)]


def list_wish_rows(member: User, *, at: datetime) -> list[WishRow]:
    """Return a member's wishes with the prices of ``at``; configured cars are priced anew."""
    wishes = list_wishes(member)
    ids = [wish.product_id for wish in wishes]
    cards = {card.id: card for card in list_cards(ids)}
    cars = {trim.product_id: trim for trim in _trims_of(ids)}
    configured = [wish for wish in wishes if wish.configuration]
    requests = [LineRequest(wish.product_id, 1, configuration_id=wish.configuration_id) for wish in configured]
    answers = try_quote_lines(requests, at=at) if requests else []
    quotes = dict(zip((wish.pk for wish in configured), answers, strict=True))
    rows = []
    for wish in wishes:
        card = cards.get(wish.product_id)
        if card is not None:
            quote = quotes.get(wish.pk)
            rows.append(_wish_row(card, cars.get(card.id), wish, quote if isinstance(quote, LineQuote) else None))
    return rows


def list_saved_rows(member: User, *, at: datetime) -> list[SavedRow]:
    """Return a member's saved configurations with their pictures, priced at ``at``."""
    return [
        SavedRow(
            view=view,
            picture=picture_of_car(view.series_code, view.codes),
            url=_configurator_url(view.series_slug, view.trim_code, view.codes),
        )
        for view in list_saved_configurations(member, at=at)
    ]


def _trims_of(product_ids: Sequence[int]) -> Iterable[Trim]:
    if not product_ids:
        return []
    return Trim.objects.filter(product__in=product_ids).select_related("model__series")


def _wish_row(
    card: ProductCard, trim: Trim | None, wish: Wish | None = None, quote: LineQuote | None = None
) -> WishRow:
    configuration = wish.configuration if wish else None
    codes = tuple(configuration.option_codes) if configuration else ()
    if trim is not None:
        picture = picture_of_car(trim.model.series.code, codes)
        url = _configurator_url(trim.model.series.slug, trim.code, codes)
    else:
        picture, url = picture_set(card.image_key, kind=card.kind), reverse("shop:product", args=[card.slug])
    return WishRow(
        product_id=card.id,
        configuration_id=str(configuration.pk) if configuration else "",
        slug="" if trim is not None else card.slug,
        title=card.title,
        summary=card.summary,
        kind=card.kind,
        price=quote.unit_price if quote else (None if configuration else card.price),
        list_price=None if configuration else card.list_price,
        in_stock=card.in_stock,
        picture=picture,
        url=url,
    )


def _configurator_url(series_slug: str, trim_code: str, codes: Iterable[str]) -> str:
    query = urlencode([("trim", trim_code), *(("option", code) for code in codes)])
    return f"{reverse('shop:vehicle', args=[series_slug])}?{query}"


def picture_of_car(series_code: str, codes: Iterable[str] = ()) -> PictureSet | None:
    """Return the still that comes closest to a car with these options, None if the series has none."""
    chosen = list(codes)
    paints = [code for code in chosen if code.startswith("PAINT-")]
    wheels = next((code for code in chosen if code.startswith("WHEEL-")), "")
    found = find_picture(series_code, paints=paints, wheels=wheels)
    return found.picture if found else None
