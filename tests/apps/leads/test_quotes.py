"""Quotes: a price on paper, frozen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.catalog.api import EntryWish, Offer, configure, draft_version, publish_version, set_entries, set_offer_price
from apps.dealers.api import DealerNotAuthorized, LevelBenefitKind, set_level_benefit, suspend_dealer
from apps.kernel.api import Money
from apps.leads import api
from apps.leads.errors import InvalidQuote, LeadNotFound, PriceBelowAllowed, QuoteNotFound
from apps.leads.policies import lowest_price
from tests.factories.catalog import make_price_list_version, make_trim
from tests.factories.dealers import make_authorization, make_store


@pytest.fixture
def configuration(db, now):
    trim = make_trim(price="169900.00")
    return configure(product_id=trim.product_id, option_codes=[], by=None, now=now)


@pytest.fixture(autouse=True)
def authorization(store):
    """The dealer may sell in Shanghai."""
    return make_authorization(dealer=store.dealer)


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


@pytest.fixture
def lay(configuration, now):
    """``lay(method, value, **fields)``: a price list over the car, in force from now on."""

    def make(method="PERCENT", value="-10", **fields):
        version = make_price_list_version(configuration.product, now=now, method=method, value=value, **fields)
        return publish_version(version_id=version.pk, starts_at=now, by=None, now=now)

    return make


class TestPriceLists:
    def test_the_lists_of_this_dealer_and_region_make_the_price_and_their_versions_are_kept(
        self, quote, lay, store, configuration
    ):
        lay("AMOUNT", "-1000.00", layer="REGION", region_code="310000")
        lay("PERCENT", "-1", layer="DEALER", dealer_id=store.dealer_id)
        lay("PERCENT", "-50", layer="DEALER", dealer_id=make_store().dealer_id)
        lay("PERCENT", "-50", layer="REGION", region_code="320000")

        found = quote()

        assert found.total == Decimal("167211.00")  # (169,900 − 1,000) less 1 %
        assert found.total == sum(Decimal(line["amount"]) for line in found.lines)
        assert (found.price_trace["region"], found.price_trace["dealer"]) == ("310115", store.dealer_id)
        assert len(found.price_trace["entries"]) == 2

    def test_a_past_price_derives_again_though_the_lists_changed(self, quote, lay, now):
        version = lay("PRICE", "160000.00", layer="MSRP")
        found = quote()
        later = now + timedelta(hours=1)
        newer = draft_version(price_list_id=version.price_list_id, by=None, now=later)
        wish = EntryWish(found.configuration.product_id, "PRICE", Decimal("150000.00"))
        set_entries(version_id=newer.pk, entries=[wish], by=None, now=later)
        publish_version(version_id=newer.pk, starts_at=later, by=None, now=later)

        why = api.explain_quote_price(found)

        assert why.holds
        assert why.total == found.price == Money.of("160000.00")
        assert [line.layer for line in why.lines] == ["MSRP"]
        assert quote(now=later).total == Decimal("150000.00")

    def test_options_stand_in_the_explanation(self, quote, now, configuration):
        built = configure(product_id=configuration.product_id, option_codes=["PAINT-RED"], by=None, now=now)

        why = api.explain_quote_price(quote(configuration_id=built.pk))

        assert Money.of("3000.00") in [option.amount for option in why.options]
        assert why.total == Money.of("172900.00")

    def test_a_quote_of_before_the_lists_explains_nothing(self, quote):
        found = quote()
        found.price_trace = {}

        assert api.explain_quote_price(found) is None


class TestConcessions:
    @pytest.fixture(autouse=True)
    def level(self, store, now):
        """Dealers of this level may take 3 % off."""
        set_level_benefit(
            level=store.dealer.level,
            benefit=LevelBenefitKind.CONCESSION_RATE,
            value=Decimal("0.03"),
            starts_on=date(2026, 1, 1),
            now=now,
        )

    def test_the_lowest_price_is_exact(self):
        assert lowest_price(Money.of("169900.00"), rate=Decimal("0.03")) == Money.of("164803.00")

    def test_a_store_takes_off_what_its_level_allows(self, quote):
        found = quote(offered=Money.of("164803.00"))

        assert (found.total, found.concession) == (Decimal("164803.00"), Decimal("5097.00"))
        assert found.price == Money.of("169900.00")
        assert found.tax == Decimal("18959.64")

    def test_a_fen_less_is_refused_by_name_and_nothing_is_written(self, quote):
        with pytest.raises(PriceBelowAllowed) as caught:
            quote(offered=Money.of("164802.99"))

        assert caught.value.code == "price_below_allowed"
        assert caught.value.context["lowest"] == "¥164,803.00"
        assert "offered" in caught.value.fields
        assert not api.Quote.objects.exists()

    def test_the_rule_of_the_day_counts(self, quote, store, now):
        set_level_benefit(
            level=store.dealer.level,
            benefit=LevelBenefitKind.CONCESSION_RATE,
            value=Decimal(0),
            starts_on=date(2026, 6, 11),
            now=now,
        )

        assert quote(offered=Money.of("165000.00")).pk
        with pytest.raises(PriceBelowAllowed):
            quote(offered=Money.of("165000.00"), now=now + timedelta(days=1))

    @pytest.mark.parametrize("offered", [Money.of(0), Money.of("-1.00"), Money.of("169900.01"), Money.of("1", "USD")])
    def test_no_price_or_one_above_the_lists_is_refused(self, quote, offered):
        with pytest.raises(InvalidQuote) as caught:
            quote(offered=offered)

        assert "offered" in caught.value.fields
        assert not api.Quote.objects.exists()


def test_without_a_rule_nothing_comes_off(quote):
    with pytest.raises(PriceBelowAllowed):
        quote(offered=Money.of("169899.99"))


def test_a_dealer_that_may_not_sell_here_quotes_nothing(quote, authorization, now, store):
    authorization.delete()

    with pytest.raises(DealerNotAuthorized) as caught:
        quote()

    assert caught.value.context["rule"] == "brand"
    assert not api.Quote.objects.exists()


def test_a_suspended_dealer_quotes_nothing(quote, dealer_id, now):
    suspend_dealer(organization_id=dealer_id, reason="x", by=None, now=now)

    with pytest.raises(DealerNotAuthorized) as caught:
        quote()

    assert caught.value.context["rule"] == "blocked"


@pytest.mark.parametrize("changes", [{"is_open": False}, {"has_sales": False}])
def test_a_store_that_sells_nothing_quotes_nothing(quote, store, changes):
    type(store).objects.filter(pk=store.pk).update(**changes)

    with pytest.raises(InvalidQuote) as caught:
        quote()

    assert "store" in caught.value.fields
