"""Who gets a conversation, who is there, and what happens to those nobody takes."""

from datetime import timedelta

import pytest

from apps.accounts.api import OrganizationKind, OrganizationMember, Role
from apps.kernel.api import MoveNotAllowed
from apps.support import api, conf
from apps.support.errors import AgentFull, AgentNotFound
from tests.factories.accounts import make_company, make_member
from tests.factories.dealers import make_store
from tests.factories.support import begin, make_agent

pytestmark = pytest.mark.django_db


def visitor(number):
    return api.Visitor(secret=f"browser-{number}")


def test_goes_to_who_has_least_to_do_and_knows_the_topic(store, desk, ask, now):
    sales = make_agent(make_member(Role.DEALER_CLERK, store.dealer.organization), desk, now=now, topics=["SALES"])
    both = make_agent(make_member(Role.DEALER_CLERK, store.dealer.organization), desk, now=now)

    asked = [ask(visitor=visitor(1)), ask(visitor=visitor(2)), ask(visitor=visitor(3), topic=api.Topic.SERVICE)]

    assert [one.agent for one in asked] == [sales, both, both]
    assert [one.rule for one in api.Assignment.objects.order_by("pk")] == ["TURN"] * 3


def test_a_desk_answers_only_for_its_own_stores(store, desk, ask, now):
    other = make_store(dealer=store.dealer)
    make_agent(make_member(Role.DEALER_CLERK, store.dealer.organization), desk, now=now, stores=[other])

    assert ask().status == "WAITING"
    assert ask(store_id=other.pk).status == "ACTIVE"


def test_who_left_the_company_gets_nothing(agent, clerk, ask):
    clerk.memberships.update(is_active=False)

    assert ask().status == "WAITING"


def test_who_has_two_roles_at_headquarters_is_one_agent(now):
    house = make_company(OrganizationKind.HQ)
    operator = make_member(Role.HQ_OPERATOR, house)
    OrganizationMember.objects.create(user=operator, organization=house, role=Role.CMS_EDITOR)
    make_agent(operator, house.pk, now=now)

    assert [(one.user, one.follows) for one in api.list_agents(house.pk)] == [(operator, 0)]


def test_who_comes_back_gets_who_waits_longest_up_to_the_limit(store, desk, clerk, ask, now):
    waiting = [ask(visitor=visitor(number), now=now + timedelta(seconds=number)) for number in range(6)]
    assert {one.status for one in waiting} == {"WAITING"}

    api.set_available(organization_id=desk, is_available=True, by=clerk, now=now + timedelta(minutes=1))

    for one in waiting:
        one.refresh_from_db()
    assert [one.status for one in waiting] == ["ACTIVE"] * 4 + ["WAITING"] * 2


def test_a_closed_conversation_makes_room_for_the_next(agent, clerk, desk, ask, now):
    api.Agent.objects.update(most_open=1)
    first, second = ask(visitor=visitor(1)), ask(visitor=visitor(2))
    assert second.status == "WAITING"

    api.close_as_agent(reference=first.reference, organization_id=desk, by=clerk, now=now)

    second.refresh_from_db()
    assert second.status == "ACTIVE"
    with pytest.raises(MoveNotAllowed):
        api.close_as_agent(reference=first.reference, organization_id=desk, by=clerk, now=now)


def test_nobody_takes_more_than_they_can_follow(agent, clerk, desk, ask, now):
    api.Agent.objects.update(most_open=1)
    ask(visitor=visitor(1))
    second = ask(visitor=visitor(2))

    with pytest.raises(AgentFull):
        api.take_conversation(reference=second.reference, organization_id=desk, by=clerk, now=now)

    second.refresh_from_db()
    assert (second.status, second.agent) == ("WAITING", None)


def test_passes_on_to_a_colleague_and_to_nobody_else(agent, clerk, store, desk, ask, now):
    conversation = ask()
    colleague = make_agent(make_member(Role.DEALER_CLERK, store.dealer.organization), desk, now=now)
    elsewhere = make_store().dealer.organization
    stranger = make_agent(make_member(Role.DEALER_CLERK, elsewhere), elsewhere.pk, now=now)
    keys = {"reference": conversation.reference, "organization_id": desk, "by": clerk, "now": now}

    with pytest.raises(AgentNotFound):
        api.pass_on(agent_id=stranger.pk, **keys)
    api.pass_on(agent_id=colleague.pk, **keys)

    conversation.refresh_from_db()
    assert conversation.agent == colleague
    assert [row.rule for row in conversation.assignments.order_by("pk")] == ["TURN", "PASSED"]


def test_who_waits_too_long_has_left_a_message(ask, now):
    conversation = ask()

    assert api.leave_unanswered(now=now + conf.PATIENCE - timedelta(seconds=1)) == 0
    assert api.leave_unanswered(now=now + conf.PATIENCE) == 1
    assert api.leave_unanswered(now=now + conf.PATIENCE) == 0

    conversation.refresh_from_db()
    assert conversation.status == "TICKET"


def test_an_agent_is_of_the_own_desk_and_its_stores(agent, clerk, store, desk):
    foreign = make_store()

    with pytest.raises(AgentNotFound):
        api.set_agent(
            agent_id=agent.pk, organization_id=desk, topics=["SALES"], store_ids=[foreign.pk], most_open=2, by=clerk
        )
    api.set_agent(
        agent_id=agent.pk, organization_id=desk, topics=["SALES", "NONE"], store_ids=[store.pk], most_open=200, by=clerk
    )

    agent.refresh_from_db()
    assert (agent.topics, list(agent.stores.all()), agent.most_open) == (["SALES"], [store], 50)


def test_headquarters_desk_has_hours_of_its_own(now):
    house = make_company(OrganizationKind.HQ)
    week = {day: [["09:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    api.Desk.objects.create(organization=house, opening_hours=week)
    make_agent(make_member(Role.HQ_OPERATOR, house), house.pk, now=now)

    assert begin(now=now).status == "ACTIVE"
    late = now + timedelta(hours=12)
    api.Agent.objects.update(seen_at=late)
    assert begin(now=late).status == "TICKET"
