"""What was refused is undone, and that it was tried is kept."""

from dataclasses import dataclass

import pytest
from django.db import IntegrityError, transaction

from apps.kernel.api import AuditEntry, Money, Refused, RefusedAttempt, attempts, audit
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


class TooLoud(Refused):
    """A refusal of a test."""

    code = "too_loud"


@dataclass(frozen=True)
class Wish:
    """What one may wish for."""

    name: str
    price: Money


@attempts.trailed("tests.shout", subject="wish.name", keeps=("wish.price", "volume", "nothing"))
def shout(*, wish, volume, by, now):
    make_user(email=f"ann{volume}@example.com")
    if volume > 10:
        raise TooLoud(fields={"volume": ["At most ten."]}, most=10)
    return wish.name


def test_what_goes_through_leaves_nothing(now):
    assert shout(wish=Wish("ann", Money.of("1.00")), volume=3, by=None, now=now) == "ann"
    assert not RefusedAttempt.objects.exists()


def test_a_refusal_undoes_everything_but_the_note_of_it(now, django_user_model):
    person = make_user()
    with pytest.raises(TooLoud), audit.acting(person.pk, impersonator=lambda: 77):
        shout(wish=Wish("ann\x00", Money.of("-1.00")), volume=11, by=person, now=now)

    assert not django_user_model.objects.filter(email__startswith="ann").exists()
    note = RefusedAttempt.objects.get()
    assert (note.action, note.subject, note.code, note.by, note.at) == ("tests.shout", "ann", "too_loud", person, now)
    assert note.asked == {"wish.price": {"amount": "-1.00", "currency": "CNY"}, "volume": 11}
    assert note.context == {"most": 10, "fields": {"volume": ["At most ten."]}}
    entry = AuditEntry.objects.get(table_name="kernel_refusedattempt", row_id=str(note.pk))
    assert (entry.operation, entry.actor_id, entry.impersonator_id) == ("INSERT", person.pk, 77)


def test_the_note_is_never_changed(now):
    with pytest.raises(TooLoud):
        shout(wish=Wish("ann", Money.of("1.00")), volume=11, by=None, now=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        RefusedAttempt.objects.update(code="fine")
    with pytest.raises(IntegrityError), transaction.atomic():
        RefusedAttempt.objects.all().delete()


def test_a_mistake_of_the_program_is_no_attempt(now):
    @attempts.trailed("tests.fail", subject="name")
    def fail(*, name, by, now):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail(name="x", by=None, now=now)
    assert not RefusedAttempt.objects.exists()
