"""The shop's pages over the demo's world, with a payment provider in memory."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.api import User
from apps.catalog.api import Series, Trim
from apps.shop.api import Product
from tests.factories.accounts import make_user
from tests.factories.orders import Shop
from tests.factories.payments import FakeGateway, using_fake
from tests.plugins import database


@pytest.fixture(scope="package", autouse=True)
def demo_world(django_db_setup, seeded_database, clone_database, django_db_blocker) -> Iterator[None]:
    """Pages are looked at with everything on their shelves."""
    before = connection.settings_dict["NAME"]
    name = clone_database(seeded_database)
    with django_db_blocker.unblock():
        database.use(name)
    yield
    with django_db_blocker.unblock():
        database.use(before)


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    """Every provider is the same one in memory."""
    fake = FakeGateway()
    with using_fake(fake, "wechatpay"), using_fake(fake, "alipay"), using_fake(fake, "stripe"):
        yield fake


@pytest.fixture
def shop(db, gateway) -> Shop:
    """A seller, a store and a till; pages read the clock, so this shop lives now."""
    return Shop(now=timezone.now(), gateway=gateway)


@pytest.fixture
def visitor() -> Client:
    """A browser that reads Chinese and insists on CSRF tokens."""
    return Client(HTTP_ACCEPT_LANGUAGE="zh-CN")


@pytest.fixture
def reader() -> Client:
    """A browser that reads English."""
    return Client(HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def buyer(db) -> User:
    """Somebody with an account."""
    return make_user()


@pytest.fixture
def signed_in(buyer) -> Client:
    """The buyer's browser, in English."""
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(buyer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def part(db) -> Product:
    """A part of the demo's world that is in stock and fits some cars only."""
    parts = Product.objects.filter(info__kind="part", fitments__isnull=False, stockrecords__num_in_stock__gt=20)
    return parts.order_by("pk").first()


@pytest.fixture
def series(db) -> Series:
    """A series with a configurator worth testing: a pack of it includes wheels and excludes another pack."""
    return Series.objects.get(code="JINGHONG")


@pytest.fixture
def trim(series) -> Trim:
    """One of its trims."""
    return Trim.objects.get(code="JINGHONG-EV-680")


@pytest.fixture
def put_in_cart() -> Callable[..., None]:
    """``put_in_cart(client, product, quantity=1)`` through the product's page."""

    def put(client: Client, product: Product, quantity: int = 1) -> None:
        answer = client.post(f"/products/{product.slug}/add/", {"quantity": quantity})
        assert answer.url == "/cart/"

    return put


@pytest.fixture
def fill_in() -> Callable[..., dict[str, str]]:
    """``fill_in(client, **changes)``: what a guest types into the checkout page for home delivery."""

    def fill(client: Client, **changes: str) -> dict[str, str]:
        form = client.get("/checkout/").context["form"]
        return {
            "email": "guest@example.com",
            "phone": "",
            "method": "delivery",
            "name": "王小明",
            "recipient_phone": "13800138000",
            "province": "上海市",
            "city": "上海市",
            "district": "浦东新区",
            "line": "世纪大道 100 号",
            "plan": "full",
            "provider": "wechatpay",
            "expected_total": str(form.initial["expected_total"]),
            "key": str(form.initial["key"]),
            **changes,
        }

    return fill
