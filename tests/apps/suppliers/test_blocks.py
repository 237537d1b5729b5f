"""A rule keeps an approved supplier from new business, and only from that."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.kernel.api import OutboxEvent
from apps.suppliers.api import (
    Supplier,
    SupplierBlocked,
    SupplierStatus,
    UnknownSupplier,
    block_supplier,
    lift_block,
    may_sell,
    require_approved_supplier,
)
from tests.factories.dealers import make_supplier

pytestmark = pytest.mark.django_db
RULE = "expired:licence"


def test_a_block_names_its_rule_and_leaves_the_status(now):
    supplier = make_supplier()

    assert block_supplier(organization_id=supplier.organization_id, reason=RULE, now=now)

    supplier.refresh_from_db()
    assert (supplier.status, supplier.blocked_reason, supplier.blocked_at) == (SupplierStatus.APPROVED, RULE, now)
    with pytest.raises(SupplierBlocked) as refusal:
        require_approved_supplier(organization_id=supplier.organization_id)
    assert refusal.value.context["rule"] == RULE


def test_blocking_again_keeps_since_when_and_tells_once(now):
    supplier = make_supplier()
    block_supplier(organization_id=supplier.organization_id, reason=RULE, now=now)

    again = block_supplier(
        organization_id=supplier.organization_id, reason="expired:brand", now=now + timedelta(days=1)
    )

    supplier.refresh_from_db()
    assert (again, supplier.blocked_at, supplier.blocked_reason) == (False, now, "expired:brand")
    assert OutboxEvent.objects.filter(name="suppliers.status_changed.v1").count() == 1


def test_lifting_lets_it_sell_and_tells_once(now):
    supplier = make_supplier()
    block_supplier(organization_id=supplier.organization_id, reason=RULE, now=now)

    lifted = [lift_block(organization_id=supplier.organization_id, now=now) for _ in range(2)]

    assert lifted == [True, False]
    assert require_approved_supplier(organization_id=supplier.organization_id) == supplier
    assert OutboxEvent.objects.filter(name="suppliers.status_changed.v1").count() == 2


def test_only_approved_and_unblocked_suppliers_may_sell(now):
    free, blocked = make_supplier(), make_supplier()
    make_supplier(status=SupplierStatus.SUSPENDED)
    block_supplier(organization_id=blocked.organization_id, reason=RULE, now=now)

    assert list(Supplier.objects.filter(may_sell())) == [free]


def test_a_block_has_a_reason(now):
    supplier = make_supplier()
    with pytest.raises(IntegrityError), transaction.atomic():
        Supplier.objects.filter(pk=supplier.pk).update(blocked_at=now)


@pytest.mark.parametrize("act", [lambda **k: block_supplier(reason=RULE, **k), lift_block])
def test_refuses_an_organization_that_is_no_supplier(act, now):
    with pytest.raises(UnknownSupplier):
        act(organization_id=424242, now=now)
