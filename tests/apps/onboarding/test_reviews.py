"""What a reviewer is refused, paper by paper; and who hears about it."""

from datetime import date

import pytest

from apps.accounts.api import OrganizationMember, Role, add_member
from apps.onboarding.api import (
    Application,
    ApplicationStatus,
    Attempt,
    Paper,
    Submission,
    SubmissionStatus,
    accept_submission,
    ask_for_more,
    extend_deadline,
    list_standings,
    reject_submission,
    submit_paper,
    waive_requirement,
)
from apps.onboarding.errors import ChangedSinceSeen, NotYourOwn, ReasonMissing
from apps.onboarding.services.letters import list_addressees
from tests.factories.accounts import make_company, make_member, make_user
from tests.factories.onboarding import approved, picture, submitted

pytestmark = pytest.mark.django_db


def licence_of(application) -> Submission:
    return next(row.latest for row in list_standings(application) if row.requirement.code == "licence")


@pytest.fixture
def own(reviewer, now) -> Application:
    """An application of the reviewer's own company, being reviewed."""
    application = submitted(now=now)
    Application.objects.filter(pk=application.pk).update(applicant=reviewer)
    return application


ACTS = {
    "accept": lambda key, paper: accept_submission(**key, submission_id=paper.pk),
    "reject": lambda key, paper: reject_submission(**key, submission_id=paper.pk, reason="no"),
    "waive": lambda key, paper: waive_requirement(**key, requirement="iso-certificate", reason="not needed"),
    "ask": lambda key, paper: ask_for_more(**key, codes=["licence"], reason="模糊"),
    "extend": lambda key, paper: extend_deadline(**key, days=30, reason="假期"),
}


@pytest.mark.parametrize("act", list(ACTS.values()), ids=list(ACTS))
def test_nobody_decides_anything_of_their_own(act, own, reviewer, now):
    key = {"application_id": own.pk, "by": reviewer, "now": now}
    own.refresh_from_db()
    before, submissions = own.deadline_at, own.submissions.count()

    with pytest.raises(NotYourOwn):
        act(key, licence_of(own))

    own.refresh_from_db()
    assert (own.status, own.deadline_at) == (ApplicationStatus.READY_FOR_REVIEW, before)
    assert own.submissions.filter(status=SubmissionStatus.PENDING).count() == own.submissions.count() == submissions
    assert Attempt.objects.order_by("-pk")[0].outcome == NotYourOwn.code


@pytest.mark.parametrize("days", [0, -1, 366])
def test_refuses_an_extension_that_is_none(days, reviewer, now):
    application = submitted(now=now)
    application.refresh_from_db()

    with pytest.raises(ReasonMissing):
        extend_deadline(application_id=application.pk, days=days, reason="假期", by=reviewer, now=now)

    assert Application.objects.get(pk=application.pk).deadline_at == application.deadline_at


@pytest.mark.parametrize("act", [ACTS["accept"], ACTS["reject"]])
def test_refuses_to_decide_on_what_was_replaced(act, reviewer, now):
    application = approved(by=reviewer, now=now)
    papers = [
        submit_paper(
            application_id=application.pk,
            requirement="licence",
            paper=Paper(valid_until=date(year, 1, 1)),
            upload=picture(),
            by=None,
            now=now,
        )
        for year in (2031, 2032)
    ]

    with pytest.raises(ChangedSinceSeen):
        act({"application_id": application.pk, "by": reviewer, "now": now}, papers[0])

    for paper in papers:
        paper.refresh_from_db()
    assert [paper.status for paper in papers] == [SubmissionStatus.PENDING] * 2


def test_only_the_managers_of_the_company_hear_of_its_papers(reviewer, now):
    application = approved(by=reviewer, now=now, email="lin@example.com")
    make_member(Role.SUPPLIER)
    add_member(user=make_user(), organization=make_company(), role=Role.DEALER_MANAGER, by=None, now=now)

    (manager,) = list_addressees(application)

    assert manager.email == "lin@example.com"
    assert OrganizationMember.objects.get(user=manager).organization_id == application.organization_id
