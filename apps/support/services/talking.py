"""Say something, read it, be seen typing."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Least

from apps.accounts.api import User
from apps.kernel.api import PrivateFile, private_files
from apps.notifications.api import Channel, queue_message
from apps.support import conf, policies
from apps.support.errors import (
    ConversationClosed,
    NothingSaid,
    NotYourConversation,
    TooLong,
    TooManyMessages,
)
from apps.support.models import Agent, Conversation, Message
from apps.support.selectors.conversations import (
    Visitor,
    access_conversation,
    access_own_conversation,
    make_way_back,
)
from apps.support.states import NoteCode, Side


@transaction.atomic
def say_as_visitor(
    *,
    reference: str,
    visitor: Visitor,
    text: str,
    upload: "File[Any] | None" = None,
    sent_as: UUID,
    now: datetime,
) -> Message:
    """
    Write a message as the customer. The same ``sent_as`` never makes a second message: the first is returned.

    :raises ConversationNotFound: if it is not the customer's conversation
    :raises ConversationClosed: if it is over
    :raises NothingSaid, TooLong, TooManyMessages: if the message cannot be taken
    :raises FileTooLarge, FileNotPlain, FileRefused: if the file is not what we keep
    """
    conversation = access_own_conversation(reference=reference, visitor=visitor)
    return _say(conversation, Side.VISITOR, text, upload, sent_as, by=visitor.member, now=now)


@transaction.atomic
def say_as_agent(
    *,
    reference: str,
    organization_id: int,
    text: str,
    upload: "File[Any] | None" = None,
    sent_as: UUID,
    by: User,
    now: datetime,
) -> Message:
    """
    Write a message as the agent who has the conversation. The same ``sent_as`` never makes a second message.

    The first answer to what was left as a message goes to the customer by e-mail or SMS, too.

    :raises ConversationNotFound: if it is not this desk's
    :raises NotYourConversation: if somebody else has it, or nobody
    :raises ConversationClosed, NothingSaid, TooLong, TooManyMessages: as for customers
    :raises FileTooLarge, FileNotPlain, FileRefused: if the file is not what we keep
    """
    conversation = access_conversation(reference=reference, organization_id=organization_id)
    return _say(conversation, Side.AGENT, text, upload, sent_as, by=by, now=now)


@transaction.atomic
def mark_seen_by_visitor(*, reference: str, visitor: Visitor, up_to: int) -> None:
    """
    Note that the customer has read up to a message; never less than before, never more than there is.

    :raises ConversationNotFound: if it is not the customer's conversation
    """
    _mark(access_own_conversation(reference=reference, visitor=visitor), "visitor_seen", up_to)


@transaction.atomic
def mark_seen_by_agent(*, reference: str, organization_id: int, up_to: int, by: User) -> None:
    """
    Note that the agent has read up to a message; a colleague who looks over the shoulder marks nothing.

    :raises ConversationNotFound: if it is not this desk's
    """
    conversation = access_conversation(reference=reference, organization_id=organization_id)
    if conversation.agent is not None and conversation.agent.user_id == by.pk:
        _mark(conversation, "agent_seen", up_to)


def note_typing(conversation: Conversation, side: Side) -> None:
    """Let the other side see for six seconds that somebody types. Kept in the cache only: it may be forgotten."""
    cache.set(_typing_key(conversation, side), True, conf.TYPING_SECONDS)
    tell(conversation)


def is_typing(conversation: Conversation, side: Side) -> bool:
    """Whether a side was typing a moment ago."""
    return bool(cache.get(_typing_key(conversation, side)))


def lock_conversation(conversation: Conversation) -> Conversation:
    """Lock a conversation that the caller may touch, and read it again."""
    return Conversation.objects.select_for_update(of=("self",), no_key=True).get(pk=conversation.pk)


def append(
    locked: Conversation,
    *,
    side: Side,
    text: str = "",
    note: str = "",
    file: PrivateFile | None = None,
    sent_as: UUID | None = None,
    by: User | None,
    now: datetime,
) -> Message:
    """Write the next message of a conversation whose row the caller has locked; open pages hear of it on commit."""
    locked.last_seq += 1
    locked.last_at = now
    locked.save(update_fields=["last_seq", "last_at"])
    message = Message.objects.create(
        conversation=locked,
        seq=locked.last_seq,
        side=side,
        by=by,
        sent_as=sent_as or uuid4(),
        text=text or None,
        note=note,
        file=file,
        at=now,
    )
    tell(locked)
    return message


def write_note(locked: Conversation, note: NoteCode, *, by: User | None = None, now: datetime) -> Message:
    """Write what the suite notes in a conversation."""
    return append(locked, side=Side.SYSTEM, note=note, by=by, now=now)


def tell(conversation: Conversation) -> None:
    """Wake whoever looks at the conversation; PostgreSQL sends it when the transaction commits, or never."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [conf.CHANNEL, str(conversation.pk)])


def _say(
    conversation: Conversation,
    side: Side,
    text: str,
    upload: "File[Any] | None",
    sent_as: UUID,
    *,
    by: User | None,
    now: datetime,
) -> Message:
    words = _read_words(text, has_file=upload is not None)
    locked = lock_conversation(conversation)
    known = Message.objects.filter(conversation=locked, side=side, sent_as=sent_as).first()
    if known is not None:
        return known
    if not locked.is_open:
        raise ConversationClosed
    if side == Side.AGENT and (by is None or locked.agent is None or locked.agent.user_id != by.pk):
        raise NotYourConversation
    lately = Message.objects.filter(conversation=locked, side=side, at__gt=now - timedelta(minutes=1)).count()
    if lately >= conf.MOST_A_MINUTE:
        raise TooManyMessages(most=conf.MOST_A_MINUTE)
    file = private_files.store(upload=upload, by=by, now=now) if upload is not None else None
    message = append(locked, side=side, text=words, file=file, sent_as=sent_as, by=by, now=now)
    cache.delete(_typing_key(locked, side))
    if side == Side.AGENT:
        _note_answer(locked, message, now=now)
    else:
        # Whoever writes has read what stands above.
        locked.visitor_seen = message.seq
        locked.save(update_fields=["visitor_seen"])
    return message


def _read_words(text: str, *, has_file: bool) -> str:
    words = policies.clean(text)
    if not words and not has_file:
        raise NothingSaid(fields={"text": [str(NothingSaid.message)]})
    if len(words) > conf.LONGEST_TEXT:
        refusal = TooLong(most=conf.LONGEST_TEXT)
        raise TooLong(most=conf.LONGEST_TEXT, fields={"text": [str(refusal)]})
    return words


def _note_answer(locked: Conversation, message: Message, *, now: datetime) -> None:
    # Whoever answers is there, with or without a script on their page.
    Agent.objects.filter(pk=locked.agent_id, seen_at__lt=now - conf.PRESENCE / 6).update(seen_at=now)
    locked.agent_seen = message.seq
    locked.answered_at = locked.answered_at or now
    locked.save(update_fields=["agent_seen", "answered_at"])
    if locked.left_at is None or not locked.contact:
        return
    link = f"{settings.SITE_URL.rstrip('/')}/chat/back/{make_way_back(locked)}/"
    queue_message(
        template="support_answered",
        channel=Channel.EMAIL if "@" in locked.contact else Channel.SMS,
        to=locked.contact,
        language=locked.language,
        context={"number": locked.reference, "link": link},
        # One message for all answers to what was left.
        dedupe_key=f"support:{locked.reference}:{locked.left_at.timestamp():.0f}",
        user_id=locked.member_id,
        now=now,
    )


def _mark(conversation: Conversation, column: str, up_to: int) -> None:
    seen = Least(Greatest(F(column), max(0, min(up_to, 2**31 - 1))), F("last_seq"))
    changed = Conversation.objects.filter(pk=conversation.pk, **{f"{column}__lt": up_to}).update(**{column: seen})
    if changed:
        tell(conversation)


def _typing_key(conversation: Conversation, side: Side) -> str:
    return f"support:typing:{conversation.pk}:{side}"
