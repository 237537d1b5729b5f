"""What headquarters decides: paper by paper, and the application as a whole."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from apps.accounts.api import Organization, Role, User, add_member, create_user_account
from apps.accounts.errors import AlreadyMember, PhoneTaken
from apps.kernel.api import MoveNotAllowed
from apps.onboarding import policies
from apps.onboarding.errors import (
    ChangedSinceSeen,
    NotYourOwn,
    ReasonMissing,
    RequirementMissing,
    TaxNumberTaken,
    UnknownRequirement,
)
from apps.onboarding.models import Application, Submission
from apps.onboarding.selectors import access_submission, day_of, get_requirement, list_requirements, list_standings
from apps.onboarding.services import letters, watch
from apps.onboarding.services.applications import adapter, lock, move_applicant
from apps.onboarding.services.attempts import attempted
from apps.onboarding.services.papers import hand_in
from apps.onboarding.states import (
    APPLICATION,
    SUBMISSION,
    Action,
    ApplicantKind,
    ApplicationStatus,
    SubmissionStatus,
)

MANAGER = {ApplicantKind.SUPPLIER: Role.SUPPLIER, ApplicantKind.DEALER: Role.DEALER_MANAGER}


@attempted(Action.ACCEPT)
def accept_submission(*, application_id: int, submission_id: int, by: User, now: datetime) -> Submission:
    """
    Accept what was handed in. If it renews a paper that blocked its owner, the block lifts at once.

    :raises ChangedSinceSeen: if something newer was handed in for the same requirement
    :raises MoveNotAllowed: if it was decided already
    :raises NotYourOwn: if ``by`` applied
    :raises UnknownSubmission: if the application has no such submission
    """
    application, submission = _begin(application_id, submission_id, by=by)
    _decide(submission, "accept", reason="", by=by, now=now)
    watch.look_at(application, now=now)
    return submission


@attempted(Action.REJECT_PAPER)
def reject_submission(*, application_id: int, submission_id: int, reason: str, by: User, now: datetime) -> Submission:
    """
    Send back what was handed in, with the reason. Of an approved company the paper before it goes on counting.

    :raises ReasonMissing: without a reason
    :raises ChangedSinceSeen: if something newer was handed in for the same requirement
    :raises MoveNotAllowed: if it was decided already
    :raises NotYourOwn: if ``by`` applied
    :raises UnknownSubmission: if the application has no such submission
    """
    application, submission = _begin(application_id, submission_id, by=by)
    reason = _given(reason)
    _decide(submission, "reject", reason=reason, by=by, now=now)
    if application.status == ApplicationStatus.APPROVED:
        requirement = submission.requirement
        context = {"paper": requirement.name_zh, "paper_en": requirement.name_en, "reason": reason}
        letters.tell_members(application, "paper_refused", f"paper_refused:{submission.pk}", context, now=now)
    return submission


@attempted(Action.WAIVE)
def waive_requirement(*, application_id: int, requirement: str, reason: str, by: User, now: datetime) -> Submission:
    """
    Do without one requirement, for a reason.

    :raises ReasonMissing: without a reason
    :raises UnknownRequirement: if this kind is not asked for it
    :raises NotYourOwn: if ``by`` applied
    """
    application = lock(application_id)
    _check_reviewer(application, by)
    kind = get_requirement(kind=application.kind, code=requirement)
    waiver = hand_in(
        application,
        kind,
        by=by,
        now=now,
        status=SubmissionStatus.WAIVED,
        reason=_given(reason),
        decided_at=now,
        decided_by=by,
    )
    watch.look_at(application, now=now)
    return waiver


@attempted(Action.ASK_FOR_MORE)
def ask_for_more(*, application_id: int, codes: Collection[str], reason: str, by: User, now: datetime) -> Application:
    """
    Hand the application back: it needs these, and ``reason`` says what is wrong or why.

    What was handed in for them is sent back; the rest stays. The applicant gets the link and two more weeks.

    :raises ReasonMissing: without a reason
    :raises UnknownRequirement: if nothing, or something this kind does not have, is asked for
    :raises MoveNotAllowed: if it is not being reviewed
    :raises NotYourOwn: if ``by`` applied
    """
    application = lock(application_id)
    _check_reviewer(application, by)
    reason = _given(reason)
    known = {kind.code: kind for kind in list_requirements(application.kind)}
    if not codes or not set(codes) <= known.keys():
        raise UnknownRequirement
    APPLICATION.move(application, "ask_for_more", by=by, at=now, reason=reason)
    move_applicant(application, "ask_for_more", reason=reason, by=by, now=now)
    waiting = application.submissions.filter(
        is_latest=True, status=SubmissionStatus.PENDING, requirement__code__in=codes
    )
    for submission in waiting.select_related("requirement"):
        _decide(submission, "reject", reason=reason, by=by, now=now)
    application.asked_for = sorted({*application.asked_for, *codes})
    application.note = reason
    application.deadline_at = max(now + policies.TIME_FOR_MORE, application.deadline_at or now)
    application.closed_at = None
    application.save(update_fields=["asked_for", "note", "deadline_at", "closed_at"])
    context = {
        "link": letters.link_of(application),
        "papers": "、".join(known[code].name_zh for code in sorted(codes)),
        "papers_en": ", ".join(known[code].name_en for code in sorted(codes)),
        "reason": reason,
    }
    key = f"application_more:{application.pk}:{int(now.timestamp())}"
    letters.tell_applicant(application, "application_more", key, context, now=now)
    return application


@attempted(Action.APPROVE)
def approve_application(
    *, application_id: int, seen: Collection[int], override_reason: str = "", by: User, now: datetime
) -> Application:
    """
    Let the applicant in: what waits is accepted, its row is approved, its contact becomes the manager of its portal.

    ``seen`` are the ids of the latest submissions on the reviewer's page. With ``override_reason`` what is missing is
    gone without; who, why and what is kept on the application.

    :raises ChangedSinceSeen: if something was handed in since
    :raises RequirementMissing: if something required is neither acceptable nor waived, and nothing overrides it
    :raises MoveNotAllowed: if it is not being reviewed
    :raises TaxNumberTaken: if another one was approved under its number meanwhile
    :raises NotYourOwn: if ``by`` applied
    """
    application = lock(application_id)
    _check_reviewer(application, by)
    if not APPLICATION.can(application, "approve"):
        raise MoveNotAllowed(lifecycle=APPLICATION.name, move="approve", status=application.status)
    standings = list_standings(application)
    if {row.latest.pk for row in standings if row.latest} != set(seen):
        raise ChangedSinceSeen
    for row in standings:
        if row.latest and row.latest.status == SubmissionStatus.PENDING:
            _decide(row.latest, "accept", reason="", by=by, now=now)
    standings = list_standings(application)
    missing = policies.list_unsettled([row.need for row in standings], today=day_of(now))
    if missing and not override_reason.strip():
        names = ", ".join(row.requirement.name for row in standings if row.requirement.code in missing)
        raise RequirementMissing(missing=missing, names=names)
    if missing:
        application.overridden_by = by
        application.override_reason = override_reason.strip()
        application.override_missing = missing
    _close(application, reason=override_reason.strip() if missing else "", by=by, now=now)
    APPLICATION.move(application, "approve", by=by, at=now, reason=application.decision_reason)
    _describe(application)
    move_applicant(application, "approve", reason=application.decision_reason, by=by, now=now)
    _employ(application, by=by, now=now)
    watch.look_at(application, now=now)
    letters.tell_applicant(application, "application_approved", f"application_approved:{application.pk}", {}, now=now)
    return application


@attempted(Action.REJECT)
def reject_application(*, application_id: int, reason: str, by: User, now: datetime) -> Application:
    """
    Turn the applicant away for good, with the reason.

    :raises ReasonMissing: without a reason
    :raises MoveNotAllowed: if it is not being reviewed
    :raises NotYourOwn: if ``by`` applied
    """
    application = lock(application_id)
    _check_reviewer(application, by)
    reason = _given(reason)
    _close(application, reason=reason, by=by, now=now)
    APPLICATION.move(application, "reject", by=by, at=now, reason=reason)
    move_applicant(application, "reject", reason=reason, by=by, now=now)
    context = {"reason": reason}
    key = f"application_rejected:{application.pk}"
    letters.tell_applicant(application, "application_rejected", key, context, now=now)
    return application


@attempted(Action.EXTEND)
def extend_deadline(*, application_id: int, days: int, reason: str, by: User, now: datetime) -> Application:
    """
    Give an applicant more time, from now; an application that was closed as overdue opens again.

    :raises ReasonMissing: without a reason, or for no time at all
    :raises NotYourOwn: if ``by`` applied
    """
    application = lock(application_id)
    _check_reviewer(application, by)
    reason = _given(reason)
    if not 1 <= days <= 365:
        raise ReasonMissing
    application.deadline_at = now + timedelta(days=days)
    application.closed_at = None
    application.save(update_fields=["deadline_at", "closed_at"])
    return application


def _begin(application_id: int, submission_id: int, *, by: User) -> tuple[Application, Submission]:
    application = lock(application_id)
    _check_reviewer(application, by)
    submission = access_submission(application_id=application_id, submission_id=submission_id)
    if not submission.is_latest:
        raise ChangedSinceSeen
    return application, submission


def _check_reviewer(application: Application, by: User) -> None:
    if application.applicant_id == by.pk:
        raise NotYourOwn


def _given(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()


def _decide(submission: Submission, move: str, *, reason: str, by: User, now: datetime) -> None:
    submission.decided_at = now
    submission.decided_by = by
    submission.reason = reason
    # The decision first: a constraint refuses a decided status without its time and reason.
    submission.save(update_fields=["decided_at", "decided_by", "reason"])
    SUBMISSION.move(submission, move, by=by, at=now, reason=reason)


def _close(application: Application, *, reason: str, by: User, now: datetime) -> None:
    application.decided_at = now
    application.decided_by = by
    application.decision_reason = reason
    application.note = ""
    application.deadline_at = None
    application.draft_json = ""
    application.save(
        update_fields=[
            "decided_at", "decided_by", "decision_reason", "note", "deadline_at", "draft_json", "overridden_by",
            "override_reason", "override_missing",
        ]
    )  # fmt: skip


def _describe(application: Application) -> None:
    try:
        with transaction.atomic():
            adapter(application).describe(
                organization_id=application.organization_id,
                name_zh=application.name_zh,
                name_en=application.name_en or application.name_zh,
                uscc=application.uscc,
            )
    except IntegrityError as conflict:
        raise TaxNumberTaken from conflict


def _employ(application: Application, *, by: User, now: datetime) -> None:
    """Make the contact the manager of its organization; an account is opened where there is none."""
    user = application.applicant or User.objects.filter(email__iexact=application.contact_email).first()
    if user is None:
        user = _open_account(application, by=by, now=now)
    application.applicant = user
    application.save(update_fields=["applicant"])
    organization = Organization.objects.get(pk=application.organization_id)
    with suppress(AlreadyMember):
        add_member(user=user, organization=organization, role=MANAGER[ApplicantKind(application.kind)], by=by, now=now)


def _open_account(application: Application, *, by: User, now: datetime) -> User:
    details = {
        "email": application.contact_email,
        "password": None,
        "display_name": application.contact_name,
        "language": application.language,
        "by": by,
        "now": now,
    }
    try:
        with transaction.atomic():
            return create_user_account(phone=application.contact_phone or None, **details)
    except PhoneTaken:
        return create_user_account(phone=None, **details)
