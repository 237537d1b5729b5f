"""The wish list of guests and members, and what was looked at."""

import pytest

from apps.membership.api import add_wish, list_wished_ids
from apps.portals.storefront.web.wishes import read_ids
from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_a_guests_wishes_lie_in_a_cookie(reader, part):
    reader.post("/wishlist/add/", {"product_id": part.pk})

    cookie = reader.cookies["xc_wishes"]
    assert cookie.value == str(part.pk)
    assert cookie["httponly"]
    (row,) = reader.get("/wishlist/").context["rows"]
    assert row.product_id == part.pk
    assert reader.get("/me/holes/").json()["wishes"] == [part.pk]

    reader.post("/wishlist/remove/", {"product_id": part.pk})
    assert reader.get("/wishlist/").context["rows"] == []


def test_they_come_along_at_sign_in_and_do_not_come_back(reader, part):
    user = make_user()
    reader.post("/wishlist/add/", {"product_id": part.pk})
    reader.post("/account/login/", {"login": user.email, "password": PASSWORD})

    assert list_wished_ids(user) == [part.pk]
    reader.post("/wishlist/remove/", {"product_id": part.pk})
    assert reader.cookies["xc_wishes"].value == ""
    reader.post("/account/logout/")
    reader.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert list_wished_ids(user) == []


def test_a_members_wishes_lie_in_the_account(signed_in, buyer, part, trim):
    signed_in.post("/wishlist/add/", {"product_id": part.pk})
    signed_in.post("/wishlist/add/", {"product_id": trim.product_id})

    rows = signed_in.get("/wishlist/").context["rows"]
    assert [row.product_id for row in rows] == [trim.product_id, part.pk]
    assert rows[0].url.startswith("/vehicles/jinghong/?trim=")
    assert "xc_wishes" not in signed_in.cookies


def test_htmx_gets_the_heart_alone(reader, part):
    answer = reader.post("/wishlist/add/", {"product_id": part.pk}, headers={"HX-Request": "true"})
    assert b'aria-pressed="true"' in answer.content
    assert b"<html" not in answer.content


@pytest.mark.parametrize("product_id", ["", "0", "-1", "abc", "99999999999999999999", "2147483647", "1; DROP TABLE"])
def test_what_is_not_in_the_shop_is_404_and_leaves_no_trace(product_id, reader, signed_in, buyer):
    for client in (reader, signed_in):
        assert client.post("/wishlist/add/", {"product_id": product_id}).status_code == 404
        assert client.post("/wishlist/remove/", {"product_id": product_id}).status_code == 302
    assert list_wished_ids(buyer) == []


def test_a_configuration_that_is_none_is_404(signed_in, part):
    data = {"product_id": part.pk, "configuration_id": "not-a-uuid"}
    assert signed_in.post("/wishlist/add/", data).status_code == 404


@pytest.mark.parametrize("value", ["", "a.b", "1.1.1", "<script>", "0.-5", "9" * 5000, "1." * 3000])
def test_a_forged_cookie_does_no_harm(value, reader):
    for name in ("xc_wishes", "xc_recent"):
        reader.cookies[name] = value
    assert reader.get("/wishlist/").status_code == 200
    assert reader.get("/recent/").status_code == 200
    assert reader.get("/me/holes/").status_code == 200


def test_numbers_are_read_once_and_not_without_end():
    assert read_ids("3.1.3.x.02.5", most=10) == [3, 1, 5]
    assert read_ids(".".join(map(str, range(1, 100))), most=4) == [1, 2, 3, 4]


def test_an_account_shows_its_wishes_with_few_questions(signed_in, buyer, part, now, django_assert_max_num_queries):
    from apps.shop.api import Product

    for product in Product.objects.filter(info__kind="accessory")[:10]:
        add_wish(member=buyer, product_id=product.pk, now=now)
    signed_in.get("/wishlist/")
    with django_assert_max_num_queries(10):
        assert len(signed_in.get("/wishlist/").context["rows"]) == 10


def test_what_was_looked_at_is_shown_without_the_page_at_hand_and_can_be_cleared(reader, part, put_in_cart):
    from apps.shop.api import Product

    other = Product.objects.filter(info__kind="accessory").order_by("pk").first()
    reader.cookies["xc_recent"] = f"{part.pk}.{other.pk}"

    answer = reader.get(f"/recent/?except={part.pk}", headers={"HX-Request": "true"})
    assert [card.id for card in answer.context["products"]] == [other.pk]

    reader.post("/recent/clear/")
    assert reader.cookies["xc_recent"].value == ""


def test_saved_cars_ask_for_signing_in(visitor, signed_in):
    assert visitor.get("/account/configurations/").url == "/account/login/?next=/account/configurations/"
    assert signed_in.get("/account/configurations/").status_code == 200
    assert signed_in.post("/account/configurations/1/remove/").status_code == 404
    assert signed_in.post("/account/configurations/99999999999999999999/rename/").status_code == 404
