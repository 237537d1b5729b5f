"""Which demonstration cars there are, where, and when they are free."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from apps.catalog.api import Trim
from apps.dealers.api import Store
from apps.scheduling.api import ResourceKind as Kind
from apps.scheduling.api import Slot, by_start, find_slots, first_free, list_resources
from apps.testdrives import conf, policies
from apps.testdrives.errors import RulesMissing, UnknownCar
from apps.testdrives.models import AgreementText, DemoCar, EligibilityRule
from apps.testdrives.states import Place

MOST_ID = 2**63


@dataclass(frozen=True, kw_only=True)
class StoreOffer:
    """A store where a car can be tried: its cars, and the next time that is free (None: none in the days looked at)."""

    store: Store
    cars: int
    first: Slot | None


def find_trim(product_id: int) -> Trim:
    """
    Return the trim behind a product on sale, with model and series.

    :raises UnknownCar: if it is no car, or not on sale
    """
    trims = Trim.objects.select_related("model__series", "product__info")
    found = trims.filter(product=product_id, product__is_public=True) if 0 < product_id < MOST_ID else trims.none()
    trim = found.first()
    if trim is None:
        raise UnknownCar
    return trim


def list_demo_cars(*, series_id: int, store_id: int | None = None) -> QuerySet[DemoCar]:
    """List the demonstration cars of a series that can be booked."""
    cars = DemoCar.objects.filter(
        trim__model__series=series_id, resource__is_active=True, store__is_open=True, store__has_sales=True
    )
    if store_id is not None:
        cars = cars.filter(store=store_id)
    return cars.select_related("trim__model", "resource__store__dealer").order_by("pk")


def cars_for(trim: Trim, store_id: int) -> list[DemoCar]:
    """List the demonstration cars of a store that stand for a trim: the very trim first, then its model, its series."""
    cars = list_demo_cars(series_id=trim.model.series_id, store_id=store_id)
    return sorted(
        cars,
        key=lambda car: (
            policies.nearness(is_same_trim=car.trim_id == trim.pk, is_same_model=car.trim.model_id == trim.model_id),
            car.pk,
        ),
    )


def list_slots(
    *, product_id: int, store_id: int, first_day: date, days: int, place: str = Place.STORE, now: datetime
) -> list[Slot]:
    """
    List the slots of each demonstration car of a store that stands for a product, in order of time, then of likeness.

    :raises UnknownCar: if the product is no car on sale
    """
    cars = cars_for(find_trim(product_id), store_id)
    rank = {car.resource_id: index for index, car in enumerate(cars)}
    found = find_slots(
        resources=[car.resource for car in cars],
        first_day=first_day,
        days=days,
        now=now,
        length_minutes=length_of(place),
    )
    slots = [slot for one in found.values() for slot in one]
    return sorted(slots, key=lambda slot: (slot.starts_at, rank[slot.resource_id]))


def list_times(
    *, series_id: int, store_id: int, first_day: date, days: int, place: str = Place.STORE, now: datetime
) -> list[Slot]:
    """List the times at which any car of a series can be tried at a store; free where one of them is."""
    cars = list_demo_cars(series_id=series_id, store_id=store_id)
    resources = [car.resource for car in cars]
    found = find_slots(resources=resources, first_day=first_day, days=days, now=now, length_minutes=length_of(place))
    return by_start(slot for one in found.values() for slot in one)


def list_offers(*, series_id: int, stores: Iterable[Store], first_day: date, now: datetime) -> list[StoreOffer]:
    """
    List the stores that have a demonstration car of a series, in the order given, each with the next free time.

    Six queries however many stores.
    """
    cars: dict[int, list[int]] = {}
    for car in list_demo_cars(series_id=series_id):
        cars.setdefault(car.store_id, []).append(car.resource_id)
    listed = [store for store in stores if store.pk in cars]
    wanted = [resource_id for store in listed for resource_id in cars[store.pk]]
    found = find_slots(
        resources=list_resources(kind=Kind.DEMO_CAR, resource_ids=wanted),
        first_day=first_day,
        days=conf.DAYS_SHOWN,
        now=now,
    )
    return [
        StoreOffer(
            store=store,
            cars=len(cars[store.pk]),
            first=first_free(slot for resource_id in cars[store.pk] for slot in found.get(resource_id, [])),
        )
        for store in listed
    ]


def length_of(place: str) -> int | None:
    """Return how many minutes a drive takes; None for as long as the car's slots are."""
    return conf.HOME_MINUTES if place == Place.HOME else None


def get_rule(day: date) -> EligibilityRule:
    """
    Return the rule for drivers in force on a day.

    :raises RulesMissing: if none is
    """
    rule = EligibilityRule.objects.filter(valid__contains=day).first()
    if rule is None:
        raise RulesMissing
    return rule


def get_agreement_text(day: date) -> AgreementText:
    """
    Return what drivers sign on a day.

    :raises RulesMissing: if no text is in force
    """
    text = AgreementText.objects.filter(valid__contains=day).first()
    if text is None:
        raise RulesMissing
    return text
