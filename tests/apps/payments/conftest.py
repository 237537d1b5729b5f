"""A provider in memory behind WeChat Pay's port, and the facts payments told."""

from collections.abc import Callable, Iterator

import pytest

from apps.kernel.api import OutboxEvent
from tests.factories.payments import FakeGateway, using_fake


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    fake = FakeGateway()
    with using_fake(fake):
        yield fake


@pytest.fixture
def other_gateway(gateway) -> Iterator[FakeGateway]:
    """A second provider, behind Alipay's port."""
    fake = FakeGateway()
    with using_fake(fake, "alipay"):
        yield fake


@pytest.fixture
def facts() -> Callable[[], list[str]]:
    """Names of the facts recorded so far, without app and version."""
    return lambda: [name.split(".")[1] for name in OutboxEvent.objects.order_by("pk").values_list("name", flat=True)]
