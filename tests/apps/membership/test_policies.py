"""Names, plates, VINs, texts and averages."""

import pytest

from apps.membership.policies import (
    average_rating,
    clean_text,
    mask_name,
    mask_vin,
    normalize_plate,
    normalize_vin,
)


@pytest.mark.parametrize(("name", "shown"), [("林晚晴", "林**"), (" Zhou Muye", "Z**"), ("", ""), ("  ", "")])
def test_a_name_is_shown_by_its_first_character(name, shown):
    assert mask_name(name) == shown


def test_a_vin_is_shown_by_its_end():
    assert mask_vin("LXCA1ER17TZ001001") == "···001001"
    assert mask_vin("") == ""


@pytest.mark.parametrize(
    "typed", ["lxca1er17tz001001", "LXCA1ER17 TZ001001", "LXCA1ER17-TZ-001001", "ＬＸＣＡ1ER17TZ001001"]
)
def test_a_vin_is_stored_alike_however_it_is_typed(typed):
    assert normalize_vin(typed) == "LXCA1ER17TZ001001"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("沪A·12345", "沪A12345"),
        ("沪ad12345", "沪AD12345"),
        ("粤B1234学", "粤B1234学"),
        ("", ""),
        ("  ", ""),
        ("A12345", None),
        ("沪A1234", None),
        ("沪A1234567", None),
        ("沪I12345", "沪I12345"),
        ("沪A1234O", None),
        ("<b>沪A12345", None),
    ],
)
def test_a_plate_is_read_or_refused(typed, stored):
    assert normalize_plate(typed) == stored


def test_a_text_keeps_its_lines_and_loses_what_nobody_sees():
    assert (
        clean_text(" 好\x00用\u202e！\r\n\r\n\r\n\r\n第二天\u200b👨\u200d👩\u200d👧 ")
        == "好用！\n\n第二天👨\u200d👩\u200d👧"
    )


@pytest.mark.parametrize(
    ("count", "total", "average"), [(0, 0, None), (4, 17, 4.3), (3, 10, 3.3), (1, 5, 5.0), (20, 81, 4.1), (8, 30, 3.8)]
)
def test_an_average_has_one_place_half_up(count, total, average):
    assert average_rating(count, total) == average
