"""What organizations are told, and what they and headquarters say to each other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.api import User
from apps.notifications.errors import NothingSaid, UnknownNotice
from apps.notifications.models import Notice, NoticeReading, ThreadMessage
from apps.notifications.notices import NOTICES

LONGEST_TEXT = 2000


@transaction.atomic
def notify_organization(
    *,
    organization_id: int,
    code: str,
    dedupe_key: str,
    now: datetime,
    link: str = "",
    context: Mapping[str, Any] | None = None,
) -> Notice:
    """
    Put a notice on an organization's board, in the caller's transaction; the same ``dedupe_key`` never makes a second.

    ``context`` holds plain values for the words of the notice; ``link`` is a path of its portal.

    :raises UnknownNotice: if no notice has this code
    """
    if code not in NOTICES:
        raise UnknownNotice(notice=code)
    notice, _is_new = Notice.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "organization_id": organization_id,
            "code": code,
            "context": dict(context or {}),
            "link": link,
            "at": now,
        },
    )
    return notice


@transaction.atomic
def say_to_headquarters(*, organization_id: int, text: str, by: User, now: datetime) -> ThreadMessage:
    """
    Write to headquarters for an organization.

    :raises NothingSaid: without words, or with more than 2,000 characters
    """
    return _say(organization_id=organization_id, text=text, by=by, now=now, is_from_headquarters=False)


@transaction.atomic
def answer_organization(*, organization_id: int, text: str, by: User | None, now: datetime) -> ThreadMessage:
    """
    Write to an organization for headquarters.

    :raises NothingSaid: without words, or with more than 2,000 characters
    """
    return _say(organization_id=organization_id, text=text, by=by, now=now, is_from_headquarters=True)


def mark_read(*, organization_id: int, user_id: int, now: datetime) -> None:
    """Note that somebody has seen everything of an organization until ``now``."""
    NoticeReading.objects.update_or_create(
        organization_id=organization_id, user_id=user_id, defaults={"read_until": now}
    )


def _say(
    *, organization_id: int, text: str, by: User | None, now: datetime, is_from_headquarters: bool
) -> ThreadMessage:
    words = text.strip()
    if not words or len(words) > LONGEST_TEXT or "\x00" in words:
        raise NothingSaid(maximum=LONGEST_TEXT)
    return ThreadMessage.objects.create(
        organization_id=organization_id, text=words, by=by, is_from_headquarters=is_from_headquarters, at=now
    )
