"""Writing messages down."""

import pytest
from django.db import connection, transaction

from apps.kernel.api import OutboxEvent
from apps.notifications.api import TEMPLATES, Channel, MessageStatus, queue_message
from apps.notifications.errors import ChannelNotOffered, ContextIncomplete, RecipientMissing, UnknownTemplate
from apps.notifications.models import Message
from apps.notifications.rendering import write

pytestmark = pytest.mark.django_db


def order(now, **changes):
    values = {
        "template": "shipped",
        "channel": "sms",
        "to": "13800138000",
        "language": "en",
        "context": {"order_number": "X1", "carrier": "SF", "tracking_number": "SF1"},
        "dedupe_key": "shipped:X1",
        "now": now,
    }
    return queue_message(**{**values, **changes})


def test_keeps_recipient_and_contents_sealed_and_tells_the_relay(now):
    message = order(now)

    assert (message.status, message.recipient, message.recipient_masked) == ("QUEUED", "+8613800138000", "138****8000")
    assert message.context["tracking_number"] == "SF1"
    with connection.cursor() as cursor:
        cursor.execute("SELECT recipient, context_json FROM notifications_message")
        assert "8000" not in cursor.fetchone()[0]
    assert [event.payload for event in OutboxEvent.objects.all()] == [{"message_id": message.pk}]


def test_the_same_key_never_makes_a_second_message(now):
    first = order(now)

    second = order(now, context={"order_number": "X1", "carrier": "other", "tracking_number": "other"})

    assert second == first
    assert Message.objects.get().context["carrier"] == "SF"
    assert OutboxEvent.objects.count() == 1


def test_disappears_with_the_transaction_of_its_cause(now):
    def fail():
        order(now)
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        fail()

    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "changes, refusal",
    [
        ({"template": "nonsense"}, UnknownTemplate),
        ({"context": {"order_number": "X1"}}, ContextIncomplete),
        ({"template": "sign_in_code", "channel": "email", "context": {"code": "1"}}, ChannelNotOffered),
        ({"to": ""}, RecipientMissing),
    ],
)
def test_refuses_what_could_not_be_sent_and_writes_nothing(changes, refusal, now):
    with pytest.raises(refusal):
        order(now, **changes)

    assert not Message.objects.exists()
    assert not OutboxEvent.objects.exists()


def test_an_unknown_language_reads_chinese(now):
    assert order(now, language="fr").language == "zh-hans"


def test_the_statuses_are_those_of_the_lifecycle():
    assert {status.value for status in MessageStatus} == {"QUEUED", "SENT", "FAILED", "WITHDRAWN"}


@pytest.mark.parametrize("name", list(TEMPLATES))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_message_has_its_words_and_its_carriers_code(name, language, settings):
    template = TEMPLATES[name]
    context = {key: f"<{key}>" for key in template.required | template.optional}

    written = write(template=name, language=language, context=context)

    assert written.subject
    in_english = {key for key in template.required if key.endswith("_en")}
    elsewhere = {key.removesuffix("_en") for key in in_english} if language == "en" else in_english
    for key in template.required - {"html"} - elsewhere:
        assert f"<{key}>" in written.subject + written.text
    if Channel.SMS in template.channels:
        assert set(settings.SMS_TEMPLATE_CODES[name]) == {"zh-hans", "en"}
        assert set(template.sms_params) <= template.required | template.optional
