"""What a dealer may do, where and until when, as it reads on its own page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.catalog.api import Brand, Series, VehicleModel
from apps.dealers.api import (
    Authorization,
    Dealer,
    LevelBenefitKind,
    Quota,
    Store,
    Territory,
    benefits_of,
    get_dealer,
    name_region,
    used_of,
)
from apps.portals.storefront.hours import Hours, list_hours

SOON = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Right:
    """An authorization or a territory. ``last_day`` None: until further notice."""

    brand: str
    region: str
    kind: str
    first_day: date
    last_day: date | None
    is_exclusive: bool
    # "", "warn" for one that ends soon or has not begun, "bad" for one that is over.
    tone: str
    state: str


@dataclass(frozen=True, kw_only=True)
class QuotaLine:
    """How much of a quota is left."""

    vehicles: str
    first_day: date
    last_day: date
    total: int
    used: int

    @property
    def left(self) -> int:
        """How many may still be sold."""
        return max(0, self.total - self.used)


@dataclass(frozen=True, kw_only=True)
class DealerStanding:
    """Everything the page shows."""

    dealer: Dealer
    parent: Dealer | None
    children: list[Dealer]
    benefits: list[tuple[str, str]]
    authorizations: list[Right]
    territories: list[Right]
    quotas: list[QuotaLine]
    stores: list[tuple[Store, list[Hours]]]


def stand(organization_id: int, *, now: datetime) -> DealerStanding:
    """Collect what a dealer may do on a day; what is over is left out after a year."""
    today = timezone.localdate(now)
    dealer = get_dealer(organization_id=organization_id)
    rights = {"dealer": dealer, "is_void": False, "valid__overlap": (today - timedelta(days=365), None)}
    brands = {brand.code: brand.name for brand in Brand.objects.filter(is_own=True)}
    return DealerStanding(
        dealer=dealer,
        parent=dealer.parent,
        children=list(dealer.children.order_by("code")),
        benefits=[(str(kind.label), _say_benefit(kind, value)) for kind, value in _sorted(dealer, on=today)],
        authorizations=_rights(Authorization.objects.filter(**rights), brands, today=today),
        territories=_rights(Territory.objects.filter(**rights), brands, today=today),
        quotas=_quotas(dealer, today=today),
        stores=[(store, list_hours(store.opening_hours)) for store in dealer.stores.order_by("code")],
    )


def _sorted(dealer: Dealer, *, on: date) -> list[tuple[LevelBenefitKind, Decimal]]:
    found = benefits_of(dealer.level, on=on)
    return [(kind, found[kind]) for kind in LevelBenefitKind if kind in found and kind != LevelBenefitKind.ROUTING_RANK]


def _say_benefit(kind: LevelBenefitKind, value: Decimal) -> str:
    whole = int(value)
    if kind in (LevelBenefitKind.REBATE_RATE, LevelBenefitKind.CONCESSION_RATE):
        return f"{(value * 100).normalize():f} %"
    if kind == LevelBenefitKind.ACCEPTANCE_HOURS:
        return ngettext("%(count)s hour", "%(count)s hours", whole) % {"count": whole}
    if kind == LevelBenefitKind.CREDIT_DAYS:
        return _("%(days)s days") % {"days": whole}
    return ngettext("%(count)s car", "%(count)s cars", whole) % {"count": whole}


def _rights(rows: Iterable[Authorization | Territory], brands: dict[str, str], *, today: date) -> list[Right]:
    shown = []
    for row in sorted(rows, key=lambda row: (row.valid.upper or date.max, row.region_code, row.kind), reverse=True):
        ends_on = row.valid.upper
        tone, state = _state(row.valid.lower, ends_on, today=today)
        shown.append(
            Right(
                brand=brands.get(row.brand_code, row.brand_code),
                region=name_region(row.region_code),
                kind=row.get_kind_display(),
                first_day=row.valid.lower,
                last_day=ends_on - timedelta(days=1) if ends_on else None,
                is_exclusive=getattr(row, "is_exclusive", False),
                tone=tone,
                state=state,
            )
        )
    return shown


def _state(starts_on: date, ends_on: date | None, *, today: date) -> tuple[str, str]:
    if ends_on is not None and ends_on <= today:
        return "bad", _("over")
    if starts_on > today:
        return "warn", _("not begun")
    if ends_on is not None and ends_on - today <= SOON:
        return "warn", _("ends soon")
    return "good", _("in force")


def _quotas(dealer: Dealer, *, today: date) -> list[QuotaLine]:
    rows = list(Quota.objects.filter(dealer=dealer, period__endswith__gt=today).order_by("period", "series_code"))
    used = used_of([row.pk for row in rows])
    series = {one.code: one.name for one in Series.objects.filter(code__in=[row.series_code for row in rows])}
    models = {one.code: one.name for one in VehicleModel.objects.filter(code__in=[row.model_code for row in rows])}
    return [
        QuotaLine(
            vehicles=models.get(row.model_code) or series.get(row.series_code, row.series_code),
            first_day=row.period.lower,
            last_day=row.period.upper - timedelta(days=1),
            total=row.vehicles,
            used=used[row.pk],
        )
        for row in rows
    ]
