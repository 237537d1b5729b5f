"""Storing configured cars."""

from decimal import Decimal

import pytest
from django.utils import translation

from apps.catalog.api import (
    Configuration,
    ImpossibleConfiguration,
    NotForSale,
    ProductNotFound,
    UnknownConfiguration,
    configure,
    evaluate_configuration,
    get_configuration,
)
from apps.kernel.api import Money
from tests.factories.accounts import make_user
from tests.factories.catalog import make_part, make_rule, make_trim

pytestmark = pytest.mark.django_db


def test_stores_the_complete_car_with_its_price_line_by_line(now):
    trim = make_trim(price="169900.00")
    make_rule("INCLUDES", "PACK-SPORT", "WHEEL-20")
    user = make_user()

    made = configure(product_id=trim.product_id, option_codes=["PACK-SPORT", "PACK-SPORT"], by=user, now=now)

    stored = get_configuration(str(made.pk))
    assert stored.option_codes == ["PAINT-WHITE", "WHEEL-20", "PACK-SPORT"]
    assert (stored.price, stored.currency, stored.created_by, stored.created_at) == (
        Decimal("181900.00"), "CNY", user, now,
    )  # fmt: skip
    assert [(line["code"], line["amount"], line["included_by"]) for line in stored.breakdown] == [
        ("base", "169900.00", ""),
        ("PAINT-WHITE", "0.00", ""),
        ("WHEEL-20", "0.00", "PACK-SPORT"),
        ("PACK-SPORT", "12000.00", ""),
    ]
    assert stored.breakdown[0]["name_zh"] == trim.product.title


def test_refuses_an_impossible_car_and_stores_nothing(now):
    trim = make_trim()
    make_rule("REQUIRES", "PACK-TOW", "WHEEL-20")

    with pytest.raises(ImpossibleConfiguration) as refusal:
        configure(product_id=trim.product_id, option_codes=["PACK-TOW"], by=None, now=now)

    assert refusal.value.context["rule"]["kind"] == "requires"
    assert not Configuration.objects.exists()


def test_a_rule_of_one_trim_does_not_bind_another(now):
    strict, free = make_trim(), make_trim()
    make_rule("EXCLUDES", "PACK-SPORT", "PACK-TOW", trim=strict)
    both = ["PACK-SPORT", "PACK-TOW"]

    assert not evaluate_configuration(strict.product_id, both).valid
    assert evaluate_configuration(free.product_id, both).valid


def test_a_rule_of_a_model_binds_all_its_trims(now):
    one = make_trim()
    sibling = make_trim(model=one.model)
    stranger = make_trim()
    make_rule("EXCLUDES", "PACK-SPORT", "PACK-TOW", model=one.model)
    both = ["PACK-SPORT", "PACK-TOW"]

    assert [evaluate_configuration(trim.product_id, both).valid for trim in (one, sibling, stranger)] == [
        False,
        False,
        True,
    ]


def test_evaluating_stores_nothing_and_tells_every_conflict_in_the_readers_language():
    trim = make_trim(price="169900.00")
    make_rule("EXCLUDES", "PACK-SPORT", "PACK-TOW", reason_zh="", reason_en="")
    choice = ["PACK-SPORT", "PACK-TOW", "GULL-WINGS"]

    with translation.override("en"):
        view = evaluate_configuration(trim.product_id, choice)

    assert [conflict.reason for conflict in view.conflicts] == [
        "This car is not offered with GULL-WINGS.",
        "Pack-Sport cannot be combined with Pack-Tow.",
    ]
    assert view.price == Money.of("186900.00")
    assert not Configuration.objects.exists()


@pytest.mark.parametrize("product_id", [0, -5, 424242, 2**64])
def test_refuses_a_product_that_is_not_there(product_id, now):
    with pytest.raises(ProductNotFound):
        configure(product_id=product_id, option_codes=[], by=None, now=now)


def test_refuses_a_part_and_a_hidden_car(now):
    hidden = make_trim()
    type(hidden.product).objects.filter(pk=hidden.product_id).update(is_public=False)

    for product_id in (make_part().pk, hidden.product_id):
        with pytest.raises(ProductNotFound):
            configure(product_id=product_id, option_codes=[], by=None, now=now)


def test_refuses_a_car_nobody_offers(now):
    trim = make_trim(price=None)

    with pytest.raises(NotForSale):
        configure(product_id=trim.product_id, option_codes=[], by=None, now=now)
    assert not Configuration.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_refuses_an_unknown_configuration(key):
    with pytest.raises(UnknownConfiguration):
        get_configuration(key)
