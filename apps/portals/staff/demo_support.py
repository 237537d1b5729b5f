"""Desks, agents, prepared replies and a few conversations of the demo, written by the services that pages use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from apps.accounts.api import Organization, User
from apps.catalog.api import Trim
from apps.dealers.api import Store
from apps.support.api import (
    CannedReply,
    Conversation,
    Desk,
    Topic,
    Visitor,
    close_as_agent,
    open_conversation,
    open_desk,
    rate_conversation,
    say_as_agent,
    say_as_visitor,
    take_conversation,
)


def load_conversations(data: Mapping[str, Any], *, now: datetime) -> int:
    """Write ``conversations.json``: desks and replies as they are, conversations once. Returns how many there are."""
    houses = dict(Organization.objects.values_list("code", "pk"))
    for row in data["desks"]:
        Desk.objects.update_or_create(
            organization_id=houses[row["organization"]],
            defaults={"opening_hours": row["opening_hours"], "time_zone": row["time_zone"]},
        )
    for row in data["replies"]:
        CannedReply.objects.get_or_create(organization=None, title_zh=row["title_zh"], defaults=row)
    if not Conversation.objects.exists():
        people = {user.email: user for user in User.objects.filter(email__in=_addresses(data))}
        for number, row in enumerate(data["conversations"]):
            _converse(row, number, people, now=now)
    return Conversation.objects.count()


def _addresses(data: Mapping[str, Any]) -> set[str]:
    return {row[side] for row in data["conversations"] for side in ("member", "agent") if row[side]}


def _converse(row: Mapping[str, Any], number: int, people: Mapping[str, User], *, now: datetime) -> None:
    member, agent = people.get(row["member"]), people.get(row["agent"])
    if member is None:
        return
    visitor, at = Visitor(member=member), now - timedelta(hours=row["hours_ago"])
    first, *others = row["said"]
    conversation = open_conversation(
        visitor=visitor,
        topic=Topic(row["topic"]),
        text=first["text"],
        sent_as=uuid5(NAMESPACE_URL, f"demo-conversation-{number}"),
        store_id=Store.objects.get(code=row["store"]).pk if row["store"] else None,
        product_id=Trim.objects.get(code=row["trim"]).product_id if row["trim"] else None,
        language=member.language,
        now=at,
    )
    desk = {"reference": conversation.reference, "organization_id": conversation.organization_id}
    if agent is None:
        return
    open_desk(organization_id=conversation.organization_id, by=agent, now=at)
    take_conversation(**desk, by=agent, now=at)
    for line, said in enumerate(others):
        at += timedelta(minutes=1)
        words = {"text": said["text"], "sent_as": uuid5(NAMESPACE_URL, f"demo-message-{number}-{line}"), "now": at}
        if said["side"] == "AGENT":
            say_as_agent(**desk, **words, by=agent)
        else:
            say_as_visitor(reference=conversation.reference, visitor=visitor, **words)
    if row["stars"]:
        close_as_agent(**desk, by=agent, now=at)
        rate_conversation(reference=conversation.reference, visitor=visitor, stars=row["stars"], now=at)
