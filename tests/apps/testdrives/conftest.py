"""A demonstration car in Pudong, somebody who wants to drive it, and a clerk of the dealer."""

from collections.abc import Callable
from datetime import datetime

import pytest

from apps.accounts.api import Role, User
from apps.testdrives import api
from tests.factories.accounts import make_member
from tests.factories.testdrives import LICENCE, make_demo_car, make_driver


@pytest.fixture
def car(db) -> api.DemoCar:
    return make_demo_car()


@pytest.fixture
def driver(db) -> User:
    return make_driver(display_name="王小明")


@pytest.fixture
def clerk(car) -> User:
    return make_member(Role.DEALER_CLERK, car.store.dealer.organization)


@pytest.fixture
def ten() -> datetime:
    """Ten o'clock tomorrow in Shanghai; it is ten today."""
    return datetime.fromisoformat("2026-06-11T10:00+08:00")


@pytest.fixture
def book(car, driver, ten, now) -> Callable[..., api.TestDrive]:
    """Return a function that books the car for the driver."""

    def make(**changes) -> api.TestDrive:
        values = {
            "product_id": car.trim.product_id,
            "store_id": car.store_id,
            "starts_at": ten,
            "licence": LICENCE,
            "agrees": True,
            "member": driver,
            "now": now,
        }
        return api.book_test_drive(**{**values, **changes})

    return make


@pytest.fixture
def keys(car, clerk, now) -> Callable[[api.TestDrive], dict]:
    """Return a function: what each of the store's services is called with."""

    def make(drive) -> dict:
        return {"test_drive_id": drive.pk, "organization_id": drive.organization_id, "by": clerk, "now": now}

    return make
