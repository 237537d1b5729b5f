"""Reads of notifications."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.api import User
from apps.notifications.models import Message, Notice, NoticeReading, Preference, ThreadMessage
from apps.notifications.notices import words_of
from apps.notifications.registry import get_template
from apps.notifications.rendering import write
from apps.notifications.states import Channel, MessageStatus, Topic


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


def wants(user: User, topic: Topic) -> bool:
    """Whether somebody wants to be told of a topic: they do unless they said no."""
    return not Preference.objects.filter(user=user, topic=topic, is_wanted=False).exists()


def list_inbox(user: User, *, limit: int = 50) -> list[InboxItem]:
    """A member's inbox, newest first. What was wiped as secret is left out."""
    rows = Message.objects.filter(user=user, channel=Channel.INBOX, context_json__isnull=False)
    rows = rows.exclude(status=MessageStatus.WITHDRAWN).order_by("-queued_at")
    items = []
    for row in rows[:limit]:
        words = write(template=row.template, language=user.language, context=row.context or {})
        items.append(
            InboxItem(id=row.pk, template=row.template, subject=words.subject, text=words.text, at=row.queued_at)
        )
    return items


@dataclass(frozen=True, kw_only=True)
class NoticeView:
    """A notice in the reader's language."""

    id: int
    code: str
    title: str
    text: str
    link: str
    at: datetime
    is_new: bool


def list_notices(*, organization_id: int, user_id: int, limit: int = 50) -> list[NoticeView]:
    """An organization's notices, newest first; new are those the reader has not seen."""
    read_until = _read_until(organization_id, user_id)
    rows = Notice.objects.filter(organization_id=organization_id).order_by("-at", "-pk")[:limit]
    views = []
    for row in rows:
        title, text = words_of(row.code, row.context)
        is_new = read_until is None or row.at > read_until
        views.append(
            NoticeView(id=row.pk, code=row.code, title=title, text=text, link=row.link, at=row.at, is_new=is_new)
        )
    return views


def list_thread(*, organization_id: int, limit: int = 100) -> list[ThreadMessage]:
    """What an organization and headquarters said last, oldest first."""
    rows = ThreadMessage.objects.filter(organization_id=organization_id).select_related("by").order_by("-at", "-pk")
    return list(rows[:limit])[::-1]


def count_unread(*, organization_id: int, user_id: int) -> int:
    """How many notices and answers of headquarters somebody has not seen."""
    read_until = _read_until(organization_id, user_id)
    notices = Notice.objects.filter(organization_id=organization_id)
    answers = ThreadMessage.objects.filter(organization_id=organization_id, is_from_headquarters=True)
    if read_until is not None:
        notices, answers = notices.filter(at__gt=read_until), answers.filter(at__gt=read_until)
    return notices.count() + answers.count()


def _read_until(organization_id: int, user_id: int) -> datetime | None:
    reading = NoticeReading.objects.filter(organization_id=organization_id, user_id=user_id)
    return reading.values_list("read_until", flat=True).first()
