"""What a visitor wishes of a car, read from links and forms and made into a car."""

import pytest
from django.http import QueryDict

from apps.catalog.api import CarOnStage, open_showroom, put_on_stage
from apps.portals.storefront.car_wish import (
    LONGEST_CODE,
    MOST_OPTIONS,
    STEPS_BACK,
    Car,
    Place,
    choose,
    read_wish,
    remember,
)

TRIM = "JINGHONG-EV-680"


@pytest.fixture
def stage(db) -> CarOnStage:
    """A trim whose Performance Pack brings forged wheels, which the Winter Pack excludes."""
    shown = open_showroom("jinghong").find(TRIM)
    return put_on_stage([shown])[TRIM]


def chosen(stage: CarOnStage, query: str):
    """The car that a query comes to."""
    return choose(stage, read_wish(QueryDict(query)), trim=TRIM)


def test_a_car_is_named_by_what_differs_from_the_standard(stage):
    found = chosen(stage, "option=PAINT-GLACIER,PAINT-CINNABAR&option=PACK-AUDIO")

    assert chosen(stage, "").car == Car(trim=TRIM)
    assert str(chosen(stage, "option=PAINT-CINNABAR,PAINT-CINNABAR,WHEEL-19-BLADE").car) == f"{TRIM}:PAINT-CINNABAR"
    assert found.view.conflicts[0].kind == "one_per_group"


def test_what_a_pack_brings_along_is_no_choice(stage):
    found = chosen(stage, "option=PACK-PERFORMANCE,WHEEL-20-FORGED")

    assert found.car.options == ("PACK-PERFORMANCE",)
    assert found.inclusions == {"WHEEL-20-FORGED": "PACK-PERFORMANCE"}


def test_a_form_that_sends_the_standard_answers_chooses_none_of_them(stage):
    found = chosen(stage, "option-wheels=WHEEL-19-BLADE&option-packs=PACK-PERFORMANCE")

    assert found.car.options == ("PACK-PERFORMANCE",)
    assert found.view.valid


def test_a_standard_answer_that_was_not_shown_was_chosen_on_purpose(stage):
    """The page showed forged wheels, which the pack brought; the visitor went back to the standard ones."""
    form = "option=PACK-PERFORMANCE&shown=WHEEL-20-FORGED,PAINT-GLACIER&came=WHEEL-20-FORGED"

    found = chosen(stage, f"{form}&option-wheels=WHEEL-19-BLADE")

    assert [conflict.kind for conflict in found.view.conflicts] == ["includes"]
    assert set(found.car.options) == {"PACK-PERFORMANCE", "WHEEL-19-BLADE"}
    # The next form carries it on, as a choice.
    again = chosen(stage, "option=PACK-PERFORMANCE,WHEEL-19-BLADE")
    assert again.car == found.car


def test_what_came_along_goes_with_what_brought_it(stage):
    """The wheels' step showed forged wheels as chosen; at the packs' step the pack was taken away."""
    found = chosen(stage, "came=WHEEL-20-FORGED&shown=WHEEL-20-FORGED&option-wheels=WHEEL-20-FORGED")

    assert found.car == Car(trim=TRIM)


@pytest.mark.parametrize(
    "query",
    [
        "option=PACK-NOBODY",
        "option=%3Cscript%3Ealert(1)%3C/script%3E",
        "option=" + "A" * 10_000,
        "option='; DROP TABLE catalog_option; --",
        "&".join(f"option=X-{number}" for number in range(100)),
        "option=" + ",".join(f"X-{number}" for number in range(1000)),
    ],
)
def test_options_nobody_offers_are_left_out_and_said_to_be(query, stage):
    found = chosen(stage, query)

    assert found.is_reduced
    assert found.car == Car(trim=TRIM)


def test_more_options_than_any_car_has_are_cut():
    wish = read_wish(QueryDict("&".join(f"option=X-{number}" for number in range(MOST_OPTIONS + 1))))

    assert (len(wish.options), wish.is_cut) == (MOST_OPTIONS, True)


def test_every_parameter_is_cut_to_what_it_may_hold():
    names = (
        "trim",
        "step",
        "view",
        "plan",
        "months",
        "down",
        "at",
        "seen",
        "was",
        "vs",
        "is",
        "option-wheels",
        "shown",
    )
    wish = read_wish(QueryDict("&".join(f"{name}={'Z' * 10_000}" for name in names)))

    assert (
        max(len(text) for text in (wish.trim, wish.step, wish.view, wish.plan, wish.months, wish.down)) <= LONGEST_CODE
    )
    assert len(str(wish.rival)) <= LONGEST_CODE


@pytest.mark.parametrize("word", [TRIM, f"{TRIM}:PAINT-CINNABAR,PACK-AUDIO", "", ":", "::,,:", "X" * 9000])
def test_a_word_names_one_car_and_that_car_one_word(word):
    car = Car.read(word)

    assert Car.read(str(car)) == car


def test_remembers_the_cars_before_newest_first_and_not_too_many():
    before = [Car(trim=f"T{number}") for number in range(STEPS_BACK)]
    wish = read_wish(QueryDict("&".join(f"was={car}" for car in before)))

    assert remember(wish, "T9:A", Car(trim="T9", options=("B",)))[:2] == (Car(trim="T9", options=("A",)), before[0])
    assert len(remember(wish, "T9", Car(trim="T8"))) == STEPS_BACK
    assert remember(wish, "T9", Car(trim="T9")) == tuple(before)
    assert remember(wish, "", Car(trim="T9")) == tuple(before)


def test_an_address_is_short_and_reads_back(stage):
    place = Place(base="/x/", car=Car(trim=TRIM, options=("PAINT-CINNABAR", "PACK-AUDIO")), step="wheels", view="side")

    assert place.address() == f"/x/?trim={TRIM}&option=PAINT-CINNABAR,PACK-AUDIO&step=wheels&view=side"
    wish = read_wish(QueryDict(place.address(past=(Car(trim="T1"),)).partition("?")[2]))
    assert (wish.options, wish.step, wish.view, wish.past) == (place.car.options, "wheels", "side", (Car(trim="T1"),))
