"""From the first click to the portal, and everything that stands in the way."""

from datetime import date, timedelta

import pytest

from apps.accounts.api import OrganizationKind, Role, User, list_memberships
from apps.dealers.api import get_dealer
from apps.kernel.api import MoveNotAllowed
from apps.onboarding.api import (
    Application,
    ApplicationStatus,
    Attempt,
    Submission,
    SubmissionStatus,
    approve_application,
    ask_for_more,
    count_waiting_reviews,
    list_standings,
    list_waiting_reviews,
    reject_application,
    submit_application,
    waive_requirement,
)
from apps.onboarding.errors import ChangedSinceSeen, NotYourOwn, ReasonMissing, RequirementMissing
from apps.suppliers.api import SupplierStatus, get_supplier
from tests.factories.accounts import make_user
from tests.factories.onboarding import approved, begin, complete, seen, submitted

pytestmark = pytest.mark.django_db


def statuses(application: Application) -> set[str]:
    return {row.latest.status for row in list_standings(application) if row.latest}


def test_an_approved_supplier_has_its_row_its_number_and_its_manager(reviewer, now):
    application = submitted(now=now, email="lin@example.com")
    assert get_supplier(organization_id=application.organization_id).status == SupplierStatus.READY_FOR_REVIEW
    assert [review.application_id for review in list_waiting_reviews()] == [application.pk]

    approve_application(application_id=application.pk, seen=seen(application), by=reviewer, now=now)

    application.refresh_from_db()
    supplier = get_supplier(organization_id=application.organization_id)
    manager = User.objects.get(email="lin@example.com")
    assert (application.status, application.decided_by) == (ApplicationStatus.APPROVED, reviewer)
    assert (supplier.status, supplier.uscc) == (SupplierStatus.APPROVED, application.uscc)
    assert statuses(application) == {SubmissionStatus.ACCEPTED}
    assert [(m.role, m.organization_id) for m in list_memberships(manager)] == [
        (Role.SUPPLIER.value, application.organization_id)
    ]
    assert count_waiting_reviews() == 0


def test_an_approved_dealer_has_its_row_and_its_manager(reviewer, now):
    application = approved(kind="DEALER", by=reviewer, now=now, email="gu@example.com")

    assert get_dealer(organization_id=application.organization_id).status == "APPROVED"
    membership = list_memberships(User.objects.get(email="gu@example.com")).get()
    assert (membership.role, membership.kind) == (Role.DEALER_MANAGER.value, OrganizationKind.DEALER)


def test_who_was_signed_in_becomes_the_manager(reviewer, now):
    user = make_user()
    application = complete(begin(by=user, now=now), now=now)

    submit_application(application_id=application.pk, by=user, now=now)
    approve_application(application_id=application.pk, seen=seen(application), by=reviewer, now=now)

    assert list_memberships(user).get().organization_id == application.organization_id


@pytest.mark.parametrize("status", [s for s in ApplicationStatus if s is not ApplicationStatus.READY_FOR_REVIEW])
@pytest.mark.parametrize("act", ["approve", "reject"])
def test_refuses_to_decide_in_any_other_status(status, act, reviewer, now):
    application = submitted(now=now)
    Application.objects.filter(pk=application.pk).update(status=status, decided_at=now)

    decide, details = (
        (approve_application, {"seen": seen(application)})
        if act == "approve"
        else (reject_application, {"reason": "no"})
    )

    with pytest.raises(MoveNotAllowed):
        decide(application_id=application.pk, by=reviewer, now=now, **details)

    application.refresh_from_db()
    assert application.status == status
    assert statuses(application) == {SubmissionStatus.PENDING}
    assert get_supplier(organization_id=application.organization_id).status == SupplierStatus.READY_FOR_REVIEW
    assert Attempt.objects.filter(application=application, outcome="move_not_allowed").count() == 1


def test_refuses_to_approve_what_was_just_handed_back(reviewer, now):
    application = submitted(now=now)
    ids = seen(application)
    ask_for_more(application_id=application.pk, codes=["licence"], reason="模糊", by=reviewer, now=now)

    with pytest.raises(MoveNotAllowed):
        approve_application(application_id=application.pk, seen=ids, by=reviewer, now=now)

    application.refresh_from_db()
    assert (application.status, application.asked_for) == (ApplicationStatus.ONBOARDING, ["licence"])
    assert SubmissionStatus.ACCEPTED not in statuses(application)


def test_refuses_what_ran_out_while_it_waited_and_changes_nothing(reviewer, now):
    application = complete(begin(now=now), now=now, valid_until=date(2026, 6, 20))

    submit_application(application_id=application.pk, by=None, now=now)
    later = now + timedelta(days=30)

    with pytest.raises(RequirementMissing) as refusal:
        approve_application(application_id=application.pk, seen=seen(application), by=reviewer, now=later)

    application.refresh_from_db()
    assert refusal.value.context["missing"] == ["licence", "brand-authorization"]
    assert application.status == ApplicationStatus.READY_FOR_REVIEW
    assert statuses(application) == {SubmissionStatus.PENDING}
    tried = Attempt.objects.filter(application=application, action="APPROVE").get()
    assert (tried.outcome, tried.by, tried.context["missing"]) == (
        "requirement_missing",
        reviewer,
        ["licence", "brand-authorization"],
    )


def test_an_override_names_who_why_and_what_was_missing(reviewer, now):
    application = complete(begin(now=now), now=now, valid_until=date(2026, 6, 20))

    submit_application(application_id=application.pk, by=None, now=now)
    later = now + timedelta(days=30)

    approve_application(
        application_id=application.pk, seen=seen(application), override_reason="执照续期已受理", by=reviewer, now=later
    )

    application.refresh_from_db()
    assert application.status == ApplicationStatus.APPROVED
    assert (application.overridden_by, application.override_reason, application.override_missing) == (
        reviewer,
        "执照续期已受理",
        ["licence", "brand-authorization"],
    )
    # The licence is still expired: the override lets it in, and the watch keeps it from new business.
    assert get_supplier(organization_id=application.organization_id).blocked_reason == "expired:licence"


def test_nothing_missing_leaves_no_override(reviewer, now):
    application = submitted(now=now)

    approve_application(
        application_id=application.pk, seen=seen(application), override_reason="just in case", by=reviewer, now=now
    )

    application.refresh_from_db()
    assert (application.overridden_by, application.override_reason, application.override_missing) == (None, "", [])


def test_refuses_what_the_reviewer_has_not_seen(reviewer, now):
    application = submitted(now=now)
    old = seen(application)
    waive_requirement(
        application_id=application.pk, requirement="iso-certificate", reason="not needed", by=reviewer, now=now
    )

    with pytest.raises(ChangedSinceSeen):
        approve_application(application_id=application.pk, seen=old, by=reviewer, now=now)

    application.refresh_from_db()
    assert application.status == ApplicationStatus.READY_FOR_REVIEW
    assert Submission.objects.filter(application=application, status=SubmissionStatus.ACCEPTED).count() == 0


def test_nobody_approves_their_own(reviewer, now):
    application = submitted(now=now)
    Application.objects.filter(pk=application.pk).update(applicant=reviewer)

    with pytest.raises(NotYourOwn):
        approve_application(application_id=application.pk, seen=seen(application), by=reviewer, now=now)
    with pytest.raises(NotYourOwn):
        reject_application(application_id=application.pk, reason="no", by=reviewer, now=now)

    application.refresh_from_db()
    assert application.status == ApplicationStatus.READY_FOR_REVIEW


def test_a_rejection_needs_a_reason_and_is_told(reviewer, now, django_capture_on_commit_callbacks):
    from apps.notifications.api import Message

    application = submitted(now=now)
    with pytest.raises(ReasonMissing):
        reject_application(application_id=application.pk, reason="  ", by=reviewer, now=now)
    application.refresh_from_db()
    assert application.status == ApplicationStatus.READY_FOR_REVIEW

    reject_application(application_id=application.pk, reason="主体信用风险", by=reviewer, now=now)

    application.refresh_from_db()
    assert (application.status, application.decision_reason) == (ApplicationStatus.REJECTED, "主体信用风险")
    assert get_supplier(organization_id=application.organization_id).status == SupplierStatus.REJECTED
    assert Message.objects.filter(template="application_rejected").get().context["reason"] == "主体信用风险"
    assert not User.objects.filter(email=application.contact_email).exists()
