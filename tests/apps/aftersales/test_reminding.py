"""Owners are told that service is due: in time, once per car, service and owner, the present owner only."""

import threading
from collections import Counter
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.db import Error, IntegrityError, connection, transaction
from psycopg2.extras import DateRange

from apps.aftersales import api
from apps.aftersales.services import reminding
from apps.aftersales.tasks import remind_owners as task
from apps.inventory.api import SiteKind, Unit, UnitStatus, receive_unit
from apps.notifications.api import Message, Topic, list_inbox, set_preference
from tests.factories.accounts import make_user
from tests.factories.aftersales import book_visit, make_item, make_owner, make_vehicle
from tests.factories.catalog import make_headquarters, make_trim
from tests.factories.dealers import make_store
from tests.factories.orders import make_site
from tests.races import race

HANDED_OVER = date(2025, 6, 20)  # due on 2026-06-20, and it is the tenth
SHANGHAI = partial(datetime, tzinfo=ZoneInfo("Asia/Shanghai"))
WAYS = {"email", "inbox", "sms"}


def write_plan(trim, *items, months=(12, 24)):
    plan = api.MaintenancePlan.objects.create(
        model=trim.model, valid=DateRange(date(2024, 1, 1), None), source="保养手册 2024"
    )
    for month in months:
        plan.steps.create(months=month, km=month * 1_000 + 8_000).items.set(items)
    return plan


@pytest.fixture
def rule(db):
    """Thirty days and 1,500 km ahead: the row of the migration."""
    return api.ReminderRule.objects.get()


@pytest.fixture
def trim(rule):
    trim = make_trim()
    write_plan(trim, make_item("INSPECTION", name_zh="整车检查", name_en="Vehicle inspection"))
    return trim


@pytest.fixture
def car(trim, owner, now):
    """A car whose first service is due in ten days, at 20,000 km."""
    return make_vehicle(owner=owner, trim=trim, in_service_on=HANDED_OVER, kilometres=0, now=now)


def told(**which):
    return Message.objects.filter(template="service_due", **which)


def test_an_owner_is_told_by_every_way_with_a_link_to_book(car, owner, now):
    assert api.remind_owners(now=now) == 1

    assert Counter(told().values_list("channel", flat=True)) == dict.fromkeys(WAYS, 1)
    reminder = api.ServiceReminder.objects.get()
    assert (reminder.vehicle, reminder.months, reminder.member) == (car, 12, owner)
    assert (reminder.due_on, reminder.km, reminder.told_at) == (date(2026, 6, 20), 20_000, now)
    text = list_inbox(owner)[0].text
    for word in ("2026-06-20", "20,000 公里", "整车检查", f"/service/{car.pk}/", car.masked_vin):
        assert word in text
    assert car.vin not in text


def test_who_reads_english_is_told_in_english(car, owner, now):
    owner.language = "en"
    owner.save()
    api.remind_owners(now=now)

    text = list_inbox(owner)[0].text
    assert "is due by 2026-06-20 or at 20,000 km" in text
    assert "Vehicle inspection" in text


@pytest.mark.parametrize(("days", "count"), [(31, 0), (30, 1), (0, 1), (-400, 1)])
def test_headquarters_says_how_many_days_ahead(car, now, days, count):
    at = SHANGHAI(2026, 6, 20, 9, 30) - timedelta(days=days)

    assert api.remind_owners(now=at) == count


def test_another_number_of_days_holds_from_its_day_on(car, rule, now):
    rule.valid = DateRange(date(2024, 1, 1), now.date())
    rule.save()
    api.ReminderRule.objects.create(days=3, km=0, valid=DateRange(now.date(), None), source="2026 年第 6 号通知")

    assert api.remind_owners(now=now) == 0
    assert api.get_coming(car, today=now.date()).due.need == "LATER"
    assert api.remind_owners(now=now + timedelta(days=7)) == 1


def test_without_a_rule_nobody_is_told(car, rule, now):
    rule.delete()

    assert api.remind_owners(now=now) == 0
    assert not api.ServiceReminder.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"days": 0},
        {"days": 181},
        {"km": 20_001},
        {"source": ""},
        {"valid": DateRange(date(2026, 1, 1), date(2026, 1, 1))},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule, changes):
    rule.delete()
    terms = {"days": 30, "km": 1_500, "valid": DateRange(date(2024, 1, 1), None), "source": "规范"}
    with pytest.raises(IntegrityError), transaction.atomic():
        api.ReminderRule.objects.create(**{**terms, **changes})
    api.ReminderRule.objects.create(**terms)
    with pytest.raises(IntegrityError), transaction.atomic():
        api.ReminderRule.objects.create(**terms)


def test_a_reading_tells_when_the_kilometres_come(car, owner, now):
    """300 days, 18,000 km: 60 a day, so 20,000 comes on 19 May and not on 20 June."""
    car.kilometres, car.read_at = 18_000, SHANGHAI(2026, 4, 16, 15)
    car.save()
    assert api.remind_owners(now=SHANGHAI(2026, 4, 19, 9, 30)) == 0
    assert api.remind_owners(now=SHANGHAI(2026, 4, 20, 9, 30)) == 1

    assert api.ServiceReminder.objects.get().due_on == date(2026, 5, 20)
    assert "预计 2026-05-20 左右" in list_inbox(owner)[0].text


def test_run_twice_and_day_after_day_tells_once(car, now):
    told_by = [api.remind_owners(now=now + timedelta(days=day)) for day in (0, 0, 1, 20)]

    assert told_by == [1, 0, 0, 0]
    assert told().count() == len(WAYS)


def test_the_next_service_is_told_of_when_its_time_comes(car, owner, now):
    api.remind_owners(now=now)
    step = api.PlanStep.objects.get(months=12)
    visit_done(car, owner, step, at=now)

    assert api.remind_owners(now=now) == 0
    # 12,000 km from that service on: 14,000 took 355 days, so they take 305, and the year is not over then.
    assert api.remind_owners(now=now + timedelta(days=274)) == 0
    assert api.remind_owners(now=now + timedelta(days=275)) == 1
    assert list(api.ServiceReminder.objects.order_by("pk").values_list("months", "due_on")) == [
        (12, date(2026, 6, 20)),
        (24, date(2027, 4, 11)),
    ]


def visit_done(car, owner, step, *, at):
    """A visit that was booked, worked on and paid at once."""
    visit = book_visit(make_store(), member=owner, vehicle=car, services=[], is_next_of_plan=True, now=at)
    assert visit.step == step
    keys = {"visit_id": visit.pk, "organization_id": visit.organization_id, "by": make_user(), "now": at}
    api.check_in(**keys, kilometres=14_000)
    return api.finish_work(**keys)


def test_who_has_booked_it_needs_no_telling_until_it_is_off(car, owner, store, now):
    visit = book_visit(store, member=owner, vehicle=car, services=[], is_next_of_plan=True, now=now)
    assert api.remind_owners(now=now) == 0

    api.cancel_own_visit(reference=visit.reference, by=owner, now=now)
    assert api.remind_owners(now=now) == 1


def test_the_present_owner_is_told_and_nobody_else(car, owner, now):
    buyer = make_owner()
    passing = api.offer_transfer(vehicle_id=car.pk, by=owner, now=now)
    stranger = make_owner()
    api.claim_vehicle(vin=car.vin, by=stranger, now=now)
    api.take_over(vin=car.vin, code=passing.code, by=buyer, now=now)

    assert api.remind_owners(now=now) == 1
    assert set(told().values_list("user", flat=True)) == {buyer.pk}


def test_who_took_a_car_over_is_told_what_its_last_owner_was_told(car, owner, now):
    api.remind_owners(now=now)
    buyer = make_owner()
    passing = api.offer_transfer(vehicle_id=car.pk, by=owner, now=now)
    api.take_over(vin=car.vin, code=passing.code, by=buyer, now=now)

    assert [api.remind_owners(now=now + timedelta(days=day)) for day in (0, 0, 1)] == [1, 0, 0]
    assert list(told(channel="sms").order_by("pk").values_list("user", flat=True)) == [owner.pk, buyer.pk]


def test_who_bought_it_back_is_not_told_again(car, owner, now):
    api.remind_owners(now=now)
    other = make_owner()
    for seller, buyer in ((owner, other), (other, owner)):
        passing = api.offer_transfer(vehicle_id=car.pk, by=seller, now=now)
        api.take_over(vin=car.vin, code=passing.code, by=buyer, now=now)

    assert api.remind_owners(now=now) == 0


def test_who_switched_it_off_is_not_told_until_it_is_on_again(car, owner, now):
    set_preference(user=owner, topic=Topic.SERVICE_DUE, is_wanted=False, now=now)
    assert api.remind_owners(now=now) == 0
    assert not told().exists()
    assert not api.ServiceReminder.objects.exists()

    set_preference(user=owner, topic=Topic.SERVICE_DUE, is_wanted=True, now=now)
    assert api.remind_owners(now=now) == 1
    assert "/account/messages/" in list_inbox(owner)[0].text


@pytest.mark.parametrize(("hour", "waits"), [(20, False), (21, True), (23, True), (0, True), (7, True), (8, False)])
def test_no_text_rings_at_night(car, hour, waits):
    at = SHANGHAI(2026, 6, 11, hour, 30)
    api.remind_owners(now=at)

    morning = SHANGHAI(2026, 6, 12 if hour >= 21 else 11, 8)
    text = told(channel="sms").get()
    assert text.next_attempt_at == (morning if waits else at)
    assert {message.next_attempt_at for message in told().exclude(channel="sms")} == {at}


def test_where_nobody_is_known_to_own_it_the_last_claimant_is_told(trim, now):
    car = make_vehicle(trim=trim, in_service_on=HANDED_OVER, kilometres=0, now=now)
    first, last = make_owner(), make_owner()
    api.claim_vehicle(vin=car.vin, by=first, now=now - timedelta(days=1))
    api.claim_vehicle(vin=car.vin, by=last, now=now)

    assert api.remind_owners(now=now) == 1
    assert set(told().values_list("user", flat=True)) == {last.pk}


@pytest.mark.parametrize("why", ["given up", "given back", "account closed", "no plan"])
def test_nobody_is_told_of_a_car_that_is_nobodys(car, owner, now, why):
    if why == "given up":
        api.give_up(vehicle_id=car.pk, by=owner, now=now)
    if why == "given back":
        plant = make_site(make_headquarters(), kind=SiteKind.PLANT)
        receive_unit(vin=car.vin, product_id=car.product_id, site_code=plant.code, by=None, now=now)
        Unit.objects.filter(vin=car.vin).update(status=UnitStatus.RETURNED)
    if why == "account closed":
        owner.is_active = False
        owner.save()
    if why == "no plan":
        api.MaintenancePlan.objects.all().delete()

    assert api.remind_owners(now=now) == 0
    assert not told().exists()
    assert not api.ServiceReminder.objects.exists()


def test_a_plan_written_anew_tells_nobody_twice(car, trim, now):
    api.remind_owners(now=now)
    api.MaintenancePlan.objects.all().delete()
    write_plan(trim, make_item("INSPECTION"))

    assert api.remind_owners(now=now) == 0


def test_a_reminder_is_never_changed(car, now):
    api.remind_owners(now=now)

    with pytest.raises(Error), transaction.atomic():
        api.ServiceReminder.objects.update(months=24)


@pytest.fixture
def three(trim, now):
    """Three people whose car is due."""
    return [
        make_vehicle(owner=make_owner(), trim=trim, in_service_on=HANDED_OVER, kilometres=0, now=now) for _ in range(3)
    ]


def test_the_number_of_queries_does_not_grow_with_cars_that_need_nothing(three, trim, now, django_assert_num_queries):
    early = now - timedelta(days=200)
    with django_assert_num_queries(8):
        assert api.remind_owners(now=early) == 0
    make_vehicle(owner=make_owner(), trim=trim, in_service_on=HANDED_OVER, kilometres=0, now=now)
    with django_assert_num_queries(8):
        assert api.remind_owners(now=early) == 0


def test_more_cars_than_one_batch_holds_are_all_told_of(three, now, monkeypatch):
    monkeypatch.setattr(reminding, "AT_ONCE", 2)

    assert api.remind_owners(now=now) == 3


@pytest.mark.django_db(transaction=True)
def test_a_run_that_dies_half_way_is_gone_on_with_and_tells_nobody_twice(three, now):
    """The second car breaks the run: the first stays told, the second has nothing, the next run tells the rest."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'killed'; END $$;
            CREATE TRIGGER die AFTER INSERT ON aftersales_servicereminder FOR EACH ROW
            WHEN (NEW.vehicle_id = {three[1].pk}) EXECUTE FUNCTION die();
            """
        )
    try:
        with pytest.raises(Error, match="killed"):
            api.remind_owners(now=now)
        assert set(told().values_list("user", flat=True)) == {owner_of(three[0])}
        assert api.ServiceReminder.objects.count() == 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER die ON aftersales_servicereminder; DROP FUNCTION die()")

    assert api.remind_owners(now=now) == 2
    assert Counter(told(channel="sms").values_list("user", flat=True)) == {owner_of(car): 1 for car in three}


def owner_of(car):
    return car.ownerships.get().member_id


CROWD = 2


@contextmanager
def looking_together(monkeypatch):
    """Take the row lock away: both workers have read that nobody was told when the first of them writes."""
    meeting = threading.Barrier(CROWD)

    def read_only(vehicle_id):
        own = api.Ownership.objects.select_related("member", "vehicle__product__info").get(vehicle=vehicle_id)
        meeting.wait(timeout=60)
        return own

    with monkeypatch.context() as patch:
        patch.setattr(reminding, "_lock_owner", read_only)
        yield


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_each_owner_once(three, now):
    results = race(*[lambda: api.remind_owners(now=now)] * CROWD)

    assert sum(results) == len(three)
    assert api.ServiceReminder.objects.count() == len(three)
    assert told().count() == len(three) * len(WAYS)


@pytest.mark.django_db(transaction=True)
def test_the_constraint_alone_decides_between_two(car, now, monkeypatch):
    with looking_together(monkeypatch):
        assert sorted(race(*[lambda: api.remind_owners(now=now)] * CROWD)) == [0, 1]

    assert told().count() == len(WAYS)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_constraint_an_owner_is_told_twice(car, now, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE aftersales_servicereminder DROP CONSTRAINT aftersales_reminded_once_per_owner")
    with looking_together(monkeypatch):
        race(*[lambda: api.remind_owners(now=now)] * CROWD)

    assert told().count() == CROWD * len(WAYS)


def test_the_daily_task_is_a_shell(car, now):
    """Old workers meet new callers."""
    task(something_new=1)

    assert api.ServiceReminder.objects.count() == 1
