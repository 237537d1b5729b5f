"""Whose car it is: handed over, claimed, passed on."""

from datetime import timedelta

import pytest

from apps.aftersales import api
from apps.kernel.api import DomainError
from tests.factories.aftersales import make_entitlement, make_owner, make_vehicle
from tests.factories.orders import make_vin


def test_a_car_that_was_handed_over_is_claimed_unverified(owner, now):
    vehicle = make_vehicle(now=now)

    own = api.claim_vehicle(vin=f" {vehicle.vin.lower()} ", by=owner, now=now)

    assert (own.vehicle, own.is_verified, own.origin) == (vehicle, False, "CLAIM")


@pytest.mark.parametrize(
    ("vin", "code"),
    [
        ("", "foreign_vin"),
        ("LXC", "invalid_vin"),
        ("1M8GDM9AXKP042788", "foreign_vin"),
        ("1M8GDM9A0KP042788", "invalid_vin"),
    ],
)
def test_foreign_and_wrong_numbers_are_refused(owner, now, vin, code):
    with pytest.raises(DomainError) as refusal:
        api.claim_vehicle(vin=vin, by=owner, now=now)

    assert refusal.value.code == code
    assert not api.Ownership.objects.exists()
    assert not api.Vehicle.objects.exists()


def test_a_claim_does_not_tell_whether_somebody_owns_the_car(vehicle, now):
    stranger = make_owner()

    assert not api.claim_vehicle(vin=vehicle.vin, by=stranger, now=now).is_verified
    with pytest.raises(api.AlreadyYours):
        api.claim_vehicle(vin=vehicle.vin, by=stranger, now=now)
    with pytest.raises(api.OwnerNotVerified):
        api.offer_transfer(vehicle_id=vehicle.pk, by=stranger, now=now)


def test_one_car_too_many_is_refused(owner, now):
    for _ in range(10):
        make_vehicle(owner=owner, now=now)

    with pytest.raises(api.TooManyVehicles):
        api.claim_vehicle(vin=make_vehicle(now=now).vin, by=owner, now=now)


def test_a_car_goes_with_its_packages_to_who_knows_the_code(owner, vehicle, now):
    package = make_entitlement(holder=owner, vehicle=vehicle, now=now)
    loose = make_entitlement(holder=owner, now=now)
    passing = api.offer_transfer(vehicle_id=vehicle.pk, by=owner, now=now)
    heir = make_owner()

    own = api.take_over(vin=vehicle.vin, code=passing.code.lower(), by=heir, now=now)

    assert (own.member, own.is_verified, own.origin) == (heir, True, "TRANSFER")
    assert not api.list_own_vehicles(owner).exists()
    package.refresh_from_db()
    loose.refresh_from_db()
    assert (package.holder, loose.holder) == (heir, owner)
    with pytest.raises(api.WrongTransferCode):
        api.take_over(vin=vehicle.vin, code=passing.code, by=make_owner(), now=now)


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=7)])
def test_wrong_and_old_codes_are_refused_and_counted(owner, vehicle, now, late):
    passing = api.offer_transfer(vehicle_id=vehicle.pk, by=owner, now=now)
    code = passing.code if late else "WRONGONE"

    with pytest.raises(api.WrongTransferCode):
        api.take_over(vin=vehicle.vin, code=code, by=make_owner(), now=now + late)

    passing.offer.refresh_from_db()
    assert passing.offer.attempts == (0 if late else 1)
    assert api.list_own_vehicles(owner).count() == 1


def test_five_wrong_codes_use_the_offer_up(owner, vehicle, now):
    passing = api.offer_transfer(vehicle_id=vehicle.pk, by=owner, now=now)
    for _ in range(5):
        with pytest.raises(api.WrongTransferCode):
            api.take_over(vin=vehicle.vin, code="WRONGONE", by=make_owner(), now=now)

    with pytest.raises(api.WrongTransferCode):
        api.take_over(vin=vehicle.vin, code=passing.code, by=make_owner(), now=now)


def test_a_car_of_nobody_s_or_somebody_else_s_is_not_found(owner, now):
    for vehicle_id in (make_vehicle(owner=make_owner(), now=now).pk, 999_999_999, -1, 2**70):
        with pytest.raises(api.VehicleNotFound):
            api.access_ownership(vehicle_id=vehicle_id, member=owner)


def test_a_new_number_is_registered_once(owner, now):
    vehicle = make_vehicle(now=now)
    again = api.register_vehicle(
        vin=vehicle.vin, product_id=vehicle.product_id, in_service_on=now.date() - timedelta(days=9), now=now
    )

    assert again.in_service_on == vehicle.in_service_on
    with pytest.raises(DomainError):
        api.register_vehicle(vin=make_vin()[:-1], product_id=vehicle.product_id, in_service_on=now.date(), now=now)
