"""Cars of a garage."""

import pytest
from django.db import IntegrityError, connection, transaction

from apps.membership import api
from tests.factories.accounts import make_user
from tests.factories.catalog import make_part, make_trim

pytestmark = pytest.mark.django_db
VIN = "LXCA1ER17TZ001001"


def test_a_car_comes_by_its_trim_and_is_the_current_one(member, now):
    trim = make_trim()

    api.add_car(member=member, product_id=trim.product_id, nickname="小白", plate="沪ad12345", now=now)

    (car,) = api.list_garage(member)
    assert (car.product_id, car.title, car.plate, car.is_current) == (trim.product_id, "小白", "沪AD12345", True)
    assert api.current_car(member) == car


def test_a_car_we_built_comes_by_its_vin_alone(member, vehicles, now):
    trim = make_trim()
    vehicles.built[VIN] = trim.product_id

    api.add_car(member=member, vin="lxca1er17 tz001001", now=now)

    (car,) = api.list_garage(member)
    assert (car.product_id, car.vin, car.masked_vin) == (trim.product_id, VIN, "···001001")


def test_vin_and_plate_are_sealed_in_the_database(member, vehicles, now):
    vehicles.built[VIN] = make_trim().product_id
    api.add_car(member=member, vin=VIN, plate="沪A12345", now=now)

    with connection.cursor() as cursor:
        cursor.execute("SELECT vin, plate, vin_index FROM membership_garagecar")
        stored = " ".join(cursor.fetchone())
    assert VIN not in stored
    assert "12345" not in stored


def test_a_car_we_do_not_know_needs_its_trim_as_well(member, now):
    with pytest.raises(api.UnknownVin):
        api.add_car(member=member, vin=VIN, now=now)
    assert api.list_garage(member) == []

    trim = make_trim()
    api.add_car(member=member, vin=VIN, product_id=trim.product_id, now=now)
    assert api.current_car(member).product_id == trim.product_id


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"vin": "LXCA1ER17"}, api.InvalidVin),
        ({"vin": "'; DROP TABLE"}, api.InvalidVin),
        ({}, api.UnknownCar),
        ({"product_id": 2**70}, api.UnknownCar),
        ({"product_id": -1}, api.UnknownCar),
    ],
)
def test_refuses_what_is_no_car_and_keeps_nothing(fields, refusal, member, now):
    with pytest.raises(refusal):
        api.add_car(member=member, now=now, **fields)
    assert api.list_garage(member) == []


def test_refuses_a_part_as_a_car(member, now):
    with pytest.raises(api.UnknownCar):
        api.add_car(member=member, product_id=make_part().pk, now=now)


def test_refuses_a_plate_that_is_none(member, now):
    with pytest.raises(api.InvalidPlate):
        api.add_car(member=member, product_id=make_trim().product_id, plate="hello", now=now)
    assert api.list_garage(member) == []


def test_the_same_car_comes_once(member, vehicles, now):
    trim = make_trim()
    vehicles.built[VIN] = trim.product_id
    api.add_car(member=member, product_id=trim.product_id, now=now)
    api.add_car(member=member, vin=VIN, now=now)

    for again in ({"product_id": trim.product_id}, {"vin": VIN}):
        with pytest.raises(api.CarAlreadyInGarage):
            api.add_car(member=member, now=now, **again)
    assert len(api.list_garage(member)) == 2


def test_a_garage_has_walls(member, now):
    for _ in range(api.MOST_CARS):
        api.add_car(member=member, product_id=make_trim().product_id, now=now)

    with pytest.raises(api.GarageFull):
        api.add_car(member=member, product_id=make_trim().product_id, now=now)


def test_one_car_is_the_current_one(member, now):
    first = api.add_car(member=member, product_id=make_trim().product_id, now=now)
    second = api.add_car(member=member, product_id=make_trim().product_id, now=now)
    assert [car.is_current for car in api.list_garage(member)] == [True, False]

    api.make_current(car_id=first.pk, member=member)
    assert api.current_car(member).id == first.pk

    api.remove_car(car_id=first.pk, member=member)
    assert api.current_car(member).id == second.pk


def test_the_database_knows_one_current_car(member, now):
    api.add_car(member=member, product_id=make_trim().product_id, now=now)
    second = api.add_car(member=member, product_id=make_trim().product_id, now=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        api.GarageCar.objects.exclude(pk=second.pk).update(is_current=True)


def test_anothers_car_reads_like_none(member, other, now):
    car = api.add_car(member=other, product_id=make_trim().product_id, now=now)

    for act in (api.make_current, api.remove_car):
        with pytest.raises(api.CarNotFound):
            act(car_id=car.pk, member=member)
    with pytest.raises(api.CarNotFound):
        api.describe_car(car_id=car.pk, nickname="x", plate="", member=member)
    with pytest.raises(api.CarNotFound):
        api.access_car(car_id=2**80, by=member)
    assert api.current_car(other).id == car.pk


def test_a_guest_may_name_a_trim_of_ours_only(now):
    trim = make_trim()
    assert api.describe_trim(trim.product_id).name == f"{trim.model.name} {trim.name}"
    assert api.describe_trim(make_part().pk) is None
    assert api.describe_trim(2**80) is None


def test_two_cars_at_once_leave_one_current(member, now):
    """The turn is taken on the user's row: the second waits, and sees the first."""
    make_user()
    with transaction.atomic():
        api.add_car(member=member, product_id=make_trim().product_id, now=now)
        api.add_car(member=member, product_id=make_trim().product_id, now=now)
    assert api.GarageCar.objects.filter(member=member, is_current=True).count() == 1
