"""
What a world in the making passes by: the audit triggers, and nothing else.

Foreign keys, unique and check constraints, and every other trigger hold. The audit trail records who changed what;
nobody changed anything here, and an entry a row would triple what is written and make the seal of the day meaningless.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pgtrigger
from django.db import connection

AUDITED = (
    "accounts.User",
    "orders.CustomerOrder",
    "orders.SellerOrder",
    "orders.OrderItem",
    "orders.Fulfilment",
    "payments.Payment",
    "payments.Refund",
)


@contextmanager
def without_audit() -> Iterator[None]:
    """Pass the audit triggers of the tables above by, until the transaction that is open ends."""
    with pgtrigger.ignore(*(f"{label}:audit" for label in AUDITED)):
        with connection.cursor() as cursor:
            # The setting travels in front of statements, and COPY takes none: it stays with the transaction.
            cursor.execute("SELECT 1")
        yield
