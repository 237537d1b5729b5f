"""Who gets a conversation: in turn, by taking it, by being passed it; and who is there."""

from datetime import datetime

from django.db import transaction

from apps.accounts.api import User
from apps.dealers.api import Store
from apps.support import conf
from apps.support.errors import AgentFull, AgentNotFound
from apps.support.models import Agent, Assignment, Conversation
from apps.support.models.desks import all_topics
from apps.support.policies import choose_agent
from apps.support.selectors.conversations import access_conversation
from apps.support.selectors.desks import access_agent, find_agent, list_agents, list_candidates
from apps.support.services.talking import lock_conversation, write_note
from apps.support.states import CONVERSATION, AssignmentRule, ConversationStatus, NoteCode, Topic

MOST_LOOKED_AT = 50  # waiting conversations that one agent who becomes free looks through


@transaction.atomic
def open_desk(*, organization_id: int, by: User, now: datetime) -> Agent:
    """Return somebody as an agent of their organization, made on first sight; their page was heard of now."""
    agent, is_new = Agent.objects.get_or_create(
        organization_id=organization_id, user=by, defaults={"topics": all_topics(), "seen_at": now}
    )
    if not is_new:
        Agent.objects.filter(pk=agent.pk).update(seen_at=now)
        agent.seen_at = now
    return agent


@transaction.atomic
def set_available(*, organization_id: int, is_available: bool, by: User, now: datetime) -> Agent:
    """Say that one takes conversations, or no more; whoever waits gets an agent at once. Begun ones stay."""
    lock_agents(organization_id)
    agent = open_desk(organization_id=organization_id, by=by, now=now)
    Agent.objects.filter(pk=agent.pk).update(is_available=is_available)
    agent.is_available = is_available
    if is_available:
        assign_waiting(organization_id=organization_id, now=now)
    return agent


@transaction.atomic
def set_agent(
    *, agent_id: int, organization_id: int, topics: list[str], store_ids: list[int], most_open: int, by: User
) -> Agent:
    """
    Say what an agent answers: topics, stores of the own organization (none: all), how many at once (1 to 50).

    :raises AgentNotFound: if it is no agent of this organization, or a store is another's
    """
    agent = access_agent(agent_id=agent_id, organization_id=organization_id)
    stores = list(Store.objects.filter(pk__in=store_ids, dealer__organization=organization_id))
    if len(stores) != len(set(store_ids)):
        raise AgentNotFound
    agent.topics = [topic for topic in Topic.values if topic in topics]
    agent.most_open = min(max(most_open, 1), 50)
    agent.save(update_fields=["topics", "most_open"])
    agent.stores.set(stores)
    return agent


@transaction.atomic
def take_conversation(*, reference: str, organization_id: int, by: User, now: datetime) -> Conversation:
    """
    Take a conversation over: one that waits, one that was left as a message, or a colleague's.

    :raises ConversationNotFound: if it is not this desk's
    :raises AgentFull: if the agent follows as many as they can
    :raises MoveNotAllowed: if it is over
    """
    locked = lock_conversation(access_conversation(reference=reference, organization_id=organization_id))
    agent = open_desk(organization_id=organization_id, by=by, now=now)
    if locked.agent_id == agent.pk and locked.status == ConversationStatus.ACTIVE:
        return locked
    return _give_to(locked, agent, AssignmentRule.TAKEN, by=by, now=now)


@transaction.atomic
def pass_on(*, reference: str, organization_id: int, agent_id: int, by: User, now: datetime) -> Conversation:
    """
    Pass a conversation on to a colleague.

    :raises ConversationNotFound, AgentNotFound: if it, or the colleague, is not of this desk
    :raises AgentFull: if the colleague follows as many as they can
    :raises MoveNotAllowed: if it is over
    """
    locked = lock_conversation(access_conversation(reference=reference, organization_id=organization_id))
    agent = list_agents(organization_id).filter(pk=agent_id).first() if 0 < agent_id < 2**63 else None
    if agent is None:
        raise AgentNotFound
    if locked.agent_id == agent.pk and locked.status == ConversationStatus.ACTIVE:
        return locked
    return _give_to(locked, agent, AssignmentRule.PASSED, by=by, now=now)


@transaction.atomic
def assign_waiting(*, organization_id: int, now: datetime) -> int:
    """Give waiting conversations of a desk to agents who are free, the longest waiting first; return how many."""
    waiting = Conversation.objects.filter(organization=organization_id, status=ConversationStatus.WAITING)
    given = 0
    for pk in waiting.order_by("waiting_since", "pk").values_list("pk", flat=True)[:MOST_LOOKED_AT]:
        # Whoever locks it gives it to somebody, or talks in it: it is looked at again at the next occasion.
        locked = (
            Conversation.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
            .filter(pk=pk, status=ConversationStatus.WAITING)
            .first()
        )
        given += bool(locked is not None and give_in_turn(locked, now=now))
    return given


def give_in_turn(locked: Conversation, *, now: datetime) -> bool:
    """Give a waiting conversation, whose row the caller has locked, to the agent whose turn it is; False: nobody's."""
    agents = lock_agents(locked.organization_id)
    candidates = list_candidates(agents, now=now)
    chosen = choose_agent(candidates, topic=locked.topic, store_id=locked.store_id)
    agent = next((one for one in agents if one.pk == chosen), None)
    if agent is None:
        return False
    _hand(locked, agent, AssignmentRule.TURN, by=None, now=now)
    return True


def lock_agents(organization_id: int) -> list[Agent]:
    """
    Lock all agents of a desk who still work there, always in the order of their keys, and return them.

    Two choices at once would count the same free hands. Whoever changes one agent and then chooses among all locks all
    of them first: two who come to work at the same moment would otherwise wait for each other.
    """
    works_here = list_agents(organization_id).values("pk")
    agents = Agent.objects.select_for_update(of=("self",), no_key=True)
    return list(agents.filter(organization=organization_id, pk__in=works_here).order_by("pk"))


def _give_to(locked: Conversation, agent: Agent, rule: AssignmentRule, *, by: User, now: datetime) -> Conversation:
    agent = Agent.objects.select_for_update(of=("self",), no_key=True).get(pk=agent.pk)
    follows = Conversation.objects.filter(agent=agent, status=ConversationStatus.ACTIVE).count()
    if follows >= agent.most_open:
        raise AgentFull(most=agent.most_open)
    if locked.status == ConversationStatus.ACTIVE:
        CONVERSATION.move(locked, "release", by=by, at=now)
    _hand(locked, agent, rule, by=by, now=now)
    return locked


def _hand(locked: Conversation, agent: Agent, rule: AssignmentRule, *, by: User | None, now: datetime) -> None:
    locked.agent = agent
    locked.save(update_fields=["agent"])
    CONVERSATION.move(locked, "assign", by=by, at=now)
    Assignment.objects.create(conversation=locked, agent=agent, rule=rule, by=by, at=now)
    Agent.objects.filter(pk=agent.pk).update(last_given_at=now)
    write_note(locked, NoteCode.TAKEN, by=agent.user, now=now)


def leave(locked: Conversation, *, by: User | None, now: datetime) -> None:
    """Make a message that is answered later of a conversation whose row the caller has locked."""
    CONVERSATION.move(locked, "leave", by=by, at=now)
    locked.left_at = now
    locked.save(update_fields=["left_at"])
    write_note(locked, NoteCode.LEFT, now=now)


@transaction.atomic
def hear_of_agent(*, organization_id: int, by: User, now: datetime) -> None:
    """Note that an agent's page is open: whoever is silent for 90 seconds gets no conversations."""
    agent = find_agent(organization_id=organization_id, user=by)
    if agent is not None and (agent.seen_at is None or now - agent.seen_at > conf.PRESENCE / 6):
        was_away = agent.seen_at is None or now - agent.seen_at > conf.PRESENCE
        if was_away and agent.is_available:
            lock_agents(organization_id)
        Agent.objects.filter(pk=agent.pk).update(seen_at=now)
        if was_away and agent.is_available:
            assign_waiting(organization_id=organization_id, now=now)
