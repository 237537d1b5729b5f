from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from apps.inventory.api import (
    Unit,
    UnitStatus,
    assign_unit,
    get_unit,
    is_valid_vin,
    move_unit,
    receive_unit,
    unassign_unit,
)
from apps.inventory.errors import InvalidVin, NoFreeUnit, UnitNotFound
from apps.inventory.models import UnitHold
from apps.inventory.policies import vin_check_digit
from apps.inventory.states import SiteKind
from apps.kernel.errors import MoveNotAllowed


def make_vin(serial: int) -> str:
    bare = f"LXC1A2B30TX{serial:06d}"
    return bare[:8] + vin_check_digit(bare) + bare[9:]


@pytest.fixture
def plant(make_site):
    return make_site("plant", SiteKind.PLANT)


@pytest.fixture
def make_units(make_product, plant, now):
    def make(number: int):
        product = make_product()
        for serial in range(1, number + 1):
            receive_unit(vin=make_vin(serial), product_id=product.pk, site_code="plant", by=None, now=now)
        return product

    return make


@pytest.mark.parametrize("vin", ["1M8GDM9AXKP042788", "11111111111111111"])
def test_accepts_published_examples(vin):
    assert is_valid_vin(vin)


@pytest.mark.parametrize("vin", ["1M8GDM9A1KP042788", "IM8GDM9AXKP042788", "1M8GDM9AXKP04278", "", "1M8GDM9AXKP04278é"])
def test_refuses_broken_numbers(vin):
    assert not is_valid_vin(vin)


@pytest.mark.django_db
def test_a_vin_is_received_once_and_counted(make_units, figures, now):
    product = make_units(2)
    receive_unit(vin=make_vin(1), product_id=product.pk, site_code="plant", by=None, now=now)

    assert figures(product) == {"plant": (2, 0, 0)}


@pytest.mark.django_db
def test_a_wrong_vin_is_refused(make_product, plant, now):
    with pytest.raises(InvalidVin):
        receive_unit(vin="LXC1A2B30TX000001", product_id=make_product().pk, site_code="plant", by=None, now=now)

    assert not Unit.objects.exists()


@pytest.mark.django_db
def test_a_cause_keeps_its_vehicle_and_frees_it(make_units, now):
    product = make_units(1)
    unit = assign_unit(product_id=product.pk, cause="A", option_codes=["PAINT-GLACIER"], by=None, now=now)

    assert assign_unit(product_id=product.pk, cause="A", option_codes=[], by=None, now=now) == unit
    with pytest.raises(NoFreeUnit):
        assign_unit(product_id=product.pk, cause="B", option_codes=[], by=None, now=now)
    unassign_unit(cause="A", by=None, now=now)
    unassign_unit(cause="A", by=None, now=now)

    assert get_unit("A") is None
    assert assign_unit(product_id=product.pk, cause="B", option_codes=[], by=None, now=now) == unit


@pytest.mark.django_db
def test_walks_to_its_buyer_and_skips_no_step(make_units, now):
    product = make_units(1)
    assign_unit(product_id=product.pk, cause="A", option_codes=[], by=None, now=now)

    with pytest.raises(MoveNotAllowed):
        move_unit(cause="A", move="deliver", by=None, now=now)
    for move in ("inspect", "deliver"):
        unit = move_unit(cause="A", move=move, by=None, now=now)

    assert unit.status == UnitStatus.DELIVERED
    with pytest.raises(UnitNotFound):
        move_unit(cause="nobody", move="deliver", by=None, now=now)


@pytest.mark.django_db
def test_the_database_refuses_two_live_holds_of_one_vin(make_units, now):
    product = make_units(1)
    unit = assign_unit(product_id=product.pk, cause="A", option_codes=[], by=None, now=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        UnitHold.objects.create(unit=unit, cause="B", created_at=now)


@pytest.mark.django_db(transaction=True)
def test_a_race_for_three_cars_gives_each_to_one_order(make_units, now):
    product = make_units(3)
    gate = Barrier(8)

    def take(number: int) -> str | None:
        try:
            gate.wait()
            return assign_unit(product_id=product.pk, cause=f"o{number}", option_codes=[], by=None, now=now).vin
        except NoFreeUnit:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        vins = [vin for vin in pool.map(take, range(8)) if vin]

    assert len(vins) == len(set(vins)) <= 3
    assert UnitHold.objects.filter(is_live=True).count() == len(vins)
