"""Conversations and agents for tests."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from apps.accounts.api import User
from apps.support import api

BROWSER = api.Visitor(secret="a-browser-of-somebody-who-visits")


def make_agent(user: User, organization_id: int, *, now: datetime, **fields: Any) -> api.Agent:
    """An agent who is there and takes conversations."""
    agent = api.open_desk(organization_id=organization_id, by=user, now=now)
    stores = fields.pop("stores", [])
    values = {"is_available": True, **fields}
    api.Agent.objects.filter(pk=agent.pk).update(**values)
    agent.stores.set(stores)
    agent.refresh_from_db()
    return agent


def begin(
    *, now: datetime, visitor: api.Visitor = BROWSER, text: str = "请问有现车吗？", **changes: Any
) -> api.Conversation:
    """A conversation with its first message."""
    values = {"visitor": visitor, "topic": api.Topic.SALES, "text": text, "sent_as": uuid4(), "language": "zh-hans"}
    return api.open_conversation(**{**values, **changes}, now=now)
