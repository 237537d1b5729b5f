"""A whole world, part by part; each part finds out by itself what of it is there already."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic

from django.db import connection

from apps.portals.staff.large_world.closing import close_books, prove_books
from apps.portals.staff.large_world.goods import write_products
from apps.portals.staff.large_world.history import Year, write_orders
from apps.portals.staff.large_world.numbers import ZONE
from apps.portals.staff.large_world.people import founding_anchor, write_members
from apps.portals.staff.large_world.scale import Scale

LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


def build_large_world(scale: Scale, *, now: datetime, report: Callable[[str], None]) -> None:
    """
    Write the world beside the demo world; what is there stays, what a crash left out is added.

    Everything lies before the midnight of the day on which the world was begun, Shanghai time.

    :raises BooksDoNotClose: if the rows contradict each other in the end
    """
    began = monotonic()

    def tell(text: str) -> None:
        report(f"[{monotonic() - began:6.1f} s] {text}")

    anchor = founding_anchor(scale) or now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    with _patience():
        write_products(scale, anchor=anchor, now=now, report=tell)
        members = write_members(scale, anchor=anchor, report=tell)
        write_orders(Year(scale, members, anchor), report=tell)
        close_books(report=tell)
        prove_books(report=tell)


@contextmanager
def _patience() -> Iterator[None]:
    """Let statements run as long as they take: limits are for people who wait for a page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(name) FROM unnest(%s) AS name", [list(LIMITS)])
        limits = [row[0] for row in cursor.fetchall()]
        for name in LIMITS:
            cursor.execute("SELECT set_config(%s, '0', false)", [name])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name, limit in zip(LIMITS, limits, strict=True):
                cursor.execute("SELECT set_config(%s, %s, false)", [name, limit])
