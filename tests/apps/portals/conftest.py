"""A small shop with a provider in memory, and people of both sides signed in."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.accounts.api import Organization, Role
from tests.factories.accounts import make_member
from tests.factories.orders import Shop
from tests.factories.payments import FakeGateway, using_fake


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    fake = FakeGateway()
    with using_fake(fake, "wechatpay"):
        yield fake


@pytest.fixture
def shop(db, gateway, settings) -> Shop:
    settings.MFA_REQUIRED_ROLES = []
    return Shop(now=timezone.now(), gateway=gateway)


@pytest.fixture
def sign_in(db) -> Callable[..., Client]:
    """Return a function: a browser of somebody with this role in this organization, in English."""

    def make(role: Role, organization: Organization | None = None) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(make_member(role, organization), backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client

    return make
