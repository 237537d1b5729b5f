"""Regions, authorizations, opening hours and boxes, without a database."""

from datetime import UTC, date, datetime
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.dealers.policies import (
    KM_PER_DEGREE,
    AuthorizationRule,
    Grant,
    are_opening_hours,
    bounding_box,
    failed_rule,
    is_open_at,
    region_covers,
)
from apps.dealers.states import AuthorizationKind

SALES, SERVICE = AuthorizationKind.SALES, AuthorizationKind.SERVICE
SHANGHAI_SALES = Grant("XINGCHI", "310000", SALES, date(2026, 1, 1), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("region", "place", "covers"),
    [
        ("310000", "310115", True),
        ("310100", "310115", True),
        ("310115", "310115", True),
        ("310115", "310116", False),
        ("310000", "320500", False),
        ("000000", "650100", True),
        ("110000", "100000", False),
    ],
)
def test_a_region_covers_what_lies_in_it(region, place, covers):
    assert region_covers(region, place) is covers


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({}, None),
        ({"brand_code": "OTHER"}, AuthorizationRule.BRAND),
        ({"kind": SERVICE}, AuthorizationRule.KIND),
        ({"region_code": "330100"}, AuthorizationRule.REGION),
        ({"on": date(2025, 12, 31)}, AuthorizationRule.DATE),
        ({"on": date(2026, 1, 1)}, None),
        ({"on": date(2026, 12, 31)}, None),
        ({"on": date(2027, 1, 1)}, AuthorizationRule.DATE),
    ],
)
def test_a_refusal_names_the_first_rule_that_fails(asked, rule):
    usual = {"brand_code": "XINGCHI", "region_code": "310115", "kind": SALES, "on": date(2026, 6, 10)}

    assert failed_rule([SHANGHAI_SALES], **{**usual, **asked}) is rule


def test_without_any_grant_the_brand_is_what_is_missing():
    assert (
        failed_rule([], brand_code="X", region_code="310000", kind=SALES, on=date(2026, 1, 1))
        is AuthorizationRule.BRAND
    )


@given(
    latitude=st.floats(-80, 80),
    longitude=st.floats(-180, 180),
    bearing=st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1)]),
    radius_km=st.floats(0.1, 500),
)
def test_a_box_holds_every_point_of_its_circle(latitude, longitude, bearing, radius_km):
    north, east = bearing
    # A hair inside, so that rounding does not decide.
    reach = 0.999 * radius_km / KM_PER_DEGREE
    box = bounding_box(latitude, longitude, radius_km)

    assert box.south <= latitude + north * reach <= box.north
    assert box.west <= longitude + east * reach / cos(radians(latitude)) <= box.east


def test_a_box_at_the_pole_goes_all_around():
    box = bounding_box(89.9, 10, 100)

    assert (box.north, box.west, box.east) == (90.0, -170.0, 190.0)


def test_a_store_is_open_by_the_clock_on_its_wall():
    hours = {"wed": [["09:00", "12:00"], ["13:30", "18:00"]]}
    # 2026-06-10 is a Wednesday; 02:00 UTC is 10:00 in Shanghai.
    assert is_open_at(hours, time_zone="Asia/Shanghai", at=datetime(2026, 6, 10, 2, tzinfo=UTC))
    assert not is_open_at(hours, time_zone="Asia/Shanghai", at=datetime(2026, 6, 10, 4, tzinfo=UTC))
    assert not is_open_at(hours, time_zone="Asia/Shanghai", at=datetime(2026, 6, 10, 10, tzinfo=UTC))
    assert not is_open_at(hours, time_zone="Asia/Shanghai", at=datetime(2026, 6, 11, 2, tzinfo=UTC))
    assert not is_open_at(hours, time_zone="Europe/Berlin", at=datetime(2026, 6, 10, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ({}, True),
        ({"mon": []}, True),
        ({"mon": [["09:00", "18:00"]]}, True),
        ({"mon": [["09:00", "12:00"], ["13:00", "18:00"]]}, True),
        ({"mon": [["09:00", "12:00"], ["11:00", "18:00"]]}, False),
        ({"mon": [["18:00", "09:00"]]}, False),
        ({"mon": ["09:00", "18:00"]}, False),
        ({"mon": [["nine", "five"]]}, False),
        ({"mon": [[9, 18]]}, False),
        ({"monday": [["09:00", "18:00"]]}, False),
        ({"mon": None}, False),
        ([], False),
        (None, False),
    ],
)
def test_tells_opening_hours_from_anything_else(value, good):
    assert are_opening_hours(value) is good
