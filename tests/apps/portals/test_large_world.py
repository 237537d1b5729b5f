"""A large world, built small: its books close, it is the same every time, and it goes on where it stopped."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from apps.accounts.api import User
from apps.catalog.api import Offer
from apps.inventory.api import check_levels
from apps.orders.api import CustomerOrder, OrderStatus, access_order
from apps.portals.staff.demo_world import build_demo_world
from apps.portals.staff.large_world import Scale, build_large_world
from apps.portals.staff.large_world.closing import BooksDoNotClose, check_books, prove_books
from apps.portals.staff.large_world.people import email_of, phone_of

TINY = Scale(members=300, products=92, orders=600)
NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)


def test_the_world(transactional_db):
    """One test, since building is what takes the time."""
    told: list[str] = []
    build_demo_world(now=NOW, report=told.append)
    build_large_world(TINY, now=NOW, report=told.append)
    print("\n".join(told))
    assert set(check_books().values()) == {0}
