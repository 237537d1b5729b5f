"""An agent who disappears leaves nobody waiting: their conversations go to the next one."""

from datetime import timedelta

import pytest

from apps.accounts.api import Role
from apps.support import api, conf
from apps.support.errors import NotYourConversation
from apps.support.states import NoteCode
from tests.factories.accounts import make_member
from tests.factories.support import make_agent
from tests.races import meet

pytestmark = pytest.mark.django_db
GONE = conf.ABSENCE + timedelta(seconds=1)


def notes(conversation):
    return list(conversation.messages.exclude(note="").order_by("seq").values_list("note", flat=True))


@pytest.fixture
def colleague(store, desk, now):
    return make_agent(make_member(Role.DEALER_CLERK, store.dealer.organization, display_name="小王"), desk, now=now)


def appear(colleague, at):
    """The colleague's page is heard of; the first agent's stays silent."""
    api.Agent.objects.filter(pk=colleague.pk).update(seen_at=at)


def test_the_next_agent_gets_what_one_who_disappeared_left(agent, colleague, clerk, ask, answer, desk, now):
    conversation = ask()
    assert conversation.agent == agent
    appear(colleague, now + GONE)

    assert api.release_absent(now=now + GONE) == 1
    assert api.release_absent(now=now + GONE) == 0

    conversation.refresh_from_db()
    assert (conversation.status, conversation.agent) == ("ACTIVE", colleague)
    assert notes(conversation) == [NoteCode.TAKEN, NoteCode.RELEASED, NoteCode.TAKEN]
    with pytest.raises(NotYourConversation):
        answer(conversation)
    answer(conversation, by=colleague.user)


def test_who_was_heard_of_three_minutes_ago_keeps_theirs(agent, colleague, ask, now):
    conversation = ask()
    appear(colleague, now + conf.ABSENCE)

    assert api.release_absent(now=now + conf.ABSENCE) == 0

    conversation.refresh_from_db()
    assert (conversation.agent, notes(conversation)) == (agent, [NoteCode.TAKEN])


def test_who_takes_a_break_keeps_theirs_while_the_page_is_open(agent, colleague, clerk, desk, ask, now):
    conversation = ask()
    api.set_available(organization_id=desk, is_available=False, by=clerk, now=now + GONE)

    assert api.release_absent(now=now + GONE) == 0

    conversation.refresh_from_db()
    assert conversation.agent == agent


def test_an_answer_is_a_sign_of_life(agent, colleague, ask, answer, now):
    conversation = ask()
    answer(conversation, now=now + conf.ABSENCE)

    assert api.release_absent(now=now + GONE) == 0

    conversation.refresh_from_db()
    assert conversation.agent == agent


def test_with_nobody_else_it_waits_then_is_a_message_left_and_who_comes_back_gets_it(agent, clerk, desk, ask, now):
    conversation = ask()

    assert api.leave_unanswered(now=now + GONE) == 0
    conversation.refresh_from_db()
    assert (conversation.status, conversation.agent, conversation.waiting_since) == ("WAITING", None, now + GONE)

    api.hear_of_agent(organization_id=desk, by=clerk, now=now + GONE + timedelta(seconds=30))
    conversation.refresh_from_db()
    assert (conversation.status, conversation.agent) == ("ACTIVE", agent)

    later = now + 2 * GONE + timedelta(seconds=30)
    api.leave_unanswered(now=later)
    assert api.leave_unanswered(now=later + conf.PATIENCE) == 1
    conversation.refresh_from_db()
    assert conversation.status == "TICKET"


def test_after_hours_it_is_a_message_left_at_once(agent, ask, now):
    conversation = ask()

    api.release_absent(now=now + timedelta(hours=14))

    conversation.refresh_from_db()
    assert (conversation.status, conversation.agent) == ("TICKET", None)
    assert notes(conversation) == [NoteCode.TAKEN, NoteCode.RELEASED, NoteCode.LEFT]


def test_what_was_answered_long_ago_stays_until_the_customer_writes_again(agent, colleague, ask, answer, say, now):
    conversation = ask()
    answer(conversation, now=now)
    long_after = now + conf.AFTERTHOUGHT + timedelta(seconds=1)
    appear(colleague, long_after)
    assert api.release_absent(now=now + conf.AFTERTHOUGHT) == 1, "the answer may have been 'one moment'"

    conversation.refresh_from_db()
    answer(conversation, by=colleague.user, now=long_after)
    idle = long_after + conf.AFTERTHOUGHT + timedelta(seconds=1)
    assert api.release_absent(now=idle) == 0
    say(conversation, "还有一个问题", now=idle)
    assert api.release_absent(now=idle) == 1


@pytest.mark.django_db(transaction=True)
def test_who_comes_back_at_that_moment_keeps_theirs(agent, colleague, clerk, desk, ask, now):
    conversation = ask()
    appear(colleague, now + GONE)

    released = meet(
        lambda: api.hear_of_agent(organization_id=desk, by=clerk, now=now + GONE),
        lambda: api.release_absent(now=now + GONE),
    )

    conversation.refresh_from_db()
    assert (released, conversation.agent, notes(conversation)) == (0, agent, [NoteCode.TAKEN])


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_release_it_once(agent, colleague, ask, now):
    conversation = ask()
    appear(colleague, now + GONE)

    second = meet(lambda: api.release_absent(now=now + GONE), lambda: api.release_absent(now=now + GONE))

    assert second == 0
    assert conversation.assignments.count() == 2
