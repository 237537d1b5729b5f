"""The choice among offers: stored with its reasons, replayable, and free for whoever reads a list."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as some

from apps.catalog.api import (
    BelowMinimumQuantity,
    ChoiceFault,
    LineRequest,
    LostBy,
    Offer,
    OfferCandidate,
    OfferChoice,
    ProductInfo,
    ProductQuery,
    choose_offer,
    list_cards,
    pause_offer,
    quote_lines,
    refresh_shown_offers,
    replay_offer_choices,
    search_products,
)
from apps.kernel.api import Money
from apps.shop.api import StockRecord
from tests.factories.catalog import make_offer, make_part, make_product

candidates = some.lists(
    some.builds(
        OfferCandidate,
        offer_id=some.integers(1, 10**6),
        price=some.integers(1, 500).map(lambda cents: Money(Decimal(cents) / 100)),
        lead_time_days=some.integers(0, 5),
        score=some.integers(0, 4).map(Decimal),
        in_stock=some.booleans(),
        meets_minimum=some.booleans(),
    ),
    unique_by=lambda offer: offer.offer_id,
    max_size=8,
)


@given(rows=candidates, shuffle=some.randoms())
def test_a_stored_choice_replays_to_the_same_verdicts_in_any_order(rows, shuffle):
    verdicts = choose_offer(rows)
    stored = [OfferCandidate.from_json(row.as_json()) for row in rows]
    shuffle.shuffle(stored)

    assert choose_offer(stored) == verdicts
    assert sum(verdict.chosen for verdict in verdicts) == bool(rows)
    assert all((verdict.lost_by is None) == verdict.chosen for verdict in verdicts)


@given(rows=candidates)
def test_nobody_who_lost_by_price_was_cheaper(rows):
    verdicts = {verdict.offer_id: verdict for verdict in choose_offer(rows)}
    winner = next((row for row in rows if verdicts[row.offer_id].chosen), None)
    for row in rows:
        lost_by = verdicts[row.offer_id].lost_by
        assert lost_by is not LostBy.DEARER or row.price > winner.price
        assert lost_by is not LostBy.LATER or row.lead_time_days > winner.lead_time_days
        assert lost_by is not LostBy.SOLD_OUT or (winner.in_stock and not row.in_stock)
        assert lost_by is not LostBy.MINIMUM or (winner.meets_minimum and not row.meets_minimum)


@pytest.mark.django_db
def test_the_choice_is_stored_with_the_losers_reasons(now):
    part = make_part(price="100.00")
    dearer, gone = make_offer(product=part, price="110.00"), make_offer(product=part, price="90.00", stock=0)

    choice = OfferChoice.objects.get(product=part.pk)

    assert {row["offer_id"]: row["lost_by"] for row in choice.verdicts} == {
        ProductInfo.objects.get(pk=part.pk).shown_offer_id: None,
        dearer.pk: "dearer",
        gone.pk: "sold_out",
    }
    assert len(choice.candidates) == 3


@pytest.mark.django_db
def test_every_stored_choice_re_derives_and_a_forged_or_stale_one_is_found():
    parts = [make_part() for _number in range(4)]
    for part in parts:
        make_offer(product=part, price="99.00")
    assert list(replay_offer_choices()) == []

    forged = OfferChoice.objects.get(product=parts[0].pk)
    forged.verdicts[0]["lost_by"], forged.verdicts[0]["chosen"] = "dearer", False
    forged.save()
    ProductInfo.objects.filter(pk=parts[1].pk).update(shown_offer=F("shown_offer") - 1)
    StockRecord.objects.filter(product=parts[2].pk).update(num_in_stock=0)
    OfferChoice.objects.filter(product=parts[3].pk).delete()

    assert {row.product_id: row.fault for row in replay_offer_choices()} == {
        parts[0].pk: ChoiceFault.NOT_REPLAYED,
        parts[1].pk: ChoiceFault.NOT_SHOWN,
        parts[2].pk: ChoiceFault.STALE,
        parts[3].pk: ChoiceFault.MISSING,
    }
    with pytest.raises(CommandError):
        call_command("replay_offer_choices", stdout=StringIO())
    told = StringIO()
    call_command("replay_offer_choices", "--repair", stdout=told)
    assert "Every stored choice re-derives." in told.getvalue()


@pytest.mark.django_db
def test_the_choice_follows_when_an_offer_is_paused(now):
    part = make_part(price="100.00")
    cheaper = make_offer(product=part, price="90.00")

    pause_offer(offer_id=cheaper.pk, by=None, now=now)

    assert [row["offer_id"] for row in OfferChoice.objects.get(product=part.pk).verdicts] != [cheaper.pk]
    assert list(replay_offer_choices()) == []


@pytest.mark.django_db
def test_who_sells_by_the_piece_goes_before_who_sells_in_dozens_for_whoever_wants_one(now):
    part = make_part(price="100.00")
    dozens = make_offer(product=part, price="80.00")
    Offer.objects.filter(pk=dozens.pk).update(minimum_quantity=12)
    refresh_shown_offers([part.pk])

    one, many = quote_lines([LineRequest(part.pk, 1), LineRequest(part.pk, 12)], at=now)

    assert [one.unit_price, many.unit_price] == [Money.of("100.00"), Money.of("80.00")]
    assert one.offer_choice[1]["lost_by"] == "minimum"
    assert ProductInfo.objects.get(pk=part.pk).shown_offer != dozens


@pytest.mark.django_db
def test_refuses_fewer_pieces_than_anybody_sells(now):
    part = make_part()
    Offer.objects.update(minimum_quantity=4)

    with pytest.raises(BelowMinimumQuantity) as refusal:
        quote_lines([LineRequest(part.pk, 3)], at=now)
    assert refusal.value.context["minimum"] == 4
    assert quote_lines([LineRequest(part.pk, 4)], at=now)


@pytest.mark.django_db
@pytest.mark.parametrize("offers_per_product", [1, 12])
def test_a_list_asks_no_more_of_many_offers_than_of_one(offers_per_product, django_assert_num_queries):
    ids = []
    for _number in range(6):
        product = make_product()
        for _offer in range(offers_per_product):
            make_offer(product=product)
        ids.append(product.pk)
    search_products(ProductQuery())

    with django_assert_num_queries(2):
        assert len(search_products(ProductQuery()).items) == 6
    with django_assert_num_queries(2):
        assert len(list_cards(ids)) == 6
