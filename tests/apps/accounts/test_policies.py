"""Phone numbers, written and hidden."""

import pytest

from apps.accounts.policies import mask_phone, normalize_phone


@pytest.mark.parametrize(
    "written, stored",
    [
        ("13800138000", "+8613800138000"),
        ("138-0013-8000", "+8613800138000"),
        (" +86 138 0013 8000 ", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("+852 5123 4567", "+85251234567"),
        ("12345", None),
        ("abc", None),
        ("", None),
        (None, None),
        ("138001380001380013800", None),
    ],
)
def test_writes_numbers_as_e164(written, stored):
    assert normalize_phone(written) == stored


@pytest.mark.parametrize(
    "phone, shown",
    [("+8613800138000", "138****8000"), ("+85251234567", "+852****4567"), ("", ""), (None, ""), ("+1234567", "****67")],
)
def test_hides_the_middle(phone, shown):
    assert mask_phone(phone) == shown
