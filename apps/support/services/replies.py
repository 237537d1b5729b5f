"""Prepared replies of a desk."""

from django.db import IntegrityError, transaction

from apps.accounts.api import User
from apps.support import policies
from apps.support.errors import NothingSaid, ReplyTitleTaken
from apps.support.models import CannedReply
from apps.support.selectors.desks import access_canned_reply
from apps.support.states import Topic

LONGEST_TITLE, LONGEST_REPLY = 60, 1_000


@transaction.atomic
def add_canned_reply(
    *, organization_id: int, title_zh: str, title_en: str, text_zh: str, text_en: str, topic: str = "", by: User
) -> CannedReply:
    """
    Prepare a reply for a desk, in both languages; what is missing in one is taken from the other.

    :raises NothingSaid: without a title or a text
    :raises ReplyTitleTaken: if the desk has one of that title
    """
    zh, en = policies.clean(title_zh)[:LONGEST_TITLE], policies.clean(title_en)[:LONGEST_TITLE]
    words_zh, words_en = policies.clean(text_zh)[:LONGEST_REPLY], policies.clean(text_en)[:LONGEST_REPLY]
    if not (zh or en) or not (words_zh or words_en):
        raise NothingSaid(fields={"text_zh": [str(NothingSaid.message)]})
    try:
        with transaction.atomic():
            return CannedReply.objects.create(
                organization_id=organization_id,
                topic=topic if topic in Topic.values else "",
                title_zh=zh or en,
                title_en=en or zh,
                text_zh=words_zh or words_en,
                text_en=words_en or words_zh,
            )
    except IntegrityError:
        raise ReplyTitleTaken(fields={"title_zh": [str(ReplyTitleTaken.message)]}) from None


@transaction.atomic
def drop_canned_reply(*, reply_id: int, organization_id: int, by: User) -> None:
    """
    Put a prepared reply of one's own desk away.

    :raises CannedReplyNotFound: if there is none, or it is another desk's or everybody's
    """
    reply = access_canned_reply(reply_id=reply_id, organization_id=organization_id)
    # Its title is free again.
    reply.delete()
