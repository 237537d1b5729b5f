"""What an applicant hands in, requirement by requirement; renewals too."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts.api import User
from apps.kernel.api import private_files
from apps.onboarding import policies
from apps.onboarding.errors import (
    ApplicationClosed,
    EntryInvalid,
    FileMissing,
    InvalidTaxNumber,
    PaperExpired,
    PaperOfAnother,
    TaxNumberTaken,
    UnknownRequirement,
)
from apps.onboarding.models import Application, RequirementType, Submission
from apps.onboarding.selectors import day_of, get_requirement, is_handed_in_elsewhere
from apps.onboarding.services.applications import adapter, check_open, forget_draft, lock
from apps.onboarding.services.attempts import attempted
from apps.onboarding.states import Action, ApplicationStatus, RequirementInput

FIRST_YEAR, LAST_YEAR = 1980, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is written on a paper."""

    number: str = ""
    issuer: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@attempted(Action.HAND_IN)
def submit_tax_number(
    *, application_id: int, requirement: str, number: str, by: User | None, now: datetime
) -> Submission:
    """
    Hand in the unified social credit code.

    :raises InvalidTaxNumber: if it fails its check digit
    :raises TaxNumberTaken: if another applicant of this kind is known under it
    :raises UnknownRequirement: if this kind is not asked for it
    :raises ApplicationClosed: if the applicant can no longer write in it
    :raises DeadlinePassed: if its time is over
    """
    application, kind = _begin(application_id, requirement, RequirementInput.TAX_NUMBER, now=now)
    if application.status == ApplicationStatus.APPROVED and application.uscc:
        # The number names the company: another number is another company, and another application.
        raise ApplicationClosed
    code = policies.normalize_tax_number(number)
    if not policies.is_valid_tax_number(code):
        raise InvalidTaxNumber(fields={"number": [str(InvalidTaxNumber.message)]})
    is_taken = Application.objects.filter(
        kind=application.kind, uscc=code, status__in=[ApplicationStatus.READY_FOR_REVIEW, ApplicationStatus.APPROVED]
    )
    is_known = adapter(application).has_tax_number(uscc=code, except_organization_id=application.organization_id)
    if is_taken.exclude(pk=application.pk).exists() or is_known:
        raise TaxNumberTaken(fields={"number": [str(TaxNumberTaken.message)]})
    application.uscc = code
    application.save(update_fields=["uscc"])
    return hand_in(application, kind, by=by, now=now, number=code)


@attempted(Action.HAND_IN)
def submit_paper(
    *,
    application_id: int,
    requirement: str,
    paper: Paper,
    upload: "File[Any] | None",
    by: User | None,
    now: datetime,
) -> Submission:
    """
    Hand in a paper with its file; on an approved application this is a renewal.

    :raises EntryInvalid: if a number, an issuer or a date is missing or impossible
    :raises PaperExpired: if its last day has passed
    :raises FileMissing: if no file came
    :raises FileRefused: if the file is not a plain picture or PDF, or too large
    :raises PaperOfAnother: if another company handed in this very file
    :raises UnknownRequirement: if this kind is not asked for it
    :raises ApplicationClosed: if the applicant can no longer write in it
    :raises DeadlinePassed: if its time is over
    """
    application, kind = _begin(application_id, requirement, RequirementInput.PAPER, now=now)
    _check_paper(kind, paper, today=day_of(now))
    if upload is None:
        raise FileMissing(fields={"file": [str(FileMissing.message)]})
    file = private_files.store(upload=upload, by=by, now=now)
    if is_handed_in_elsewhere(digest=file.digest, organization_id=application.organization_id):
        file.content.delete(save=False)
        raise PaperOfAnother(fields={"file": [str(PaperOfAnother.message)]})
    return hand_in(
        application,
        kind,
        by=by,
        now=now,
        number=paper.number.strip(),
        issuer=paper.issuer.strip(),
        valid_from=paper.valid_from,
        valid_until=paper.valid_until,
        file=file,
        file_name=file.name,
        file_digest=file.digest,
    )


@attempted(Action.HAND_IN)
def submit_bank_account(
    *, application_id: int, requirement: str, holder: str, bank: str, account: str, by: User | None, now: datetime
) -> Submission:
    """
    Hand in the account that statements are paid to. The number is stored encrypted and shown by its last digits.

    :raises EntryInvalid: if holder or bank is missing, the number cannot be one, or the holder is not the company
    :raises UnknownRequirement: if this kind is not asked for it
    :raises ApplicationClosed: if the applicant can no longer write in it
    :raises DeadlinePassed: if its time is over
    """
    application, kind = _begin(application_id, requirement, RequirementInput.BANK_ACCOUNT, now=now)
    holder, bank, number = " ".join(holder.split()), " ".join(bank.split()), policies.normalize_account(account)
    faults: dict[str, list[str]] = {}
    if holder not in {application.name_zh, application.name_en} or not holder:
        faults["holder"] = [_("The account must be held by %(company)s.") % {"company": application.name_zh}]
    if not 2 <= len(bank) <= 120:
        faults["bank"] = [_("Please give the bank with its branch.")]
    if not policies.is_account(number):
        faults["account"] = [_("An account number has 9 to 32 digits.")]
    if faults:
        raise EntryInvalid(fields=faults)
    return hand_in(
        application,
        kind,
        by=by,
        now=now,
        holder=holder,
        bank=bank,
        account=number,
        account_masked=policies.mask_account(number),
    )


def hand_in(
    application: Application, requirement: RequirementType, *, by: User | None, now: datetime, **values: Any
) -> Submission:
    """Write a submission in place of the latest one; the application is locked by the caller."""
    Submission.objects.filter(Q(application=application), Q(requirement=requirement), Q(is_latest=True)).update(
        is_latest=False
    )
    forget_draft(application, requirement.code, now=now)
    return Submission.objects.create(
        application=application,
        organization_id=application.organization_id,
        requirement=requirement,
        handed_in_at=now,
        handed_in_by=by,
        **values,
    )


def _begin(
    application_id: int, code: str, kind: RequirementInput, *, now: datetime
) -> tuple[Application, RequirementType]:
    application = lock(application_id)
    if application.status != ApplicationStatus.APPROVED:
        check_open(application, now=now)
    requirement = get_requirement(kind=application.kind, code=code)
    if requirement.input != kind:
        raise UnknownRequirement(requirement=code)
    return application, requirement


def _check_paper(kind: RequirementType, paper: Paper, *, today: date) -> None:
    faults: dict[str, list[str]] = {}
    for name, text, is_asked in (
        ("number", paper.number, kind.asks_number),
        ("issuer", paper.issuer, kind.asks_issuer),
    ):
        most = Submission._meta.get_field(name).max_length or 0
        if is_asked and not text.strip():
            faults[name] = [_("This is required.")]
        elif len(text) > most:
            faults[name] = [_("At most %(most)s characters.") % {"most": most}]
    for name, day in (("valid_from", paper.valid_from), ("valid_until", paper.valid_until)):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            faults[name] = [_("Please check the year.")]
    if paper.valid_from and paper.valid_until and paper.valid_from > paper.valid_until:
        faults["valid_until"] = [_("It ends before it begins.")]
    if paper.valid_from and paper.valid_from > today:
        faults["valid_from"] = [_("It is not valid yet.")]
    if faults:
        raise EntryInvalid(fields=faults)
    if policies.is_expired(paper.valid_until, today):
        last_day = str(paper.valid_until)
        raise PaperExpired(
            fields={"valid_until": [str(PaperExpired.message) % {"valid_until": last_day}]}, valid_until=last_day
        )
