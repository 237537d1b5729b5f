"""Begin a conversation."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import connection, transaction

from apps.accounts.api import Organization
from apps.catalog.api import ProductInfo
from apps.dealers.api import Store, get_store
from apps.kernel.api import blind_index, random_letters
from apps.orders.api import CustomerOrder, access_order
from apps.support import conf, policies
from apps.support.errors import ConversationNotFound, TooManyConversations
from apps.support.models import Conversation, Message
from apps.support.selectors.conversations import Visitor, list_own_conversations, read_way_back
from apps.support.selectors.desks import find_headquarters, hours_of
from apps.support.services.assigning import give_in_turn, leave
from apps.support.services.talking import lock_conversation, say_as_visitor
from apps.support.states import OPEN, ConversationStatus, Side, Topic


@transaction.atomic
def open_conversation(
    *,
    visitor: Visitor,
    topic: Topic,
    text: str,
    upload: "File[Any] | None" = None,
    sent_as: UUID,
    name: str = "",
    store_id: int | None = None,
    product_id: int | None = None,
    order_number: str = "",
    language: str,
    now: datetime,
) -> Conversation:
    """
    Begin a conversation with a store's desk, or headquarters' where no store is named, with its first message.

    An agent who is there gets it at once; outside business hours it is a message that is answered later. The same
    ``sent_as`` never begins a second one. An order must be the customer's own; a product that is none is left out.

    :raises ConversationNotFound: if nobody answers at all, or the visitor is nobody
    :raises UnknownStore: if there is no such open store
    :raises OrderNotFound: if the order is not the customer's
    :raises TooManyConversations: if MOST_OPEN are open
    :raises NothingSaid, TooLong, FileTooLarge, FileNotPlain, FileRefused: if the message cannot be taken
    """
    _lock_visitor(visitor)
    known = _find_begun(visitor, sent_as)
    if known is not None:
        return known
    if list_own_conversations(visitor).filter(status__in=OPEN).count() >= conf.MOST_OPEN:
        raise TooManyConversations(most=conf.MOST_OPEN)
    store = get_store(store_id) if store_id is not None else None
    desk = _desk_of(store)
    order: CustomerOrder | None = access_order(number=order_number, by=visitor.member) if order_number else None
    conversation = Conversation.objects.create(
        reference=random_letters(10),
        organization=desk,
        store=store,
        topic=topic,
        status=ConversationStatus.WAITING,
        member=visitor.member,
        visitor_digest="" if visitor.member else visitor.digest,
        visitor_name=policies.clean(name)[: conf.LONGEST_NAME] or None,
        contact=_known_contact(visitor),
        language=language,
        product_id=_known_product(product_id),
        order=order,
        opened_at=now,
        waiting_since=now,
        last_at=now,
    )
    say_as_visitor(
        reference=conversation.reference, visitor=visitor, text=text, upload=upload, sent_as=sent_as, now=now
    )
    conversation.refresh_from_db()
    if hours_of(desk.pk, store=store, now=now).is_open:
        give_in_turn(conversation, now=now)
    else:
        leave(conversation, by=visitor.member, now=now)
    return conversation


@transaction.atomic
def move_to_browser(*, token: str, visitor: Visitor) -> Conversation:
    """
    Let the browser that came by our link go on with a visitor's conversation; the one before no longer sees it.

    :raises ProofInvalid: if the link is forged or too old
    :raises ConversationNotFound: if it is a member's, who signs in instead, or the browser has no secret
    """
    locked = lock_conversation(read_way_back(token))
    if locked.member_id is not None or not visitor.digest:
        raise ConversationNotFound
    locked.visitor_digest = visitor.digest
    locked.save(update_fields=["visitor_digest"])
    return locked


def _lock_visitor(visitor: Visitor) -> None:
    """Let one person begin one conversation at a time: the count below decides nothing otherwise."""
    who = f"member:{visitor.member.pk}" if visitor.member else f"browser:{visitor.digest}"
    if who == "browser:":
        raise ConversationNotFound
    key = int(blind_index(who, purpose="support.visitor")[:15], 16)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _find_begun(visitor: Visitor, sent_as: UUID) -> Conversation | None:
    mine = list_own_conversations(visitor).order_by().values("pk")
    message = Message.objects.filter(conversation__in=mine, side=Side.VISITOR, sent_as=sent_as, seq=1).first()
    return Conversation.objects.get(pk=message.conversation_id) if message else None


def _desk_of(store: Store | None) -> Organization:
    desk = store.dealer.organization if store else find_headquarters()
    if desk is None:
        raise ConversationNotFound
    return desk


def _known_product(product_id: int | None) -> int | None:
    if product_id is None or not 0 < product_id < 2**63:
        return None
    return ProductInfo.objects.filter(product_id=product_id).values_list("product_id", flat=True).first()


def _known_contact(visitor: Visitor) -> str | None:
    member = visitor.member
    if member is None:
        return None
    return member.email or (member.phone if member.is_phone_verified else None)
