"""Quotes: a price on paper, frozen."""

from datetime import date
from decimal import Decimal

import pytest

from apps.catalog.api import Offer, configure, set_offer_price
from apps.kernel.api import Money
from apps.leads import api
from apps.leads.errors import InvalidQuote, LeadNotFound, QuoteNotFound
from tests.factories.catalog import make_trim
from tests.factories.dealers import make_store


@pytest.fixture
def configuration(db, now):
    trim = make_trim(price="169900.00")
    return configure(product_id=trim.product_id, option_codes=[], by=None, now=now)


@pytest.fixture
def quote(store, sellers, dealer_id, configuration, now):
    """Return a function: the seller writes a quote."""

    def make(**changes):
        values = {
            "organization_id": dealer_id,
            "store_id": store.pk,
            "configuration_id": configuration.pk,
            "by": sellers[0],
            "now": now,
        }
        return api.issue_quote(**{**values, **changes})

    return make


def test_a_quote_adds_up_and_ends(quote, now):
    found = quote(customer_name="王小明")

    assert found.total == sum(Decimal(line["amount"]) for line in found.lines) == Decimal("169900.00")
    assert found.tax == Decimal("19546.02")
    assert found.valid_until == date(2026, 6, 17)
    assert found.number.startswith("Q260610-")


def test_a_quote_keeps_its_price_when_the_price_changes(quote, configuration, now):
    found = quote()
    offer_id = Offer.objects.get(product=configuration.product).pk

    set_offer_price(offer_id=offer_id, amount=Money.of("150000.00"), by=None, now=now)

    found.refresh_from_db()
    assert found.total == Decimal("169900.00")


def test_a_quote_of_a_lead_bears_its_name(quote, ask):
    assert quote(lead_id=ask().pk).customer_name == "王小明"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_days": 0}, "valid_days"),
        ({"valid_days": 61}, "valid_days"),
        ({"configuration_id": "nothing"}, "configuration"),
        ({"store_id": 0}, "store"),
    ],
)
def test_refuses_bad_wishes_and_writes_nothing(quote, changes, field):
    with pytest.raises(InvalidQuote) as caught:
        quote(**changes)

    assert field in caught.value.fields
    assert not api.Quote.objects.exists()


def test_another_dealer_s_store_lead_and_quote_are_out_of_reach(quote, ask):
    foreign = make_store()
    with pytest.raises(InvalidQuote):
        quote(store_id=foreign.pk)
    with pytest.raises(LeadNotFound):
        quote(lead_id=ask(store_id=foreign.pk).pk)
    mine = quote()

    with pytest.raises(QuoteNotFound):
        api.access_quote(number=mine.number, organization_id=foreign.dealer.organization_id)
    assert api.access_quote(number=mine.number, organization_id=mine.organization_id) == mine
