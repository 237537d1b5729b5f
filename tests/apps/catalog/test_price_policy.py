"""Laying price lists over a price: pure arithmetic, to the cent."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as some

from apps.catalog.api import (
    PriceLayer,
    StepOutcome,
)
from apps.catalog.policies.prices import EntryRow, derive_price
from apps.kernel.api import Money

yuan = Money.of


def entry(layer: str, method: str, value: str, **fields) -> EntryRow:
    defaults = {"entry_id": 1, "list_id": 1}
    return EntryRow(layer=layer, method=method, value=Decimal(value), **{**defaults, **fields})


def test_layers_are_laid_in_their_order_whatever_order_they_come_in():
    rows = [
        entry("CAMPAIGN", "PERCENT", "-10", entry_id=5),
        entry("SEGMENT", "AMOUNT", "-1.00", entry_id=4),
        entry("DEALER", "AMOUNT", "2.00", entry_id=3),
        entry("REGION", "PERCENT", "-5", entry_id=2),
        entry("MSRP", "PRICE", "100.00", entry_id=1),
    ]

    derived = derive_price(yuan("120.00"), rows)

    assert [(step.layer, str(step.after.amount)) for step in derived.steps] == [
        ("MSRP", "100.00"), ("REGION", "95.00"), ("DEALER", "97.00"), ("SEGMENT", "96.00"), ("CAMPAIGN", "86.40")
    ]  # fmt: skip
    assert derived.price == yuan("86.40")
    assert derived.entry_ids == [1, 2, 3, 4, 5]
    assert derived.struck_out == yuan("96.00")


def test_the_nearest_region_counts_and_the_others_keep_their_reason():
    rows = [
        entry("REGION", "PRICE", "90.00", entry_id=1, rank=2),
        entry("REGION", "PRICE", "110.00", entry_id=2, rank=0),
    ]

    derived = derive_price(yuan("100.00"), rows)

    assert derived.price == yuan("110.00")
    assert [(step.entry_id, step.outcome) for step in derived.steps] == [
        (2, StepOutcome.APPLIED),
        (1, StepOutcome.OUTDONE),
    ]


def test_of_two_campaigns_the_better_one_for_the_buyer_counts():
    rows = [entry("CAMPAIGN", "PERCENT", "-5", entry_id=1), entry("CAMPAIGN", "AMOUNT", "-6.00", entry_id=2)]

    assert derive_price(yuan("100.00"), rows).entry_ids == [2]
    assert derive_price(yuan("200.00"), rows).entry_ids == [1]


def test_nothing_is_given_away_and_currencies_do_not_mix():
    rows = [entry("CAMPAIGN", "AMOUNT", "-100.00"), entry("REGION", "PERCENT", "-50", entry_id=2, currency="USD")]

    derived = derive_price(yuan("100.00"), rows)

    assert derived.price == yuan("100.00")
    assert {step.outcome for step in derived.steps} == {StepOutcome.WORTHLESS, StepOutcome.OTHER_CURRENCY}


cents = some.integers(min_value=1, max_value=10**9).map(lambda n: Decimal(n) / 100)
percents = some.integers(min_value=-9999, max_value=10000).map(lambda n: Decimal(n) / 100)
methods = some.one_of(
    some.tuples(some.just("PRICE"), cents),
    some.tuples(some.just("AMOUNT"), some.one_of(cents, cents.map(lambda amount: -amount))),
    some.tuples(some.just("PERCENT"), percents),
)
rows_of_lists = some.lists(
    some.tuples(some.sampled_from(list(PriceLayer)), methods, some.integers(0, 3)), max_size=8
).map(
    lambda rows: [
        EntryRow(entry_id=n, list_id=n, layer=layer, method=method, value=value, rank=rank)
        for n, (layer, (method, value), rank) in enumerate(rows)
    ]
)


@given(base=cents, rows=rows_of_lists, shuffle=some.randoms())
def test_any_price_is_above_zero_exact_to_the_cent_and_the_same_in_any_order(base, rows, shuffle):
    derived = derive_price(Money(base), rows)
    mixed = list(rows)
    shuffle.shuffle(mixed)

    assert derive_price(Money(base), mixed) == derived
    assert derived.price.amount > 0
    assert derived.price.amount == derived.price.amount.quantize(Decimal("0.01"))
    assert len(derived.entry_ids) == len({step.layer for step in derived.steps if step.outcome is StepOutcome.APPLIED})
    # The steps that counted lead from the base to the price without a gap.
    at = Money(base)
    for step in derived.steps:
        assert step.before == at if step.outcome is StepOutcome.APPLIED else True
        at = step.after if step.outcome is StepOutcome.APPLIED else at
    assert at == derived.price


@given(base=cents, percent=percents)
def test_percents_round_half_up_as_by_hand(base, percent):
    derived = derive_price(Money(base), [entry("REGION", "PERCENT", str(percent))])
    by_hand = (base * (100 + percent) / 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    assert derived.price.amount == (by_hand if by_hand > 0 else base)
