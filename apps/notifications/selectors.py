"""Reads of notifications."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.api import User
from apps.notifications.models import Message
from apps.notifications.registry import get_template
from apps.notifications.rendering import write
from apps.notifications.states import Channel, MessageStatus


@dataclass(frozen=True)
class InboxItem:
    """One message in a member's inbox, in the reader's language."""

    id: int
    template: str
    subject: str
    text: str
    at: datetime


def get_queue_of(message_id: int) -> str | None:
    """The workers' queue of a message that waits; None if it no longer does."""
    template = Message.objects.filter(pk=message_id, status=MessageStatus.QUEUED).values_list("template", flat=True)
    return get_template(template[0]).queue if template else None


def list_inbox(user: User, *, limit: int = 50) -> list[InboxItem]:
    """A member's inbox, newest first. What was wiped as secret is left out."""
    rows = Message.objects.filter(user=user, channel=Channel.INBOX, context_json__isnull=False).order_by("-queued_at")
    items = []
    for row in rows[:limit]:
        words = write(template=row.template, language=user.language, context=row.context or {})
        items.append(
            InboxItem(id=row.pk, template=row.template, subject=words.subject, text=words.text, at=row.queued_at)
        )
    return items
