"""Price lists: made, drafted, published, ended. What was published stays as it was."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from psycopg2.extras import DateTimeTZRange

from apps.accounts.api import User
from apps.catalog.errors import InvalidPriceList, PriceListIsHistory, PriceListNotFound, PriceListOverlaps
from apps.catalog.models import PriceEntry, PriceList, PriceListVersion, ProductInfo
from apps.catalog.services.price_versions import MAX_PRICE
from apps.catalog.services.projections import refresh_shown_offers
from apps.catalog.states import LIST_VERSION, NATIONAL_LAYERS, ListVersionStatus, PriceLayer, PriceMethod
from apps.events.api import ProductChanged
from apps.kernel.api import MoveNotAllowed, attempts, outbox

CURRENCIES = ("CNY",)
BATCH = 1000
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class EntryWish:
    """What a version shall say of a product."""

    product_id: int
    method: str
    value: Decimal


@transaction.atomic
def make_price_list(
    *,
    code: str,
    layer: str,
    name_zh: str,
    name_en: str,
    by: User | None,
    now: datetime,
    currency: str = "CNY",
    region_code: str = "",
    dealer_id: int | None = None,
    segment: str = "",
) -> PriceList:
    """
    Make an empty price list of one layer; it counts for nothing until a version is published.

    :raises InvalidPriceList: if it does not name what its layer needs, or names more, or the code is taken
    """
    fields: dict[str, list[str]] = {}
    named = {PriceLayer.REGION: region_code, PriceLayer.DEALER: dealer_id, PriceLayer.SEGMENT: segment}
    names = {PriceLayer.REGION: "region_code", PriceLayer.DEALER: "dealer", PriceLayer.SEGMENT: "segment"}
    if layer not in PriceLayer.values:
        fields["layer"] = [_("There is no such layer.")]
    for one, value in named.items():
        if (one == layer) != bool(value):
            fields[names[one]] = [
                _("A list of this layer needs it.") if one == layer else _("Only its own layer has it.")
            ]
    if region_code and not (len(region_code) == 6 and region_code.isascii() and region_code.isdigit()):
        fields["region_code"] = [_("A region code has six digits.")]
    if currency not in CURRENCIES:
        fields["currency"] = [_("There is no such currency here.")]
    if PriceList.objects.filter(code=code).exists():
        fields["code"] = [_("Another price list has this code.")]
    if fields:
        raise InvalidPriceList(fields=fields)
    return PriceList.objects.create(
        code=code,
        layer=layer,
        name_zh=name_zh,
        name_en=name_en,
        currency=currency,
        region_code=region_code,
        dealer_id=dealer_id,
        segment=segment,
        created_at=now,
    )


@transaction.atomic
def draft_version(
    *, price_list_id: int, by: User | None, now: datetime, note: str = "", copy_of: int | None = None
) -> PriceListVersion:
    """
    Begin the next version of a price list, empty or with the entries of another version of it.

    :raises PriceListNotFound: if there is no such list, or no such version of it
    """
    price_list = PriceList.objects.select_for_update(no_key=True).filter(pk=price_list_id).first()
    if price_list is None:
        raise PriceListNotFound(price_list_id=price_list_id)
    last = price_list.versions.aggregate(last=Max("number"))["last"] or 0
    version = PriceListVersion.objects.create(
        price_list=price_list, number=last + 1, scope=price_list.scope, note=note, created_at=now, created_by=by
    )
    if copy_of is not None:
        source = PriceListVersion.objects.filter(pk=copy_of, price_list=price_list).first()
        if source is None:
            raise PriceListNotFound(version_id=copy_of)
        PriceEntry.objects.bulk_create(
            [
                PriceEntry(version=version, product_id=row.product_id, method=row.method, value=row.value)
                for row in source.entries.order_by("pk")
            ],
            batch_size=BATCH,
        )
    return version


@attempts.trailed("catalog.set_entries", subject="version_id")
def set_entries(*, version_id: int, entries: Sequence[EntryWish], by: User | None, now: datetime) -> PriceListVersion:
    """
    Say what a draft says: exactly these entries.

    :raises PriceListNotFound: if there is no such version
    :raises PriceListIsHistory: if it was published
    :raises InvalidPriceList: if an entry leaves no price, a product stands twice or does not exist
    """
    version = lock_version(version_id)
    if version.status != ListVersionStatus.DRAFT:
        raise PriceListIsHistory(version_id=version_id)
    _check_entries(entries)
    version.entries.all().delete()
    PriceEntry.objects.bulk_create(
        [PriceEntry(version=version, product_id=row.product_id, method=row.method, value=row.value) for row in entries],
        batch_size=BATCH,
    )
    return version


@attempts.trailed("catalog.publish_version", subject="version_id", keeps=("starts_at", "ends_at"))
def publish_version(
    *, version_id: int, starts_at: datetime, by: User | None, now: datetime, ends_at: datetime | None = None
) -> PriceListVersion:
    """
    Let a draft count from ``starts_at`` until ``ends_at``. An open-ended version of the same list ends where it begins.

    :raises PriceListNotFound: if there is no such version
    :raises MoveNotAllowed: if it is no draft
    :raises PriceListIsHistory: if it would begin in the past
    :raises InvalidPriceList: if it is empty, or ends before it begins
    :raises PriceListOverlaps: if another version holds for the same buyers at that time
    """
    if starts_at < now:
        raise PriceListIsHistory(fields={"starts_at": [_("It cannot begin in the past.")]})
    return _publish(version_id, starts_at, ends_at, by=by, now=now)


@transaction.atomic
def end_version(*, version_id: int, ends_at: datetime, by: User | None, now: datetime) -> PriceListVersion:
    """
    End a published version, at once or later; one that has not begun by then is cancelled.

    :raises PriceListNotFound: if there is no such version
    :raises PriceListIsHistory: if it would end in the past, or later than it does, or ended already
    """
    version = lock_version(version_id)
    is_open = version.valid is not None and (version.valid.upper is None or version.valid.upper > ends_at)
    if ends_at < now or version.status != ListVersionStatus.PUBLISHED or not is_open:
        raise PriceListIsHistory(version_id=version_id)
    if version.valid.lower >= ends_at:
        LIST_VERSION.move(version, "cancel", by=by, at=now)
    else:
        version.valid = DateTimeTZRange(version.valid.lower, ends_at)
        version.save(update_fields=["valid"])
    refresh_due_prices(now=now)
    return version


@transaction.atomic
def refresh_due_prices(*, now: datetime) -> int:
    """
    Show in lists what began, and no longer what ended, by ``now``; how many products may read different.

    Runs every minute and after every publication; safe to run at any time, by any number at once.
    """
    counts = Q(status=ListVersionStatus.PUBLISHED, valid__contains=now)
    versions = PriceListVersion.objects.filter(price_list__layer__in=NATIONAL_LAYERS)
    due = versions.filter((counts & Q(is_shown=False)) | (~counts & Q(is_shown=True, valid__isnull=False)))
    rows = list(due.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if not rows:
        return 0
    for row in rows:
        row.is_shown = not row.is_shown
    PriceListVersion.objects.bulk_update(rows, ["is_shown"])
    products = sorted(set(PriceEntry.objects.filter(version__in=rows).values_list("product_id", flat=True)))
    refresh_shown_offers(products)
    outbox.record_many([ProductChanged(product_id=pk) for pk in products], at=now)
    return len(products)


def _publish(
    version_id: int, starts_at: datetime, ends_at: datetime | None, *, by: User | None, now: datetime
) -> PriceListVersion:
    version = lock_version(version_id)
    if version.status != ListVersionStatus.DRAFT:
        raise MoveNotAllowed(lifecycle=LIST_VERSION.name, move="publish", status=version.status)
    if not version.entries.exists():
        raise InvalidPriceList(fields={"entries": [_("It says nothing yet.")]})
    if ends_at is not None and ends_at <= starts_at:
        raise InvalidPriceList(fields={"ends_at": [_("It must end after it begins.")]})
    running = PriceListVersion.objects.select_for_update(no_key=True).filter(
        price_list=version.price_list, status=ListVersionStatus.PUBLISHED, valid__upper_inf=True
    )
    for other in running.filter(valid__startswith__lt=starts_at):
        other.valid = DateTimeTZRange(other.valid.lower, starts_at)
        other.save(update_fields=["valid"])
    version.valid = DateTimeTZRange(starts_at, ends_at)
    try:
        with transaction.atomic():
            version.save(update_fields=["valid"])
            LIST_VERSION.move(version, "publish", by=by, at=now)
    except IntegrityError as error:
        if "catalog_one_list_version_at_a_time" not in str(error):
            raise
        raise PriceListOverlaps(scope=version.scope) from None
    refresh_due_prices(now=now)
    return version


def lock_version(version_id: int) -> PriceListVersion:
    """
    Lock a version: whoever says what it says, or until when, holds it.

    :raises PriceListNotFound: if there is no such version
    """
    rows = PriceListVersion.objects.select_for_update(of=("self",), no_key=True).select_related("price_list")
    version = rows.filter(pk=version_id).first()
    if version is None:
        raise PriceListNotFound(version_id=version_id)
    return version


def _check_entries(entries: Sequence[EntryWish]) -> None:
    times = Counter(row.product_id for row in entries)
    known: Collection[int] = set(ProductInfo.objects.filter(pk__in=times).values_list("pk", flat=True))
    problems = [(row, _why_not(row, known=known, times=times[row.product_id])) for row in entries]
    told = [f"{row.product_id}: {text}" for row, text in problems if text]
    if told:
        raise InvalidPriceList(fields={"entries": told})


def _why_not(row: EntryWish, *, known: Collection[int], times: int) -> str:
    if row.product_id not in known:
        return _("There is no such product.")
    if times > 1:
        return _("It stands twice.")
    limits = {
        PriceMethod.PRICE: (Decimal("0.01"), MAX_PRICE),
        PriceMethod.AMOUNT: (-MAX_PRICE, MAX_PRICE),
        PriceMethod.PERCENT: (Decimal("-99.99"), HUNDRED),
    }
    if row.method not in PriceMethod.values:
        return _("There is no such method.")
    low, high = limits[PriceMethod(row.method)]
    if not (row.value.is_finite() and low <= row.value <= high):
        return _("The value leaves no price one could ask.")
    return ""
