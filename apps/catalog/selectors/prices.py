"""Reads of price lists: which entries lie over a product's price, for whom and when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, TextField
from django.db.models.functions import Cast, JSONObject

from apps.catalog.models import PriceEntry
from apps.catalog.policies.prices import NATIONAL, EntryRow, PriceContext
from apps.catalog.states import NATIONAL_LAYERS, ListVersionStatus, PriceLayer


def entries_over(product: str, *, at: datetime | None, context: PriceContext = NATIONAL) -> ArraySubquery:
    """
    The entries over the product in the outer query's column ``product``, as JSON: part of its query, not one more.

    ``at`` None means those lists and product pages show now (``PriceListVersion.is_shown``).
    """
    rows = PriceEntry.objects.filter(in_force(at), _for_whom(context), product_id=OuterRef(product))
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


def in_force(at: datetime | None) -> Q:
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


def _for_whom(context: PriceContext) -> Q:
    whom = Q(version__price_list__layer__in=NATIONAL_LAYERS)
    if context.regions:
        whom |= Q(version__price_list__layer=PriceLayer.REGION, version__price_list__region_code__in=context.regions)
    if context.dealer_id is not None:
        whom |= Q(version__price_list__layer=PriceLayer.DEALER, version__price_list__dealer_id=context.dealer_id)
    if context.segments:
        whom |= Q(version__price_list__layer=PriceLayer.SEGMENT, version__price_list__segment__in=context.segments)
    return whom
