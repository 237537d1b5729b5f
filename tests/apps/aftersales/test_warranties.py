"""The dated warranties of the law, each on its first and its last day."""

from datetime import date, timedelta

import pytest

from apps.aftersales.api import Component, WarrantyTerm, check_warranty
from tests.factories.aftersales import make_vehicle

pytestmark = pytest.mark.django_db


def terms_on(day):
    found = WarrantyTerm.objects.filter(valid__contains=day)
    return {term.component: (term.months, term.km) for term in found}


def test_every_row_on_its_first_and_last_day():
    for term in WarrantyTerm.objects.all():
        same = WarrantyTerm.objects.filter(component=term.component)
        assert same.get(valid__contains=term.valid.lower) == term
        assert not same.filter(valid__contains=term.valid.lower - timedelta(days=1)).filter(pk=term.pk).exists()
        if term.valid.upper is not None:
            assert same.get(valid__contains=term.valid.upper - timedelta(days=1)) == term
            assert same.exclude(pk=term.pk).filter(valid__contains=term.valid.upper).count() == 1
        assert term.source


@pytest.mark.parametrize(
    ("day", "terms"),
    [
        (date(2013, 9, 30), {}),
        (date(2013, 10, 1), {Component.VEHICLE: (36, 60_000), Component.EXCHANGE: (24, 50_000)}),
        (
            date(2022, 1, 1),
            {
                Component.VEHICLE: (36, 60_000),
                Component.EXCHANGE: (24, 50_000),
                Component.BATTERY: (96, 120_000),
            },
        ),
    ],
)
def test_what_the_law_asks_for_by_day(day, terms):
    assert terms_on(day) == terms


def test_a_car_is_covered_by_what_was_in_force_when_it_was_handed_over(now):
    vehicle = make_vehicle(in_service_on=date(2023, 6, 11), kilometres=60_000, now=now)

    named = check_warranty(vehicle, today=date(2026, 6, 10))
    assert [one.cover.is_running for one in named] == [True, True, False]
    assert [one.cover.is_running for one in check_warranty(vehicle, today=date(2026, 6, 11))] == [False, True, False]
    assert not check_warranty(vehicle, today=date(2026, 6, 10), kilometres=60_001)[0].cover.is_running
