"""Why a price is what it is, or was: past prices derive again to the cent."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.catalog.api import (
    EntryWish,
    LineRequest,
    NotForSale,
    PriceContext,
    PriceList,
    PriceListVersion,
    ProductNotFound,
    StepOutcome,
    draft_version,
    end_version,
    explain_price,
    explain_trace,
    list_cards,
    make_price_list,
    publish_version,
    quote_lines,
    set_entries,
    set_offer_price,
)
from apps.kernel.api import Money
from tests.factories.catalog import make_part, make_product

yuan = Money.of


@pytest.fixture
def draft(db, now):
    """Draft a version that says something of products: ``draft(product, "PERCENT", "-10", layer=…)``."""

    def draft(product, method="PERCENT", value="-10", *, price_list=None, **fields):
        fields = {"code": f"LIST-{PriceList.objects.count()}", "layer": "CAMPAIGN", **fields}
        price_list = price_list or make_price_list(name_zh="清单", name_en="List", by=None, now=now, **fields)
        version = draft_version(price_list_id=price_list.pk, by=None, now=now)
        wish = EntryWish(product.pk, method, Decimal(value))
        return set_entries(version_id=version.pk, entries=[wish], by=None, now=now)

    return draft


def quoted(product, at, **context) -> Money:
    (quote,) = quote_lines([LineRequest(product.pk, 1)], at=at, context=PriceContext(**context))
    return quote.unit_price


def test_explains_a_price_step_by_step(draft, now):
    part = make_part(price="100.00")
    publish_version(version_id=draft(part).pk, starts_at=now, by=None, now=now)
    publish_version(version_id=draft(part, value="-5").pk, starts_at=now, by=None, now=now)

    told = explain_price(product_id=part.pk, at=now)

    assert (told.base, told.price, told.list_price) == (yuan("100.00"), yuan("90.00"), yuan("100.00"))
    assert [(line.list_code, line.version, line.rule, line.outcome) for line in told.lines] == [
        ("LIST-0", 1, "-10.00 %", StepOutcome.APPLIED),
        ("LIST-1", 1, "-5.00 %", StepOutcome.OUTDONE),
    ]


def test_refuses_to_explain_what_nobody_sold(now, db):
    with pytest.raises(ProductNotFound):
        explain_price(product_id=424242, at=now)
    with pytest.raises(NotForSale):
        explain_price(product_id=make_product().pk, at=now)
    with pytest.raises(ProductNotFound):
        explain_trace({}, at=now)


def test_the_trace_of_a_quote_derives_again_whatever_happened_since(draft, now):
    part = make_part(price="99.99")
    context = PriceContext(region_code="310115")
    publish_version(
        version_id=draft(part, layer="REGION", region_code="310000", value="-7.77").pk,
        starts_at=now,
        by=None,
        now=now,
    )
    (quote,) = quote_lines([LineRequest(part.pk, 1)], at=now, context=context)
    for day, amount in enumerate(("150.00", "90.00"), start=1):
        at = now + timedelta(days=day)
        set_offer_price(offer_id=quote.offer_id, amount=yuan(amount), by=None, now=at)
    end_version(version_id=PriceListVersion.objects.get().pk, ends_at=at, by=None, now=at)

    told = explain_trace(quote.price_trace, at=now)

    assert quote.unit_price == yuan("92.22")
    assert (told.price, told.holds, told.trace) == (quote.unit_price, True, quote.price_trace)
    assert explain_trace(quote.price_trace, at=at).holds is False


@pytest.mark.parametrize("seed", range(3))
def test_every_past_price_derives_again_to_the_cent(seed, draft, now):
    """A random history of offer prices and campaigns, read at every instant when it happened and again at its end."""
    import random

    dice = random.Random(seed)
    part = make_part(price="100.00")
    offer, read, running = part.offers.get(), {}, None
    at = now
    for _step in range(12):
        at += timedelta(hours=dice.randint(1, 9))
        if dice.random() < 0.5:
            set_offer_price(offer_id=offer.pk, amount=yuan(f"{dice.randint(5000, 15000) / 100:.2f}"), by=None, now=at)
        elif running and dice.random() < 0.5:
            end_version(version_id=running.pk, ends_at=at, by=None, now=at)
            running = None
        else:
            price_list = running.price_list if running else None
            version = draft(part, "PERCENT", f"{dice.randint(-4000, 1000) / 100:.2f}", price_list=price_list)
            running = publish_version(version_id=version.pk, starts_at=at, by=None, now=at)
        (quote,) = quote_lines([LineRequest(part.pk, 1)], at=at)
        read[at] = (quote.unit_price, quote.price_trace)
        assert list_cards([part.pk])[0].price == quote.unit_price

    for moment, (price, trace) in read.items():
        assert explain_price(product_id=part.pk, at=moment).price == price
        told = explain_trace(trace, at=moment)
        assert (told.price, told.holds) == (price, True)
