"""How far and how often a price may move: pure, to the cent."""

from decimal import Decimal

import pytest

from apps.catalog.api import (
    ChangeReason,
)
from apps.catalog.policies.price_changes import ChangeLimits, Verdict, judge_change

LIMITS = ChangeLimits(
    rise=Decimal(30), fall=Decimal(20), refused_rise=Decimal(400), refused_fall=Decimal(80), most_changes=3, days=7
)


@pytest.mark.parametrize(
    ("after", "verdict", "reasons"),
    [
        ("130.00", Verdict.AT_ONCE, ()),
        ("130.01", Verdict.REVIEW, (ChangeReason.RISE,)),
        ("80.00", Verdict.AT_ONCE, ()),
        ("79.99", Verdict.REVIEW, (ChangeReason.FALL,)),
        ("500.00", Verdict.REVIEW, (ChangeReason.RISE,)),
        ("500.01", Verdict.REFUSED, ()),
        ("20.00", Verdict.REVIEW, (ChangeReason.FALL,)),
        ("19.99", Verdict.REFUSED, ()),
    ],
)
def test_a_change_from_100_is_judged_to_the_cent(after, verdict, reasons):
    judged = judge_change(before=Decimal(100), after=Decimal(after), recent_changes=0, limits=LIMITS)

    assert (judged.verdict, judged.reasons) == (verdict, reasons)


def test_too_many_changes_wait_however_small():
    judged = [
        judge_change(before=Decimal(100), after=Decimal(101), recent_changes=count, limits=LIMITS) for count in (2, 3)
    ]

    assert [row.verdict for row in judged] == [Verdict.AT_ONCE, Verdict.REVIEW]
    assert judged[1].reasons == (ChangeReason.TOO_OFTEN,)


def test_a_first_price_far_from_the_others_waits_instead_of_being_refused():
    for after, verdict in (("500.00", Verdict.AT_ONCE), ("500.01", Verdict.REVIEW), ("0.01", Verdict.REVIEW)):
        judged = judge_change(before=Decimal(100), after=Decimal(after), recent_changes=9, limits=LIMITS, is_first=True)
        assert judged.verdict is verdict


@pytest.mark.parametrize("before", [None, Decimal(0)])
def test_without_limits_or_a_price_before_it_counts(before):
    assert judge_change(before=before, after=Decimal(9), recent_changes=0, limits=LIMITS).verdict is Verdict.AT_ONCE
    assert judge_change(before=Decimal(1), after=Decimal(9), recent_changes=9, limits=None).verdict is Verdict.AT_ONCE
