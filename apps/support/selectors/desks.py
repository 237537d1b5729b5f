"""Reads of desks: who answers, who is there, when, with which prepared words."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.accounts.api import Organization, OrganizationKind, OrganizationMember, User
from apps.dealers.api import Store, is_open_at, next_change_at, special_days_of
from apps.support import policies
from apps.support.errors import AgentNotFound, CannedReplyNotFound
from apps.support.models import Agent, CannedReply, Conversation, Desk
from apps.support.policies import Candidate
from apps.support.states import ConversationStatus


@dataclass(frozen=True, kw_only=True)
class DeskHours:
    """Whether a desk is there, and when that changes next, by its own clock (None: never)."""

    is_open: bool
    changes_at: datetime | None


def find_headquarters() -> Organization | None:
    """Return the headquarters, whose desk answers what belongs to no store."""
    return Organization.objects.filter(kind=OrganizationKind.HQ, is_active=True).order_by("pk").first()


def hours_of(organization_id: int, *, store: Store | None, now: datetime) -> DeskHours:
    """Return whether a desk is there: by its own hours, else by the store's, else by any store's of the dealer."""
    desk = Desk.objects.filter(organization=organization_id).first()
    if desk is not None:
        return _hours(desk.opening_hours, desk.time_zone, None, now)
    stores = [store] if store else list(Store.objects.filter(dealer__organization=organization_id, is_open=True))
    found = [_hours(one.opening_hours, one.time_zone, special_days_of(one), now) for one in stores]
    if any(one.is_open for one in found):
        return next(one for one in found if one.is_open)
    times = [one.changes_at for one in found if one.changes_at is not None]
    return DeskHours(is_open=False, changes_at=min(times, default=None))


def find_agent(*, organization_id: int, user: User) -> Agent | None:
    """Return somebody as an agent of an organization; None before they opened the desk for the first time."""
    return Agent.objects.filter(organization=organization_id, user=user).select_related("user").first()


def access_agent(*, agent_id: int, organization_id: int) -> Agent:
    """
    Return an agent of a desk.

    :raises AgentNotFound: if there is none, or it is another desk's
    """
    agents = Agent.objects.filter(organization=organization_id).select_related("user")
    agent = agents.filter(pk=agent_id).first() if 0 < agent_id < 2**63 else None
    if agent is None:
        raise AgentNotFound
    return agent


def list_agents(organization_id: int) -> QuerySet[Agent]:
    """List a desk's agents who still work there, with how many conversations each follows."""
    follows = Count("conversations", filter=Q(conversations__status=ConversationStatus.ACTIVE))
    # A person at headquarters may have several roles, and is one agent.
    works_here = OrganizationMember.objects.live().filter(organization=organization_id, user=OuterRef("user"))
    agents = Agent.objects.filter(Exists(works_here), organization=organization_id)
    return agents.select_related("user").prefetch_related("stores").annotate(follows=follows).order_by("pk")


def list_candidates(agents: list[Agent], *, now: datetime) -> list[Candidate]:
    """Return agents as the choice sees them; the caller holds their rows' locks."""
    keys = [agent.pk for agent in agents]
    rows = Conversation.objects.filter(agent__in=keys, status=ConversationStatus.ACTIVE).values_list("agent")
    follows = dict(rows.annotate(Count("pk")).order_by())
    stores: dict[int, set[int]] = {}
    for agent_id, store_id in Agent.stores.through.objects.filter(agent__in=keys).values_list("agent_id", "store_id"):
        stores.setdefault(agent_id, set()).add(store_id)
    return [
        Candidate(
            agent_id=agent.pk,
            topics=frozenset(agent.topics),
            stores=frozenset(stores.get(agent.pk, ())),
            open=follows.get(agent.pk, 0),
            most=agent.most_open,
            last_at=agent.last_given_at,
            is_here=policies.is_here(is_available=agent.is_available, seen_at=agent.seen_at, now=now),
        )
        for agent in agents
    ]


def list_canned_replies(organization_id: int, *, topic: str = "") -> QuerySet[CannedReply]:
    """List the prepared replies at a desk: its own and everybody's, those of a topic first."""
    replies = CannedReply.objects.filter(Q(organization=organization_id) | Q(organization=None), is_active=True)
    return replies.filter(Q(topic="") | Q(topic=topic)) if topic else replies


def access_canned_reply(*, reply_id: int, organization_id: int) -> CannedReply:
    """
    Return a prepared reply that a desk may change: its own.

    :raises CannedReplyNotFound: if there is none, or it is another desk's or everybody's
    """
    replies = CannedReply.objects.filter(organization=organization_id, is_active=True)
    reply = replies.filter(pk=reply_id).first() if 0 < reply_id < 2**63 else None
    if reply is None:
        raise CannedReplyNotFound
    return reply


def _hours(week, zone: str, special_days, now: datetime) -> DeskHours:
    return DeskHours(
        is_open=is_open_at(week, time_zone=zone, at=now, special_days=special_days),
        changes_at=next_change_at(week, time_zone=zone, at=now, special_days=special_days),
    )
