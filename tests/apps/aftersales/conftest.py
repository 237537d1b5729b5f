"""A workshop in Pudong, somebody with a car, a clerk of the dealer."""

from collections.abc import Callable
from datetime import datetime

import pytest

from apps.accounts.api import Role, User
from apps.aftersales import api
from apps.dealers.api import Store
from tests.factories.accounts import make_member
from tests.factories.aftersales import make_item, make_owner, make_vehicle, make_workshop
from tests.factories.dealers import make_store


@pytest.fixture
def store(db) -> Store:
    store = make_store()
    make_workshop(store)
    return store


@pytest.fixture
def owner(db) -> User:
    return make_owner(display_name="王小明")


@pytest.fixture
def vehicle(owner, now) -> api.Vehicle:
    return make_vehicle(owner=owner, now=now)


@pytest.fixture
def clerk(store) -> User:
    return make_member(Role.DEALER_CLERK, store.dealer.organization)


@pytest.fixture
def ten() -> datetime:
    """Ten o'clock tomorrow in Shanghai; it is ten today."""
    return datetime.fromisoformat("2026-06-11T10:00+08:00")


@pytest.fixture
def item(db) -> api.ServiceItem:
    return make_item()


@pytest.fixture
def book(store, owner, vehicle, item, ten, now) -> Callable[..., api.ServiceVisit]:
    """Return a function that books an oil service for the owner's car."""

    def make(**changes) -> api.ServiceVisit:
        values = {
            "vehicle_id": vehicle.pk,
            "store_id": store.pk,
            "starts_at": ten,
            "services": [api.Wish(code=item.code)],
            "by": owner,
            "now": now,
        }
        return api.book_service(**{**values, **changes})

    return make


@pytest.fixture
def keys(store, clerk, now) -> Callable[[api.ServiceVisit], dict]:
    """Return a function: what each of the store's services is called with."""

    def make(visit) -> dict:
        return {"visit_id": visit.pk, "organization_id": store.dealer.organization_id, "by": clerk, "now": now}

    return make


@pytest.fixture
def at_work(book, keys) -> Callable[..., api.ServiceVisit]:
    """Return a function that books a visit and checks the car in."""

    def make(**changes) -> api.ServiceVisit:
        return api.check_in(**keys(book(**changes)), kilometres=12_500)

    return make
