"""Numbers that people read out to each other."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from apps.kernel.api import dated_number, random_letters, spell_bits
from apps.kernel.numbers import ALPHABET, PLAIN_LETTERS


def test_no_letter_is_easily_mistaken_for_another():
    assert not set("ILOU") & set(ALPHABET)
    assert not set("01IO") & set(PLAIN_LETTERS)
    assert len(set(ALPHABET)) == len(set(PLAIN_LETTERS)) == 32


def test_five_bits_make_a_letter_and_more_are_left_out():
    assert spell_bits(0, letters=2) == "00"
    assert spell_bits(31 + (10 << 5) + (1 << 10), letters=2) == "ZA"
    assert len({spell_bits(bits, letters=2) for bits in range(1024)}) == 1024


def test_a_dated_number_tells_the_day_where_it_was_made():
    number = dated_number("F", zone=ZoneInfo("Asia/Shanghai"), letters=10, now=datetime(2026, 6, 9, 18, tzinfo=UTC))
    assert number[:7] == "F260610"
    assert len(number) == 17
    assert set(number[7:]) <= set(ALPHABET)


def test_random_letters_are_as_many_as_asked_for_and_never_twice_the_same():
    made = {random_letters(10) for _ in range(500)}
    assert len(made) == 500
    assert {len(one) for one in made} == {10}
    assert set("".join(made)) <= set(PLAIN_LETTERS)
