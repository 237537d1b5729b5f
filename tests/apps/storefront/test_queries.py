"""How many questions a page asks the database."""

import pytest

from apps.shop.api import Product

MOST = 12


@pytest.fixture
def asks(django_assert_max_num_queries):
    """``asks(client, address)`` fails if the page needs more than MOST queries."""

    def ask(client, address: str, most: int = MOST) -> None:
        assert client.get(address).status_code == 200
        with django_assert_max_num_queries(most):
            client.get(address)

    return ask


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/vehicles/", "/parts/", "/packages/", "/search/?q=滤清器", "/stores/"])
def test_a_page_asks_few_questions_whatever_is_on_it(address, visitor, asks):
    asks(visitor, address)


@pytest.mark.django_db
def test_the_page_of_a_series_asks_eight_questions_cold(visitor, asks):
    asks(visitor, "/vehicles/jinghong/", most=8)


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["trim", "exterior", "packs", "finance"])
def test_the_configurator_asks_few_questions_although_it_prices_a_car(step, visitor, asks):
    asks(visitor, f"/vehicles/jinghong/configure/?trim=JINGHONG-EV-680&option=PACK-PERFORMANCE&step={step}", most=8)


@pytest.mark.django_db
def test_two_cars_side_by_side_ask_no_more_than_one(visitor, asks):
    asks(visitor, "/vehicles/compare/?a=JINGHONG-EV-680&b=YUNZHOU-EV-600", most=8)


@pytest.mark.django_db
def test_a_product_page_asks_few_questions(visitor, part, asks):
    asks(visitor, f"/products/{part.slug}/")


@pytest.mark.django_db
def test_a_cart_asks_as_few_questions_for_ten_lines_as_for_one(visitor, asks, put_in_cart):
    parts = Product.objects.filter(info__kind="part", stockrecords__num_in_stock__gt=5).distinct().order_by("pk")[:10]
    put_in_cart(visitor, parts[0])
    asks(visitor, "/cart/", most=16)
    for product in parts[1:]:
        put_in_cart(visitor, product)
    asks(visitor, "/cart/", most=16)
