"""Suppliers with receivers of their own."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from apps.accounts.api import OrganizationKind
from apps.integrations.webhooks.api import WebhookEndpoint
from tests.apps.portals.conftest import gateway, shop, sign_in  # noqa: F401
from tests.factories.accounts import make_company
from tests.factories.webhooks import Receiver, make_endpoint, receiving


@pytest.fixture(autouse=True)
def _may_call_this_machine(settings) -> None:
    settings.WEBHOOKS = {"DEADLINE": 2.0, "ALLOW_LOOPBACK": True}


@pytest.fixture
def now() -> datetime:
    """Receivers compare the time of a signature with their clock."""
    return timezone.now().astimezone(UTC)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def company(db):
    return make_company(OrganizationKind.SUPPLIER)


@pytest.fixture
def listening(company, receiver, now) -> Callable[..., WebhookEndpoint]:
    """``listening(*event_types)``: a webhook of the company, whose receiver knows the secret."""

    def make(*event_types: str) -> WebhookEndpoint:
        endpoint = make_endpoint(company, receiver.url, *event_types, now=now)
        receiver.secrets.append(endpoint.secret)
        return endpoint

    return make
