"""The calendar: papers that run out block and lift, warnings and reminders go out once, what is overdue closes."""

from datetime import date, timedelta

import pytest

from apps.dealers.api import get_dealer
from apps.kernel.api import OutboxEvent
from apps.notifications.api import Message
from apps.onboarding.api import (
    Application,
    Paper,
    SubmissionStatus,
    accept_submission,
    close_overdue,
    extend_deadline,
    reject_submission,
    remind_applicants,
    submit_paper,
    watch_papers,
)
from apps.onboarding.errors import DeadlinePassed
from apps.onboarding.services.applications import save_draft
from apps.suppliers.api import SupplierNotApproved, get_supplier, require_approved_supplier
from apps.suppliers.errors import SupplierBlocked
from tests.factories.onboarding import approved, begin, picture

pytestmark = pytest.mark.django_db
LAST_DAY = date(2030, 12, 31)


def at(now, day: date):
    """The same hour on another day."""
    return now + (day - now.date())


def renew(application: Application, now, valid_until: date):
    return submit_paper(
        application_id=application.pk, requirement="licence", paper=Paper(valid_until=valid_until), upload=picture(),
        by=None, now=now,
    )  # fmt: skip


def test_an_expired_licence_blocks_a_supplier_by_itself_and_a_renewed_one_lifts_by_itself(reviewer, now):
    application = approved(by=reviewer, now=now)
    on_last_day, after = at(now, LAST_DAY), at(now, LAST_DAY + timedelta(days=1))

    watch_papers(now=on_last_day)
    assert require_approved_supplier(organization_id=application.organization_id)

    assert watch_papers(now=after) == 1
    with pytest.raises(SupplierBlocked) as refusal:
        require_approved_supplier(organization_id=application.organization_id)
    assert refusal.value.context["rule"] == "expired:licence"
    assert watch_papers(now=after) == 0

    renewal = renew(application, after, date(2035, 1, 1))
    watch_papers(now=after)
    assert get_supplier(organization_id=application.organization_id).blocked_at == after  # not before it is read

    accept_submission(application_id=application.pk, submission_id=renewal.pk, by=reviewer, now=after)
    assert require_approved_supplier(organization_id=application.organization_id)
    # onboard, submit, approve, block, lift
    assert OutboxEvent.objects.filter(name="suppliers.status_changed.v1").count() == 5


def test_an_expired_licence_blocks_a_dealer_and_leaves_its_status(reviewer, now):
    application = approved(kind="DEALER", by=reviewer, now=now)

    watch_papers(now=at(now, LAST_DAY + timedelta(days=1)))

    dealer = get_dealer(organization_id=application.organization_id)
    assert (dealer.status, dealer.blocked_reason) == ("APPROVED", "expired:licence")


def test_midnight_is_shanghais(reviewer, now):
    application = approved(by=reviewer, now=now)
    midnight = at(now, LAST_DAY).replace(hour=16, minute=0)  # 00:00 of the next day in Shanghai

    assert watch_papers(now=midnight - timedelta(seconds=1)) == 2  # the warnings of the last day
    assert get_supplier(organization_id=application.organization_id).blocked_at is None
    watch_papers(now=midnight)
    assert get_supplier(organization_id=application.organization_id).blocked_at == midnight


def test_a_refused_renewal_leaves_the_one_before_counting(reviewer, now):
    application = approved(by=reviewer, now=now)
    renewal = renew(application, now, date(2035, 1, 1))

    reject_submission(application_id=application.pk, submission_id=renewal.pk, reason="看不清", by=reviewer, now=now)
    watch_papers(now=now)

    assert require_approved_supplier(organization_id=application.organization_id)
    renewal.refresh_from_db()
    assert (renewal.status, renewal.reason) == (SubmissionStatus.REJECTED, "看不清")
    assert Message.objects.filter(template="paper_refused").count() == 1


def test_what_does_not_block_runs_out_without_a_block(reviewer, now):
    application = approved(by=reviewer, now=now)
    application.submissions.filter(requirement__code="licence").update(valid_until=date(2040, 1, 1))

    watch_papers(now=at(now, LAST_DAY + timedelta(days=1)))

    assert get_supplier(organization_id=application.organization_id).blocked_at is None


def test_warnings_go_out_once_per_threshold_even_if_the_watch_slept(reviewer, now):
    application = approved(by=reviewer, now=now)

    for left in (61, 60, 60, 59, 20, 20, 7, 1, 0):
        watch_papers(now=at(now, LAST_DAY - timedelta(days=left)))

    told = Message.objects.filter(template="paper_expiring", user__email=application.contact_email)
    # licence and brand authorization: at 60, 30 (late, on day 20), 7, 1 and 0.
    assert told.count() == 10


def test_reminders_go_out_once_and_a_moved_deadline_is_reminded_of_anew(reviewer, now):
    application = begin(now=now)
    sent = Message.objects.filter(template="application_reminder")

    for days in (10, 23, 23, 24, 28, 29):
        remind_applicants(now=now + timedelta(days=days))
    assert sent.count() == 2

    extend_deadline(application_id=application.pk, days=30, reason="假期", by=reviewer, now=now + timedelta(days=29))
    remind_applicants(now=now + timedelta(days=53))
    assert sent.count() == 3


def test_an_overdue_application_closes_keeps_its_words_and_opens_again(reviewer, now):
    application = begin(now=now)
    save_draft(application_id=application.pk, fields={"company.region": "上海"}, by=None, now=now)
    late = now + timedelta(days=30)

    assert close_overdue(now=late - timedelta(seconds=1)) == 0
    assert close_overdue(now=late) == 1
    assert close_overdue(now=late) == 0
    with pytest.raises(DeadlinePassed):
        save_draft(application_id=application.pk, fields={"company.region": "北京"}, by=None, now=late)
    assert remind_applicants(now=late) == 0

    extend_deadline(application_id=application.pk, days=7, reason="来电说明", by=reviewer, now=late)
    save_draft(application_id=application.pk, fields={"company.address": "1 号"}, by=None, now=late)
    application.refresh_from_db()
    assert application.draft == {"company.region": "上海", "company.address": "1 号"}


def test_a_blocked_supplier_is_still_approved_but_not_the_other_way_round(reviewer, now):
    application = begin(now=now)
    with pytest.raises(SupplierNotApproved):
        require_approved_supplier(organization_id=application.organization_id)
