"""Conversations and agents for tests."""

from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.accounts.api import User
from apps.dealers.api import Store
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


def make_picture(name: str = "car.png") -> SimpleUploadedFile:
    """A small picture, as somebody sends one."""
    content = BytesIO()
    Image.new("RGB", (20, 10), "red").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue())


def make_desk_work(
    organization_id: int, *, store: Store | None, member: User, by: User, now: datetime
) -> dict[str, Any]:
    """Two conversations of a member, one with a picture and one judged; what addresses of their desk name."""
    visitor = api.Visitor(member=member)
    keys = {"organization_id": organization_id, "by": by, "now": now}
    agent = make_agent(by, organization_id, now=now, stores=[store] if store else [])
    begun = []
    for _ in range(2):
        one = begin(now=now, store_id=store.pk if store else None, visitor=visitor, upload=make_picture())
        api.Conversation.objects.filter(pk=one.pk).update(organization=organization_id)
        api.take_conversation(reference=one.reference, **keys)
        begun.append(one.reference)
    api.close_as_agent(reference=begun[1], **keys)
    api.rate_conversation(reference=begun[1], visitor=visitor, stars=5, now=now)
    api.Desk.objects.create(organization_id=organization_id)
    words = {"title_zh": f"地址 {organization_id}", "title_en": "", "text_zh": "世纪大道 1 号", "text_en": ""}
    reply = api.add_canned_reply(organization_id=organization_id, by=by, **words)
    return {"reference": begun[0], "seq": 1, "agent_id": agent.pk, "reply_id": reply.pk, "name": "take"}
