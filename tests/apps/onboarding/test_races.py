"""Two at once: two reviewers, reviewer and applicant, two windows, two applicants. Each race has its control."""

import threading

import pytest

from apps.accounts.api import OrganizationMember, Role
from apps.onboarding.api import (
    Application,
    ApplicationStatus,
    Attempt,
    approve_application,
    ask_for_more,
    reject_application,
    save_draft,
    sign_contract,
    submit_application,
    submit_tax_number,
)
from apps.onboarding.services import applications
from apps.suppliers.api import SUPPLIER, get_supplier
from tests.factories.accounts import make_member
from tests.factories.onboarding import SIGNED, begin, complete, seen, submitted
from tests.races import verdicts

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_reviewers_one_decides(now):
    application = submitted(now=now)
    one, other = make_member(Role.HQ_OPERATOR), make_member(Role.HQ_OPERATOR)
    ids = seen(application)

    outcomes = verdicts(
        lambda: approve_application(application_id=application.pk, seen=ids, by=one, now=now),
        lambda: reject_application(application_id=application.pk, reason="不符合", by=other, now=now),
    )

    application.refresh_from_db()
    supplier = get_supplier(organization_id=application.organization_id)
    assert sorted(outcomes) == ["done", "move_not_allowed"]
    assert supplier.status == application.status
    assert [c.move for c in SUPPLIER.history(supplier)][-1] in {"approve", "reject"}
    assert SUPPLIER.history(supplier).filter(move__in=["approve", "reject"]).count() == 1
    is_in = OrganizationMember.objects.filter(organization_id=application.organization_id).exists()
    assert is_in == (application.status == ApplicationStatus.APPROVED)
    assert Attempt.objects.filter(application=application, outcome="move_not_allowed").count() == 1


def test_two_approvals_make_one_member(now):
    application = submitted(now=now)
    reviewers = [make_member(Role.HQ_OPERATOR) for _ in range(3)]
    ids = seen(application)

    outcomes = verdicts(
        *(
            lambda by=by: approve_application(application_id=application.pk, seen=ids, by=by, now=now)
            for by in reviewers
        )
    )

    assert sorted(outcomes) == ["done", "move_not_allowed", "move_not_allowed"]
    assert OrganizationMember.objects.filter(organization_id=application.organization_id).count() == 1


def test_what_is_asked_for_and_approved_at_once_is_one_of_both(now):
    application = submitted(now=now)
    one, other = make_member(Role.HQ_OPERATOR), make_member(Role.HQ_OPERATOR)
    ids = seen(application)

    outcomes = verdicts(
        lambda: approve_application(application_id=application.pk, seen=ids, by=one, now=now),
        lambda: ask_for_more(application_id=application.pk, codes=["licence"], reason="看不清", by=other, now=now),
    )

    application.refresh_from_db()
    assert sorted(outcomes) == ["done", "move_not_allowed"]
    assert application.status in {ApplicationStatus.APPROVED, ApplicationStatus.ONBOARDING}
    assert get_supplier(organization_id=application.organization_id).status == application.status


def fields_of(number: int) -> dict[str, str]:
    return {f"company.field_{number}": str(number)}


def test_windows_keep_each_others_words(now):
    application = begin(now=now)

    verdicts(
        *(
            lambda n=n: save_draft(application_id=application.pk, fields=fields_of(n), by=None, now=now)
            for n in range(8)
        )
    )

    application.refresh_from_db()
    assert application.draft == {key: text for n in range(8) for key, text in fields_of(n).items()}


def test_without_the_lock_words_are_lost(now, monkeypatch):
    """The control: the same race on an unlocked row."""
    application = begin(now=now)
    gate = threading.Barrier(8)

    def unlocked(application_id: int) -> Application:
        found = Application.objects.get(pk=application_id)
        gate.wait(10)
        return found

    monkeypatch.setattr(applications, "lock", unlocked)
    verdicts(
        *(
            lambda n=n: save_draft(application_id=application.pk, fields=fields_of(n), by=None, now=now)
            for n in range(8)
        )
    )

    application.refresh_from_db()
    assert len(application.draft) < 8


def test_of_two_applications_with_one_number_one_comes_in(now):
    code = "91320412MADE05015D"
    twins = [begin(now=now), begin(now=now)]

    for twin in twins:
        complete(twin, now=now)
        submit_tax_number(application_id=twin.pk, requirement="tax-number", number=code, by=None, now=now)
        sign_contract(
            application_id=twin.pk, requirement="contract", version="2026-1", signature=SIGNED, language="en", by=None,
            now=now,
        )  # fmt: skip

    outcomes = verdicts(*(lambda t=t: submit_application(application_id=t.pk, by=None, now=now) for t in twins))

    assert sorted(outcomes) == ["done", "tax_number_taken"]
    assert Application.objects.filter(status=ApplicationStatus.READY_FOR_REVIEW).count() == 1
