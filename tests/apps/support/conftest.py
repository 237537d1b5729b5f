"""A store in Pudong with one agent, and somebody who visits the shop."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from apps.accounts.api import Role, User
from apps.dealers.api import Store
from apps.support import api
from tests.factories.accounts import make_member
from tests.factories.dealers import make_store
from tests.factories.support import BROWSER, begin, make_agent


@pytest.fixture
def store(db) -> Store:
    return make_store()


@pytest.fixture
def desk(store) -> int:
    """The organization that answers."""
    return store.dealer.organization_id


@pytest.fixture
def clerk(store) -> User:
    return make_member(Role.DEALER_CLERK, store.dealer.organization, display_name="小李")


@pytest.fixture
def agent(clerk, desk, now) -> api.Agent:
    return make_agent(clerk, desk, now=now)


@pytest.fixture
def ask(store, now) -> Callable[..., api.Conversation]:
    """Return a function that begins a conversation with the store."""

    def make(**changes) -> api.Conversation:
        return begin(**{"store_id": store.pk, "now": now, **changes})

    return make


@pytest.fixture
def say(now) -> Callable[..., api.Message]:
    """Return a function that says something as the visitor."""

    def make(conversation, text="还在吗？", **changes) -> api.Message:
        values = {"visitor": BROWSER, "sent_as": uuid4(), "now": now}
        return api.say_as_visitor(reference=conversation.reference, text=text, **{**values, **changes})

    return make


@pytest.fixture
def answer(clerk, desk, now) -> Callable[..., api.Message]:
    """Return a function that answers as the clerk."""

    def make(conversation, text="有的，欢迎到店。", **changes) -> api.Message:
        values = {"organization_id": desk, "by": clerk, "sent_as": uuid4(), "now": now}
        return api.say_as_agent(reference=conversation.reference, text=text, **{**values, **changes})

    return make
