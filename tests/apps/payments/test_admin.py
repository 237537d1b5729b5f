"""The admin reads, and acts through services only."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.api import Role
from apps.payments import api
from apps.payments.models import Payment, Refund
from apps.payments.ports import ProviderStatus
from tests.factories.accounts import make_member
from tests.factories.payments import make_captured_payment, make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(settings):
    settings.MFA_REQUIRED_ROLES = []

    def as_role(role):
        browser = Client(HTTP_ACCEPT_LANGUAGE="en")
        browser.force_login(make_member(role))
        return browser

    return as_role


def act(browser, table, action, row):
    return browser.post(
        reverse(f"admin:payments_{table}_changelist"), {"action": action, "_selected_action": [row.pk]}, follow=True
    )


@pytest.mark.parametrize("table", ["payment", "refund", "paymentevent"])
def test_pages_show_and_do_not_edit(gateway, enter, table, now):
    payment = make_captured_payment(gateway, now=now)
    with transaction.atomic():
        (refund,) = api.request_refund(
            order_number=payment.order_number,
            amount=None,
            reason=api.RefundReason.ORDER_CANCELLED,
            cause_key="c",
            by=None,
            now=now,
        )
    row = {"payment": payment, "refund": refund, "paymentevent": payment.events.get()}[table]
    browser = enter(Role.HQ_OPERATOR)

    listed = browser.get(reverse(f"admin:payments_{table}_changelist"))
    shown = browser.get(reverse(f"admin:payments_{table}_change", args=[row.pk]))

    assert (listed.status_code, shown.status_code) == (200, 200)
    assert b'name="_save"' not in shown.content
    assert browser.post(reverse(f"admin:payments_{table}_change", args=[row.pk]), {}).status_code == 403
    assert browser.post(reverse(f"admin:payments_{table}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert browser.get(reverse(f"admin:payments_{table}_add")).status_code == 403


def test_staff_may_ask_the_provider_now(gateway, enter):
    now = timezone.now() - timedelta(minutes=1)
    payment = make_payment(now=now)
    api.present_payment(payment_number=payment.number, now=now)
    gateway.pay(payment.number, at=now)

    act(enter(Role.HQ_OPERATOR), "payment", "query_provider", payment)

    assert Payment.objects.get().status == "CAPTURED"


def test_a_refusal_is_shown_and_changes_nothing(gateway, enter, now):
    payment = make_payment(now=now)
    gateway.is_silent = True

    page = act(enter(Role.HQ_OPERATOR), "payment", "query_provider", payment)

    assert payment.number in page.content.decode()
    assert Payment.objects.get().status == "PENDING"


def test_staff_may_retry_a_failed_refund(gateway, enter, now):
    make_captured_payment(gateway, now=now, order_number="S1")
    gateway.refunds_to = ProviderStatus.FAILED
    with transaction.atomic():
        (refund,) = api.request_refund(
            order_number="S1", amount=None, reason=api.RefundReason.ORDER_CANCELLED, cause_key="c", by=None, now=now
        )
    api.execute_refund(refund_number=refund.number, now=now)

    act(enter(Role.HQ_OPERATOR), "refund", "retry_refunds", refund)

    refund = Refund.objects.get()
    assert (refund.status, refund.round) == ("PENDING", 2)


def test_who_may_only_look_is_offered_no_action(gateway, enter, now):
    payment = make_payment(now=now)

    act(enter(Role.HQ_AUDITOR), "payment", "query_provider", payment)

    assert gateway.calls == []
