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
def test_pages_that_are_kept_leave_a_hole_for_the_count_of_a_guest(reader, part, put_in_cart):
    put_in_cart(reader, part, 3)

    page = reader.get("/cookies/").content.decode()
    assert '<span class="count" data-hole="cart-count" hidden><span data-hole-text></span>' in page
    assert reader.get("/me/holes/").json()["cart-count"] == 3


@pytest.mark.django_db
def test_counts_the_pieces_of_who_is_signed_in_on_every_page(signed_in, part, put_in_cart):
    put_in_cart(signed_in, part, 3)

    page = signed_in.get("/cookies/").content.decode()
    assert '<span class="count" data-hole="cart-count" ><span data-hole-text>3</span>' in page


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


@pytest.mark.django_db
def test_what_was_taken_out_comes_back_as_it_was(reader, part, put_in_cart):
    put_in_cart(reader, part, 2)
    reader.post(f"/cart/lines/{line_of(reader)}/", {"remove": "1"})
    assert "was taken out." in reader.get("/cart/").content.decode()

    reader.post("/cart/undo/")

    (line,) = reader.get("/cart/").context["cart"].lines
    assert (line.product_id, line.quantity) == (part.pk, 2)
    assert "was taken out." not in reader.get("/cart/").content.decode()


@pytest.mark.django_db
def test_undo_works_once_and_does_nothing_without_a_reason(reader, part, put_in_cart):
    put_in_cart(reader, part, 2)
    reader.post(f"/cart/lines/{line_of(reader)}/", {"remove": "1"})

    reader.post("/cart/undo/")
    reader.post("/cart/undo/")

    assert reader.get("/cart/").context["cart"].lines[0].quantity == 2


@pytest.mark.django_db
def test_another_visitor_cannot_undo_it(reader, visitor, part, put_in_cart):
    put_in_cart(reader, part)
    reader.post(f"/cart/lines/{line_of(reader)}/", {"remove": "1"})

    visitor.post("/cart/undo/")

    assert visitor.get("/cart/").context["cart"].lines == ()


@pytest.mark.django_db
def test_what_is_sold_out_by_now_is_not_put_back_and_says_why(reader, part, put_in_cart):
    put_in_cart(reader, part)
    reader.post(f"/cart/lines/{line_of(reader)}/", {"remove": "1"})
    type(part).objects.filter(pk=part.pk).update(is_public=False)

    answer = reader.post("/cart/undo/", follow=True)

    assert "notice--bad" in answer.content.decode()
    assert reader.get("/cart/").context["cart"].lines == ()
