"""A car to book in Pudong, open from nine to six every day, and people who want it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from apps.accounts.api import User
from apps.scheduling import api
from tests.factories.accounts import make_user
from tests.factories.scheduling import make_resource


@pytest.fixture
def car(db) -> api.Resource:
    """A demonstration car: 45 minutes on the hour, two hours' notice, a month ahead."""
    return make_resource()


@pytest.fixture
def person(db) -> User:
    return make_user()


@pytest.fixture
def ten(now) -> datetime:
    """Ten o'clock tomorrow in Shanghai; it is ten today."""
    return datetime.fromisoformat("2026-06-11T10:00+08:00")


@pytest.fixture
def book(car, now) -> Callable[..., api.Booking]:
    """Return a function that books the car."""

    def make(starts_at, **changes) -> api.Booking:
        values = {"resource_ids": [car.pk], "starts_at": starts_at, "purpose": "test", "now": now}
        return api.book(**{**values, **changes})

    return make
