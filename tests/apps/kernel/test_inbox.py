"""The inbox: a message is handled once per consumer."""

import pytest
from django.db import transaction

from apps.kernel.api import OutsideTransaction, inbox


@pytest.mark.django_db
def test_a_message_is_new_once_for_each_consumer(now):
    assert inbox.first_time(consumer="alipay", message_id="7", at=now)
    assert not inbox.first_time(consumer="alipay", message_id="7", at=now)
    assert inbox.first_time(consumer="wechatpay", message_id="7", at=now)


@pytest.mark.django_db
def test_a_handling_that_rolls_back_did_not_happen(now):
    def handle_and_fail():
        with transaction.atomic():
            inbox.first_time(consumer="alipay", message_id="7", at=now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        handle_and_fail()

    with transaction.atomic():
        assert inbox.first_time(consumer="alipay", message_id="7", at=now)


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_it_is_a_mistake(now):
    with pytest.raises(OutsideTransaction):
        inbox.first_time(consumer="alipay", message_id="7", at=now)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_first(now, race):
    def handle():
        with transaction.atomic():
            return inbox.first_time(consumer="alipay", message_id="7", at=now)

    assert sorted(race(*[handle] * 8)) == [False] * 7 + [True]


@pytest.mark.django_db(transaction=True)
def test_looking_before_noting_lets_several_be_first(now, race):
    """The control: ask first, then write, as one would without ON CONFLICT."""
    import threading

    from apps.kernel.models import InboxMessage

    everyone_has_looked = threading.Barrier(8)

    def handle():
        is_first = not InboxMessage.objects.filter(consumer="alipay", message_id="7").exists()
        everyone_has_looked.wait(timeout=20)
        return is_first

    assert race(*[handle] * 8) == [True] * 8
