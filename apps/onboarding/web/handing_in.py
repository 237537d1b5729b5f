"""From a filled-in form to the service that takes it: shared by the wizard and the documents pages."""

from datetime import datetime

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

from apps.kernel.api import DomainError
from apps.onboarding.models import Application, RequirementType
from apps.onboarding.services.contracts import Signature, sign_contract
from apps.onboarding.services.papers import Paper, submit_bank_account, submit_paper, submit_tax_number
from apps.onboarding.states import RequirementInput
from apps.onboarding.web.forms import ApplicantForm


def hand_in(
    request: HttpRequest, application: Application, requirement: RequirementType, form: ApplicantForm, *, now: datetime
) -> bool:
    """Hand in one filled-in form; False if it, or the service, says no: the form then says why."""
    if not form.is_valid():
        return False
    try:
        _SERVICES[RequirementInput(requirement.input)](request, application, requirement, form.cleaned_data, now)
    except DomainError as refusal:
        form.explain(refusal)
        return False
    return True


def _common(request: HttpRequest, application: Application, requirement: RequirementType, now: datetime) -> dict:
    by = request.user if request.user.is_authenticated else None
    return {"application_id": application.pk, "requirement": requirement.code, "by": by, "now": now}


def _tax_number(request, application, requirement, data, now):  # type: ignore[no-untyped-def]
    submit_tax_number(**_common(request, application, requirement, now), number=data["number"])


def _paper(request, application, requirement, data, now):  # type: ignore[no-untyped-def]
    paper = Paper(number=data.get("number", ""), issuer=data.get("issuer", ""), valid_until=data.get("valid_until"))
    submit_paper(**_common(request, application, requirement, now), paper=paper, upload=data.get("file"))


def _bank_account(request, application, requirement, data, now):  # type: ignore[no-untyped-def]
    submit_bank_account(
        **_common(request, application, requirement, now),
        holder=data["holder"],
        bank=data["bank"],
        account=data["account"],
    )


def _contract(request, application, requirement, data, now):  # type: ignore[no-untyped-def]
    signature = Signature(
        name=data["signer_name"],
        title=data["signer_title"],
        has_agreed=data["agree"],
        ip=get_client_ip(request) or None,
        browser=request.headers.get("User-Agent", ""),
    )
    sign_contract(
        **_common(request, application, requirement, now),
        version=data["version"],
        signature=signature,
        language=request.LANGUAGE_CODE,
    )


_SERVICES = {
    RequirementInput.TAX_NUMBER: _tax_number,
    RequirementInput.PAPER: _paper,
    RequirementInput.BANK_ACCOUNT: _bank_account,
    RequirementInput.CONTRACT: _contract,
}
