"""Reads of conversations: a customer's own, a desk's own, and nobody else's."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db.models import Count, F, Q, QuerySet

from apps.accounts.api import User
from apps.kernel.api import PrivateFile
from apps.support import conf
from apps.support.errors import ConversationNotFound, FileNotInConversation, ProofInvalid
from apps.support.models import Agent, Conversation, Message
from apps.support.states import ConversationStatus, NoteCode, Side

LONGEST_REFERENCE = 12
BACK_SALT = "support.way_back"
SEEN_WITH = ("organization", "store", "member", "agent__user", "product__info", "order", "lead")


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Whoever asks: somebody signed in, or a browser with a secret; or both, after signing in."""

    member: User | None = None
    secret: str = ""

    @property
    def digest(self) -> str:
        """The SHA-256 under which the secret is kept; "" without one."""
        return hashlib.sha256(self.secret.encode()).hexdigest() if self.secret else ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message as one reader sees it. ``name`` is the agent's; ``text`` of a note is in the reader's language."""

    seq: int
    side: Side
    name: str
    text: str
    at: datetime
    file_name: str = ""
    is_picture: bool = False


def list_own_conversations(visitor: Visitor) -> QuerySet[Conversation]:
    """List a customer's conversations, the latest first."""
    mine = Q(pk__in=[])
    if visitor.member is not None:
        mine |= Q(member=visitor.member)
    if visitor.digest:
        mine |= Q(visitor_digest=visitor.digest)
    return Conversation.objects.filter(mine).select_related(*SEEN_WITH).order_by("-last_at", "-pk")


def access_own_conversation(*, reference: str, visitor: Visitor) -> Conversation:
    """
    Return a customer's own conversation.

    :raises ConversationNotFound: if there is none, or it is somebody else's
    """
    found = _find(Conversation.objects.all(), reference)
    is_member = visitor.member is not None and found.member_id == visitor.member.pk
    is_browser = bool(visitor.digest) and hmac.compare_digest(found.visitor_digest, visitor.digest)
    if not (is_member or is_browser):
        raise ConversationNotFound
    return found


def list_conversations(organization_id: int) -> QuerySet[Conversation]:
    """List a desk's conversations with how many messages of each its agents have not read."""
    found = Conversation.objects.filter(organization=organization_id).select_related(*SEEN_WITH)
    return found.annotate(unread=F("last_seq") - F("agent_seen"))


def access_conversation(*, reference: str, organization_id: int) -> Conversation:
    """
    Return a conversation of a desk.

    :raises ConversationNotFound: if there is none, or it is another desk's
    """
    return _find(Conversation.objects.filter(organization=organization_id), reference)


def count_waiting(organization_id: int) -> int:
    """Count the conversations of a desk that nobody has answered."""
    return Conversation.objects.filter(organization=organization_id, status__in=("WAITING", "TICKET")).count()


def count_for_agent(agent: Agent) -> int:
    """Count what an agent should look at: their conversations with something unread, and who waits for anybody."""
    mine = Q(agent=agent, status=ConversationStatus.ACTIVE, agent_seen__lt=F("last_seq"))
    anybody_s = Q(status=ConversationStatus.WAITING) if agent.is_available else Q(pk__in=[])
    return Conversation.objects.filter(mine | anybody_s, organization=agent.organization_id).count()


def count_by_status(organization_id: int) -> dict[str, int]:
    """Count a desk's conversations by status."""
    rows = Conversation.objects.filter(organization=organization_id).values_list("status").annotate(Count("pk"))
    return dict(rows.order_by())


def list_messages(conversation: Conversation, *, after: int = 0, most: int = conf.PAGE_OF_MESSAGES) -> list[Said]:
    """
    List what was said after message number ``after``, in order, at most ``most``.

    A number is visible only after all smaller ones (``last_seq`` grows under a lock), so that whoever asks again from
    the last number seen misses nothing and reads nothing twice.
    """
    found = Message.objects.filter(conversation=conversation, seq__gt=after).select_related("by", "file")
    return [_said(message) for message in found.order_by("seq")[:most]]


def access_file(conversation: Conversation, *, seq: int) -> PrivateFile:
    """
    Return the file of a message of a conversation.

    :raises FileNotInConversation: if there is no such message, or it has no file
    """
    found = Message.objects.filter(conversation=conversation, seq=seq, file__isnull=False).select_related("file")
    message = found.first() if 0 < seq < 2**31 else None
    if message is None or message.file is None:
        raise FileNotInConversation
    return message.file


def make_way_back(conversation: Conversation) -> str:
    """Return what the link in our message carries: it opens this conversation for ``BACK_LIFETIME``."""
    return signing.dumps(conversation.reference, salt=BACK_SALT)


def read_way_back(token: str) -> Conversation:
    """
    Return the conversation that a link of ours leads back to.

    :raises ProofInvalid: if the link is forged or too old
    """
    try:
        reference = signing.loads(token, salt=BACK_SALT, max_age=conf.BACK_LIFETIME)
    except signing.BadSignature:
        raise ProofInvalid from None
    return _find(Conversation.objects.all(), str(reference))


def name_of(user: User | None) -> str:
    """Return the name under which an agent speaks to customers."""
    return user.get_short_name() if user else ""


def _find(conversations: QuerySet[Conversation], reference: str) -> Conversation:
    is_possible = 0 < len(reference) <= LONGEST_REFERENCE and reference.isascii() and reference.isalnum()
    found = conversations.select_related(*SEEN_WITH).filter(reference=reference).first() if is_possible else None
    if found is None:
        raise ConversationNotFound
    return found


def _said(message: Message) -> Said:
    name = name_of(message.by) if message.side != Side.VISITOR else ""
    text = message.text or ""
    if message.note:
        text = str(NoteCode(message.note).label) % {"name": name}
    file = message.file
    return Said(
        seq=message.seq,
        side=Side(message.side),
        name=name,
        text=text,
        at=message.at,
        file_name=file.name if file else "",
        is_picture=bool(file) and file.content_type.startswith("image/"),
    )
