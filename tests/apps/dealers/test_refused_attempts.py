"""Decisions about dealers that are refused: nothing is half-written, and the trail says who tried what."""

from datetime import date

import pytest

from apps.accounts.api import Role
from apps.dealers.api import (
    Authorization,
    AuthorizationKind,
    AuthorizationOverlaps,
    ChannelChange,
    GrantWish,
    QuotaOverlaps,
    ReasonRequired,
    Territory,
    TerritoryNotAuthorized,
    TerritoryOverlaps,
    UnknownBrand,
    assign_territory,
    grant_authorization,
    set_quota,
    suspend_dealer,
)
from apps.kernel.api import AuditEntry, MoveNotAllowed, OutboxEvent, RefusedAttempt
from tests.factories.accounts import make_member
from tests.factories.catalog import make_trim
from tests.factories.dealers import make_authorization, make_dealer

SALES = AuthorizationKind.SALES
TODAY = date(2026, 6, 10)


@pytest.fixture
def operator(db):
    return make_member(Role.HQ_OPERATOR)


@pytest.fixture
def assign(operator, now):
    """``assign(dealer, region)``: headquarters gives it the region alone."""

    def make(dealer, region="310115"):
        return assign_territory(
            dealer_id=dealer.pk,
            brand_code="XINGCHI",
            region_code=region,
            kind=SALES,
            is_exclusive=True,
            starts_on=TODAY,
            ends_on=None,
            reason="network plan",
            by=operator,
            now=now,
        )

    return make


def the_attempt(action: str) -> RefusedAttempt:
    """The one refusal that was kept."""
    attempt = RefusedAttempt.objects.get()
    assert attempt.action == action
    assert AuditEntry.objects.filter(table_name="kernel_refusedattempt", row_id=str(attempt.pk)).exists()
    return attempt


def test_a_territory_that_overlaps(assign, operator, now):
    holder, other = make_dealer(), make_dealer()
    for dealer in (holder, other):
        make_authorization(dealer=dealer)
    assign(holder, "310000")
    before = (ChannelChange.objects.count(), OutboxEvent.objects.count())

    with pytest.raises(TerritoryOverlaps):
        assign(other)

    attempt = the_attempt("dealers.assign_territory")
    assert (attempt.subject, attempt.code, attempt.by, attempt.at) == (
        str(other.pk),
        "territory_overlaps",
        operator,
        now,
    )
    assert attempt.asked["region_code"] == "310115"
    assert holder.code in attempt.context["holders"]
    assert not Territory.objects.filter(dealer=other).exists()
    assert (ChannelChange.objects.count(), OutboxEvent.objects.count()) == before


def test_a_territory_without_an_authorization(assign):
    with pytest.raises(TerritoryNotAuthorized):
        assign(make_dealer())

    assert the_attempt("dealers.assign_territory").code == "territory_not_authorized"
    assert not Territory.objects.exists()


def test_a_grant_that_is_there_already_or_of_no_brand(brand, operator, now):
    dealer = make_dealer()
    make_authorization(dealer=dealer)

    def grant(**changes):
        values = {
            "dealer_id": dealer.pk,
            "brand_code": "XINGCHI",
            "region_code": "310000",
            "kind": SALES,
            "starts_on": TODAY,
        }
        return grant_authorization(wish=GrantWish(**{**values, **changes}), reason="plan", by=operator, now=now)

    with pytest.raises(AuthorizationOverlaps):
        grant()
    assert the_attempt("dealers.grant_authorization").asked["wish.region_code"] == "310000"
    with pytest.raises(UnknownBrand):
        grant(brand_code="NONE")

    assert [one.code for one in RefusedAttempt.objects.order_by("pk")] == ["authorization_overlaps", "unknown_brand"]
    assert Authorization.objects.count() == 1


def test_a_quota_that_overlaps(operator, now):
    dealer, model = make_dealer(), make_trim().model
    wish = {
        "dealer_id": dealer.pk,
        "series_code": model.series.code,
        "model_code": "",
        "starts_on": TODAY,
        "ends_on": date(2026, 12, 31),
        "vehicles": 10,
        "reason": "plan",
        "by": operator,
        "now": now,
    }
    set_quota(**wish)

    with pytest.raises(QuotaOverlaps):
        set_quota(**wish)

    assert the_attempt("dealers.set_quota").code == "quota_overlaps"


def test_a_status_that_cannot_be(operator, now):
    dealer = make_dealer(status="ONBOARDING")

    with pytest.raises(MoveNotAllowed):
        suspend_dealer(organization_id=dealer.organization_id, reason="x", by=operator, now=now)

    assert the_attempt("dealers.suspend_dealer").subject == str(dealer.organization_id)
    dealer.refresh_from_db()
    assert dealer.status == "ONBOARDING"


def test_without_a_reason(assign, operator, now):
    dealer = make_dealer()
    make_authorization(dealer=dealer)

    with pytest.raises(ReasonRequired):
        assign_territory(
            dealer_id=dealer.pk,
            brand_code="XINGCHI",
            region_code="310115",
            kind=SALES,
            is_exclusive=False,
            starts_on=TODAY,
            ends_on=None,
            reason=" ",
            by=operator,
            now=now,
        )

    assert the_attempt("dealers.assign_territory").code == "reason_required"


def test_what_goes_through_leaves_no_refusal(assign):
    dealer = make_dealer()
    make_authorization(dealer=dealer)

    assign(dealer)

    assert not RefusedAttempt.objects.exists()
