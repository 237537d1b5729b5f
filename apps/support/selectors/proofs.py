"""
The proof with which a page opens its live connection: who looks at which conversation, from which side.

A page that was let in carries it for ten minutes; the live server needs neither cookies nor roles, and another site
that knows the address of the live server has nothing to show.
"""

from dataclasses import dataclass

from django.core import signing

from apps.support import conf
from apps.support.errors import ProofInvalid
from apps.support.models import Conversation
from apps.support.states import Side

SALT = "support.live"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Somebody who may look at a conversation. ``user_id`` is the agent's, or the member's (None: a visitor)."""

    conversation_id: int
    reference: str
    side: Side
    user_id: int | None
    language: str


def make_proof(conversation: Conversation, *, side: Side, user_id: int | None, language: str) -> str:
    """Return the proof for a page that was let in."""
    claim = {
        "conversation": conversation.pk,
        "reference": conversation.reference,
        "side": str(side),
        "user": user_id,
        "language": language,
    }
    return signing.dumps(claim, salt=SALT, compress=True)


def read_proof(token: str) -> Proof:
    """
    Return whom a proof was made for.

    :raises ProofInvalid: if it is forged, or older than ten minutes
    """
    try:
        claim = signing.loads(token, salt=SALT, max_age=conf.TICKET_LIFETIME)
    except signing.BadSignature:
        raise ProofInvalid from None
    return Proof(
        conversation_id=claim["conversation"],
        reference=claim["reference"],
        side=Side(claim["side"]),
        user_id=claim["user"],
        language=claim["language"],
    )
