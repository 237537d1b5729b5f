"""A small shop with a provider in memory."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from tests.factories.orders import Shop
from tests.factories.payments import FakeGateway, using_fake


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    """Every provider is the same one in memory."""
    fake = FakeGateway()
    with using_fake(fake, "wechatpay"), using_fake(fake, "alipay"), using_fake(fake, "stripe"):
        yield fake


@pytest.fixture
def shop(db, gateway, now) -> Shop:
    """Sellers with stock, a dealer with a store."""
    return Shop(now=now, gateway=gateway)


@pytest.fixture(autouse=True)
def no_second_factor(settings) -> None:
    """Dealers and suppliers sign in with a password alone, as in the demo."""
    settings.MFA_REQUIRED_ROLES = []


@pytest.fixture
def frozen(monkeypatch, now) -> None:
    """The edges read ``now`` from the clock."""
    monkeypatch.setattr(timezone, "now", lambda: now)
