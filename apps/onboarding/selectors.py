"""Reads of onboarding. ``access_…`` are the only roads from a request to an application."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core import signing
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When

from apps.onboarding.errors import UnknownApplication, UnknownRequirement, UnknownSubmission
from apps.onboarding.models import Application, Attempt, ContractTemplate, RequirementType, Submission
from apps.onboarding.policies import SETTLED, Need, is_expired
from apps.onboarding.states import ApplicationStatus, SubmissionStatus

# Papers run out at midnight where the business is.
ZONE = ZoneInfo("Asia/Shanghai")
LINK_SALT = "onboarding.link"
# A link in a message works this long (seconds); a new one is a click away.
LINK_LIFETIME = 30 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One requirement as it stands for one application: what was handed in last, what counts, what it replaced."""

    requirement: RequirementType
    is_required: bool
    latest: Submission | None
    effective: Submission | None
    previous: Submission | None

    @property
    def need(self) -> Need:
        """The same for the pure rules."""
        return Need(
            code=self.requirement.code,
            is_required=self.is_required,
            latest=self.latest.status if self.latest else None,
            effective=self.effective.status if self.effective else None,
            valid_until=self.effective.valid_until if self.effective else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReview:
    """One file in which something waits for headquarters."""

    application_id: int
    number: str
    name: str
    kind: str
    since: datetime
    is_renewal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningOut:
    """A paper that runs out soon (``days_left`` counts to its last day), or has (below zero)."""

    code: str
    name: str
    last_day: date
    days_left: int
    blocks: bool


def day_of(now: datetime) -> date:
    """The day it is in Shanghai."""
    return now.astimezone(ZONE).date()


def get_application(*, application_id: int) -> Application:
    """
    One application, for headquarters.

    :raises UnknownApplication: if there is none
    """
    application = Application.objects.select_related("organization").filter(pk=application_id).first()
    if application is None:
        raise UnknownApplication
    return application


def access_application(*, number: str, opened: Mapping[str, Any], by: Any) -> Application:
    """
    The application that a request may work on: one its session opened by link, or one its user began.

    ``opened`` maps application ids (as text) to the version of the link that opened them; a newer link closes older
    sessions. Foreign and absent read alike.

    :raises UnknownApplication: if it is neither
    """
    application = Application.objects.select_related("organization").filter(number=number).first()
    if application is not None:
        is_mine = bool(getattr(by, "is_authenticated", False)) and application.applicant_id == by.pk
        if is_mine or opened.get(str(application.pk)) == application.link_version:
            return application
    raise UnknownApplication


def read_link(*, token: str) -> Application:
    """
    The application that a link in a message opens.

    :raises UnknownApplication: if the link is forged, too old, or was replaced
    """
    try:
        claim = signing.loads(token, salt=LINK_SALT, max_age=LINK_LIFETIME)
        application = Application.objects.filter(pk=claim["application"], link_version=claim["version"]).first()
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        application = None
    if application is None:
        raise UnknownApplication
    return application


def write_link(application: Application) -> str:
    """The token of a link to an application; whoever holds it may work on it."""
    return signing.dumps({"application": application.pk, "version": application.link_version}, salt=LINK_SALT)


def find_open_application(*, email: str) -> Application | None:
    """The newest application of a contact that may still be worked on."""
    return (
        Application.objects.filter(
            contact_email__iexact=email,
            status__in=[ApplicationStatus.INVITED, ApplicationStatus.APPLIED, ApplicationStatus.ONBOARDING],
        )
        .order_by("-pk")
        .first()
    )


def find_application_of(*, organization_id: int) -> Application | None:
    """The file of an organization, if it has one."""
    return Application.objects.select_related("organization").filter(organization_id=organization_id).first()


def list_requirements(kind: str) -> QuerySet[RequirementType]:
    """What this kind is asked for, in order."""
    return RequirementType.objects.filter(kind=kind, is_active=True).order_by("position", "pk")


def get_requirement(*, kind: str, code: str) -> RequirementType:
    """
    One requirement of a kind.

    :raises UnknownRequirement: if this kind is not asked for it
    """
    requirement = list_requirements(kind).filter(code=code).first()
    if requirement is None:
        raise UnknownRequirement(requirement=code)
    return requirement


def access_submission(*, application_id: int, submission_id: int) -> Submission:
    """
    One submission of one application.

    :raises UnknownSubmission: if the application has no such submission
    """
    submission = (
        Submission.objects.select_related("requirement", "application", "file")
        .filter(pk=submission_id, application_id=application_id)
        .first()
    )
    if submission is None:
        raise UnknownSubmission
    return submission


def list_standings(application: Application) -> list[Standing]:
    """Every requirement of an application as it stands, in order; of one not saved yet nothing is handed in."""
    handed_in: dict[int, list[Submission]] = {}
    rows = Submission.objects.filter(application_id=application.pk).select_related("file", "contract").order_by("-pk")
    for submission in rows:
        handed_in.setdefault(submission.requirement_id, []).append(submission)
    return [
        _standing(requirement, requirement.is_required or requirement.code in application.asked_for, rows_of)
        for requirement in list_requirements(application.kind)
        for rows_of in [handed_in.get(requirement.pk, [])]
    ]


def _standing(requirement: RequirementType, is_required: bool, newest_first: list[Submission]) -> Standing:
    latest = newest_first[0] if newest_first else None
    return Standing(
        requirement=requirement,
        is_required=is_required,
        latest=latest,
        effective=next((row for row in newest_first if row.status in SETTLED), None),
        previous=newest_first[1] if len(newest_first) > 1 else None,
    )


def contract_in_force(*, kind: str, on: date) -> ContractTemplate | None:
    """The wording that counts on a day: the newest in force."""
    return ContractTemplate.objects.filter(kind=kind, in_force_from__lte=on).order_by("-in_force_from").first()


def list_waiting_reviews() -> list[WaitingReview]:
    """What waits for headquarters, the oldest first: applications to review, and papers that were renewed."""
    renewed_at = (
        Submission.objects.filter(application=OuterRef("pk"), is_latest=True, status=SubmissionStatus.PENDING)
        .order_by("handed_in_at")
        .values("handed_in_at")[:1]
    )
    since = Case(When(status=ApplicationStatus.APPROVED, then=Subquery(renewed_at)), default="submitted_at")
    rows = _waiting().annotate(since=since).order_by("since", "pk")
    return [
        WaitingReview(
            application_id=row.pk,
            number=row.number,
            name=row.name,
            kind=row.kind,
            since=row.since,
            is_renewal=row.status == ApplicationStatus.APPROVED,
        )
        for row in rows
    ]


def count_waiting_reviews() -> int:
    """How many files wait for headquarters."""
    return _waiting().count()


def waiting_condition() -> Q:
    """What makes a file wait for headquarters, as a condition on ``Application``."""
    pending = Submission.objects.filter(application=OuterRef("pk"), is_latest=True, status=SubmissionStatus.PENDING)
    return Q(status=ApplicationStatus.READY_FOR_REVIEW) | Q(status=ApplicationStatus.APPROVED) & Q(Exists(pending))


def _waiting() -> QuerySet[Application]:
    return Application.objects.filter(waiting_condition())


def list_expired_rules(application: Application, *, on: date) -> list[str]:
    """The rules by which an application's papers block it on a day; empty if none does."""
    return [
        standing.requirement.code
        for standing in list_standings(application)
        if standing.requirement.blocks_when_expired
        and standing.effective is not None
        and is_expired(standing.effective.valid_until, on)
    ]


def list_running_out(*, organization_id: int, on: date, within: int = 60) -> list[RunningOut]:
    """The papers of an organization that run out within so many days, or have, and are not being renewed."""
    application = find_application_of(organization_id=organization_id)
    found = []
    for standing in list_standings(application) if application else []:
        counting = standing.effective
        is_renewed = standing.latest is not counting and standing.latest and standing.latest.status == "PENDING"
        if counting is None or counting.valid_until is None or is_renewed:
            continue
        days = (counting.valid_until - on).days
        if days <= within:
            found.append(
                RunningOut(
                    code=standing.requirement.code,
                    name=standing.requirement.name,
                    last_day=counting.valid_until,
                    days_left=days,
                    blocks=standing.requirement.blocks_when_expired,
                )
            )
    return sorted(found, key=lambda paper: (paper.last_day, paper.code))


def list_attempts(application: Application) -> QuerySet[Attempt]:
    """What was tried, newest first."""
    return Attempt.objects.filter(application=application).select_related("by").order_by("-pk")


def is_handed_in_elsewhere(*, digest: str, organization_id: int) -> bool:
    """Whether another organization handed in this very file."""
    return Submission.objects.filter(file_digest=digest).exclude(organization_id=organization_id).exists()
