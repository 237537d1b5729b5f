"""Cars as the shop shows them: a series with its trims on sale and their options, in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.catalog.errors import ProductNotFound
from apps.catalog.models import Series, Trim
from apps.catalog.selectors.builds import Build, ConfigurationView, conflict_views, load_builds
from apps.catalog.selectors.offers import priced_offers, rank_offers
from apps.catalog.selectors.products import AttributeView, OptionGroupView, OptionView, spec_attributes
from apps.catalog.states import ProductKind
from apps.kernel.api import Money, in_language, is_english


@dataclass(frozen=True, kw_only=True)
class TrimView:
    """A trim on sale: what it is, and what the offer shown asks for it without options."""

    trim: Trim
    price: Money
    list_price: Money | None
    in_stock: bool
    lead_time_days: int

    @property
    def code(self) -> str:
        """Its code, the same in every series of ours."""
        return self.trim.code

    @property
    def name(self) -> str:
        """Its name beside its siblings: 680 Sport."""
        return self.trim.name

    @property
    def title(self) -> str:
        """Its full name: Xingchi Jinghong Electric 680 Sport."""
        return in_language(self.trim.product.title, self.trim.product.info.title_en)

    @property
    def summary(self) -> str:
        """What it is for, in a line."""
        info = self.trim.product.info
        return in_language(info.summary_zh, info.summary_en)

    @property
    def equipment(self) -> list[str]:
        """What it has beyond the trim below."""
        return list(self.trim.equipment_en if is_english() else self.trim.equipment_zh)

    @property
    def image_key(self) -> str:
        """The key of its picture."""
        return self.trim.product.info.image_key

    @property
    def model(self) -> str:
        """The name of its model."""
        return self.trim.model.name

    @property
    def powertrain(self) -> str:
        """What drives it, in words."""
        return self.trim.model.get_powertrain_display()

    @property
    def specs(self) -> Mapping[str, AttributeView]:
        """Its specifications by code, in the reader's words."""
        return {fact.code: fact for fact in spec_attributes(self.trim.specs)}


@dataclass(frozen=True, kw_only=True)
class Showroom:
    """A series and its trims on sale, in their order."""

    series: Series
    trims: tuple[TrimView, ...]

    def find(self, code: str) -> TrimView | None:
        """Return a trim by its code."""
        return next((trim for trim in self.trims if trim.code == code), None)


@dataclass(frozen=True, slots=True)
class CarOnStage:
    """A trim with its options and rules in memory: evaluates any choice without another query."""

    shown: TrimView
    build: Build

    @property
    def groups(self) -> list[OptionGroupView]:
        """Its options by question, in the reader's words."""
        return list_option_groups(self.build, self.shown.price.currency)

    def evaluate(self, option_codes: Iterable[str]) -> ConfigurationView:
        """Complete, price and check a choice; conflicts are listed, not raised."""
        evaluation = self.build.evaluate(base=self.shown.price, chosen=option_codes)
        return ConfigurationView(
            product_id=self.shown.trim.product_id,
            selected=evaluation.codes,
            price=evaluation.price,
            breakdown=self.build.breakdown(evaluation),
            conflicts=conflict_views(self.build, evaluation),
        )


def open_showroom(slug: str) -> Showroom:
    """
    Return a public series of ours with its trims on sale; two queries.

    :raises ProductNotFound: if there is no such series, or nobody offers a car of it
    """
    trims = _on_sale(_public_trims().filter(model__series__slug=slug))
    if not trims:
        raise ProductNotFound(slug=slug)
    return Showroom(series=trims[0].trim.model.series, trims=tuple(trims))


def list_trims_on_sale(codes: Iterable[str]) -> list[TrimView]:
    """Return the trims on sale among these codes, in no particular order; two queries."""
    return _on_sale(_public_trims().filter(code__in=list(codes), model__series__brand__is_own=True))


def put_on_stage(trims: Sequence[TrimView]) -> dict[str, CarOnStage]:
    """Return trims with their options and rules, by code; two queries for any number of them."""
    builds = load_builds([shown.trim for shown in trims])
    return {shown.code: CarOnStage(shown, builds[shown.trim.pk]) for shown in trims}


def list_option_groups(build: Build, currency: str) -> list[OptionGroupView]:
    """Return the options of a trim by question, in the reader's words."""
    groups: dict[str, OptionGroupView] = {}
    for row in build.options:
        option = row.option
        group = groups.setdefault(
            option.group.code,
            OptionGroupView(
                code=option.group.code, name=option.group.name, selection=option.group.selection, options=[]
            ),
        )
        group.options.append(
            OptionView(
                code=option.code,
                name=option.name,
                summary=option.summary,
                price=Money(row.price_delta, currency),
                is_default=row.is_default,
                swatch=option.swatch,
                details=option.details,
            )
        )
    return list(groups.values())


def _public_trims() -> QuerySet[Trim]:
    return (
        Trim.objects.filter(model__series__is_public=True, product__is_public=True)
        .select_related("model__series", "product__info")
        .order_by("model__pk", "position", "pk")
    )


def _on_sale(rows: QuerySet[Trim]) -> list[TrimView]:
    trims = list(rows)
    offers = priced_offers([trim.product_id for trim in trims]) if trims else {}
    shown = []
    for trim in trims:
        best, _verdicts = rank_offers(offers.get(trim.product_id, []), kind=ProductKind.VEHICLE)
        if best is not None:
            shown.append(
                TrimView(
                    trim=trim,
                    price=best.price,
                    list_price=best.list_price,
                    in_stock=best.available > 0,
                    lead_time_days=best.offer.lead_time_days,
                )
            )
    return shown
