"""The cart's page: quantities, removing, and the cart that follows a visitor who signs in."""

import pytest
from django.test import Client

from apps.orders.api import CART_COOKIE
from tests.factories.accounts import PASSWORD


def line_of(client: Client) -> int:
    """The id of the only line."""
    (line,) = client.get("/cart/").context["cart"].lines
    return line.id


@pytest.mark.django_db
def test_an_empty_cart_shows_what_to_do_next(reader):
    page = reader.get("/cart/").content.decode()

    assert "Your cart is empty." in page
    assert 'href="/vehicles/"' in page


@pytest.mark.django_db
def test_counts_its_pieces_in_the_head_of_every_page(reader, part, put_in_cart):
    put_in_cart(reader, part, 3)

    assert '<span class="count">3' in reader.get("/stores/").content.decode()


@pytest.mark.django_db
def test_changes_and_removes_a_line(reader, part, put_in_cart):
    put_in_cart(reader, part)
    line = line_of(reader)

    reader.post(f"/cart/lines/{line}/", {"quantity": "2"})
    assert reader.get("/cart/").context["cart"].lines[0].quantity == 2
    reader.post(f"/cart/lines/{line}/", {"remove": "1"})
    assert reader.get("/cart/").context["cart"].lines == ()


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", ["0", "-1", "1000000000", "", "two"])
def test_a_refused_quantity_changes_nothing(quantity, reader, part, put_in_cart):
    put_in_cart(reader, part, 2)

    answer = reader.post(f"/cart/lines/{line_of(reader)}/", {"quantity": quantity}, follow=True)

    assert "notice--bad" in answer.content.decode()
    assert reader.get("/cart/").context["cart"].lines[0].quantity == 2


@pytest.mark.django_db
def test_another_visitors_line_is_not_found_and_stays(reader, visitor, part, put_in_cart):
    put_in_cart(reader, part, 2)
    line = line_of(reader)
    put_in_cart(visitor, part)

    visitor.post(f"/cart/lines/{line}/", {"remove": "1"})

    assert reader.get("/cart/").context["cart"].lines[0].quantity == 2


@pytest.mark.django_db
def test_a_forged_cookie_opens_no_cart(reader, visitor, part, put_in_cart):
    put_in_cart(reader, part)
    visitor.cookies[CART_COOKIE] = reader.cookies[CART_COOKIE].value.partition(":")[0] + ":forged"

    assert visitor.get("/cart/").context["cart"].lines == ()


@pytest.mark.django_db
def test_what_was_gathered_before_signing_in_comes_along(reader, buyer, part, put_in_cart):
    put_in_cart(reader, part, 2)

    reader.post("/account/login/", {"login": buyer.email, "password": PASSWORD})

    assert reader.get("/cart/").context["cart"].lines[0].quantity == 2
    assert "_auth_user_id" in reader.session


@pytest.mark.django_db
def test_an_unknown_voucher_is_refused_by_name(reader, part, put_in_cart):
    put_in_cart(reader, part)

    answer = reader.post("/cart/vouchers/", {"code": "NOBODY"}, follow=True)

    assert "NOBODY" in answer.content.decode()
