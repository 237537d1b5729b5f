"""Lifecycles: the row decides, under a lock, and every move leaves a trace."""

import pytest
from django.db import transaction

from apps.kernel.api import Lifecycle, MoveNotAllowed, OutboxDelivery, OutsideTransaction, StatusChange, outbox
from tests.apps.kernel.lamps import LampLit

RACE = pytest.mark.django_db(transaction=True)
LAMP = Lifecycle(
    name="tests.lamp",
    moves={"finish": ({"PENDING"}, "DONE"), "break": ({"PENDING", "DONE"}, "DEAD"), "mend": ({"DEAD"}, "PENDING")},
)


@pytest.fixture
def lamp(now, listen, db):
    """A row with a status, PENDING."""
    listen(lambda fact, *, event: None)
    with transaction.atomic():
        outbox.record(LampLit(lamp="hall"), at=now)
    return OutboxDelivery.objects.get()


def test_a_move_changes_the_status_and_leaves_a_trace(lamp, now, person):
    with transaction.atomic():
        assert LAMP.move(lamp, "break", by=person, at=now, reason="it fell") is lamp

    lamp.refresh_from_db()
    change = LAMP.history(lamp).get()
    assert lamp.status == "DEAD"
    assert (change.move, change.from_status, change.to_status) == ("break", "PENDING", "DEAD")
    assert (change.by, change.at, change.reason) == (person, now, "it fell")
    assert (change.object_label, change.object_id) == ("kernel.outboxdelivery", str(lamp.pk))


def test_a_refused_move_changes_nothing_and_says_why(lamp, now):
    with pytest.raises(MoveNotAllowed) as refused, transaction.atomic():
        LAMP.move(lamp, "mend", by=None, at=now)

    assert refused.value.context == {"lifecycle": "tests.lamp", "move": "mend", "status": "PENDING"}
    assert lamp.status == "PENDING"
    lamp.refresh_from_db()
    assert lamp.status == "PENDING"
    assert not StatusChange.objects.exists()


def test_the_row_decides_not_the_copy_in_memory(lamp, now):
    OutboxDelivery.objects.filter(pk=lamp.pk).update(status="DONE")

    with pytest.raises(MoveNotAllowed), transaction.atomic():
        LAMP.move(lamp, "finish", by=None, at=now)

    assert not StatusChange.objects.exists()


def test_a_move_saves_nothing_but_the_status(lamp, now):
    lamp.handler = "not saved"

    with transaction.atomic():
        LAMP.move(lamp, "finish", by=None, at=now)

    assert lamp.handler == "not saved"
    lamp.refresh_from_db()
    assert lamp.handler == "tests.notice"


@RACE
def test_a_move_outside_of_a_transaction_is_a_mistake(lamp, now):
    with pytest.raises(OutsideTransaction):
        LAMP.move(lamp, "finish", by=None, at=now)


def test_an_unknown_move_is_a_mistake(lamp, now):
    with pytest.raises(KeyError), transaction.atomic():
        LAMP.move(lamp, "polish", by=None, at=now)


def test_history_lists_the_moves_oldest_first(lamp, now):
    with transaction.atomic():
        for move in ("finish", "break", "mend"):
            LAMP.move(lamp, move, by=None, at=now)

    assert [change.move for change in LAMP.history(lamp)] == ["finish", "break", "mend"]


def test_possible_lists_what_may_be_offered(lamp):
    assert LAMP.possible(lamp) == ["finish", "break"]
    assert LAMP.can(lamp, "finish")
    assert not LAMP.can(lamp, "mend")


def test_diagram_draws_the_table():
    assert LAMP.diagram().splitlines() == [
        "stateDiagram-v2",
        "    PENDING --> DONE: finish",
        "    DONE --> DEAD: break",
        "    PENDING --> DEAD: break",
        "    DEAD --> PENDING: mend",
    ]


def finish(lamp, now):
    with transaction.atomic():
        LAMP.move(OutboxDelivery.objects.get(pk=lamp.pk), "finish", by=None, at=now)
    return "moved"


@RACE
def test_of_many_at_once_one_moves(lamp, now, race):
    results = race(*[lambda: finish(lamp, now)] * 8)

    assert results.count("moved") == 1
    assert sum(isinstance(result, MoveNotAllowed) for result in results) == 7
    assert StatusChange.objects.count() == 1


@RACE
def test_without_the_lock_several_move(lamp, now, race, monkeypatch):
    """The control: the same race when the status is read without a lock, at a moment all have read it."""
    import threading

    everyone_has_read = threading.Barrier(8)
    unlocked = OutboxDelivery._base_manager.all()
    monkeypatch.setattr(
        type(OutboxDelivery._base_manager.all()), "select_for_update", lambda self, **options: self, raising=True
    )
    read = type(unlocked).get

    def get_together(self, *args, **kwargs):
        row = read(self, *args, **kwargs)
        if row.get_deferred_fields():
            everyone_has_read.wait(timeout=20)
        return row

    monkeypatch.setattr(type(unlocked), "get", get_together)

    results = race(*[lambda: finish(lamp, now)] * 8)

    assert results.count("moved") == 8
