"""
The demo world's vehicles can be configured, obey physics and carry valid VINs; every rule of the configurator bites.

The data lives in ``config/reference``; its README says what every field means. No database is needed.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.architecture.reference_data import (
    CATEGORIES,
    FILES,
    GROUPS,
    MODELS,
    OPTIONS,
    RULES,
    SERIES,
    SITES,
    TRIMS,
    VEHICLES,
    money,
)

VIN_VALUES = {**{str(n): n for n in range(10)}, **dict(zip("ABCDEFGH", range(1, 9), strict=True))}
VIN_VALUES |= {**dict(zip("JKLMN", range(1, 6), strict=True)), "P": 7, "R": 9}
VIN_VALUES |= dict(zip("STUVWXYZ", range(2, 10), strict=True))
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def rules_of(trim: dict) -> list[dict]:
    return [
        rule
        for rule in RULES.values()
        if (trim["code"] in rule["trims"] or trim["model"] in rule["models"])
        and rule["option"] in trim["options"]
        and rule["other"] in trim["options"]
    ]


def is_broken(rule: dict, chosen: frozenset[str]) -> bool:
    option, other = rule["option"] in chosen, rule["other"] in chosen
    return {"requires": option and not other, "excludes": option and other, "included_in": other and not option}[
        rule["kind"]
    ]


def configurations(trim: dict) -> Iterator[frozenset[str]]:
    """Every complete choice of a trim, those with few packs first."""
    by_group: dict[str, list[str]] = {code: [] for code in GROUPS}
    for code in trim["options"]:
        by_group[OPTIONS[code]["group"]].append(code)
    packs = by_group.pop("PACKS")
    for size in range(len(packs) + 1):
        for some in itertools.combinations(packs, size):
            for one_each in itertools.product(*by_group.values()):
                yield frozenset(some + one_each)


def test_series_models_and_trims_form_a_tree():
    assert {model["series"] for model in MODELS.values()} == set(SERIES)
    assert {trim["model"] for trim in TRIMS.values()} == set(MODELS)
    for series in SERIES.values():
        assert 1 <= sum(model["series"] == series["code"] for model in MODELS.values()) <= 2
        prices = [money(t["msrp"]) for t in TRIMS.values() if MODELS[t["model"]]["series"] == series["code"]]
        assert money(series["deposit"]) <= min(prices) * Decimal("0.20")
    assert {category.get("body_type") for category in CATEGORIES.values()} - {None} == {
        body["code"] for body in VEHICLES["body_types"]
    }


@pytest.mark.parametrize("series", SERIES)
def test_a_series_offers_a_real_choice(series):
    offered = {code for t in TRIMS.values() if MODELS[t["model"]]["series"] == series for code in t["options"]}
    counts = Counter(OPTIONS[code]["group"] for code in offered)

    assert counts["EXTERIOR"] >= 6
    assert counts["INTERIOR"] >= 3
    assert counts["WHEELS"] >= 3
    assert counts["PACKS"] >= 5
    assert all(re.fullmatch("#[0-9A-F]{6}", OPTIONS[code].get("hex", "#000000")) for code in offered)


@pytest.mark.parametrize("trim", TRIMS.values(), ids=lambda trim: trim["code"])
def test_a_trim_has_a_valid_default_and_every_option_can_be_had(trim):
    assert set(trim["options"]) <= set(OPTIONS)
    assert min(money(price) for price in trim["options"].values()) == 0
    assert [OPTIONS[code]["group"] for code in trim["defaults"]] == ["EXTERIOR", "INTERIOR", "WHEELS"]
    assert all(money(trim["options"][code]) == 0 for code in trim["defaults"])
    rules = rules_of(trim)
    assert [rule["code"] for rule in rules if is_broken(rule, frozenset(trim["defaults"]))] == []
    missing = set(trim["options"])
    for chosen in configurations(trim):
        if not missing & chosen:
            continue
        if not any(is_broken(rule, chosen) for rule in rules):
            missing -= chosen
        if not missing:
            break
    assert not missing


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule["code"])
def test_a_rule_refuses_some_choice_that_no_other_rule_refuses(rule):
    assert set(rule["models"]) <= set(MODELS)
    assert set(rule["trims"]) <= set(TRIMS)
    scope = [trim for trim in TRIMS.values() if rule in rules_of(trim)]
    assert scope
    assert any(
        [r["code"] for r in rules_of(trim) if is_broken(r, chosen)] == [rule["code"]]
        for trim in scope
        for chosen in configurations(trim)
    )


def test_rules_are_at_least_twelve_of_each_kind():
    assert min(Counter(rule["kind"] for rule in RULES.values()).values()) >= 12
    pairs = [(r["kind"], r["option"], r["other"], m) for r in RULES.values() for m in r["models"] + r["trims"]]
    assert len(set(pairs)) == len(pairs)


@pytest.mark.parametrize("trim", TRIMS.values(), ids=lambda trim: trim["code"])
def test_a_trims_figures_agree_with_physics_and_each_other(trim):
    specs, model = trim["specs"], MODELS[trim["model"]]
    is_hybrid = model["powertrain"] == "PHEV"
    assert 99_800 <= money(trim["msrp"]) <= 459_800
    assert 0.55 < specs["wheelbase_mm"] / specs["length_mm"] < 0.65
    # Kinetic energy at 100 km/h over full power bounds the sprint from below; grip and gearing cost the rest.
    ideal_s = 0.5 * specs["curb_weight_kg"] * (100 / 3.6) ** 2 / (specs["system_kw"] * 1000)
    assert 1.4 < specs["accel_0_100_s"] / ideal_s < 2.4
    battery_draw = specs["battery_kwh"] / specs["range_cltc_km"] * 100
    assert 10 < battery_draw < 31
    assert 1.0 < specs["consumption_kwh_100km"] / battery_draw < 1.15
    assert specs["dc_peak_kw"] / specs["battery_kwh"] < 3.6
    mean_kw = specs["battery_kwh"] * 0.5 / specs["dc_30_80_min"] * 60
    assert 0.5 < mean_kw / specs["dc_peak_kw"] < 0.9
    assert ("engine_kw" in specs) == is_hybrid
    if is_hybrid:
        combined = specs["fuel_tank_l"] / specs["fuel_l_100km"] * 100 + specs["range_cltc_km"]
        assert 0 <= combined - specs["range_combined_km"] < 10


def test_units_are_six_valid_vins_a_trim_at_the_plant():
    units = FILES["units"]["units"]
    assert [unit["trim"] for unit in units] == list(TRIMS)
    vins = [vin for unit in units for vin in unit["vins"]]
    assert {len(unit["vins"]) for unit in units} == {6}
    assert len(set(vins)) == len(vins)
    assert {SITES[unit["site"]]["kind"] for unit in units} == {"PLANT"}
    check_vins(vins)


def test_dealers_have_valid_cars_of_their_own_at_their_own_places():
    units = FILES["dealer_units"]["units"]
    vins = [vin for unit in units for vin in unit["vins"]]
    known = {vin for unit in FILES["units"]["units"] for vin in unit["vins"]}
    assert len(set(vins) | known) == len(vins) + len(known)
    assert {unit["trim"] for unit in units} <= set(TRIMS)
    assert {SITES[unit["site"]]["kind"] for unit in units} == {"DEALER_WAREHOUSE"}
    assert {SITES[unit["site"]]["owner"] for unit in units} == {"DLR-SHANGHAI", "DLR-HANGZHOU"}
    check_vins(vins)


def check_vins(vins):
    for vin in vins:
        # Source: ISO 3779 and GB 16735, check digit in position 9; model year 2026 is T in position 10.
        assert re.fullmatch("LXC[A-HJ-NPR-Z0-9]{14}", vin)
        assert vin[9] == "T"
        remainder = sum(VIN_VALUES[char] * weight for char, weight in zip(vin, VIN_WEIGHTS, strict=True)) % 11
        assert vin[8] == "0123456789X"[remainder], vin
