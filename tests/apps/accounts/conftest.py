"""A cache without memories, a carrier of texts, and a post office that delivers at once."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from apps.kernel.api import ports
from apps.notifications.api import deliver_message, list_waiting
from tests.factories.accounts import FakeSms


@pytest.fixture(autouse=True)
def _fresh_budgets() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def sms() -> Iterator[FakeSms]:
    """The carrier of texts."""
    carrier = FakeSms()
    with ports.using({"notifications.sms": carrier}):
        yield carrier


@pytest.fixture
def deliver() -> Callable[[], None]:
    """Send what waits, as the workers would."""

    def send() -> None:
        for message_id, _ in list_waiting(now=timezone.now()):
            deliver_message(message_id=message_id, now=timezone.now())

    return send


@pytest.fixture
def visitor() -> Client:
    """A browser that reads English and insists on CSRF tokens where a real one must send them."""
    return Client(HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def app() -> "AppClient":
    """A phone app on the headless API."""
    return AppClient()


class AppClient:
    """Speaks JSON to allauth's app API and to ours, with the session token it was given."""

    def __init__(self) -> None:
        self.client = Client(HTTP_ACCEPT_LANGUAGE="en")
        self.token = ""

    def call(self, method: str, path: str, body: dict | None = None):
        headers = {"X-Session-Token": self.token} if self.token else {}
        response = self.client.generic(
            method,
            path,
            _json(body),
            content_type="application/json",
            headers={**headers, "Accept": "application/json"},
        )
        if response.headers["Content-Type"].startswith("application/json"):
            self.token = (response.json().get("meta") or {}).get("session_token") or self.token
        return response

    def auth(self, path: str, body: dict | None = None, method: str = "POST"):
        return self.call(method, f"/_allauth/app/v1/auth/{path}", body)


def _json(body: dict | None) -> str:
    return json.dumps(body) if body is not None else ""
