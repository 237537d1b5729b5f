"""Blocking a dealer by a rule, and lifting it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.dealers.api import Dealer, UnknownDealer, block_dealer, lift_block, restore_dealer, suspend_dealer
from apps.kernel.models import OutboxEvent
from tests.factories.dealers import make_dealer

pytestmark = pytest.mark.django_db


@pytest.fixture
def dealer():
    return make_dealer()


def facts() -> list[dict]:
    return [event.payload for event in OutboxEvent.objects.filter(name="dealers.status_changed.v1").order_by("pk")]


def test_a_block_keeps_its_first_moment_and_takes_on_the_newest_reason(dealer, now):
    block_dealer(organization_id=dealer.organization_id, reason="expired:licence", now=now)
    block_dealer(
        organization_id=dealer.organization_id, reason="expired:brand authorization", now=now + timedelta(days=1)
    )

    dealer.refresh_from_db()
    assert (dealer.blocked_reason, dealer.blocked_at) == ("expired:brand authorization", now)
    assert [fact["is_blocked"] for fact in facts()] == [True]


def test_lifting_is_told_once(dealer, now):
    block_dealer(organization_id=dealer.organization_id, reason="expired:licence", now=now)
    for _ in range(2):
        lift_block(organization_id=dealer.organization_id, now=now)

    dealer.refresh_from_db()
    assert (dealer.blocked_reason, dealer.blocked_at) == ("", None)
    assert [fact["is_blocked"] for fact in facts()] == [True, False]


def test_suspending_and_restoring_are_told(dealer, now):
    suspend_dealer(organization_id=dealer.organization_id, reason="audit", by=None, now=now)
    restore_dealer(organization_id=dealer.organization_id, reason="passed", by=None, now=now)

    assert [fact["status"] for fact in facts()] == ["SUSPENDED", "APPROVED"]


def test_refuses_an_unknown_organization(now):
    for change in (
        lambda: block_dealer(organization_id=0, reason="x", now=now),
        lambda: lift_block(organization_id=0, now=now),
    ):
        with pytest.raises(UnknownDealer):
            change()


def test_the_database_refuses_a_block_without_a_reason(dealer, now):
    for values in ({"blocked_at": now}, {"blocked_reason": "licence"}):
        with pytest.raises(IntegrityError, match="dealers_a_block_has_a_reason"), transaction.atomic():
            Dealer.objects.filter(pk=dealer.pk).update(**values)
