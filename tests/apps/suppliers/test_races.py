"""Two rules that meet at one supplier."""

from datetime import timedelta

import pytest

from apps.kernel.api import OutboxEvent
from apps.suppliers.api import block_supplier, lift_block
from tests.factories.dealers import make_supplier
from tests.races import meet

pytestmark = pytest.mark.django_db(transaction=True)
RULE = "expired:licence"


def told() -> int:
    return OutboxEvent.objects.filter(name="suppliers.status_changed.v1").count()


def test_two_blocks_at_once_tell_once_and_keep_since_when(now):
    supplier = make_supplier()
    key = {"organization_id": supplier.organization_id}

    again = meet(
        lambda: block_supplier(**key, reason=RULE, now=now),
        lambda: block_supplier(**key, reason="expired:brand", now=now + timedelta(minutes=1)),
    )

    supplier.refresh_from_db()
    assert (again, supplier.blocked_at, supplier.blocked_reason) == (False, now, "expired:brand")
    assert told() == 1


def test_two_that_lift_a_block_at_once_tell_once(now):
    supplier = make_supplier()
    key = {"organization_id": supplier.organization_id}
    block_supplier(**key, reason=RULE, now=now)

    assert meet(lambda: lift_block(**key, now=now), lambda: lift_block(**key, now=now)) is False
    assert told() == 2
