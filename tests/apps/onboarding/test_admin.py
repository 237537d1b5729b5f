"""The review queue: what waits, what changed, and what each button does."""

import pytest
from django.urls import reverse

from apps.accounts.api import Role
from apps.onboarding.api import (
    Application,
    ApplicationStatus,
    Paper,
    Submission,
    SubmissionStatus,
    submit_paper,
    watch_papers,
)
from tests.factories.accounts import make_member
from tests.factories.onboarding import approved, picture, seen, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    """The pages are tested, not the sign-in."""
    settings.MFA_REQUIRED_ROLES = []


def act(client, application, **data):
    return client.post(reverse("admin:onboarding_application_act", args=[application.pk]), data, follow=True)


def show(client, application) -> str:
    return client.get(reverse("admin:onboarding_application_change", args=[application.pk])).content.decode()


def test_the_queue_holds_applications_and_renewed_papers(client, reviewer, now):
    waiting, done = submitted(now=now), approved(by=reviewer, now=now)
    client.force_login(reviewer)
    queue = reverse("admin:onboarding_application_changelist") + "?waiting=1"

    text = client.get(queue).content.decode()
    assert waiting.number in text
    assert done.number not in text

    submit_paper(application_id=done.pk, requirement="licence", paper=Paper(), upload=picture(), by=None, now=now)
    assert done.number in client.get(queue).content.decode()


def test_approves_with_one_click_what_it_shows(client, reviewer, now):
    application = submitted(now=now)
    client.force_login(reviewer)
    text = show(client, application)
    ids = ",".join(map(str, seen(application)))
    assert f'name="seen" value="{ids}"' in text
    assert "6222000012345678" not in text

    act(client, application, act="approve", seen=ids)

    application.refresh_from_db()
    assert application.status == ApplicationStatus.APPROVED


def test_shows_what_a_renewal_changes(client, reviewer, now):
    application = approved(by=reviewer, now=now)
    submit_paper(
        application_id=application.pk, requirement="licence",
        paper=Paper(valid_until=now.date().replace(year=2035)), upload=picture("renewed.png"), by=None, now=now,
    )  # fmt: skip
    client.force_login(reviewer)

    text = show(client, application)

    assert "<del>2030" in text
    assert "<ins>2035" in text
    assert "renewed.png" in text


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"act": "reject", "reason": "信用风险"}, ApplicationStatus.REJECTED),
        ({"act": "reject", "reason": " "}, ApplicationStatus.READY_FOR_REVIEW),
        ({"act": "more", "codes": ["licence", "iso-certificate"], "reason": "请补充"}, ApplicationStatus.ONBOARDING),
        ({"act": "more", "reason": "请补充"}, ApplicationStatus.READY_FOR_REVIEW),
        ({"act": "more", "codes": ["premises"], "reason": "请补充"}, ApplicationStatus.READY_FOR_REVIEW),
        ({"act": "approve", "seen": "1,2"}, ApplicationStatus.READY_FOR_REVIEW),
        ({"act": "approve", "seen": "'; DROP TABLE"}, ApplicationStatus.READY_FOR_REVIEW),
        ({"act": "accept", "submission": "99999999999999999999"}, ApplicationStatus.READY_FOR_REVIEW),
        ({"act": "extend", "days": "0", "reason": "x"}, ApplicationStatus.READY_FOR_REVIEW),
        ({"act": "waive", "requirement": "premises", "reason": "x"}, ApplicationStatus.READY_FOR_REVIEW),
    ],
)
def test_each_button_is_one_service(data, status, client, reviewer, now):
    application = submitted(now=now)
    client.force_login(reviewer)

    answer = act(client, application, **data)

    application.refresh_from_db()
    assert (answer.status_code, application.status) == (200, status)


def test_what_is_asked_for_again_becomes_required(client, reviewer, now):
    application = submitted(now=now)
    client.force_login(reviewer)

    act(client, application, act="more", codes=["licence", "iso-certificate"], reason="执照模糊，请补充 ISO 证书")

    application.refresh_from_db()
    latest = {row.requirement.code: row.status for row in application.submissions.filter(is_latest=True)}
    assert application.asked_for == ["iso-certificate", "licence"]
    assert latest["licence"] == SubmissionStatus.REJECTED
    assert latest["contract"] == SubmissionStatus.PENDING


def test_an_auditor_looks_and_does_nothing(client, now):
    application = submitted(now=now)
    client.force_login(make_member(Role.HQ_AUDITOR))

    assert 'value="approve"' not in show(client, application)
    answer = act(client, application, act="approve", seen=",".join(map(str, seen(application))))
    invited = client.get(reverse("admin:onboarding_application_add"))

    application.refresh_from_db()
    assert (answer.status_code, invited.status_code) == (403, 403)
    assert application.status == ApplicationStatus.READY_FOR_REVIEW


@pytest.mark.parametrize("role", [Role.SUPPLIER, Role.DEALER_MANAGER, Role.CONSUMER, Role.CMS_EDITOR])
def test_nobody_else_comes_near(role, client, now):
    application = submitted(now=now)
    client.force_login(make_member(role))

    client.post(reverse("admin:onboarding_application_act", args=[application.pk]), {"act": "reject", "reason": "x"})

    application.refresh_from_db()
    assert application.status == ApplicationStatus.READY_FOR_REVIEW


def test_invites_a_company(client, reviewer):
    client.force_login(reviewer)
    data = {
        "kind": "DEALER",
        "name_zh": "合肥新岚汽车销售有限公司",
        "contact_name": "许岚",
        "contact_email": "xu@example.com",
        "contact_phone": "",
        "language": "zh-hans",
    }

    client.post(reverse("admin:onboarding_application_add"), data)
    again = client.post(reverse("admin:onboarding_application_add"), data)

    application = Application.objects.get()
    assert (application.status, application.invited_by, again.status_code) == (ApplicationStatus.INVITED, reviewer, 422)


def test_a_submission_of_another_application_is_not_found(client, reviewer, now):
    one, other = submitted(now=now), submitted(now=now)
    client.force_login(reviewer)
    foreign = seen(other)[0]

    act(client, one, act="accept", submission=str(foreign))

    assert Submission.objects.get(pk=foreign).status == SubmissionStatus.PENDING


def test_the_watch_costs_little_for_many_files(reviewer, now, django_assert_max_num_queries):
    for _ in range(3):
        approved(by=reviewer, now=now)
    with django_assert_max_num_queries(3 * 12 + 2):
        watch_papers(now=now)
