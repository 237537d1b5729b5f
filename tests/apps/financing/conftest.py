"""The shop's finance products, as they are loaded."""

import json
from collections.abc import Iterator

import pytest

from apps.financing.api import load_finance
from tests.architecture.reference_data import REFERENCE
from tests.factories.accounts import make_user
from tests.factories.financing import Desk, FakeLender, using_lender
from tests.factories.orders import Shop
from tests.factories.payments import FakeGateway, using_fake


@pytest.fixture
def finance() -> dict:
    """What ``finance.json`` says."""
    return json.loads((REFERENCE / "finance.json").read_text(encoding="utf-8"))


@pytest.fixture
def products(db, finance, now) -> int:
    """The products of ``finance.json``, written."""
    return load_finance(finance, now=now)


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path) -> None:
    """Contracts go to a folder of this test."""
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "private"), "base_url": None},
        },
    }


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    """Every provider is the same one in memory; it gives back what lenders paid out, too."""
    fake = FakeGateway()
    with using_fake(fake, "wechatpay"), using_fake(fake, "lender"):
        yield fake


@pytest.fixture
def shop(db, gateway, now) -> Shop:
    """Sellers with cars, a dealer with a store."""
    return Shop(now=now, gateway=gateway)


@pytest.fixture
def lender() -> Iterator[FakeLender]:
    """A lender in memory."""
    fake = FakeLender()
    with using_lender(fake):
        yield fake


@pytest.fixture
def desk(products, shop, lender, now) -> Desk:
    """Somebody with an order of a car of 169,900.00, whose prepayment of 16,990.00 is paid."""
    buyer = make_user()
    order = shop.placed(shop.car(), user=buyer, method="pickup", plan="deposit")
    return Desk(shop=shop, lender=lender, by=buyer, order_number=order.number, now=now)
