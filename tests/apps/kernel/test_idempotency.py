"""Idempotency keys: worked on once, answered alike, taken over from the dead."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from apps.kernel.api import (
    Conflict,
    IdempotencyKeyInvalid,
    IdempotencyKeyReused,
    Money,
    RequestInProgress,
    Unavailable,
    idempotency,
)
from apps.kernel.idempotency import LEASE
from apps.kernel.models import IdempotencyKey

pytestmark = pytest.mark.django_db
RACE = pytest.mark.django_db(transaction=True)
NO_PATIENCE = timedelta(0)


class OutOfStock(Conflict):
    code = "out_of_stock"
    message = "Only %(left)s left."


class Work:
    """Counts how often it is done; answers with the count."""

    def __init__(self, answer=None):
        self.times = 0
        self.answer = answer

    def __call__(self):
        self.times += 1
        if self.answer is not None:
            return self.answer()
        return 201, {"order": f"X{self.times}"}


@pytest.fixture
def run(now):
    def run(work, *, key="k1", body="body", at=now, patience=NO_PATIENCE, scope="checkout:user:1"):
        return idempotency.run(scope=scope, key=key, fingerprint=body, now=at, work=work, patience=patience)

    return run


def refuse(error):
    def answer():
        raise error

    return answer


def test_replays_the_first_answer(run):
    work = Work()

    assert run(work) == (201, {"order": "X1"}, False)
    assert run(work) == (201, {"order": "X1"}, True)
    assert work.times == 1


def test_another_key_or_scope_is_another_request(run):
    work = Work()

    assert [run(work)[1], run(work, key="k2")[1], run(work, scope="checkout:user:2")[1]] == [
        {"order": "X1"},
        {"order": "X2"},
        {"order": "X3"},
    ]


def test_refuses_another_body_under_the_same_key(run):
    work = Work()
    run(work, body={"total": "1.00", "lines": [1, 2]})

    with pytest.raises(IdempotencyKeyReused):
        run(work, body={"total": "2.00", "lines": [1, 2]})

    assert run(work, body={"lines": [1, 2], "total": "1.00"})[2]
    assert work.times == 1


def test_a_refusal_is_an_answer_too(run):
    work = Work(refuse(OutOfStock(left=3, price=Money.of("1.00"))))
    body = {
        "code": "out_of_stock",
        "message": "Only 3 left.",
        "fields": {},
        "context": {"left": 3, "price": {"amount": "1.00", "currency": "CNY"}},
    }

    assert run(work) == (409, body, False)
    assert run(work) == (409, body, True)
    assert work.times == 1


def test_the_first_answer_reads_exactly_like_its_replay(run, now):
    work = Work(lambda: (200, {"b": Decimal("1.50"), "a": now, "c": (1, 2)}))

    first, replay = run(work), run(work)

    assert first[1] == replay[1]
    assert list(first[1]) == list(replay[1]) == ["b", "a", "c"]


def test_the_stored_answer_is_encrypted(run):
    from django.db import connection

    run(Work(lambda: (200, {"order_token": "a secret of the guest"})))

    with connection.cursor() as cursor:
        cursor.execute("SELECT response_body FROM kernel_idempotencykey")
        assert "secret" not in cursor.fetchone()[0]


@pytest.mark.parametrize("error", [RuntimeError("a bug"), Unavailable()])
def test_a_failure_keeps_nothing_and_gives_the_lease_back(run, error):
    with pytest.raises(type(error)):
        run(Work(refuse(error)))

    assert not IdempotencyKey.objects.exists()
    assert run(Work()) == (201, {"order": "X1"}, False)


def test_an_answer_of_500_is_passed_on_and_not_kept(run):
    assert run(Work(lambda: (502, {"code": "bad_gateway"}))) == (502, {"code": "bad_gateway"}, False)
    assert not IdempotencyKey.objects.exists()


def test_a_twin_of_a_running_request_is_told_so(run):
    work = Work()

    def ask_again_meanwhile():
        with pytest.raises(RequestInProgress):
            run(work)
        return 201, {}

    assert run(Work(ask_again_meanwhile)) == (201, {}, False)
    assert work.times == 0


def test_a_lease_of_the_dead_is_taken_over(run, now):
    """A process that died left its row STARTED: nobody gave it back."""
    IdempotencyKey.objects.create(
        scope="checkout:user:1",
        key="k1",
        fingerprint=idempotency._digest("body"),
        lease_ends_at=now + LEASE,
        created_at=now,
    )
    work = Work()

    with pytest.raises(RequestInProgress):
        run(work, at=now + LEASE - timedelta(seconds=1))
    assert run(work, at=now + LEASE) == (201, {"order": "X1"}, False)
    assert run(work, at=now + LEASE) == (201, {"order": "X1"}, True)


def test_who_comes_back_after_losing_the_lease_gets_the_heirs_answer(run, now):
    """The first holder was slow, not dead; its heir answered first."""

    def slow():
        assert run(lambda: (201, {"by": "the heir"}), at=now + LEASE)[2] is False
        return 201, {"by": "the slow one"}

    assert run(slow) == (201, {"by": "the heir"}, True)
    assert run(Work()) == (201, {"by": "the heir"}, True)


def test_a_slow_holders_failure_does_not_touch_its_heir(run, now):
    def slow():
        run(lambda: (201, {"by": "the heir"}), at=now + LEASE)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        run(slow)

    assert run(Work()) == (201, {"by": "the heir"}, True)


@pytest.mark.parametrize("key", ["", "k" * 201, "schlüssel", "a\nb", "a\0b"])
def test_refuses_a_key_nobody_could_send_again(run, key):
    with pytest.raises(IdempotencyKeyInvalid):
        run(Work(), key=key)

    assert not IdempotencyKey.objects.exists()


@RACE
def test_work_runs_outside_of_any_transaction(run):
    def look():
        from django.db import connection

        return 200, {"in_transaction": connection.in_atomic_block}

    assert run(look)[1] == {"in_transaction": False}


@RACE
def test_inside_a_transaction_it_is_a_mistake(run):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        run(Work())


def test_purge_forgets_old_keys(run, now):
    run(Work(), key="old", at=now - timedelta(days=3))
    run(Work(), key="young")

    assert idempotency.purge(before=now - timedelta(days=2)) == 1
    assert IdempotencyKey.objects.get().key == "young"


@RACE
def test_twins_are_worked_on_once_and_answered_alike(run, race):
    mutex, times = threading.Lock(), []

    def work():
        with mutex:
            times.append(1)
        return 201, {"order": f"X{len(times)}"}

    results = race(*[lambda: run(work, patience=timedelta(seconds=20))] * 8)

    assert len(times) == 1
    assert [result[:2] for result in results] == [(201, {"order": "X1"})] * 8
    assert sum(is_replay for _, _, is_replay in results) == 7


@RACE
def test_without_the_unique_row_twins_work_eight_times(run, race, monkeypatch):
    """The control: the same race with a claim that looks first and then believes what it saw."""
    everyone_has_looked, mutex, times = threading.Barrier(8), threading.Lock(), []

    def claim_carelessly(claim, *, now):
        row = IdempotencyKey.objects.filter(scope=claim.scope, key=claim.key).first()
        everyone_has_looked.wait(timeout=20)
        return (row, False) if row else (IdempotencyKey(pk=0, status="STARTED"), True)

    def work():
        with mutex:
            times.append(1)
        return 201, {}

    monkeypatch.setattr(idempotency, "_claim", claim_carelessly)
    race(*[lambda: run(work)] * 8)

    assert len(times) == 8


@pytest.fixture
def orphan(transactional_db, now):
    """A row whose holder died: its lease has just run out."""
    return IdempotencyKey.objects.create(
        scope="checkout:user:1",
        key="k1",
        fingerprint=idempotency._digest("body"),
        lease_ends_at=now,
        created_at=now - LEASE,
    )


@RACE
def test_of_several_heirs_one_takes_over(run, race, orphan):
    mutex, times = threading.Lock(), []

    def work():
        with mutex:
            times.append(1)
        return 201, {}

    results = race(*[lambda: run(work, patience=timedelta(seconds=20))] * 8)

    assert len(times) == 1
    assert sum(is_replay for _, _, is_replay in results) == 7


@RACE
def test_without_compare_and_set_every_heir_takes_over(run, race, orphan, monkeypatch):
    """The control: the same race when an expired lease is simply taken."""
    everyone_has_looked, mutex, times = threading.Barrier(8), threading.Lock(), []

    def take_over_carelessly(row, *, now):
        everyone_has_looked.wait(timeout=20)
        return True

    def work():
        with mutex:
            times.append(1)
        return 201, {}

    monkeypatch.setattr(idempotency, "_take_over", take_over_carelessly)
    race(*[lambda: run(work)] * 8)

    assert len(times) == 8
