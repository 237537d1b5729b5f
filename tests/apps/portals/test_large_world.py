"""A large world, built small: its books close, it is the same every time, and it goes on where it stopped."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from apps.accounts.api import User
from apps.catalog.api import Offer, ProductQuery, search_products
from apps.kernel.api import AuditEntry, Money
from apps.orders.api import CustomerOrder, Fulfilment, FulfilmentStatus, OrderStatus
from apps.portals.staff.large_world import Scale, build_large_world, history
from apps.portals.staff.large_world.closing import CHECKS, BooksDoNotClose, check_books, prove_books
from apps.portals.staff.large_world.families import parts_of, reference
from apps.portals.staff.large_world.people import email_of, phone_of
from apps.portals.staff.large_world.sales import included_tax
from apps.portals.staff.large_world.seasons import shares, spread, weight_of
from tests.plugins import database

TINY = Scale(members=300, products=92, orders=420)
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
WORLD = {
    "orders_customerorder": "number, status, method, total, paid, refunded, created_at, placed_at, ended_at, city",
    "payments_payment": "number, order_number, tender, provider, amount, status, paid_at",
    "inventory_movement": "cause, kind, quantity, at",
    "accounts_user": "email, phone_index, display_name, language, date_joined",
}
ONE_MORE = "UPDATE orders_customerorder SET paid = paid + %s WHERE paid > 0 AND refunded = 0 AND status = 'COMPLETED'"


def picture() -> list[list[tuple]]:
    """What there is of the world, without the numbers of rows."""
    with connection.cursor() as cursor:
        found = []
        for table, columns in WORLD.items():
            cursor.execute(f"SELECT {columns} FROM {table}")
            found.append(sorted(cursor.fetchall(), key=str))
        return found


def rows_written() -> int:
    """How many rows this database ever inserted, changed and deleted; its neighbours do not count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT tup_inserted + tup_updated + tup_deleted FROM pg_stat_database WHERE datname = current_database()"
        )
        return cursor.fetchone()[0]


def build(now: datetime = NOW) -> list[str]:
    told: list[str] = []
    build_large_world(TINY, now=now, report=told.append)
    return told


@pytest.fixture(scope="module")
def world(seeded_database, clone_database, django_db_blocker, django_db_setup):
    """A world of its own beside the demo's, built once for these tests; whoever writes to it puts it back."""
    from django.conf import settings

    name, before = clone_database(seeded_database), settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        database.use(name)
        build()
        yield name
        database.use(before)


def test_its_books_close_and_stock_is_true(world):
    assert check_books() == dict.fromkeys(CHECKS, 0)
    output = StringIO()
    call_command("check_stock", stdout=output)


def test_it_has_what_it_promises(world):
    orders = CustomerOrder.objects.filter(created_at__lt=NOW)
    statuses = set(orders.values_list("status", flat=True))

    assert User.objects.filter(phone_index__isnull=False, email__endswith="@member.example").count() >= 250
    assert Offer.objects.filter(sku__startswith="LW-").values("product").distinct().count() == TINY.products
    assert orders.count() == TINY.orders
    assert {OrderStatus.COMPLETED, OrderStatus.EXPIRED} <= statuses
    assert orders.filter(items__kind="vehicle").exists()
    assert orders.filter(items__kind="package").exists()
    assert search_products(ProductQuery(q="刹车片")).count


def test_nobody_waits_for_a_sweep(world):
    """What beat would act on: no order awaits its payment, and nothing waits long beyond its time to be accepted."""
    assert not CustomerOrder.objects.filter(status=OrderStatus.AWAITING_PAYMENT).exists()
    overdue = Fulfilment.objects.filter(status=FulfilmentStatus.PENDING, sla_due_at__lt=NOW - timedelta(hours=10))
    assert not overdue.exists()


def test_personal_data_is_real_ciphertext(world):
    member = User.objects.get(email=email_of(3))
    order = CustomerOrder.objects.filter(method="delivery", user__isnull=False).order_by("pk").first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_user WHERE id = %s", [member.pk])
        stored = cursor.fetchone()[0]

    assert member.phone == phone_of(3)
    assert phone_of(3) not in stored
    assert User.objects.get_by_phone(phone_of(3)) == member
    assert order.recipient_phone.startswith("+861990")
    assert order.address_line.endswith("室")


def test_the_first_members_may_look_around(world):
    browser = Client()

    assert User.objects.get(email=email_of(0)).check_password(reference("accounts")["password"])
    assert not User.objects.get(email=email_of(50)).has_usable_password()
    assert browser.get("/").status_code == 200


def test_a_second_start_writes_nothing(world):
    before, written = picture(), rows_written()

    told = build(now=LATER)

    assert picture() == before
    assert [line.partition("] ")[2] for line in told] == [
        "products: all there",
        "members: all there",
        "orders: all there",
        "books: closed before",
        f"books: {len(CHECKS)} rules hold",
    ]
    assert rows_written() - written < 200


def test_no_audit_entry_was_written_for_the_crowd(world):
    entries = AuditEntry.objects.filter(table_name="orders_customerorder")
    # The order of the demo's own buyer went the way of every order.
    own = CustomerOrder.objects.get(user__email="consumer2@demo.example")
    assert set(entries.values_list("row_id", flat=True)) == {str(own.pk)}


def test_a_broken_book_is_noticed(world):
    """The control: one fen more in one row, and the proof fails."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_MORE, ["0.01"])
        changed = cursor.rowcount
    try:
        assert changed
        with pytest.raises(BooksDoNotClose, match="paid = captured"):
            prove_books(report=print)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(ONE_MORE, ["-0.01"])
    prove_books(report=print)


def test_one_that_stopped_half_way_goes_on_to_the_same_world(world, seeded_database, clone_database, monkeypatch):
    """Weeks are drawn one by one: a world that was stopped in the middle and goes on three days later is the same."""
    whole = picture()
    write_week, weeks = history._write_week, []

    def stopping(year, number, week):
        if len(weeks) == 20:
            raise KeyboardInterrupt
        weeks.append(number)
        return write_week(year, number, week)

    database.use(clone_database(seeded_database))
    try:
        monkeypatch.setattr(history, "_write_week", stopping)
        with pytest.raises(KeyboardInterrupt):
            build()
        monkeypatch.setattr(history, "_write_week", write_week)
        build(now=LATER)

        assert picture() == whole
        assert set(check_books().values()) == {0}
    finally:
        database.use(world)


def test_five_thousand_parts_have_names_of_their_own():
    parts = parts_of(5_000, seed="xingchi")

    assert len(parts) == 5_000
    assert len({part["sku"] for part in parts}) == 5_000
    assert len({part["title_zh"] for part in parts}) == 5_000
    assert len({part["title_en"] for part in parts}) == 5_000
    assert parts == parts_of(5_000, seed="xingchi")
    assert parts[:92] == parts_of(92, seed="xingchi")
    assert all(Decimal(part["list_price"]) >= Decimal(part["price"]) > 0 for part in parts)


def test_the_calendar_has_its_peaks_and_its_dip():
    first = datetime(2025, 11, 22, tzinfo=UTC).date()
    days = spread(100_000, first=first, days=365, kind="parts")
    day = {first + timedelta(days=number): orders for number, orders in enumerate(days)}
    of = {f"{one:%m-%d}": orders for one, orders in day.items()}

    assert sum(days) == 100_000
    assert of["11-11"] == max(days)
    assert of["06-18"] > 1.8 * of["06-10"]
    assert of["02-17"] < 0.5 * of["01-14"]
    assert of["10-03"] < of["09-26"]
    assert weight_of(datetime(2026, 5, 2, tzinfo=UTC).date(), kind="cars") > 1.4


def test_whole_numbers_divide_without_a_rest():
    assert shares(1200, [3333, 3003, 2000]) == [480, 432, 288]
    assert shares(7, [0, 0]) == [4, 3]
    for total, weights in ((1200, [3333, 3003, 2000]), (10_000, [199, 99, 1]), (1, [1, 1, 1])):
        assert shares(total, weights) == [part.minor for part in Money.from_minor(total, "CNY").split(weights)]


def test_tax_rounds_as_orders_rounds():
    for total in (1, 11_300, 1200, 99_999_999, 3_850):
        for rate in (600, 900, 1300):
            share = Decimal(rate) / 10_000
            assert included_tax(total, rate) == Money.rounded(Decimal(total) / 100 * share / (1 + share), "CNY").minor
