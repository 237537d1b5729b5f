"""Order, numbers and free hands under real threads. Each has a control: without its guard it goes wrong."""

import threading
from collections import Counter
from contextlib import suppress
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

from apps.accounts.api import Role
from apps.support import api, conf
from apps.support.models import Conversation
from apps.support.services import assigning, opening, talking
from tests import races
from tests.factories.accounts import make_member
from tests.factories.dealers import make_store
from tests.factories.support import BROWSER, begin, make_agent

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"),
]
WRITERS, EACH = 8, 10
# A control may die of the constraint behind the guard.
race = partial(races.race, keeps_errors=True, seconds=30)


@pytest.fixture
def conversation(transactional_db, now, monkeypatch):
    monkeypatch.setattr(conf, "MOST_A_MINUTE", 10_000)
    store = make_store()
    make_agent(make_member(Role.DEALER_CLERK, store.dealer.organization), store.dealer.organization_id, now=now)
    return begin(now=now, store_id=store.pk)


def writing(conversation, now, writer):
    def work():
        return [
            api.say_as_visitor(
                reference=conversation.reference,
                visitor=BROWSER,
                text=f"{writer}:{number}",
                sent_as=uuid4(),
                now=now,
            ).seq
            for number in range(EACH)
        ]

    return work


def test_a_reader_who_asks_from_the_last_number_misses_and_doubles_nothing(conversation, now):
    done = threading.Event()

    def read():
        seen, last = [], conversation.last_seq
        while True:
            is_last_look = done.is_set()
            found = api.list_messages(conversation, after=last)
            seen += [said.seq for said in found]
            last = seen[-1] if seen else last
            if is_last_look and not found:
                return seen

    def write_all():
        results = race(*(writing(conversation, now, writer) for writer in range(WRITERS)))
        done.set()
        return results

    read_seqs, written = race(read, write_all)

    first = conversation.last_seq + 1
    assert read_seqs == list(range(first, first + WRITERS * EACH))
    assert sorted(seq for one in written for seq in one) == read_seqs
    for writer in range(WRITERS):
        own = [said.text for said in api.list_messages(conversation) if said.text.startswith(f"{writer}:")]
        assert own == [f"{writer}:{number}" for number in range(EACH)]


def test_control_without_the_row_lock_two_messages_get_one_number(conversation, now, monkeypatch):
    gate = threading.Barrier(2)

    def look_only(found):
        unlocked = Conversation.objects.get(pk=found.pk)
        gate.wait(timeout=20)
        return unlocked

    monkeypatch.setattr(talking, "lock_conversation", look_only)
    monkeypatch.setattr(
        talking.Conversation,
        "save",
        lambda self, **_: Conversation.objects.filter(pk=self.pk).update(last_at=self.last_at),
    )

    def one():
        return api.say_as_visitor(
            reference=conversation.reference, visitor=BROWSER, text="在", sent_as=uuid4(), now=now
        ).seq

    results = race(one, one)

    assert sum(isinstance(result, Exception) for result in results) == 1, "only the constraint stood in the way"


def test_the_same_message_sent_ten_times_at_once_is_one(conversation, now):
    sent_as = uuid4()

    def send():
        return api.say_as_visitor(
            reference=conversation.reference, visitor=BROWSER, text="在吗", sent_as=sent_as, now=now
        ).seq

    results = race(*[send] * 10)

    assert len(set(results)) == 1
    assert api.Message.objects.filter(sent_as=sent_as).count() == 1


def test_control_without_lock_and_constraint_it_doubles(conversation, now, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE support_message DROP CONSTRAINT support_sent_once")
        cursor.execute("ALTER TABLE support_message DROP CONSTRAINT support_one_message_of_a_number")
    gate, lock = threading.Barrier(2), talking.lock_conversation

    def look_first(found):
        unlocked = Conversation.objects.get(pk=found.pk)
        gate.wait(timeout=20)
        return unlocked

    sent_as = uuid4()
    assert lock is talking.lock_conversation
    monkeypatch.setattr(talking, "lock_conversation", look_first)
    seen = talking.Message.objects.filter(sent_as=sent_as)
    meet = threading.Barrier(2)

    def tell_late(found):
        meet.wait(timeout=20)

    monkeypatch.setattr(talking.Conversation, "save", lambda self, **_: None)
    monkeypatch.setattr(talking, "tell", tell_late)

    def send():
        return api.say_as_visitor(
            reference=conversation.reference, visitor=BROWSER, text="在吗", sent_as=sent_as, now=now
        ).seq

    race(send, send)

    assert seen.count() == 2


def test_many_who_ask_at_once_fill_the_free_hands_and_no_more(transactional_db, now):
    store = make_store()
    for _ in range(2):
        clerk = make_member(Role.DEALER_CLERK, store.dealer.organization)
        make_agent(clerk, store.dealer.organization_id, now=now, most_open=3)

    asked = ask_at_once(store, now)

    assert Counter(one.status for one in asked) == {"ACTIVE": 6, "WAITING": 4}
    assert sorted(Counter(one.agent_id for one in asked if one.agent_id).values()) == [3, 3]


def test_control_without_the_agents_locks_somebody_gets_too_many(transactional_db, now, monkeypatch):
    store = make_store()
    clerk = make_member(Role.DEALER_CLERK, store.dealer.organization)
    make_agent(clerk, store.dealer.organization_id, now=now, most_open=1)
    gate, choose = threading.Barrier(10), assigning.choose_agent

    class Unlocked:
        """Agents read without their locks."""

        objects = api.Agent.objects

        def __getattr__(self, name):
            return getattr(api.Agent, name)

    def choose_together(candidates, **asked):
        gate.wait(timeout=20)
        return choose(candidates, **asked)

    manager = api.Agent.objects
    monkeypatch.setattr(type(manager.all()), "select_for_update", lambda self, **_: self)
    monkeypatch.setattr(assigning, "choose_agent", choose_together)

    asked = ask_at_once(store, now)

    assert Counter(one.status for one in asked) == {"ACTIVE": 10}


def ask_at_once(store, now):
    visitors = [api.Visitor(secret=f"browser-{number}") for number in range(10)]
    results = race(*(lambda who=who: begin(now=now, store_id=store.pk, visitor=who).pk for who in visitors))
    assert all(isinstance(result, int) for result in results), results
    return list(Conversation.objects.all())


def test_one_browser_that_begins_many_at_once_stays_below_the_limit(transactional_db, now):
    store = make_store()

    results = race(*[lambda: begin(now=now, store_id=store.pk).pk] * 8)

    assert results.count("too_many_conversations") == 8 - conf.MOST_OPEN
    assert Conversation.objects.count() == conf.MOST_OPEN


def test_control_without_the_visitor_s_lock_it_does_not(transactional_db, now, monkeypatch):
    store = make_store()
    gate, find = threading.Barrier(8), opening._desk_of

    def find_together(found):
        gate.wait(timeout=20)
        return find(found)

    monkeypatch.setattr(opening, "_lock_visitor", lambda visitor: None)
    monkeypatch.setattr(opening, "_desk_of", find_together)

    race(*[lambda: begin(now=now, store_id=store.pk).pk] * 8)

    assert Conversation.objects.count() == 8


def test_two_who_come_to_work_at_the_same_moment_do_not_wait_for_each_other(transactional_db, now, monkeypatch):
    store = make_store()
    desk = store.dealer.organization_id
    agents = [
        make_agent(make_member(Role.DEALER_CLERK, store.dealer.organization), desk, now=now, is_available=False)
        for _ in range(2)
    ]
    for number in range(2):
        begin(now=now, store_id=store.pk, visitor=api.Visitor(secret=f"browser-{number}"))
    come_together(monkeypatch)

    results = race(*(coming(agent, desk, now) for agent in agents))

    assert results == [agent.pk for agent in agents]
    assert {one.status for one in Conversation.objects.all()} == {"ACTIVE"}


def test_control_without_one_order_of_locks_one_of_them_fails(transactional_db, now, monkeypatch):
    store = make_store()
    desk = store.dealer.organization_id
    agents = [
        make_agent(make_member(Role.DEALER_CLERK, store.dealer.organization), desk, now=now, is_available=False)
        for _ in range(2)
    ]
    for number in range(2):
        begin(now=now, store_id=store.pk, visitor=api.Visitor(secret=f"browser-{number}"))
    come_together(monkeypatch)
    lock, first = assigning.lock_agents, threading.local()

    def lock_only_to_choose(organization_id):
        if not hasattr(first, "seen"):
            first.seen = True
            return []
        return lock(organization_id)

    monkeypatch.setattr(assigning, "lock_agents", lock_only_to_choose)

    results = race(*(coming(agent, desk, now) for agent in agents))

    assert sum("deadlock" in str(result) for result in results) == 1


def coming(agent, desk, now):
    return lambda: api.set_available(organization_id=desk, is_available=True, by=agent.user, now=now).pk


def come_together(monkeypatch):
    """Hold whoever has touched their own row until the other has, too, or is seen not to get there."""
    gate, arrive = threading.Barrier(2), assigning.open_desk

    def arrive_together(**keys):
        agent = arrive(**keys)
        with suppress(threading.BrokenBarrierError):
            gate.wait(timeout=2)
        return agent

    monkeypatch.setattr(assigning, "open_desk", arrive_together)
