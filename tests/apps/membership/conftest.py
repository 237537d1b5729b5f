"""Members, a product, and whom membership asks."""

from collections.abc import Iterator

import pytest

from apps.accounts.api import User
from apps.kernel.api import ports
from apps.shop.api import Product
from tests.factories.accounts import make_user
from tests.factories.catalog import make_part
from tests.factories.membership import FakePurchases, FakeVehicles


@pytest.fixture
def member(db) -> User:
    """Somebody with an account."""
    return make_user(display_name="林晚晴")


@pytest.fixture
def other(db) -> User:
    """Somebody else."""
    return make_user(display_name="Zhou Muye")


@pytest.fixture
def part(db) -> Product:
    """A part in the shop."""
    return make_part()


@pytest.fixture(autouse=True)
def purchases() -> Iterator[FakePurchases]:
    """An order book without orders."""
    fake = FakePurchases()
    with ports.using({"membership.purchases": fake}):
        yield fake


@pytest.fixture(autouse=True)
def vehicles() -> Iterator[FakeVehicles]:
    """A registry without cars."""
    fake = FakeVehicles()
    with ports.using({"membership.vehicles": fake}):
        yield fake


@pytest.fixture(autouse=True)
def _photos_in_memory(settings) -> None:
    """Photos need no disk."""
    settings.STORAGES = {**settings.STORAGES, "reviews": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
