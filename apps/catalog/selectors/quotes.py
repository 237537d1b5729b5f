"""What a set of lines costs at one instant: one pass, a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import DateField, OuterRef, QuerySet, Subquery
from django.utils import timezone

from apps.catalog.errors import (
    BelowMinimumQuantity,
    InvalidQuantity,
    NotForSale,
    PartDoesNotFit,
    ProductNotFound,
    UnknownConfiguration,
    UnknownVehicle,
)
from apps.catalog.models import Configuration, Fitment, ProductInfo, TaxRate
from apps.catalog.pictures import picture_url
from apps.catalog.policies.fitment import FitmentLine, Vehicle, fits
from apps.catalog.policies.prices import NATIONAL, PriceContext
from apps.catalog.selectors.builds import Build, as_uuid, load_builds, refuse_impossible
from apps.catalog.selectors.offers import PricedOffer, priced_offers, rank_offers
from apps.catalog.states import STOCKED_KINDS, ProductKind
from apps.kernel.api import DomainError, Money, Parameter, among_ids, in_language, prepared

MAX_QUANTITY = 999
MAX_VEHICLES = 5
MAX_ID = 2**63 - 1
# What a quote says of a product: of 83 columns that hang together, those it reads.
INFO_COLUMNS = (
    "kind",
    "tax_class",
    "title_en",
    "image_key",
    "brand__code",
    "product__title",
    "product__slug",
    "product__is_public",
    "product__trim__product_id",
    "product__trim__model__model_year",
    "product__trim__model__series_id",
)


@dataclass(frozen=True, slots=True)
class LineRequest:
    """What somebody wants: so many of a product, as configured, to fit ``vehicle_id`` (the product id of a trim)."""

    product_id: int
    quantity: int
    configuration_id: UUID | str | None = None
    vehicle_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineQuote:
    """What it costs and who ships it. ``unit_price`` includes tax at ``tax_rate``."""

    request: LineRequest
    product_id: int
    kind: ProductKind
    title_zh: str
    title_en: str
    slug: str
    image: str
    brand_code: str
    sku: str
    offer_id: int
    stock_record_id: int
    partner_id: int
    seller_organization_id: int
    seller_name_zh: str
    seller_name_en: str
    site_code: str
    lead_time_days: int
    unit_price: Money
    list_price: Money | None
    tax_rate: Decimal
    needs_stock: bool
    available: int
    # All sites it ships from, the preferred one (``site_code``) first.
    site_codes: tuple[str, ...] = ()
    configuration_id: UUID | None = None
    option_codes: tuple[str, ...] = ()
    option_summary: list[dict[str, object]] = field(default_factory=list)
    offer_choice: list[dict[str, object]] = field(default_factory=list)
    # The versions that made the price, for the order to keep: see ``explain_trace``.
    price_trace: dict[str, object] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title_zh, self.title_en)

    @property
    def seller_name(self) -> str:
        """The seller in the reader's language."""
        return in_language(self.seller_name_zh, self.seller_name_en)

    @property
    def total(self) -> Money:
        """The price of all pieces."""
        return self.unit_price * self.request.quantity


@dataclass(frozen=True, slots=True)
class _Facts:
    """Everything the lines of one pass need to know."""

    infos: dict[int, ProductInfo]
    offers: dict[int, list[PricedOffer]]
    configurations: dict[UUID, Configuration]
    builds: dict[int, Build]
    fitments: dict[int, list[FitmentLine]]
    context: PriceContext


def quote_lines(requests: Sequence[LineRequest], *, at: datetime, context: PriceContext = NATIONAL) -> list[LineQuote]:
    """
    Price lines at an instant, in order, for whoever ``context`` says; six queries for any number of lines.

    A car without a configuration is quoted with its defaults; a stored configuration is priced anew.

    :raises InvalidQuantity: if a quantity is not 1 to 999, for cars 1 to 5
    :raises ProductNotFound: if a product is not public
    :raises NotForSale: if nobody offers it at ``at``
    :raises BelowMinimumQuantity: if nobody sells so few pieces of it
    :raises UnknownConfiguration: if a configuration is not one of its product
    :raises ImpossibleConfiguration: if it cannot be built (any more)
    :raises UnknownVehicle: if ``vehicle_id`` is no car
    :raises PartDoesNotFit: if a product does not fit that car
    """
    quotes = []
    for answer in try_quote_lines(requests, at=at, context=context):
        if isinstance(answer, DomainError):
            raise answer
        quotes.append(answer)
    return quotes


def try_quote_lines(
    requests: Sequence[LineRequest], *, at: datetime, context: PriceContext = NATIONAL
) -> list[LineQuote | DomainError]:
    """Price lines like ``quote_lines``, but answer a refused line with its refusal: a cart may outlive an offer."""
    facts = _load(requests, at=at, context=context)
    answers: list[LineQuote | DomainError] = []
    for request in requests:
        try:
            answers.append(_quote(request, facts))
        except DomainError as refusal:
            answers.append(refusal)
    return answers


def check_fit(product_id: int, vehicle_product_id: int) -> bool:
    """
    Whether a product fits a car; two queries.

    :raises UnknownVehicle: if the second id is no car
    """
    infos = _infos([vehicle_product_id])
    return fits(_fitments([product_id]).get(product_id, []), _vehicle(infos.get(vehicle_product_id)))


def _load(requests: Sequence[LineRequest], *, at: datetime, context: PriceContext) -> _Facts:
    product_ids = _possible(request.product_id for request in requests)
    vehicle_ids = _possible(request.vehicle_id for request in requests if request.vehicle_id is not None)
    infos = _infos([*product_ids, *vehicle_ids], at=at)
    keys = {as_uuid(request.configuration_id) for request in requests if request.configuration_id is not None}
    trims = [infos[pk].product.trim for pk in product_ids if pk in infos and hasattr(infos[pk].product, "trim")]
    return _Facts(
        infos=infos,
        offers=priced_offers(product_ids, at=at, context=context) if infos else {},
        configurations=Configuration.objects.in_bulk(keys - {None}) if keys else {},
        builds=load_builds(trims),
        fitments=_fitments([request.product_id for request in requests if request.vehicle_id is not None]),
        context=context,
    )


def _infos(product_ids: Iterable[int], *, at: datetime | None = None) -> dict[int, ProductInfo]:
    day = timezone.localdate(at) if at is not None else None
    return {info.pk: info for info in _known(day is not None)(products=_possible(product_ids), day=day)}


@prepared
def _known(is_dated: bool) -> QuerySet[ProductInfo]:
    rate = TaxRate.objects.filter(tax_class=OuterRef("tax_class")).order_by("-valid")
    if is_dated:
        rate = rate.filter(valid__contains=Parameter("day", DateField()))
    infos = ProductInfo.objects.filter(among_ids("product_id", "products")).select_related(
        "product__trim__model", "brand"
    )
    return infos.only(*INFO_COLUMNS).annotate(tax_rate=Subquery(rate.values("rate")[:1]))


def _fitments(product_ids: Iterable[int]) -> dict[int, list[FitmentLine]]:
    lines: dict[int, list[FitmentLine]] = {}
    if ids := _possible(product_ids):
        for row in Fitment.objects.filter(product__in=ids):
            lines.setdefault(row.product_id, []).append(
                FitmentLine(row.series_id, row.model_id, row.trim_id, row.year_from, row.year_to)
            )
    return lines


def _possible(ids: Iterable[int]) -> list[int]:
    """The ids that a column can hold; any other is unknown anyway."""
    return list({pk for pk in ids if isinstance(pk, int) and 0 < pk <= MAX_ID})


def _quote(request: LineRequest, facts: _Facts) -> LineQuote:
    info = facts.infos.get(request.product_id)
    if info is None or not info.product.is_public:
        raise ProductNotFound(product_id=request.product_id)
    kind = ProductKind(info.kind)
    maximum = MAX_VEHICLES if kind is ProductKind.VEHICLE else MAX_QUANTITY
    if not 1 <= request.quantity <= maximum:
        raise InvalidQuantity(maximum=maximum, product_id=info.pk)
    chosen, verdicts = rank_offers(facts.offers.get(info.pk, []), kind=kind, quantity=request.quantity)
    if chosen is None or info.tax_rate is None:
        raise NotForSale(title=info.title, product_id=info.pk)
    if request.quantity < chosen.offer.minimum_quantity:
        raise BelowMinimumQuantity(title=info.title, minimum=chosen.offer.minimum_quantity, product_id=info.pk)
    if request.vehicle_id is not None:
        _check_fit(request, info, facts)
    price, codes, summary = _configured(request, info, chosen.price, facts)
    offer, organization = chosen.offer, chosen.seller_organization
    return LineQuote(
        request=request,
        product_id=info.pk,
        kind=kind,
        title_zh=info.product.title,
        title_en=info.title_en,
        slug=info.product.slug,
        image=picture_url(info.image_key, kind=kind),
        brand_code=info.brand.code if info.brand else "",
        sku=offer.sku,
        offer_id=offer.pk,
        stock_record_id=offer.stock_record_id,
        partner_id=offer.seller.partner_id,
        seller_organization_id=organization.pk,
        seller_name_zh=organization.name_zh,
        seller_name_en=organization.name_en,
        site_code=offer.site_code,
        lead_time_days=offer.lead_time_days,
        unit_price=price,
        list_price=chosen.list_price,
        tax_rate=info.tax_rate,
        needs_stock=kind in STOCKED_KINDS,
        available=chosen.available,
        site_codes=offer.site_codes,
        configuration_id=as_uuid(request.configuration_id) if request.configuration_id is not None else None,
        option_codes=codes,
        option_summary=summary,
        offer_choice=[verdict.as_json() for verdict in verdicts],
        price_trace=_trace(chosen, facts.context),
    )


def _trace(chosen: PricedOffer, context: PriceContext) -> dict[str, object]:
    return {
        "offer_price": chosen.version.pk,
        "entries": chosen.derived.entry_ids,
        "region": context.region_code,
        "dealer": context.dealer_id,
        "segments": sorted(context.segments),
    }


def _configured(
    request: LineRequest, info: ProductInfo, base: Money, facts: _Facts
) -> tuple[Money, tuple[str, ...], list[dict[str, object]]]:
    codes: list[str] = []
    if request.configuration_id is not None:
        key = as_uuid(request.configuration_id)
        configuration = facts.configurations.get(key) if key else None
        if configuration is None or configuration.product_id != info.pk:
            raise UnknownConfiguration(configuration_id=str(request.configuration_id))
        codes = configuration.option_codes
    build = facts.builds.get(info.product.trim.pk) if hasattr(info.product, "trim") else None
    if build is None:
        return base, (), []
    evaluation = build.evaluate(base=base, chosen=codes)
    refuse_impossible(build, evaluation)
    return evaluation.price, evaluation.codes, build.summary(evaluation)


def _check_fit(request: LineRequest, info: ProductInfo, facts: _Facts) -> None:
    vehicle_info = facts.infos.get(request.vehicle_id or 0)
    vehicle = _vehicle(vehicle_info)
    if not fits(facts.fitments.get(info.pk, []), vehicle):
        raise PartDoesNotFit(
            part=info.title,
            vehicle=vehicle_info.title if vehicle_info else "",
            product_id=info.pk,
            vehicle_id=request.vehicle_id,
        )


def _vehicle(info: ProductInfo | None) -> Vehicle:
    trim = getattr(info.product, "trim", None) if info is not None else None
    if trim is None:
        raise UnknownVehicle
    return Vehicle(
        series_id=trim.model.series_id, model_id=trim.model_id, trim_id=trim.pk, model_year=trim.model.model_year
    )
