"""What can be built and what it costs, without a database."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.catalog.policies.configurator import Choice, ConflictKind, Rule, evaluate
from apps.catalog.states import RuleKind
from apps.kernel.api import Money

BASE = Money.of("169900.00")
CHOICES = [
    Choice("WHITE", "PAINT", Money.of(0), is_default=True),
    Choice("RED", "PAINT", Money.of("3000.00")),
    Choice("W18", "WHEELS", Money.of(0), is_default=True),
    Choice("W20", "WHEELS", Money.of("8000.00")),
    Choice("WINTER", "PACKS", Money.of("2600.00"), is_single=False),
    Choice("SPORT", "PACKS", Money.of("12000.00"), is_single=False),
    Choice("TOW", "PACKS", Money.of("5000.00"), is_single=False),
]
CODES = [choice.code for choice in CHOICES]
R, E, N = RuleKind.REQUIRES, RuleKind.EXCLUDES, RuleKind.INCLUDES


def build(*chosen: str, rules=(), choices=CHOICES):
    return evaluate(base=BASE, choices=choices, rules=[Rule(*rule) for rule in rules], chosen=chosen)


def kinds(evaluation) -> list[ConflictKind]:
    return [conflict.kind for conflict in evaluation.conflicts]


def test_groups_left_out_take_the_defaults():
    car = build()

    assert car.codes == ("WHITE", "W18")
    assert car.price == BASE
    assert car.valid


def test_the_price_is_the_base_and_all_extra_prices():
    car = build("RED", "W20", "WINTER")

    assert car.codes == ("RED", "W20", "WINTER")
    assert car.price == Money.of("183500.00")


def test_an_included_option_comes_along_at_no_charge():
    car = build("SPORT", rules=[(N, "SPORT", "W20")])

    assert car.codes == ("WHITE", "W20", "SPORT")
    assert car.price == Money.of("181900.00")
    assert car.options[1].included_by == "SPORT"


def test_an_included_option_costs_nothing_even_if_it_was_chosen():
    assert build("SPORT", "W20", rules=[(N, "SPORT", "W20")]).price == Money.of("181900.00")


def test_what_comes_along_brings_its_own_along():
    car = build("SPORT", rules=[(N, "SPORT", "W20"), (N, "W20", "WINTER")])

    assert car.codes == ("WHITE", "W20", "WINTER", "SPORT")
    assert car.price == Money.of("181900.00")


def test_a_default_brings_its_own_along():
    car = build(rules=[(N, "W18", "WINTER")])

    assert car.codes == ("WHITE", "W18", "WINTER")
    assert car.price == BASE


def test_two_options_that_include_each_other_are_not_both_free():
    car = build("SPORT", rules=[(N, "SPORT", "TOW"), (N, "TOW", "SPORT")])

    assert car.price == Money.of("181900.00")


def test_an_included_option_that_contradicts_a_choice_is_a_conflict():
    car = build("SPORT", "W18", rules=[(N, "SPORT", "W20")])

    assert kinds(car) == [ConflictKind.INCLUDES]
    assert (car.conflicts[0].option, car.conflicts[0].other) == ("SPORT", "W18")


def test_an_option_that_needs_another_is_a_conflict_without_it():
    rules = [(R, "TOW", "W20", "须选大轮毂", "Needs the big wheels")]

    assert build("TOW", "W20", rules=rules).valid
    conflict = build("TOW", rules=rules).conflicts[0]
    assert (conflict.kind, conflict.option, conflict.other) == (ConflictKind.REQUIRES, "TOW", "W20")
    assert (conflict.reason_zh, conflict.reason_en) == ("须选大轮毂", "Needs the big wheels")


@pytest.mark.parametrize("rule", [(E, "SPORT", "TOW"), (E, "TOW", "SPORT")])
def test_exclusion_works_both_ways(rule):
    assert build("SPORT", rules=[rule]).valid
    assert kinds(build("SPORT", "TOW", rules=[rule])) == [ConflictKind.EXCLUDES]


def test_two_of_a_group_that_holds_one_are_a_conflict():
    assert kinds(build("RED", "WHITE")) == [ConflictKind.ONE_PER_GROUP]


def test_an_option_the_trim_does_not_offer_is_a_conflict():
    car = build("GULL-WINGS")

    assert kinds(car) == [ConflictKind.UNKNOWN_OPTION]
    assert car.codes == ("WHITE", "W18")


def test_a_group_without_default_must_be_chosen():
    choices = [Choice("OAK", "TRIM", Money.of(0)), Choice("ASH", "TRIM", Money.of(0))]

    assert kinds(build(choices=choices)) == [ConflictKind.CHOICE_REQUIRED]
    assert build("OAK", choices=choices).valid


def test_an_option_that_needs_what_the_trim_does_not_offer_cannot_be_built():
    assert kinds(build("TOW", rules=[(R, "TOW", "HITCH")])) == [ConflictKind.REQUIRES]


def test_all_conflicts_are_listed():
    car = build("SPORT", "TOW", "X", rules=[(E, "SPORT", "TOW"), (R, "TOW", "W20")])

    assert kinds(car) == [ConflictKind.UNKNOWN_OPTION, ConflictKind.EXCLUDES, ConflictKind.REQUIRES]


@pytest.mark.parametrize("chosen", [["W20"], ["WHITE"], ["WHITE", "W20"], ["W20", "WHITE"]])
def test_of_two_options_that_include_each_other_the_dearer_is_paid_however_they_were_chosen(chosen):
    car = build(*chosen, rules=[(N, "WHITE", "W20"), (N, "W20", "WHITE")])

    amounts = {option.code: option.amount.amount for option in car.options}
    assert (amounts["W20"], amounts["WHITE"]) == (Decimal(8000), 0)


def test_what_a_circle_brings_along_is_free():
    car = build("SPORT", rules=[(N, "SPORT", "TOW"), (N, "TOW", "SPORT"), (N, "TOW", "W20")])

    assert [option.code for option in car.options if option.amount.amount] == ["SPORT"]


chosen_codes = st.lists(st.sampled_from([*CODES, "GULL-WINGS"]), max_size=6)
some_rules = st.lists(
    st.builds(
        Rule,
        st.sampled_from(RuleKind),
        st.sampled_from(CODES),
        st.sampled_from(CODES),
    ).filter(lambda rule: rule.option != rule.other),
    max_size=8,
)


@given(chosen=chosen_codes, rules=some_rules)
def test_a_valid_car_has_one_of_each_group_and_keeps_every_rule(chosen, rules):
    car = evaluate(base=BASE, choices=CHOICES, rules=rules, chosen=chosen)
    if not car.valid:
        return
    codes = set(car.codes)
    assert set(chosen) <= codes
    for group in ("PAINT", "WHEELS"):
        assert sum(1 for choice in CHOICES if choice.group == group and choice.code in codes) == 1
    for rule in rules:
        if rule.option in codes:
            assert (rule.other in codes) is (rule.kind is not RuleKind.EXCLUDES)


@given(chosen=chosen_codes, rules=some_rules)
def test_the_price_is_the_sum_of_the_breakdown_and_never_counts_what_is_included(chosen, rules):
    car = evaluate(base=BASE, choices=CHOICES, rules=rules, chosen=chosen)
    deltas = {choice.code: choice.delta for choice in CHOICES}

    assert car.price.amount == BASE.amount + sum((option.amount.amount for option in car.options), Decimal(0))
    for option in car.options:
        assert option.amount == (Money.zero() if option.included_by else deltas[option.code])


@given(chosen=chosen_codes, rules=some_rules)
def test_the_order_of_choosing_does_not_matter_for_what_can_be_built(chosen, rules):
    there = evaluate(base=BASE, choices=CHOICES, rules=rules, chosen=chosen)
    back = evaluate(base=BASE, choices=CHOICES, rules=rules, chosen=reversed(chosen))

    assert there.valid == back.valid
    if there.valid:
        assert (there.codes, there.price) == (back.codes, back.price)


@given(chosen=chosen_codes, rules=some_rules)
def test_a_complete_car_evaluated_again_is_the_same_car(chosen, rules):
    car = evaluate(base=BASE, choices=CHOICES, rules=rules, chosen=chosen)
    if car.valid:
        again = evaluate(base=BASE, choices=CHOICES, rules=rules, chosen=car.codes)
        assert (again.codes, again.price, again.valid) == (car.codes, car.price, True)
