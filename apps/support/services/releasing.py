"""What becomes of conversations whose agent disappeared, and of those nobody takes."""

from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from apps.support import conf, policies
from apps.support.models import Conversation, Message
from apps.support.selectors.desks import hours_of
from apps.support.services.assigning import assign_waiting, give_in_turn, leave, lock_agents
from apps.support.services.talking import write_note
from apps.support.states import CONVERSATION, ConversationStatus, NoteCode, Side


@transaction.atomic
def leave_unanswered(*, now: datetime) -> int:
    """
    Turn conversations that waited longer than PATIENCE into messages that are answered later; return how many.

    Before that, what an agent who disappeared leaves behind is given to the next one, and each desk whose agents have
    become free gets its own. Safe to run twice.
    """
    release_absent(now=now)
    waiting = Conversation.objects.filter(status=ConversationStatus.WAITING)
    for organization_id in waiting.order_by("organization").values_list("organization", flat=True).distinct():
        assign_waiting(organization_id=organization_id, now=now)
    late = waiting.filter(waiting_since__lte=now - conf.PATIENCE).order_by("pk")
    found = list(late.select_for_update(of=("self",), no_key=True, skip_locked=True))
    for locked in found:
        leave(locked, by=None, now=now)
    return len(found)


@transaction.atomic
def release_absent(*, now: datetime) -> int:
    """
    Take conversations from agents whose pages were silent for longer than ABSENCE; return how many.

    Each goes to the agent whose turn it is. Where nobody is here it waits, or is left as a message outside business
    hours. What the agent answered more than AFTERTHOUGHT ago stays with them until the customer writes again. Safe to
    run twice, and beside an agent who comes back: who is absent is decided under the locks.
    """
    silent = Q(agent__seen_at__lt=now - conf.ABSENCE) | Q(agent__seen_at=None)
    found = Conversation.objects.filter(silent, status=ConversationStatus.ACTIVE).order_by("organization", "pk")
    return sum(_release(pk, now=now) for pk in found.values_list("pk", flat=True))


def _release(pk: int, *, now: datetime) -> bool:
    spoken = Message.objects.filter(conversation=OuterRef("pk")).exclude(side=Side.SYSTEM).order_by("-seq")
    locked = (
        Conversation.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .annotate(last_side=Subquery(spoken.values("side")[:1]), spoken_at=Subquery(spoken.values("at")[:1]))
        .select_related("store")
        .filter(pk=pk, status=ConversationStatus.ACTIVE)
        .first()
    )
    if locked is None:
        return False
    agents = {agent.pk: agent for agent in lock_agents(locked.organization_id)}
    agent = agents.get(locked.agent_id) if locked.agent_id else None
    is_here = agent is not None and not policies.is_absent(agent.seen_at, now=now)
    is_answered = locked.last_side == Side.AGENT
    if is_here or not policies.is_expected(is_answered=is_answered, spoken_at=locked.spoken_at, now=now):
        return False
    CONVERSATION.move(locked, "release", by=None, at=now)
    locked.agent = None
    locked.waiting_since = now
    locked.save(update_fields=["agent", "waiting_since"])
    write_note(locked, NoteCode.RELEASED, now=now)
    if not give_in_turn(locked, now=now) and not hours_of(locked.organization_id, store=locked.store, now=now).is_open:
        leave(locked, by=None, now=now)
    return True
