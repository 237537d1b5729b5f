"""Writes of the garage. All of one member's take turns on the member's row, so that one car is the current one."""

from datetime import datetime

from django.db import transaction

from apps.accounts.api import User
from apps.catalog.api import Trim
from apps.kernel.api import blind_index, ports
from apps.membership import policies
from apps.membership.errors import (
    CarAlreadyInGarage,
    CarNotFound,
    GarageFull,
    InvalidPlate,
    InvalidVin,
    UnknownCar,
    UnknownVin,
)
from apps.membership.models import GarageCar

MOST_CARS = 10
VIN_INDEX = "membership.garage_car.vin"
PLATE_FIELD, VIN_FIELD, CAR_FIELD = "plate", "vin", "product_id"


@transaction.atomic
def add_car(
    *, member: User, product_id: int | None = None, vin: str = "", nickname: str = "", plate: str = "", now: datetime
) -> GarageCar:
    """
    Put a car into a member's garage, by VIN, by trim, or both; the first one, and any new one, becomes the current one.

    :raises InvalidVin: if the text is no VIN
    :raises UnknownVin: if the VIN is right, but of a car we do not know, and no trim was given
    :raises UnknownCar: if neither a VIN nor a trim of ours was given
    :raises InvalidPlate: if the text is no number plate
    :raises CarAlreadyInGarage: if the member has this car already
    :raises GarageFull: if the member has MOST_CARS
    """
    number = read_vin(vin)
    trim_product = find_car(product_id=product_id, vin=number)
    sealed_plate = _read_plate(plate)
    _take_turn(member)
    cars = list(GarageCar.objects.filter(member=member))
    index = blind_index(number, purpose=VIN_INDEX) if number else None
    if any(_is_same(car, trim_product, index) for car in cars):
        raise CarAlreadyInGarage
    if len(cars) >= MOST_CARS:
        raise GarageFull(most=MOST_CARS)
    GarageCar.objects.filter(member=member, is_current=True).update(is_current=False)
    return GarageCar.objects.create(
        member=member,
        product_id=trim_product,
        nickname=policies.clean_text(nickname)[:30],
        vin=number or None,
        vin_index=index,
        plate=sealed_plate,
        is_current=True,
        created_at=now,
    )


@transaction.atomic
def describe_car(*, car_id: int, nickname: str, plate: str, member: User) -> GarageCar:
    """
    Write down what a member calls a car, and its number plate ("" for none).

    :raises CarNotFound: if the member has no such car
    :raises InvalidPlate: if the text is no number plate
    """
    sealed_plate = _read_plate(plate)
    car = _own(car_id, member)
    car.nickname = policies.clean_text(nickname)[:30]
    car.plate = sealed_plate
    car.save(update_fields=["nickname", "plate"])
    return car


@transaction.atomic
def make_current(*, car_id: int, member: User) -> GarageCar:
    """
    Choose the car that parts are to fit.

    :raises CarNotFound: if the member has no such car
    """
    _take_turn(member)
    car = _own(car_id, member)
    GarageCar.objects.filter(member=member, is_current=True).exclude(pk=car.pk).update(is_current=False)
    car.is_current = True
    car.save(update_fields=["is_current"])
    return car


@transaction.atomic
def remove_car(*, car_id: int, member: User) -> None:
    """
    Take a car out of the garage; if it was the current one, the newest of the others is.

    :raises CarNotFound: if the member has no such car
    """
    _take_turn(member)
    car = _own(car_id, member)
    car.delete()
    if car.is_current:
        heir = GarageCar.objects.filter(member=member).order_by("-created_at", "-pk").first()
        if heir is not None:
            heir.is_current = True
            heir.save(update_fields=["is_current"])


def read_vin(text: str) -> str:
    """
    Return a VIN as it is stored, "" for none.

    :raises InvalidVin: if the text is no VIN
    """
    number = policies.normalize_vin(text)
    if number and not ports.adapter("membership.vehicles").is_vin(number):
        raise InvalidVin(fields={VIN_FIELD: [str(InvalidVin.message)]})
    return number


def find_car(*, product_id: int | None, vin: str) -> int:
    """
    Return the product id of the trim that is meant: the one built under the VIN, else the one that was chosen.

    :raises UnknownVin: if only a VIN was given, of a car we do not know
    :raises UnknownCar: if neither leads to a trim of ours
    """
    built = ports.adapter("membership.vehicles").product_of(vin) if vin else None
    if built is not None:
        return int(built)
    if product_id is None and vin:
        raise UnknownVin(fields={CAR_FIELD: [str(UnknownVin.message)]})
    is_ours = (
        product_id is not None
        and 0 < product_id < 2**63
        and Trim.objects.filter(
            product_id=product_id, product__is_public=True, model__series__brand__is_own=True
        ).exists()
    )
    if product_id is None or not is_ours:
        raise UnknownCar(fields={CAR_FIELD: [str(UnknownCar.message)]})
    return product_id


def _read_plate(text: str) -> str | None:
    plate = policies.normalize_plate(text)
    if plate is None:
        raise InvalidPlate(fields={PLATE_FIELD: [str(InvalidPlate.message)]})
    return plate or None


def _is_same(car: GarageCar, product_id: int, vin_index: str | None) -> bool:
    if vin_index is None:
        return car.product_id == product_id and car.vin_index is None
    return car.vin_index == vin_index


def _take_turn(member: User) -> None:
    User.objects.select_for_update(no_key=True).only("pk").get(pk=member.pk)


def _own(car_id: int, member: User) -> GarageCar:
    car = GarageCar.objects.filter(pk=car_id, member=member).first() if 0 < car_id < 2**63 else None
    if car is None:
        raise CarNotFound
    return car
