"""The outbox: recorded with the change, delivered once, in order, retried, buried, revived."""

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from apps.kernel.api import MoveNotAllowed, OutboxDelivery, OutboxEvent, OutsideTransaction, StatusChange, inbox, outbox
from apps.kernel.models import InboxMessage
from apps.kernel.outbox import delivery as delivery_module
from apps.kernel.outbox.delivery import MAX_ATTEMPTS, backoff, deliver_next
from tests.apps.kernel.lamps import LampLit

RACE = pytest.mark.django_db(transaction=True)


def record(lamp="hall", brightness=1, *, at):
    with transaction.atomic():
        return outbox.record(LampLit(lamp=lamp, brightness=brightness), at=at)


def statuses():
    return list(OutboxDelivery.objects.order_by("id").values_list("status", flat=True))


@pytest.mark.django_db
def test_record_numbers_the_facts_of_an_aggregate(now, listen):
    events = [record("hall", at=now), record("porch", at=now), record("hall", at=now)]

    assert [(event.aggregate, event.sequence) for event in events] == [
        ("tests:hall", 1),
        ("tests:porch", 1),
        ("tests:hall", 2),
    ]
    assert OutboxDelivery.objects.count() == 0


@pytest.mark.django_db
def test_record_writes_one_delivery_for_each_handler(now, listen):
    listen(lambda fact, *, event: None, "tests.one")
    listen(lambda fact, *, event: None, "tests.two")

    event = record(at=now)

    assert sorted(event.deliveries.values_list("handler", flat=True)) == ["tests.one", "tests.two"]


@RACE
def test_record_refuses_to_work_without_a_transaction(now):
    with pytest.raises(OutsideTransaction):
        outbox.record(LampLit(lamp="hall"), at=now)

    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
def test_record_refuses_anything_but_primitives(now):
    with pytest.raises(TypeError):
        record("hall", now, at=now)


@pytest.mark.django_db
def test_a_fact_vanishes_with_the_change_it_tells_of(now, listen):
    listen(lambda fact, *, event: None)

    def record_and_fail():
        with transaction.atomic():
            outbox.record(LampLit(lamp="hall"), at=now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        record_and_fail()

    assert not OutboxEvent.objects.exists()
    assert not OutboxDelivery.objects.exists()


@pytest.mark.django_db
def test_drain_of_one_aggregate_leaves_the_others(now, listen):
    seen = []
    listen(lambda fact, *, event: seen.append(fact.lamp))
    for lamp in ("porch", "hall", "hall"):
        record(lamp, at=now)

    assert outbox.drain(now=now, aggregate="tests:hall") == outbox.Drained(delivered=2, failed=0)

    assert seen == ["hall", "hall"]
    assert statuses() == ["PENDING", "DONE", "DONE"]


@pytest.mark.django_db
def test_drain_hands_over_the_fact_and_its_event(now, listen):
    seen = []
    listen(lambda fact, *, event: seen.append((fact, event.event_id, event.occurred_at)))
    event = record("hall", 7, at=now)

    assert outbox.drain(now=now) == outbox.Drained(delivered=1, failed=0)

    assert seen == [(LampLit(lamp="hall", brightness=7), event.event_id, now)]
    assert statuses() == ["DONE"]
    assert outbox.drain(now=now) == outbox.Drained()


@pytest.mark.django_db
def test_a_fact_of_a_newer_release_is_read_as_far_as_known(now, listen):
    seen = []
    listen(lambda fact, *, event: seen.append(fact))  # noqa: PLW0108 - append takes no event
    event = record("hall", at=now)
    event.payload["colour"] = "red"
    event.save()

    outbox.drain(now=now, strict=True)

    assert seen == [LampLit(lamp="hall")]


@pytest.mark.django_db
def test_drain_also_delivers_what_handlers_record(now, listen):
    def dim(fact, *, event):
        if fact.brightness > 1:
            outbox.record(LampLit(lamp=fact.lamp, brightness=fact.brightness - 1), at=event.occurred_at)

    listen(dim)
    record(brightness=4, at=now)

    assert outbox.drain(now=now).delivered == 4


@pytest.mark.django_db
def test_a_failing_handler_leaves_no_rows_and_is_tried_again_later(now, listen):
    def write_then_fail(fact, *, event):
        inbox.first_time(consumer="tests", message_id="1", at=now)
        raise RuntimeError("the lamp broke")

    listen(write_then_fail)
    record(at=now)

    assert outbox.drain(now=now) == outbox.Drained(delivered=0, failed=1)

    delivery = OutboxDelivery.objects.get()
    assert not InboxMessage.objects.exists()
    assert (delivery.status, delivery.attempts) == ("PENDING", 1)
    assert delivery.next_attempt_at == now + timedelta(seconds=1)
    assert delivery.last_error == "RuntimeError: the lamp broke"


@pytest.mark.django_db
def test_strict_draining_raises_the_handlers_error(now, listen):
    def fail(fact, *, event):
        raise RuntimeError("the lamp broke")

    listen(fail)
    record(at=now)

    with pytest.raises(RuntimeError, match="the lamp broke"):
        outbox.drain(now=now, strict=True)


@pytest.mark.django_db
def test_a_retry_holds_back_its_aggregate_and_nobody_else(now, listen):
    seen = []

    def fail_on_first(fact, *, event):
        if fact.brightness == 1:
            raise RuntimeError
        seen.append((fact.lamp, fact.brightness))

    listen(fail_on_first)
    record("hall", 1, at=now)
    record("hall", 2, at=now)
    record("porch", 3, at=now)

    outbox.drain(now=now)

    assert seen == [("porch", 3)]
    assert statuses() == ["PENDING", "PENDING", "DONE"]


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (40, 300)])
def test_backoff_doubles_up_to_five_minutes(attempts, seconds):
    assert backoff(attempts) == timedelta(seconds=seconds)


def exhaust(now):
    for attempt in range(MAX_ATTEMPTS):
        outbox.drain(now=now + attempt * timedelta(minutes=10))
    return now + MAX_ATTEMPTS * timedelta(minutes=10)


@pytest.mark.django_db
def test_after_ten_attempts_a_delivery_is_dead_and_the_next_gets_its_turn(now, listen):
    def fail_on_first(fact, *, event):
        if fact.brightness == 1:
            raise RuntimeError

    listen(fail_on_first)
    record("hall", 1, at=now)
    record("hall", 2, at=now)

    later = exhaust(now)
    outbox.drain(now=later)

    assert statuses() == ["DEAD", "DONE"]
    assert OutboxDelivery.objects.order_by("id").first().attempts == MAX_ATTEMPTS
    assert outbox.get_backlog(now=later) == outbox.Backlog(pending=0, oldest=timedelta(0), dead=1)


@pytest.mark.django_db
def test_replay_revives_a_dead_letter_and_names_who_did(now, listen, person):
    healthy = []

    def fail_until_healthy(fact, *, event):
        if not healthy:
            raise RuntimeError

    listen(fail_until_healthy)
    record(at=now)
    later = exhaust(now)
    healthy.append(True)

    dead = OutboxDelivery.objects.get()
    outbox.replay(delivery_id=dead.pk, by=person, now=later)
    outbox.drain(now=later)

    assert statuses() == ["DONE"]
    change = StatusChange.objects.get()
    assert (change.from_status, change.to_status, change.by) == ("DEAD", "PENDING", person)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["PENDING", "DONE"])
def test_replay_refuses_a_delivery_that_is_not_dead(now, listen, person, status):
    listen(lambda fact, *, event: None)
    record(at=now)
    OutboxDelivery.objects.update(status=status)

    with pytest.raises(MoveNotAllowed):
        outbox.replay(delivery_id=OutboxDelivery.objects.get().pk, by=person, now=now)

    assert statuses() == [status]
    assert not StatusChange.objects.exists()


@pytest.mark.django_db
def test_replay_dead_leaves_the_living_alone(now, listen, person):
    listen(lambda fact, *, event: None)
    ids = [record(at=now).deliveries.get().pk for _ in range(3)]
    OutboxDelivery.objects.filter(pk=ids[1]).update(status="DEAD")

    assert outbox.replay_dead(delivery_ids=ids, by=person, now=now) == 1
    assert statuses() == ["PENDING"] * 3


@RACE
def test_work_left_for_after_the_commit_is_done_in_the_end(now, listen):
    queued, broker_is_up = [], []

    def queue_task(fact, *, event):
        def send():
            if not broker_is_up:
                raise ConnectionError("the broker is down")
            queued.append(fact.lamp)

        transaction.on_commit(send)

    listen(queue_task)
    record(at=now)

    assert outbox.drain(now=now).failed == 1
    assert statuses() == ["PENDING"]
    broker_is_up.append(True)
    assert outbox.drain(now=now + timedelta(seconds=1)).delivered == 1

    assert queued == ["hall"]


@RACE
def test_an_error_at_commit_counts_as_a_failure(now, listen):
    def break_a_deferred_constraint(fact, *, event):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS once (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
            cursor.execute("INSERT INTO once VALUES (1), (1)")

    listen(break_a_deferred_constraint)
    record(at=now)

    assert outbox.drain(now=now).failed == 1
    assert statuses() == ["PENDING"]
    assert OutboxDelivery.objects.get().last_error.startswith("IntegrityError")


@RACE
def test_a_handler_that_loses_the_connection_is_tried_again(now, listen):
    def hang_up(fact, *, event):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    listen(hang_up)
    record(at=now)

    outcome = deliver_next(now=now)

    assert isinstance(outcome.error, OperationalError)
    delivery = OutboxDelivery.objects.get()
    assert (delivery.status, delivery.attempts) == ("PENDING", 1)


@pytest.mark.django_db
def test_a_handler_this_process_does_not_know_is_left_to_others(now, listen):
    listen(lambda fact, *, event: None)
    record(at=now)
    outbox.unsubscribe("tests.notice")

    assert outbox.drain(now=now) == outbox.Drained()
    assert statuses() == ["PENDING"]


@pytest.mark.django_db
def test_backlog_tells_the_age_of_the_oldest_waiting_fact(now, listen):
    listen(lambda fact, *, event: None)
    record(at=now)
    record("porch", at=now + timedelta(minutes=1))

    assert outbox.get_backlog(now=now + timedelta(minutes=5)) == outbox.Backlog(
        pending=2, oldest=timedelta(minutes=5), dead=0
    )


@pytest.mark.django_db
def test_purge_forgets_old_delivered_facts_only(now, listen):
    listen(lambda fact, *, event: None)
    old, young = record(at=now - timedelta(days=2)), record("porch", at=now)
    outbox.drain(now=now)
    waiting = record("attic", at=now - timedelta(days=2))

    assert outbox.purge_delivered(before=now - timedelta(days=1)) == 1
    assert set(OutboxEvent.objects.all()) == {young, waiting}
    assert not OutboxEvent.objects.filter(pk=old.pk).exists()


def test_a_handler_name_belongs_to_one_function(listen):
    listen(lambda fact, *, event: None)

    with pytest.raises(ValueError, match="belongs to"):

        @outbox.subscribe(LampLit, name="tests.notice")
        def another(fact, *, event):
            """Come too late."""


@pytest.mark.django_db
def test_drain_outbox_says_what_it_did(listen, now, capsys):
    listen(lambda fact, *, event: None)
    record(at=now)

    call_command("drain_outbox")

    assert "1 delivered, 0 failed" in capsys.readouterr().out


def deliver_everything(now):
    while deliver_next(now=now) is not None:
        pass


def record_many(now, lamps=6, facts=12):
    for brightness in range(1, facts + 1):
        for lamp in range(lamps):
            record(f"lamp{lamp}", brightness, at=now)


def run_two_relays(race, now):
    """Relays stop at an empty look; a straggler is delivered by the last drain."""
    errors = [result for result in race(*[lambda: deliver_everything(now)] * 3) if result is not None]
    deliver_everything(now)
    return errors


@RACE
def test_relays_deliver_each_fact_once_and_in_order(now, listen, race):
    seen, mutex = [], threading.Lock()

    def note(fact, *, event):
        with mutex:
            seen.append((fact.lamp, fact.brightness))

    listen(note)
    record_many(now)

    assert run_two_relays(race, now) == []

    assert len(seen) == len(set(seen)) == 72
    for lamp in range(6):
        assert [brightness for name, brightness in seen if name == f"lamp{lamp}"] == list(range(1, 13))


@RACE
def test_without_the_claims_guards_relays_deliver_twice_or_out_of_order(now, listen, race, monkeypatch):
    """The control: the same race with a claim that neither locks nor looks at older deliveries."""

    def claim_carelessly(now, aggregate):
        return OutboxDelivery.objects.filter(status="PENDING").order_by("id").first()

    monkeypatch.setattr(delivery_module, "_claim", claim_carelessly)
    seen, mutex = [], threading.Lock()

    def note(fact, *, event):
        with mutex:
            seen.append((fact.lamp, fact.brightness))

    listen(note)
    record_many(now)
    run_two_relays(race, now)

    assert len(seen) > len(set(seen))


@RACE
def test_a_younger_fact_cannot_overtake_an_older_one_that_commits_later(now, listen):
    """The second recorder of an aggregate gets its number only when the first has committed."""
    listen(lambda fact, *, event: None)
    order = []
    first_has_recorded, second_may_finish = threading.Event(), threading.Event()

    def second():
        first_has_recorded.wait(timeout=20)
        try:
            order.append(("second", record(brightness=2, at=now).sequence))
        finally:
            second_may_finish.set()
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        first = outbox.record(LampLit(lamp="hall", brightness=1), at=now)
        first_has_recorded.set()
        # The second is stuck behind our row; were it not, it would be through long before this returns.
        assert not second_may_finish.wait(timeout=0.5)
        order.append(("first", first.sequence))
    thread.join(timeout=20)

    assert order == [("first", 1), ("second", 2)]
