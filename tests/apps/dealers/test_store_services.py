"""Opening, closing and moving stores; their hours and special days."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from apps.dealers.api import (
    ChannelChange,
    InvalidPeriod,
    InvalidStore,
    PositionFarFromCity,
    ReasonRequired,
    Store,
    StoreDay,
    StoreDetails,
    StoreIsClosed,
    StoreIsOpen,
    StorePlace,
    UnknownDealer,
    UnknownRegion,
    UnknownStore,
    close_store,
    get_store,
    is_open_at,
    list_stores,
    move_store,
    next_change_at,
    open_store,
    reopen_store,
    set_opening_hours,
    set_special_days,
    special_days_of,
    with_special_days,
)
from apps.kernel.models import OutboxEvent
from tests.factories.dealers import make_dealer, make_store

pytestmark = pytest.mark.django_db

HOLIDAY, WORKDAY = date(2026, 10, 1), date(2026, 10, 10)
PLACE = {
    "district_code": "310115",
    "address_zh": "世纪大道 1 号",
    "address_en": "1 Century Avenue",
    "latitude": Decimal("31.23"),
    "longitude": Decimal("121.53"),
}
DETAILS = {
    "code": "ST-NEW",
    "name_zh": "星驰新店",
    "name_en": "Xingchi New",
    "phone": "021-5000 0000",
    "opening_hours": {"mon": [["09:00", "18:00"]]},
}


def place(**changes):
    return StorePlace(**{**PLACE, **changes})


def open_one(dealer_id, now, *, reason="grand opening", where=None, **changes):
    details = StoreDetails(**{**DETAILS, **changes})
    return open_store(dealer_id=dealer_id, place=where or place(), details=details, reason=reason, by=None, now=now)


def facts() -> list[str]:
    return [event.payload["move"] for event in OutboxEvent.objects.filter(name="dealers.store_changed.v1")]


def test_a_new_store_takes_its_names_from_the_map_and_is_found(now):
    store = open_one(make_dealer().pk, now)
    assert (store.province_en, store.city_code, store.district) == ("Shanghai", "310100", "浦东新区")
    assert get_store(store.pk) == store
    assert ChannelChange.objects.get().move == "open_store"
    assert facts() == ["open_store"]


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"where": place(district_code="310199")}, UnknownRegion, "region_code"),
        ({"where": place(district_code="310100")}, InvalidStore, "district_code"),
        ({"where": place(address_zh=" ")}, InvalidStore, "address_zh"),
        ({"where": place(address_en="")}, InvalidStore, "address_en"),
        ({"where": place(latitude=Decimal("121.53"), longitude=Decimal("31.23"))}, InvalidStore, "latitude"),
        ({"where": place(latitude=Decimal("NaN"))}, InvalidStore, "latitude"),
        ({"where": place(latitude=Decimal("39.9"), longitude=Decimal("116.4"))}, PositionFarFromCity, "latitude"),
        ({"name_zh": ""}, InvalidStore, "name_zh"),
        ({"name_en": " "}, InvalidStore, "name_en"),
        ({"code": ""}, InvalidStore, "code"),
        ({"phone": ""}, InvalidStore, "phone"),
        ({"time_zone": "Asia/Pudong"}, InvalidStore, "time_zone"),
        ({"time_zone": "../etc/passwd"}, InvalidStore, "time_zone"),
        ({"has_sales": False, "has_service": False}, InvalidStore, "has_sales"),
        ({"opening_hours": {"mon": [["18:00", "09:00"]]}}, InvalidStore, "opening_hours"),
        ({"opening_hours": {"someday": []}}, InvalidStore, "opening_hours"),
    ],
)
def test_refuses_what_cannot_be_a_store(now, changes, refusal, field):
    dealer = make_dealer()
    with pytest.raises(refusal) as error:
        open_one(dealer.pk, now, **changes)
    assert list(error.value.fields) == [field]
    assert not Store.objects.exists()
    assert not ChannelChange.objects.exists()


def test_refuses_a_taken_code_an_unknown_dealer_and_no_reason(now):
    dealer = make_dealer()
    make_store(code="ST-NEW")
    with pytest.raises(InvalidStore) as error:
        open_one(dealer.pk, now)
    assert list(error.value.fields) == ["code"]
    with pytest.raises(UnknownDealer):
        open_one(0, now, code="ST-OTHER")
    with pytest.raises(ReasonRequired):
        open_one(dealer.pk, now, code="ST-OTHER", reason="")
    assert Store.objects.count() == 1


def test_a_closed_store_takes_no_orders_until_it_reopens(now):
    store = make_store()
    close_store(store_id=store.pk, reason="renovation", by=None, now=now)
    with pytest.raises(UnknownStore):
        get_store(store.pk)
    with pytest.raises(StoreIsClosed):
        close_store(store_id=store.pk, reason="x", by=None, now=now)
    store.refresh_from_db()
    assert store.closed_reason == "renovation"
    reopen_store(store_id=store.pk, reason="done", by=None, now=now)
    assert get_store(store.pk).closed_reason == ""
    with pytest.raises(StoreIsOpen):
        reopen_store(store_id=store.pk, reason="x", by=None, now=now)
    assert facts() == ["close_store", "reopen_store"]


def test_a_moved_store_belongs_to_its_new_district(now):
    store = make_store()
    move_store(
        store_id=store.pk,
        place=place(district_code="320506", latitude=Decimal("31.27"), longitude=Decimal("120.6")),
        reason="new building",
        by=None,
        now=now,
    )
    store.refresh_from_db()
    assert (store.city_code, store.city_en) == ("320500", "Suzhou")
    assert ChannelChange.objects.get().details["before"] == "310115"


def test_every_change_needs_a_reason_and_a_store(now):
    store = make_store()
    for store_id, reason, refusal in ((store.pk, "", ReasonRequired), (0, "x", UnknownStore)):
        keys = {"store_id": store_id, "reason": reason, "by": None, "now": now}
        for change in (
            lambda keys=keys: close_store(**keys),
            lambda keys=keys: reopen_store(**keys),
            lambda keys=keys: move_store(place=place(), **keys),
            lambda keys=keys: set_opening_hours(opening_hours={}, **keys),
        ):
            with pytest.raises(refusal):
                change()
    assert not ChannelChange.objects.exists()


def test_new_hours_are_checked_and_kept(now):
    store = make_store()
    with pytest.raises(InvalidStore):
        set_opening_hours(store_id=store.pk, opening_hours={"mon": "all day"}, reason="x", by=None, now=now)
    set_opening_hours(store_id=store.pk, opening_hours={"sun": [["10:00", "16:00"]]}, reason="x", by=None, now=now)
    store.refresh_from_db()
    assert store.opening_hours == {"sun": [["10:00", "16:00"]]}


def set_days(stores, now, **changes):
    values = {
        "first_day": HOLIDAY,
        "last_day": date(2026, 10, 3),
        "spans": [],
        "note_zh": "国庆节",
        "note_en": "National Day",
        "by": None,
        "now": now,
    }
    return set_special_days(store_ids=[store.pk for store in stores], **{**values, **changes})


def open_on(store, day, hour):
    at = datetime(day.year, day.month, day.day, hour - 8, tzinfo=UTC)
    return is_open_at(store.opening_hours, time_zone=store.time_zone, at=at, special_days=special_days_of(store))


def test_a_holiday_closes_from_its_first_to_its_last_day(now):
    store, other = make_store(), make_store()
    set_days([store, other], now)
    days = [date(2026, 9, 30), HOLIDAY, date(2026, 10, 3), date(2026, 10, 4)]
    assert [open_on(store, day, 10) for day in days] == [True, False, False, True]
    assert StoreDay.objects.count() == 6
    assert ChannelChange.objects.count() == 2


def test_a_special_day_may_have_hours_of_its_own_and_is_replaced(now):
    store = make_store()
    set_days([store], now)
    set_days([store], now, last_day=HOLIDAY, spans=[["10:00", "12:00"]])
    assert [open_on(store, HOLIDAY, hour) for hour in (9, 10, 12)] == [False, True, False]
    at = datetime(2026, 10, 1, 5, tzinfo=UTC)
    opens = next_change_at(store.opening_hours, time_zone=store.time_zone, at=at, special_days=special_days_of(store))
    assert opens.isoformat() == "2026-10-04T09:00:00+08:00"


def test_special_days_are_loaded_for_many_stores_at_once(now, django_assert_num_queries):
    set_days([make_store(), make_store()], now)
    with django_assert_num_queries(2):
        stores = list(with_special_days(list_stores(), on=HOLIDAY))
        assert [len(special_days_of(store)) for store in stores] == [3, 3]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"last_day": date(2026, 9, 30)}, InvalidPeriod),
        ({"last_day": date(2027, 10, 2)}, InvalidPeriod),
        ({"spans": [["12:00", "10:00"]]}, InvalidStore),
        ({"spans": [["noon"]]}, InvalidStore),
        ({"note_zh": " "}, InvalidStore),
        ({"note_en": ""}, InvalidStore),
    ],
)
def test_refuses_special_days_that_cannot_be(now, changes, refusal):
    with pytest.raises(refusal):
        set_days([make_store()], now, **changes)
    assert not StoreDay.objects.exists()
    assert not ChannelChange.objects.exists()


def test_refuses_special_days_if_one_store_is_unknown(now):
    store = make_store()
    gone = make_store()
    gone.delete()
    gone.pk = store.pk + 1000
    with pytest.raises(UnknownStore):
        set_days([store, gone], now)
    assert not StoreDay.objects.exists()
