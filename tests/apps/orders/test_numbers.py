"""Numbers, tokens and codes; pure, without a database."""

from datetime import date

from apps.orders.policies.cookies import read_cart_cookie, write_cart_cookie
from apps.orders.policies.links import opens, sign_order_link
from apps.orders.policies.numbers import order_number, pickup_code, seller_order_number


def test_a_number_tells_the_day_and_nothing_else():
    number = order_number(day=date(2026, 6, 10), entropy=2**50 - 1)
    assert number == "XC260610ZZZZZZZZZZ"


def test_different_entropy_gives_different_numbers():
    assert len({order_number(day=date(2026, 6, 10), entropy=n) for n in range(2000)}) == 2000


def test_parts_of_an_order_are_numbered():
    assert seller_order_number("XC1", 2) == "XC1-2"


def test_a_pickup_code_has_six_digits():
    assert pickup_code(7) == "000007"
    assert pickup_code(123_456_789) == "456789"


def test_a_link_opens_its_own_order_only():
    token = sign_order_link("XC1")
    assert opens(token, "XC1")
    assert not opens(token, "XC2")
    assert not opens("", "XC1")


def test_a_cart_cookie_is_read_back_and_a_forged_one_is_not():
    assert read_cart_cookie(write_cart_cookie(42)) == 42
    assert read_cart_cookie("42:forged") is None
    assert read_cart_cookie(None) is None
