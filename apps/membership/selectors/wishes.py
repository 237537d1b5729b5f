"""Reads of wish lists and saved configurations."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.api import User
from apps.catalog.api import LineQuote, LineRequest, try_quote_lines
from apps.kernel.api import Money
from apps.membership.models import SavedConfiguration, Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """
    A saved configuration with what it costs now.

    ``price`` None: it cannot be ordered at the moment, ``problem`` says why. ``options`` as in a quote's summary.
    """

    id: int
    name: str
    trim: str
    trim_code: str
    series_code: str
    series_slug: str
    product_id: int
    configuration_id: str
    codes: tuple[str, ...]
    options: list[dict[str, object]]
    price: Money | None
    price_then: Money
    problem: str
    changed_at: datetime


def list_wishes(member: User) -> list[Wish]:
    """Return the member's wishes, the newest first."""
    wishes = Wish.objects.filter(member=member).select_related("configuration")
    return list(wishes.order_by("-created_at", "-pk"))


def list_wished_ids(member: User) -> list[int]:
    """Return the products on the member's wish list, the newest first: for hearts in lists."""
    wishes = Wish.objects.filter(member=member).order_by("-created_at", "-pk")
    return list(dict.fromkeys(wishes.values_list("product_id", flat=True)))


def list_saved_configurations(member: User, *, at: datetime) -> list[SavedView]:
    """Return the member's configurations, the last changed first, priced anew at ``at``; about eight queries."""
    rows = (
        SavedConfiguration.objects.filter(member=member)
        .select_related("configuration__product__trim__model__series")
        .order_by("-changed_at", "-pk")
    )
    saved = list(rows)
    requests = [LineRequest(row.configuration.product_id, 1, configuration_id=row.configuration_id) for row in saved]
    answers = try_quote_lines(requests, at=at) if requests else []
    return [_saved_view(row, answer) for row, answer in zip(saved, answers, strict=True)]


def _saved_view(row: SavedConfiguration, answer: object) -> SavedView:
    configuration = row.configuration
    trim = configuration.product.trim
    quote = answer if isinstance(answer, LineQuote) else None
    return SavedView(
        id=row.pk,
        name=row.name,
        trim=f"{trim.model.name} {trim.name}",
        trim_code=trim.code,
        series_code=trim.model.series.code,
        series_slug=trim.model.series.slug,
        product_id=configuration.product_id,
        configuration_id=str(configuration.pk),
        codes=tuple(configuration.option_codes),
        options=quote.option_summary if quote else [],
        price=quote.unit_price if quote else None,
        price_then=Money(configuration.price, configuration.currency),
        problem="" if quote else str(answer),
        changed_at=row.changed_at,
    )
