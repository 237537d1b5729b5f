"""Importing authorizations: each row a decision of the services, dry run, refusals by name, undo."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from apps.dealers.api import (
    Authorization,
    ChannelChange,
    GrantWish,
    assign_territory,
    extend_authorization,
    grant_authorization,
    revoke_authorization,
)
from apps.dealers.states import AuthorizationKind
from apps.kernel.api import ImportRow, OutboxEvent, imports
from tests.factories.accounts import make_user
from tests.factories.dealers import make_dealer
from tests.races import meet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("brand")]


@pytest.fixture
def dealer():
    return make_dealer()


@pytest.fixture
def today(now):
    return timezone.localdate(now)


@pytest.fixture
def run(now):
    """Import rows: ``run([{…}, …])``."""

    def run(rows, *, apply=True, by=None, at=now):
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        upload = ContentFile(text.getvalue().encode(), name="rights.csv")
        made = imports.upload(kind="authorizations", upload=upload, by=by, now=at)
        imports.work(run_id=made.pk, clock=lambda: at)
        made.refresh_from_db()
        if apply and made.count("planned", "REFUSED") < made.total:
            imports.request_apply(run_id=made.pk, by=by, now=at)
            imports.work(run_id=made.pk, clock=lambda: at)
        made.refresh_from_db()
        return made

    return run


@pytest.fixture
def row(dealer, today):
    """A good row, of the whole of next year's Shanghai."""

    def row(**changes):
        values = {
            "dealer": dealer.code,
            "brand": "XINGCHI",
            "region": "310000",
            "kind": "SALES",
            "first_day": today.isoformat(),
            "last_day": (today + timedelta(days=99)).isoformat(),
            "reason": "contract 7",
        }
        return {**values, **changes}

    return row


@pytest.fixture
def granted(dealer, today, now):
    """A right that is there already: a hundred days from ten days ago."""
    wish = GrantWish(
        dealer_id=dealer.pk,
        brand_code="XINGCHI",
        region_code="310000",
        kind=AuthorizationKind.SALES,
        starts_on=today - timedelta(days=10),
        ends_on=today + timedelta(days=90),
    )
    return grant_authorization(wish=wish, reason="contract 1", by=None, now=now)


def undo(run, at):
    imports.request_undo(run_id=run.pk, by=None, now=at)
    imports.work(run_id=run.pk, clock=lambda: at)
    run.refresh_from_db()


def problems_of(run):
    rows = ImportRow.objects.filter(run=run).order_by("line")
    return [(problem["field"], problem["code"]) for one in rows for problem in one.problems]


def test_rows_are_granted_by_the_service_with_their_reasons(run, row, today):
    person = make_user()
    made = run([row(), row(region="320500", kind="售后", last_day="", reason="contract 8")], by=person)

    assert made.counts["applied"]["CREATED"] == 2
    first, second = Authorization.objects.order_by("region_code")
    assert (first.valid.lower, first.valid.upper) == (today, today + timedelta(days=100))
    assert (second.kind, second.valid.upper) == (AuthorizationKind.SERVICE, None)
    decisions = ChannelChange.objects.order_by("object_id").values_list("move", "reason", "by")
    assert list(decisions) == [("grant", "contract 7", person.pk), ("grant", "contract 8", person.pk)]
    assert OutboxEvent.objects.filter(name="dealers.authorization_changed.v1").count() == 2


def test_a_dry_run_grants_nothing(run, row):
    made = run([row(), row(region="999999")], apply=False)

    assert made.counts["planned"] == {"NEW": 1, "REFUSED": 1}
    assert not Authorization.objects.exists()
    assert not ChannelChange.objects.exists()


def test_a_right_that_is_there_runs_longer(run, row, granted, today):
    first = granted.valid.lower.isoformat()
    made = run([row(first_day=first, last_day="", reason="for good")])

    granted.refresh_from_db()
    assert made.counts["applied"]["UPDATED"] == 1
    assert granted.valid.upper is None
    assert ChannelChange.objects.order_by("pk").last().reason == "for good"


def test_the_same_right_again_decides_nothing(run, row, granted):
    last = granted.valid.upper - timedelta(days=1)
    made = run([row(first_day=granted.valid.lower.isoformat(), last_day=last.isoformat(), reason="again")])

    assert made.counts["applied"]["UNCHANGED"] == 1
    assert ChannelChange.objects.count() == 1


def test_undo_revokes_what_was_granted_and_puts_back_the_end(run, row, granted, now):
    before = granted.valid.upper
    made = run([row(first_day=granted.valid.lower.isoformat(), last_day=""), row(region="320500")])

    undo(made, now)

    granted.refresh_from_db()
    assert (made.status, granted.valid.upper) == ("UNDONE", before)
    other = Authorization.objects.get(region_code="320500")
    assert other.is_void
    assert other.revoked_at is not None
    # History keeps all of it.
    moves = ChannelChange.objects.order_by("pk").values_list("move", flat=True)
    assert sorted(moves) == ["end", "extend", "grant", "grant", "revoke"]


def test_what_was_decided_since_is_kept_when_undone(run, row, now):
    made = run([row(), row(region="320500")])
    first, second = Authorization.objects.order_by("region_code")
    revoke_authorization(authorization_id=first.pk, reason="breach", by=None, now=now)
    extend_authorization(authorization_id=second.pk, ends_on=None, reason="good", by=None, now=now)

    undo(made, now)

    second.refresh_from_db()
    assert problems_of(made) == [("", "changed_since"), ("", "changed_since")]
    assert second.valid.upper is None


@pytest.mark.django_db(transaction=True)
def test_what_is_decided_while_it_is_undone_is_kept(run, row, now):
    made = run([row()])
    right = Authorization.objects.get()
    imports.request_undo(run_id=made.pk, by=None, now=now)

    meet(
        lambda: extend_authorization(authorization_id=right.pk, ends_on=None, reason="good", by=None, now=now),
        lambda: imports.work(run_id=made.pk, clock=lambda: now),
    )

    right.refresh_from_db()
    assert problems_of(made) == [("", "changed_since")]
    assert (right.valid.upper, right.revoked_at) == (None, None)


def test_undo_says_in_both_languages_what_the_service_refuses(run, row, granted, dealer, now):
    made = run([row(first_day=granted.valid.lower.isoformat(), last_day="")])
    later = now + timedelta(days=200)

    undo(made, later)

    granted.refresh_from_db()
    assert granted.valid.upper is None
    (problem,) = ImportRow.objects.get(run=made).problems
    assert problem["code"] == "refused"
    assert set(problem["context"]["reason"]) == {"zh-hans", "en"}
    assert imports.text_of(None, problem) in problem["context"]["reason"].values()


def test_territories_end_with_the_right_that_is_taken_back(run, row, dealer, today, now):
    made = run([row(last_day="")])
    territory = assign_territory(
        dealer_id=dealer.pk,
        brand_code="XINGCHI",
        region_code="310115",
        kind=AuthorizationKind.SALES,
        is_exclusive=True,
        starts_on=today,
        ends_on=None,
        reason="city",
        by=None,
        now=now,
    )

    undo(made, now)

    territory.refresh_from_db()
    assert territory.is_void


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"dealer": ""}, "dealer", "required"),
        ({"dealer": "NOBODY"}, "dealer", "unknown_dealer"),
        ({"dealer": "two words"}, "dealer", "unknown_value"),
        ({"brand": ""}, "brand", "required"),
        ({"brand": "OTHER"}, "brand", "unknown_brand"),
        ({"region": ""}, "region", "required"),
        ({"region": "999999"}, "region", "unknown_region"),
        ({"kind": ""}, "kind", "required"),
        ({"kind": "RENTAL"}, "kind", "unknown_value"),
        ({"first_day": ""}, "first_day", "required"),
        ({"first_day": "someday"}, "first_day", "bad_day"),
        ({"first_day": "2026-02-30"}, "first_day", "bad_day"),
        ({"last_day": "later"}, "last_day", "bad_day"),
        ({"last_day": "2020-01-01"}, "last_day", "ends_before"),
        ({"first_day": "2019-01-01", "last_day": "2020-01-01"}, "last_day", "is_over"),
        ({"reason": ""}, "reason", "required"),
        ({"reason": "x" * 201}, "reason", "too_long"),
        ({"reason": "=HYPERLINK(1)"}, "reason", "formula"),
        ({"region": "=310000"}, "region", "formula"),
    ],
)
def test_a_row_is_refused_by_name_and_grants_nothing(run, row, changes, field, code):
    made = run([row(**changes)])

    assert (field, code) in problems_of(made)
    assert not Authorization.objects.exists()


def test_a_right_that_overlaps_or_would_end_sooner_is_refused(run, row, granted, today):
    before = granted.valid
    sooner = (today + timedelta(days=5)).isoformat()
    made = run(
        [
            row(),
            row(first_day=granted.valid.lower.isoformat(), last_day=sooner),
            row(region="320500"),
            row(region="320500", first_day=(today + timedelta(days=1)).isoformat()),
        ]
    )

    granted.refresh_from_db()
    assert problems_of(made) == [("first_day", "overlaps"), ("last_day", "ends_sooner"), ("first_day", "overlaps")]
    assert granted.valid == before
    assert Authorization.objects.filter(region_code="320500").count() == 1


def test_days_read_as_people_and_spreadsheets_write_them(run, row):
    run([row(first_day="2027/1/5", last_day="2027年12月31日")])

    period = Authorization.objects.get().valid
    assert (period.lower, period.upper) == (date(2027, 1, 5), date(2028, 1, 1))
