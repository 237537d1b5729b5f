"""Sending, retrying, giving up."""

from datetime import timedelta
from itertools import pairwise
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend

from apps.kernel.api import MoveNotAllowed, OutboxEvent
from apps.notifications.api import deliver_message, list_inbox, list_waiting, queue_message, resend_message
from apps.notifications.errors import CarrierRefused, CarrierUnavailable, MessageForgotten
from apps.notifications.models import Message
from apps.notifications.policies import LEASE, MAX_ATTEMPTS, has_expired, mask_email, wait_after
from apps.notifications.states import MESSAGE
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def shipped(now):
    def make(channel="sms", to="+8613800138000", **fields):
        return queue_message(
            template="shipped",
            channel=channel,
            to=to,
            context={"order_number": "X1", "carrier": "顺丰", "tracking_number": "SF1"},
            dedupe_key=f"shipped:{Message.objects.count()}",
            now=now,
            **{"language": "zh-hans", **fields},
        )

    return make


@pytest.fixture
def code(now):
    return queue_message(
        template="sign_in_code",
        channel="sms",
        to="+8613800138000",
        language="zh-hans",
        context={"code": "123456"},
        dedupe_key="code:1",
        now=now,
    )


@pytest.fixture
def mail_trouble(monkeypatch):
    """Make the mail server fail with an error."""

    def fail(error):
        def send_messages(self, messages):
            raise error

        monkeypatch.setattr(EmailBackend, "send_messages", send_messages)

    return fail


def test_an_sms_goes_to_the_carrier_by_its_code(shipped, sms, now):
    message = deliver_message(message_id=shipped().pk, now=now)

    assert sms.sent == [
        ("+8613800138000", "SMS_100000007", {"order_number": "X1", "carrier": "顺丰", "tracking_number": "SF1"})
    ]
    assert (message.status, message.attempts, message.sent_at) == ("SENT", 1, now)
    assert message.carrier_reference == "receipt-1"
    assert message.context["carrier"] == "顺丰"
    assert [change.move for change in MESSAGE.history(message)] == ["send"]


def test_an_email_is_written_in_the_readers_language(shipped, now, mailoutbox):
    deliver_message(message_id=shipped("email", "li@example.com", language="en").pk, now=now)

    [letter] = mailoutbox
    assert (letter.to, letter.subject) == (["li@example.com"], "Order X1 is on its way")
    assert "顺丰" in letter.body


def test_the_inbox_needs_no_carrier(shipped, now):
    user = make_user()
    message = shipped("inbox", str(user.pk), user_id=user.pk)

    assert deliver_message(message_id=message.pk, now=now).status == "SENT"
    assert [item.subject for item in list_inbox(user)] == ["订单 X1 已发货"]
    assert list_inbox(make_user()) == []


def test_a_secret_is_forgotten_once_it_is_sent(code, sms, now):
    message = deliver_message(message_id=code.pk, now=now)

    assert sms.code_for("+8613800138000") == "123456"
    message.refresh_from_db()
    assert message.context_json is None


def test_a_code_that_no_longer_works_is_not_sent(code, sms, now):
    message = deliver_message(message_id=code.pk, now=now + timedelta(minutes=5))

    assert (message.status, message.last_error, message.context_json) == ("FAILED", "expired", None)
    assert sms.sent == []


def test_nothing_is_sent_twice(shipped, sms, now):
    message = shipped()
    deliver_message(message_id=message.pk, now=now)

    assert deliver_message(message_id=message.pk, now=now + timedelta(days=1)) is None
    assert len(sms.sent) == 1


def test_while_one_process_is_at_it_others_keep_off_and_take_over_when_it_died(shipped, sms, now):
    message = shipped()
    # As a process leaves it that dies between the carrier's answer and its note.
    Message.objects.filter(pk=message.pk).update(attempts=1, next_attempt_at=now + LEASE)

    assert deliver_message(message_id=message.pk, now=now + LEASE - SECOND) is None
    assert deliver_message(message_id=message.pk, now=now + LEASE).status == "SENT"


def test_a_carrier_that_is_down_is_tried_again_later_and_later(shipped, sms, now):
    message = shipped()
    sms.trouble = CarrierUnavailable("isp.SYSTEM_ERROR")
    moments = [now]
    for _ in range(3):
        current = deliver_message(message_id=message.pk, now=moments[-1])
        assert (current.status, current.last_error) == ("QUEUED", "isp.SYSTEM_ERROR")
        moments.append(current.next_attempt_at)
    sms.trouble = None

    assert list_waiting(now=moments[-1] - SECOND) == []
    assert list_waiting(now=moments[-1]) == [(message.pk, "default")]
    assert deliver_message(message_id=message.pk, now=moments[-1]).status == "SENT"
    waits = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    assert waits == [15, 30, 60]


def test_gives_up_after_the_last_try_and_staff_can_start_over(shipped, sms, now):
    message = shipped()
    sms.trouble = CarrierUnavailable("down")
    moment = now
    for _ in range(MAX_ATTEMPTS):
        current = deliver_message(message_id=message.pk, now=moment)
        moment = current.next_attempt_at
    assert (current.status, current.attempts) == ("FAILED", MAX_ATTEMPTS)
    facts = OutboxEvent.objects.count()
    sms.trouble = None

    resend_message(message_id=message.pk, by=make_user(), now=moment)

    assert OutboxEvent.objects.filter(name="notifications.message_queued.v1").count() == 2
    assert facts == 1
    assert deliver_message(message_id=message.pk, now=moment).status == "SENT"


def test_a_final_refusal_is_not_repeated(shipped, sms, now):
    sms.trouble = CarrierRefused("isv.MOBILE_NUMBER_ILLEGAL")

    message = deliver_message(message_id=shipped().pk, now=now)

    assert (message.status, message.attempts, message.last_error) == ("FAILED", 1, "isv.MOBILE_NUMBER_ILLEGAL")


@pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), ConnectionRefusedError(), TimeoutError()])
def test_a_mail_server_that_is_down_delays_the_letter(error, shipped, mail_trouble, now):
    mail_trouble(error)

    message = deliver_message(message_id=shipped("email", "li@example.com").pk, now=now)

    assert (message.status, message.last_error) == ("QUEUED", type(error).__name__)


def test_a_recipient_the_mail_server_refuses_is_not_tried_again(shipped, mail_trouble, now):
    mail_trouble(SMTPRecipientsRefused({"li@example.com": (550, b"no such user")}))

    message = deliver_message(message_id=shipped("email", "li@example.com").pk, now=now)

    assert message.status == "FAILED"
    assert "li@example.com" not in message.last_error


def test_only_a_failed_message_with_contents_can_be_resent(shipped, code, sms, now):
    message = shipped()
    with pytest.raises(MoveNotAllowed):
        resend_message(message_id=message.pk, by=None, now=now)
    deliver_message(message_id=code.pk, now=now + timedelta(hours=1))

    with pytest.raises(MessageForgotten):
        resend_message(message_id=code.pk, by=None, now=now)

    assert Message.objects.get(pk=code.pk).status == "FAILED"


def test_waits_double_up_to_an_hour():
    assert [wait_after(n).total_seconds() for n in (1, 2, 3, 9, 50)] == [15, 30, 60, 3600, 3600]


def test_a_message_without_end_never_expires(now):
    assert not has_expired(None, now)
    assert has_expired(now, now)


@pytest.mark.parametrize(
    "address, shown", [("consumer@demo.example", "co***@demo.example"), ("a@b", "a***@b"), ("nonsense", "***")]
)
def test_hides_most_of_an_address(address, shown):
    assert mask_email(address) == shown
