"""Finance products: dated, written once, and quoted as they stood at a moment."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from psycopg2.extras import DateTimeTZRange

from apps.financing.api import (
    DownPaymentOutOfRange,
    FinanceProduct,
    FinanceRate,
    NoFinanceProduct,
    TermNotOffered,
    list_finance_products,
    load_finance,
    quote_instalments,
)
from apps.kernel.api import Money

PRICE = Money.of("289800.00")
LAST_YEAR = datetime(2025, 6, 1, tzinfo=UTC)
BEFORE = datetime(2024, 6, 1, tzinfo=UTC)


def test_loading_twice_writes_once(products, finance, now):
    before = list(FinanceProduct.objects.order_by("pk").values_list("pk", flat=True))

    load_finance(finance, now=now)

    assert list(FinanceProduct.objects.order_by("pk").values_list("pk", flat=True)) == before
    assert products == len(before)


def test_quotes_the_first_product_with_everything_a_buyer_must_be_told(products, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        quote = quote_instalments(price=PRICE, down_payment=Money.of("89800.00"), months=36, at=now)

    assert (quote.product_code, quote.plan.financed) == ("XC-EASY", Money.of("200000.00"))
    assert quote.monthly == Money.of("5788.96")
    assert (quote.yearly_percentage, quote.effective_percentage) == (Decimal("2.69"), Decimal("2.72"))
    assert quote.plan.cost == Money.of("8402.48")
    assert (quote.yearly_rate, quote.subsidy) == (Decimal("0.0269"), Decimal("0.0200"))


def test_the_fee_of_a_product_shows_in_its_yearly_percentage(products, now):
    quote = quote_instalments(
        price=PRICE, down_payment=Money.of("89800.00"), months=36, at=now, product_code="XC-LIGHT"
    )

    assert quote.plan.fee == Money.of("1000.00")
    assert quote.plan.balloon == Money.of("115920.00")
    assert quote.yearly_percentage > quote.yearly_rate * 100


def test_what_was_offered_last_year_can_be_worked_out_again(products):
    quote = quote_instalments(price=PRICE, down_payment=Money.of("89800.00"), months=36, at=LAST_YEAR)

    assert quote.yearly_percentage == Decimal("4.25")
    assert [product.code for product in list_finance_products(at=LAST_YEAR)] == ["XC-EASY"]


def test_refuses_when_nothing_is_offered(products, now):
    with pytest.raises(NoFinanceProduct):
        quote_instalments(price=PRICE, down_payment=Money.of("89800.00"), months=36, at=BEFORE)
    with pytest.raises(NoFinanceProduct):
        quote_instalments(price=PRICE, down_payment=Money.of("89800.00"), months=36, at=now, product_code="NOBODY")


@pytest.mark.parametrize("months", [-1, 0, 13, 37, 2**40])
def test_refuses_a_term_nobody_offers_and_names_those_there_are(months, products, now):
    with pytest.raises(TermNotOffered) as refusal:
        quote_instalments(price=PRICE, down_payment=Money.of("89800.00"), months=months, at=now)

    assert refusal.value.context["months"] == [12, 24, 36, 48, 60]


@pytest.mark.parametrize("down_payment", ["0.00", "57900.00", "231900.00", "289800.00", "-1.00"])
def test_refuses_to_be_paid_too_little_or_too_much_down(down_payment, products, now):
    with pytest.raises(DownPaymentOutOfRange) as refusal:
        quote_instalments(price=PRICE, down_payment=Money.of(down_payment), months=36, at=now)

    context = refusal.value.context
    assert (context["lowest"], context["highest"]) == (Money.of("58000.00"), Money.of("231800.00"))


@pytest.mark.parametrize("down_payment", ["58000.00", "231800.00"])
def test_the_ends_of_the_range_are_inside(down_payment, products, now):
    assert quote_instalments(price=PRICE, down_payment=Money.of(down_payment), months=60, at=now).monthly


@pytest.mark.parametrize("product_code", ["XC-EASY", "XC-LIGHT", "JH-STEADY", "YT-FLAT"])
@pytest.mark.parametrize("price", ["1.00", "99.99", "109800.00", "1234567.89"])
def test_every_price_has_a_lowest_and_a_highest_down_payment_that_work(product_code, price, products, now):
    (product,) = [row for row in list_finance_products(at=now) if row.code == product_code]
    amount = Money.of(price)

    for down_payment in product.down_payments(amount):
        assert product.quote(price=amount, down_payment=down_payment, months=24).plan.financed.amount > 0


def test_two_versions_never_hold_at_once(products):
    product = FinanceProduct.objects.filter(code="XC-EASY").order_by("-valid").first()
    product.pk, product._state.adding = None, True

    with pytest.raises(IntegrityError, match="financing_one_version_at_a_time"), transaction.atomic():
        product.save()


@pytest.mark.parametrize("change", [{"fee_rate": Decimal("0.01")}, {"balloon_share": Decimal("0.1")}])
def test_terms_are_written_once(change, products):
    with pytest.raises(DatabaseError), transaction.atomic():
        FinanceProduct.objects.filter(code="XC-EASY").update(**change)


def test_a_rate_is_written_once_and_never_deleted(products):
    with pytest.raises(DatabaseError), transaction.atomic():
        FinanceRate.objects.update(yearly_rate=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        FinanceRate.objects.all().delete()


def test_a_version_may_end(products, now):
    product = FinanceProduct.objects.get(code="XC-LIGHT")
    FinanceProduct.objects.filter(pk=product.pk).update(valid=DateTimeTZRange(product.valid.lower, now))

    assert [row.code for row in list_finance_products(at=now)] == ["XC-EASY", "JH-STEADY", "YT-FLAT"]


def test_a_flat_rate_is_shown_for_what_it_is(products, now):
    """Three percent a year "flat" with one percent of fee is twice as dear as it looks."""
    quote = quote_instalments(
        price=Money.of("100000.00"), down_payment=Money.of("30000.00"), months=36, at=now, product_code="YT-FLAT"
    )

    assert quote.yearly_rate == Decimal("0.03")
    assert quote.yearly_percentage == Decimal("6.36")
