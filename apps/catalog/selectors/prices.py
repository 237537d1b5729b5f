"""Reads of price lists: which entries lie over a product's price, for whom and when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateTimeField, Expression, F, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, JSONObject

from apps.catalog.models import PriceEntry
from apps.catalog.policies.prices import NATIONAL, EntryRow, PriceContext
from apps.catalog.states import NATIONAL_LAYERS, ListVersionStatus, PriceLayer
from apps.kernel.api import Parameter, among


class ContextShape(NamedTuple):
    """What of a question about prices changes the query, and not only its values."""

    is_dated: bool
    is_regional: bool
    is_dealers: bool
    is_segmented: bool


def entries_over(product: str, *, at: datetime | None, context: PriceContext = NATIONAL) -> ArraySubquery:
    """
    The entries over the product in the outer query's column ``product``, as JSON: part of its query, not one more.

    ``at`` None means those lists and product pages show now (``PriceListVersion.is_shown``).
    """
    text = ArrayField(TextField())
    return _entries(
        product,
        in_force(at),
        regions=Value(context.regions, text) if context.regions else None,
        dealer=context.dealer_id,
        segments=Value(list(context.segments), text) if context.segments else None,
    )


def entries_asked(product: str, shape: ContextShape) -> ArraySubquery:
    """What ``entries_over`` returns, for a prepared query: with the parameters ``at`` and those of ``values_of``."""
    text = ArrayField(TextField())
    return _entries(
        product,
        in_force(Parameter("at", DateTimeField()) if shape.is_dated else None),
        regions=Parameter("regions", text) if shape.is_regional else None,
        dealer=Parameter("dealer", BigIntegerField()) if shape.is_dealers else None,
        segments=Parameter("segments", text) if shape.is_segmented else None,
    )


def shape_of(at: datetime | None, context: PriceContext) -> ContextShape:
    """Which questions about prices have one query."""
    return ContextShape(
        is_dated=at is not None,
        is_regional=bool(context.regions),
        is_dealers=context.dealer_id is not None,
        is_segmented=bool(context.segments),
    )


def values_of(at: datetime | None, context: PriceContext) -> dict[str, Any]:
    """The values of the parameters that ``entries_asked`` names."""
    return {
        "at": at,
        "regions": context.regions,
        "dealer": context.dealer_id,
        "segments": list(context.segments),
    }


def in_force(at: datetime | Parameter | None) -> Q:
    """Entries of versions that count at an instant, or that are shown now."""
    if at is None:
        return Q(version__is_shown=True)
    return Q(version__status=ListVersionStatus.PUBLISHED, version__valid__contains=at)


def read_entries(rows: Sequence[Mapping[str, Any]], context: PriceContext = NATIONAL) -> list[EntryRow]:
    """What ``entries_over`` found, as the policy wants it."""
    regions = context.regions
    return [
        EntryRow(
            entry_id=row["entry_id"],
            list_id=row["list_id"],
            layer=row["layer"],
            method=row["method"],
            value=Decimal(row["value"]),
            currency=row["currency"],
            rank=regions.index(row["region"]) if row["region"] in regions else 0,
        )
        for row in rows
    ]


def _entries(product: str, in_force: Q, **whom: Any) -> ArraySubquery:
    rows = PriceEntry.objects.filter(in_force, _for_whom(**whom), product_id=OuterRef(product))
    return ArraySubquery(
        rows.order_by("pk").values(
            entry=JSONObject(
                entry_id=F("pk"),
                list_id=F("version__price_list_id"),
                layer=F("version__price_list__layer"),
                region=F("version__price_list__region_code"),
                currency=F("version__price_list__currency"),
                method=F("method"),
                # As text: a JSON number would be read as a float.
                value=Cast("value", TextField()),
            )
        )
    )


def _for_whom(*, regions: Expression | None, dealer: Expression | int | None, segments: Expression | None) -> Q:
    whom = Q(version__price_list__layer__in=NATIONAL_LAYERS)
    if regions is not None:
        whom |= among("version__price_list__region_code", regions) & Q(version__price_list__layer=PriceLayer.REGION)
    if dealer is not None:
        whom |= Q(version__price_list__layer=PriceLayer.DEALER, version__price_list__dealer_id=dealer)
    if segments is not None:
        whom |= among("version__price_list__segment", segments) & Q(version__price_list__layer=PriceLayer.SEGMENT)
    return whom
