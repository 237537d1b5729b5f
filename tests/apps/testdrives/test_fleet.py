"""Demonstration cars: a unit of the inventory, a resource of scheduling, registered once."""

import pytest

from apps.inventory.api import Unit
from apps.inventory.errors import InvalidVin, UnitElsewhere
from apps.scheduling.api import Resource
from apps.testdrives import api
from tests.factories.testdrives import make_demo_car


def register(car, now, **changes):
    values = {"vin": car.vin, "trim": car.trim, "store": car.store, "now": now}
    return api.register_demo_car(**{**values, **changes})


def test_a_car_is_registered_once_and_is_no_car_for_sale(car, now):
    assert register(car, now) == car

    assert Unit.objects.get(vin=car.vin).status == "DEMO"
    assert (api.DemoCar.objects.count(), Resource.objects.count(), Unit.objects.count()) == (1, 1, 1)


def test_a_car_registered_before_units_knew_of_it_becomes_one(car, now):
    Unit.objects.all().delete()

    assert register(car, now) == car
    assert Unit.objects.get().status == "DEMO"


def test_what_is_refused_registers_nothing(car, now):
    other = make_demo_car()
    Unit.objects.filter(vin=other.vin).update(status="DELIVERED")
    before = (api.DemoCar.objects.count(), Resource.objects.count(), Unit.objects.count())

    with pytest.raises(InvalidVin):
        register(car, now, vin="LXC00000000000000")
    api.DemoCar.objects.filter(pk=car.pk).delete()
    with pytest.raises(UnitElsewhere):
        register(car, now, store=other.store)

    assert (api.DemoCar.objects.count() + 1, Resource.objects.count(), Unit.objects.count()) == before
