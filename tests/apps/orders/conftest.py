"""A small shop with a provider in memory."""

from collections.abc import Iterator

import pytest

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
