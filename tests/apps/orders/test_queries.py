"""How many statements the hot paths take, however many lines there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.orders import api


def statements(work):
    """Count the statements of ``work``, and print them when the test fails."""
    with CaptureQueriesContext(connection) as captured:
        work()
    for number, query in enumerate(captured.captured_queries, start=1):
        print(number, query["sql"][:160])
    return len(captured)


@pytest.mark.parametrize("lines", [1, 20])
def test_a_cart_takes_few_statements_however_many_lines_it_has(shop, lines):
    ref = shop.cart(*[shop.part() for _ in range(lines)])
    assert statements(lambda: api.get_cart(ref, now=shop.now)) <= 9


@pytest.mark.parametrize("lines", [1, 20])
def test_filling_a_cart_takes_few_statements_however_many_lines_it_has(shop, lines):
    ref = shop.cart(*[shop.part() for _ in range(lines)])
    part = shop.part()
    assert statements(lambda: api.add_line(cart_ref=ref, product_id=part.pk, quantity=1, now=shop.now)) <= 10


@pytest.mark.parametrize("lines", [1, 5])
def test_a_checkout_takes_few_statements_however_many_lines_it_has(shop, lines):
    ref = shop.cart(*[shop.part() for _ in range(lines)])
    total = api.get_cart(ref, now=shop.now).total
    count = statements(lambda: shop.check_out_blind(ref, expected_total=total))
    # Four of them are savepoints of the test; each further line adds two updates of stock figures.
    assert count <= 38 + 2 * (lines - 1)


def test_an_order_page_takes_few_statements_however_many_parts_it_has(shop):
    order = shop.placed(*[shop.part() for _ in range(4)], shop.package())
    assert statements(lambda: api.get_order_view(shop.reload(order.number))) <= 12


def test_a_list_of_fulfilments_takes_few_statements(shop):
    for _ in range(5):
        shop.placed(shop.part())

    def read():
        for fulfilment in api.list_fulfilments(shop.supplier.pk):
            assert [line.item.title for line in fulfilment.lines.all()]
            assert [list(line.vehicles.all()) for line in fulfilment.lines.all()] == [[]]

    assert statements(read) <= 3


def test_a_list_of_orders_takes_few_statements(shop, django_user_model):
    from tests.factories.accounts import make_user

    user = make_user()
    for _ in range(5):
        shop.placed(shop.part(), user=user)
    client = APIClient()
    client.force_login(user)
    assert statements(lambda: client.get("/api/v1/orders/")) <= 12


def test_an_order_just_written_is_shown_in_two_statements(shop):
    result = shop.order(shop.part())
    assert statements(lambda: api.get_new_order_view(result.order, result.payment)) <= 2
    assert api.get_new_order_view(result.order, result.payment) == api.get_order_view(result.order, now=shop.now)
