"""A dealer with two sellers, and people who are interested."""

from collections.abc import Callable
from itertools import count

import pytest

from apps.accounts.api import Role, User
from apps.dealers.api import Store
from apps.leads import api
from tests.factories.accounts import make_member, make_user
from tests.factories.dealers import make_store

numbers = count(13800000000)
CAR = api.Interest(name_zh="星驰 天枢", name_en="Xingchi Tianshu")


@pytest.fixture
def store(db) -> Store:
    """A store in Pudong, open from nine to six every day."""
    return make_store()


@pytest.fixture
def sellers(store) -> list[User]:
    """Two clerks of the dealer, by id."""
    return [make_member(Role.DEALER_CLERK, store.dealer.organization) for _ in range(2)]


@pytest.fixture
def ask(store, now) -> Callable[..., api.Lead]:
    """Return a function: somebody asks the store on the vehicle page."""

    def make(**changes) -> api.Lead:
        values = {
            "source": api.LeadSource.VEHICLE_PAGE,
            "store_id": store.pk,
            "name": "王小明",
            "phone": str(next(numbers)),
            "has_consent": True,
            "interest": CAR,
            "by": None,
            "now": now,
        }
        return api.open_lead(**{**values, **changes})

    return make


@pytest.fixture
def member(db) -> User:
    """Somebody with an account and a verified phone number."""
    person = make_user(phone="13900139000")
    person.set_phone("13900139000", verified=True)
    person.save()
    return person


@pytest.fixture
def dealer_id(store) -> int:
    """The dealer's organization."""
    return store.dealer.organization_id
