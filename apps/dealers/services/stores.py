"""Open, close, reopen and move stores; set their hours and special days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from apps.dealers import policies
from apps.dealers.errors import (
    InvalidPeriod,
    InvalidStore,
    PositionFarFromCity,
    StoreIsClosed,
    StoreIsOpen,
    UnknownDealer,
    UnknownStore,
)
from apps.dealers.models import Dealer, Store, StoreDay
from apps.dealers.selectors.regions import all_regions, get_region
from apps.dealers.services.history import check_reason, keep, refused_by
from apps.dealers.states import ChannelMove
from apps.events.api import StoreChanged
from apps.kernel.api import attempts, outbox

if TYPE_CHECKING:
    from apps.accounts.api import User

# The widest prefecture-level cities of China reach some 300 km from their center; swapped numbers land far beyond.
FARTHEST_KM = 300
MOST_DAYS = 366


@dataclass(frozen=True, kw_only=True)
class StorePlace:
    """Where a store is: a district's code, an address, and degrees north and east (WGS 84)."""

    district_code: str
    address_zh: str
    address_en: str
    latitude: Decimal
    longitude: Decimal


@dataclass(frozen=True, kw_only=True)
class StoreDetails:
    """What a new store is called, how to reach it, when it is open and what it does."""

    code: str
    name_zh: str
    name_en: str
    phone: str
    opening_hours: Mapping[str, Any]
    time_zone: str = "Asia/Shanghai"
    has_sales: bool = True
    has_service: bool = True


@attempts.trailed("dealers.open_store", subject="dealer_id", keeps=("reason",))
def open_store(
    *, dealer_id: int, place: StorePlace, details: StoreDetails, reason: str, by: "User | None", now: datetime
) -> Store:
    """
    Open a store of a dealer.

    :raises ReasonRequired, UnknownDealer, UnknownRegion: if the wish makes no sense
    :raises InvalidStore: if names, hours, zone or services cannot be, or the code is taken; ``fields`` says which
    :raises PositionFarFromCity: if the position is not near the district's city
    """
    words = check_reason(reason)
    located = _locate(place)
    _check_details(details)
    if not Dealer.objects.filter(pk=dealer_id).exists():
        raise UnknownDealer(dealer_id=dealer_id)
    taken = InvalidStore(fields={"code": [_("This code is taken.")]})
    with refused_by("dealers_store_code_key", taken):
        store = Store.objects.create(
            dealer_id=dealer_id,
            code=details.code,
            name_zh=details.name_zh.strip(),
            name_en=details.name_en.strip(),
            phone=details.phone.strip(),
            opening_hours=dict(details.opening_hours),
            time_zone=details.time_zone,
            has_sales=details.has_sales,
            has_service=details.has_service,
            **located,
        )
    _record(store, ChannelMove.OPEN_STORE, reason=words, by=by, now=now, district=place.district_code)
    return store


@attempts.trailed("dealers.close_store", subject="store_id", keeps=("reason",))
def close_store(*, store_id: int, reason: str, by: "User | None", now: datetime) -> Store:
    """
    Close a store: it is not shown and takes no new orders; open orders finish.

    :raises ReasonRequired, UnknownStore: without a reason or a store
    :raises StoreIsClosed: if it is closed already
    """
    words = check_reason(reason)
    store = _lock(store_id)
    if not store.is_open:
        raise StoreIsClosed(store=store.code)
    store.is_open, store.closed_reason = False, words
    store.save(update_fields=["is_open", "closed_reason"])
    _record(store, ChannelMove.CLOSE_STORE, reason=words, by=by, now=now)
    return store


@transaction.atomic
def reopen_store(*, store_id: int, reason: str, by: "User | None", now: datetime) -> Store:
    """
    Open a closed store again.

    :raises ReasonRequired, UnknownStore: without a reason or a store
    :raises StoreIsOpen: if it is open already
    """
    words = check_reason(reason)
    store = _lock(store_id)
    if store.is_open:
        raise StoreIsOpen(store=store.code)
    store.is_open, store.closed_reason = True, ""
    store.save(update_fields=["is_open", "closed_reason"])
    _record(store, ChannelMove.REOPEN_STORE, reason=words, by=by, now=now)
    return store


@attempts.trailed("dealers.move_store", subject="store_id", keeps=("reason",))
def move_store(*, store_id: int, place: StorePlace, reason: str, by: "User | None", now: datetime) -> Store:
    """
    Move a store to another address; from now on its new district decides what its dealer may do there.

    :raises ReasonRequired, UnknownStore, UnknownRegion: without a reason, a store or a district
    :raises PositionFarFromCity: if the position is not near the district's city
    """
    words = check_reason(reason)
    located = _locate(place)
    store = _lock(store_id)
    before = store.district_code
    for field, value in located.items():
        setattr(store, field, value)
    store.save(update_fields=list(located))
    _record(store, ChannelMove.MOVE_STORE, reason=words, by=by, now=now, before=before, after=place.district_code)
    return store


@transaction.atomic
def set_opening_hours(
    *, store_id: int, opening_hours: Mapping[str, Any], reason: str, by: "User | None", now: datetime
) -> Store:
    """
    Let a store keep other hours from now on.

    :raises ReasonRequired, UnknownStore: without a reason or a store
    :raises InvalidStore: if the hours are not ``{"mon": [["09:00", "18:00"]], …}``
    """
    words = check_reason(reason)
    _check_hours(opening_hours)
    store = _lock(store_id)
    store.opening_hours = dict(opening_hours)
    store.save(update_fields=["opening_hours"])
    _record(store, ChannelMove.SET_HOURS, reason=words, by=by, now=now)
    return store


@transaction.atomic
def set_special_days(
    *,
    store_ids: Sequence[int],
    first_day: date,
    last_day: date,
    spans: Sequence[Sequence[str]],
    note_zh: str,
    note_en: str,
    by: "User | None",
    now: datetime,
) -> list[StoreDay]:
    """
    Let stores keep other hours from a first to a last day (inclusive); no spans: closed, as over a holiday.

    What was set for one of the days before is replaced. The note is shown to visitors.

    :raises UnknownStore: if one of the stores does not exist; nothing is set then
    :raises InvalidPeriod: if the days are in the wrong order or more than a year
    :raises InvalidStore: if the hours cannot be, or the note is missing in a language
    """
    if last_day < first_day or (last_day - first_day).days >= MOST_DAYS:
        raise InvalidPeriod(starts=first_day.isoformat(), ends=last_day.isoformat())
    hours = [list(span) for span in spans]
    if not policies.are_spans(hours):
        raise InvalidStore(fields={"spans": [_("Give the hours of a day as 09:00-12:00, 13:30-18:00.")]})
    if not note_zh.strip() or not note_en.strip():
        missing = "note_en" if note_zh.strip() else "note_zh"
        raise InvalidStore(fields={missing: [_("This is required.")]})
    stores = [_lock(store_id) for store_id in sorted(set(store_ids))]
    days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    rows = StoreDay.objects.bulk_create(
        [
            StoreDay(store=store, day=day, spans=hours, note_zh=note_zh.strip(), note_en=note_en.strip())
            for store in stores
            for day in days
        ],
        update_conflicts=True,
        unique_fields=["store", "day"],
        update_fields=["spans", "note_zh", "note_en"],
    )
    for store in stores:
        _record(
            store,
            ChannelMove.SET_DAYS,
            reason=note_zh.strip(),
            by=by,
            now=now,
            first_day=first_day.isoformat(),
            last_day=last_day.isoformat(),
            spans=hours,
        )
    return rows


def _locate(place: StorePlace) -> dict[str, Any]:
    """
    Return the columns of a place, with the names of its district, city and province.

    :raises UnknownRegion: if there is no such district
    :raises InvalidStore: if it has no address, or is nowhere on Earth
    :raises PositionFarFromCity: if it is not near the city
    """
    district = get_region(place.district_code)
    if district.level != "district" or district.parent is None:
        raise InvalidStore(fields={"district_code": [_("Give the code of a district.")]})
    for field in ("address_zh", "address_en"):
        if not getattr(place, field).strip():
            raise InvalidStore(fields={field: [_("This is required.")]})
    here = (float(place.latitude), float(place.longitude))
    # A comparison with NaN is never true, so that NaN is refused as well.
    if not (-90 <= here[0] <= 90 and -180 <= here[1] <= 180):
        raise InvalidStore(fields={"latitude": [_("This is no place on Earth.")]})
    city = get_region(district.parent)
    province = all_regions()[city.parent or ""]
    if city.place is not None:
        far = policies.distance_km(here, city.place)
        if far > FARTHEST_KM:
            refusal = PositionFarFromCity(km=round(far), city=city.name)
            raise PositionFarFromCity(km=round(far), city=city.name, fields={"latitude": [str(refusal)]})
    named: dict[str, Any] = {}
    for level, region in (("province", province), ("city", city), ("district", district)):
        named |= {level: region.name_zh, f"{level}_en": region.name_en, f"{level}_code": region.code}
    return named | {
        "address_zh": place.address_zh.strip(),
        "address_en": place.address_en.strip(),
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def _check_details(details: StoreDetails) -> None:
    fields: dict[str, list[str]] = {
        field: [_("This is required.")]
        for field in ("code", "name_zh", "name_en", "phone")
        if not getattr(details, field).strip()
    }
    try:
        ZoneInfo(details.time_zone)
    except (KeyError, ValueError, OSError):
        fields["time_zone"] = [_("There is no such time zone.")]
    if not (details.has_sales or details.has_service):
        fields["has_sales"] = [_("A store sells, services, or both.")]
    if fields:
        raise InvalidStore(fields=fields)
    _check_hours(details.opening_hours)


def _check_hours(opening_hours: Mapping[str, Any]) -> None:
    if not policies.are_opening_hours(opening_hours):
        raise InvalidStore(fields={"opening_hours": [_('Give opening hours as {"mon": [["09:00", "18:00"]], …}.')]})


def _lock(store_id: int) -> Store:
    store = (
        Store.objects.select_for_update(of=("self",), no_key=True).select_related("dealer").filter(pk=store_id).first()
    )
    if store is None:
        raise UnknownStore(store_id=store_id)
    return store


def _record(store: Store, move: ChannelMove, *, reason: str, by: "User | None", now: datetime, **details: Any) -> None:
    keep(
        move,
        dealer_id=store.dealer_id,
        object_id=store.pk,
        reason=reason,
        by=by,
        at=now,
        store=store.code,
        **details,
    )
    outbox.record(
        StoreChanged(organization_id=store.dealer.organization_id, store_id=store.pk, move=move.value), at=now
    )
