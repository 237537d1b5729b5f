"""Leave an address, end a conversation, say what one thought of it, make a lead of it."""

import re
from datetime import datetime

from django.db import transaction

from apps.accounts.api import User, normalize_phone
from apps.kernel.api import MoveNotAllowed
from apps.leads.api import Interest, Lead, LeadSource, interest_in, open_lead
from apps.support import conf, policies
from apps.support.errors import AlreadyRated, ContactRequired, InvalidStars, LeadExists, NotOver
from apps.support.models import Conversation, Rating
from apps.support.selectors.conversations import Visitor, access_conversation, access_own_conversation
from apps.support.services.assigning import assign_waiting, leave
from apps.support.services.talking import lock_conversation, write_note
from apps.support.states import CONVERSATION, ConversationStatus, NoteCode

LONGEST_COMMENT = 500
LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@transaction.atomic
def leave_contact(
    *, reference: str, visitor: Visitor, contact: str, name: str = "", by: User | None = None, now: datetime
) -> Conversation:
    """
    Say how one can be reached later, by e-mail or mobile phone; what still waits becomes a message left.

    :raises ConversationNotFound: if it is not the customer's conversation
    :raises ContactRequired: if that is neither an address nor a phone number
    :raises MoveNotAllowed: if it is over
    """
    locked = lock_conversation(access_own_conversation(reference=reference, visitor=visitor))
    if not locked.is_open:
        raise MoveNotAllowed(lifecycle=CONVERSATION.name, move="leave", status=locked.status)
    locked.contact = _read_contact(contact)
    locked.visitor_name = policies.clean(name)[: conf.LONGEST_NAME] or locked.visitor_name
    locked.save(update_fields=["contact", "visitor_name"])
    if locked.status == ConversationStatus.WAITING:
        leave(locked, by=by, now=now)
    return locked


@transaction.atomic
def close_as_visitor(*, reference: str, visitor: Visitor, now: datetime) -> Conversation:
    """
    End one's own conversation.

    :raises ConversationNotFound: if it is not the customer's conversation
    :raises MoveNotAllowed: if it is over
    """
    conversation = access_own_conversation(reference=reference, visitor=visitor)
    return _close(conversation, by=visitor.member, now=now)


@transaction.atomic
def close_as_agent(*, reference: str, organization_id: int, by: User, now: datetime) -> Conversation:
    """
    End a conversation of one's desk; whoever waits gets the hand that is free now.

    :raises ConversationNotFound: if it is not this desk's
    :raises MoveNotAllowed: if it is over
    """
    conversation = access_conversation(reference=reference, organization_id=organization_id)
    return _close(conversation, by=by, now=now)


@transaction.atomic
def rate_conversation(*, reference: str, visitor: Visitor, stars: int, comment: str = "", now: datetime) -> Rating:
    """
    Say once what one thought of a conversation that is over: one to five stars, and a few words.

    :raises ConversationNotFound: if it is not the customer's conversation
    :raises NotOver: if it is not over
    :raises InvalidStars: if there are not one to five stars
    :raises AlreadyRated: the second time
    """
    locked = lock_conversation(access_own_conversation(reference=reference, visitor=visitor))
    if locked.is_open:
        raise NotOver
    if not 1 <= stars <= 5:
        raise InvalidStars(fields={"stars": [str(InvalidStars.message)]})
    if Rating.objects.filter(conversation=locked).exists():
        raise AlreadyRated
    words = policies.clean(comment)[:LONGEST_COMMENT]
    return Rating.objects.create(conversation=locked, stars=stars, comment=words, at=now)


@transaction.atomic
def open_lead_of(
    *,
    reference: str,
    organization_id: int,
    store_id: int,
    name: str,
    phone: str,
    has_consent: bool,
    by: User,
    now: datetime,
) -> Lead:
    """
    Make a lead of a conversation: the customer agreed in it to be called by a store.

    The store of the conversation, where it has one; otherwise the one that the customer named.

    :raises ConversationNotFound: if it is not this desk's
    :raises LeadExists: if there is one already
    :raises ConsentRequired, InvalidContact, UnknownStore, TooManyLeads: as ``leads.open_lead``
    """
    locked = lock_conversation(access_conversation(reference=reference, organization_id=organization_id))
    if locked.lead_id is not None:
        raise LeadExists
    lead = open_lead(
        source=LeadSource.CHAT,
        store_id=locked.store_id or store_id,
        name=name,
        phone=phone,
        has_consent=has_consent,
        interest=_interest(locked),
        member=locked.member,
        by=by,
        now=now,
    )
    locked.lead = lead
    locked.save(update_fields=["lead"])
    write_note(locked, NoteCode.LEAD, by=by, now=now)
    return lead


def _interest(conversation: Conversation) -> Interest:
    if conversation.product_id is not None:
        return interest_in(product_id=conversation.product_id)
    return Interest(name_zh="在线咨询", name_en="Chat")


def _close(conversation: Conversation, *, by: User | None, now: datetime) -> Conversation:
    locked = lock_conversation(conversation)
    CONVERSATION.move(locked, "close", by=by, at=now)
    locked.closed_at = now
    locked.save(update_fields=["closed_at"])
    write_note(locked, NoteCode.CLOSED, by=by, now=now)
    assign_waiting(organization_id=locked.organization_id, now=now)
    return locked


def _read_contact(contact: str) -> str:
    words = policies.clean(contact)
    if len(words) <= LONGEST_EMAIL and _EMAIL.fullmatch(words):
        return words.lower()
    number = normalize_phone(words)
    if number is None:
        raise ContactRequired(fields={"contact": [str(ContactRequired.message)]})
    return number
