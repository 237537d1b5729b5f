"""Signing: the wording in force, filled in, frozen as a PDF with its digest."""

from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.api import User
from apps.kernel.api import print_pdf, private_files
from apps.onboarding.errors import CompanyNotDescribed, ContractOutdated, EntryInvalid, UnknownRequirement
from apps.onboarding.models import Application, Contract, ContractTemplate
from apps.onboarding.selectors import ZONE, contract_in_force, day_of, get_requirement
from apps.onboarding.services.applications import check_open, lock
from apps.onboarding.services.attempts import attempted
from apps.onboarding.services.papers import hand_in
from apps.onboarding.states import Action, ApplicationStatus, RequirementInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signs, and from where."""

    name: str
    title: str
    has_agreed: bool
    ip: str | None = None
    browser: str = ""


@attempted(Action.SIGN)
def sign_contract(
    *,
    application_id: int,
    requirement: str,
    version: str,
    signature: Signature,
    language: str,
    by: User | None,
    now: datetime,
) -> Contract:
    """
    Sign the contract in force, and keep a frozen copy: the text, both parties, signer, time and address.

    ``version`` is the one the signer read. Signing again makes a new contract; the old one stays.

    :raises EntryInvalid: if the signer's name or position is missing, or the box is not ticked
    :raises CompanyNotDescribed: if the other party has no tax number yet
    :raises ContractOutdated: if another version is in force by now
    :raises UnknownRequirement: if this kind signs none
    :raises ApplicationClosed: if the applicant can no longer write in it
    :raises DeadlinePassed: if its time is over
    :raises PrinterMissing: if this machine cannot lay out PDFs
    """
    application = lock(application_id)
    if application.status != ApplicationStatus.APPROVED:
        check_open(application, now=now)
    kind = get_requirement(kind=application.kind, code=requirement)
    if kind.input != RequirementInput.CONTRACT:
        raise UnknownRequirement(requirement=requirement)
    template = contract_in_force(kind=application.kind, on=day_of(now))
    if template is None or template.version != version:
        raise ContractOutdated
    is_described = bool(application.region) or application.status == ApplicationStatus.APPROVED
    if not (application.uscc and is_described):
        raise CompanyNotDescribed
    _check(signature)
    pdf = lay_out(application, template, signature, language=language, now=now)
    name = f"{application.number}-{template.version}.pdf"
    file = private_files.store(upload=ContentFile(pdf, name=name), by=by, now=now)
    submission = hand_in(
        application, kind, by=by, now=now, number=template.version, file=file, file_name=name, file_digest=file.digest
    )
    return Contract.objects.create(
        application=application,
        organization_id=application.organization_id,
        submission=submission,
        template=template,
        language=language,
        party_name=application.name_zh,
        party_uscc=application.uscc,
        signer_name=signature.name.strip(),
        signer_title=signature.title.strip(),
        signed_at=now,
        signed_from=signature.ip,
        signed_with=signature.browser[:300],
        signed_by=by,
        file=file,
        digest=file.digest,
    )


def paragraphs(template: ContractTemplate) -> list[tuple[bool, str]]:
    """The wording as (is a heading, text), in the reader's language."""
    return [(line.startswith("#"), line.lstrip("# ")) for line in template.body.splitlines() if line.strip()]


def lay_out(
    application: Application, template: ContractTemplate, signature: Signature, *, language: str, now: datetime
) -> bytes:
    """
    Return the contract as a PDF. Nothing is fetched: the page brings all it needs.

    :raises PrinterMissing: if WeasyPrint's libraries are not installed
    """
    with translation.override(language):
        page = render_to_string(
            "onboarding/contract_copy.html",
            {
                "application": application,
                "template": template,
                "paragraphs": paragraphs(template),
                "signature": signature,
                "signed_at": now.astimezone(ZONE),
            },
        )
    return print_pdf(page)


def _check(signature: Signature) -> None:
    faults: dict[str, list[str]] = {}
    if not 1 <= len(signature.name.strip()) <= 60:
        faults["signer_name"] = [_("Please give a name, at most 60 characters.")]
    if not 1 <= len(signature.title.strip()) <= 60:
        faults["signer_title"] = [_("Please give a position, at most 60 characters.")]
    if not signature.has_agreed:
        faults["agree"] = [_("Please tick the box to sign.")]
    if faults:
        raise EntryInvalid(fields=faults)
