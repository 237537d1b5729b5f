"""Staff's page of messages."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.api import Role
from apps.notifications.api import deliver_message, queue_message
from apps.notifications.errors import CarrierRefused
from apps.notifications.models import Message
from tests.factories.accounts import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(sms, now):
    message = queue_message(
        template="shipped",
        channel="sms",
        to="+8613800138000",
        language="en",
        context={"order_number": "X1", "carrier": "SF", "tracking_number": "SECRET-1"},
        dedupe_key="shipped:X1",
        now=now,
    )
    sms.trouble = CarrierRefused("isv.TROUBLE")
    return deliver_message(message_id=message.pk, now=now)


@pytest.fixture
def enter(settings):
    settings.MFA_REQUIRED_ROLES = []

    def as_role(role):
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        client.force_login(make_member(role))
        return client

    return as_role


def resend(client, message):
    url = reverse("admin:notifications_message_changelist")
    return client.post(url, {"action": "resend", "_selected_action": [message.pk]}, follow=True)


def test_shows_messages_without_recipient_and_contents(failed, enter):
    client = enter(Role.HQ_AUDITOR)

    for url in (
        reverse("admin:notifications_message_changelist"),
        reverse("admin:notifications_message_change", args=[failed.pk]),
    ):
        text = client.get(url).content.decode()
        assert "138****8000" in text
        assert "13800138000" not in text
        assert "SECRET-1" not in text


def test_an_operator_tries_a_failed_message_again(failed, enter):
    page = resend(enter(Role.HQ_OPERATOR), failed)

    assert "queued again" in page.content.decode()
    assert Message.objects.get().status == "QUEUED"


def test_an_auditor_cannot_and_nobody_edits(failed, enter):
    resend(enter(Role.HQ_AUDITOR), failed)
    operator = enter(Role.HQ_OPERATOR)

    assert Message.objects.get().status == "FAILED"
    assert operator.get(reverse("admin:notifications_message_add")).status_code == 403
    change = reverse("admin:notifications_message_change", args=[failed.pk])
    assert operator.post(change, {"status": "SENT"}).status_code == 403
