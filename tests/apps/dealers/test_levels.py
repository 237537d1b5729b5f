"""Levels and what they bring; who belongs to whom."""

import threading
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from apps.dealers.api import (
    ChannelChange,
    Dealer,
    DealerLevel,
    HierarchyCycle,
    HierarchyTooDeep,
    InvalidBenefit,
    InvalidPeriod,
    LevelBenefit,
    LevelBenefitKind,
    ReasonRequired,
    UnknownDealer,
    benefit_by_level,
    benefits_of,
    change_level,
    list_family,
    move_dealer,
    set_level_benefit,
)
from apps.kernel.api import DomainError
from apps.kernel.models import OutboxEvent
from tests.factories.dealers import make_dealer

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 10)
DAY = timedelta(days=1)
HOURS = LevelBenefitKind.ACCEPTANCE_HOURS
CORE = DealerLevel.CORE


@pytest.fixture(autouse=True)
def no_benefits(db):
    LevelBenefit.objects.all().delete()


def set_hours(value, starts_on, now, benefit=HOURS):
    return set_level_benefit(level=CORE, benefit=benefit, value=Decimal(value), starts_on=starts_on, now=now)


def test_a_level_change_is_kept_and_told(now):
    dealer = make_dealer()
    change_level(dealer_id=dealer.pk, level=CORE, reason="1,000 cars", by=None, now=now)
    dealer.refresh_from_db()
    assert dealer.level == CORE
    assert ChannelChange.objects.get().details == {"before": "STANDARD", "after": "CORE"}
    assert OutboxEvent.objects.get(name="dealers.level_changed.v1").payload["level"] == "CORE"
    change_level(dealer_id=dealer.pk, level=CORE, reason="again", by=None, now=now)
    assert ChannelChange.objects.count() == 1


def test_refuses_a_level_change_without_reason_or_dealer(now):
    dealer = make_dealer()
    with pytest.raises(ReasonRequired):
        change_level(dealer_id=dealer.pk, level=CORE, reason="", by=None, now=now)
    with pytest.raises(UnknownDealer):
        change_level(dealer_id=0, level=CORE, reason="x", by=None, now=now)
    dealer.refresh_from_db()
    assert dealer.level == DealerLevel.STANDARD


def test_a_benefit_runs_until_the_next_value_begins(now):
    set_hours(24, TODAY, now)
    set_hours(12, TODAY + 9 * DAY, now)
    assert [benefits_of(CORE, on=on).get(HOURS) for on in (TODAY - DAY, TODAY, TODAY + 8 * DAY, TODAY + 9 * DAY)] == [
        None,
        24,
        24,
        12,
    ]
    assert benefit_by_level(HOURS, on=TODAY) == {"CORE": 24}


@pytest.mark.parametrize("starts_on", [TODAY, TODAY - DAY])
def test_refuses_to_rewrite_a_value(now, starts_on):
    set_hours(24, TODAY, now)
    with pytest.raises(InvalidPeriod):
        set_hours(12, starts_on, now)
    assert LevelBenefit.objects.get().valid.upper is None


@pytest.mark.parametrize(
    ("benefit", "value"),
    [(HOURS, "-1"), (HOURS, "NaN"), (HOURS, "Infinity"), (HOURS, "100001"), (LevelBenefitKind.REBATE_RATE, "1.01")],
)
def test_refuses_a_value_that_cannot_be(now, benefit, value):
    with pytest.raises(InvalidBenefit):
        set_hours(value, TODAY, now, benefit=benefit)
    assert not LevelBenefit.objects.exists()


def move(dealer, parent, now, reason="group"):
    return move_dealer(dealer_id=dealer.pk, parent_id=parent.pk if parent else None, reason=reason, by=None, now=now)


def test_a_group_has_companies_and_they_have_dealers(now):
    group, company, dealer = make_dealer(), make_dealer(), make_dealer()
    move(dealer, company, now)
    move(company, group, now)
    assert list_family(Dealer.objects.get(pk=dealer.pk)) == [(0, group), (1, company), (2, dealer)]
    move(dealer, None, now)
    assert Dealer.objects.get(pk=dealer.pk).parent is None
    assert ChannelChange.objects.filter(move="move_dealer").count() == 3


def test_refuses_cycles_and_a_fourth_generation(now):
    group, company, dealer, fourth = (make_dealer() for _ in range(4))
    move(company, group, now)
    move(dealer, company, now)
    for child, parent, refusal in (
        (group, group, HierarchyCycle),
        (group, company, HierarchyCycle),
        (group, dealer, HierarchyCycle),
        (fourth, dealer, HierarchyTooDeep),
        (group, fourth, HierarchyTooDeep),
    ):
        with pytest.raises(refusal):
            move(child, parent, now)
    assert ChannelChange.objects.count() == 2
    with pytest.raises(UnknownDealer):
        move_dealer(dealer_id=group.pk, parent_id=0, reason="x", by=None, now=now)
    with pytest.raises(ReasonRequired):
        move(fourth, group, now, reason="")


def test_the_database_refuses_them_behind_the_service():
    group, company = make_dealer(), make_dealer()
    Dealer.objects.filter(pk=company.pk).update(parent=group)
    with pytest.raises(IntegrityError, match="its own ancestor"), transaction.atomic():
        Dealer.objects.filter(pk=group.pk).update(parent=company)
    dealer = make_dealer(parent=company)
    with pytest.raises(IntegrityError, match="too deep"), transaction.atomic():
        make_dealer(parent=dealer)


def race_to_be_above_each_other(now) -> list[str]:
    one, other = make_dealer(), make_dealer()
    barrier, results = threading.Barrier(2), []

    def run(child, parent):
        try:
            barrier.wait(timeout=30)
            with transaction.atomic():
                move(child, parent, now)
                # With the lock the other one waits for this transaction and never comes here.
                with suppress(threading.BrokenBarrierError):
                    barrier.wait(timeout=2)
            results.append("done")
        except (DomainError, DatabaseError):
            results.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def is_a_cycle() -> bool:
    one, other = Dealer.objects.order_by("-pk")[:2]
    return one.parent_id == other.pk and other.parent_id == one.pk


@pytest.mark.django_db(transaction=True)
def test_two_dealers_never_end_up_above_each_other(now):
    assert sorted(race_to_be_above_each_other(now)) == ["done", "refused"]
    assert not is_a_cycle()


@pytest.mark.django_db(transaction=True)
def test_without_its_lock_the_trigger_would_let_them(now):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid) FROM pg_trigger t "
            "JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE t.tgrelid = 'dealers_dealer'::regclass AND t.tgname LIKE 'pgtrigger_hierarchy%'"
        )
        _name, definition = cursor.fetchone()
        assert "pg_advisory_xact_lock" in definition
        cursor.execute(definition.replace("PERFORM pg_advisory_xact_lock(hashtext('dealers.hierarchy'));", ""))
    assert race_to_be_above_each_other(now) == ["done", "done"]
    assert is_a_cycle()
