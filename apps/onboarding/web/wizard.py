"""The application, step by step. Every page works without JavaScript; with it, what is typed is kept as it is typed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.api import open_to_everyone
from apps.kernel.api import DomainError
from apps.onboarding.errors import UnknownApplication, UnknownRequirement
from apps.onboarding.models import Application, RequirementType
from apps.onboarding.selectors import (
    Standing,
    access_application,
    contract_in_force,
    day_of,
    get_requirement,
    list_standings,
)
from apps.onboarding.services.applications import describe_company, missing_parts, save_draft, submit_application
from apps.onboarding.services.contracts import paragraphs
from apps.onboarding.services.letters import send_link
from apps.onboarding.states import OPEN_TO_APPLICANT, ApplicationStatus, RequirementInput
from apps.onboarding.web.forms import ApplicantForm, CompanyForm, form_for
from apps.onboarding.web.handing_in import hand_in
from apps.onboarding.web.joining import OPENED

MOST_BODY = 64 * 1024
PAPERS = (RequirementInput.TAX_NUMBER, RequirementInput.PAPER)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page of the wizard, and which requirements it takes."""

    name: str
    label: Promise
    inputs: tuple[RequirementInput, ...] = ()


STEPS = (
    Step(name="company", label=gettext_lazy("Company")),
    Step(name="papers", label=gettext_lazy("Papers"), inputs=PAPERS),
    Step(name="account", label=gettext_lazy("Bank account"), inputs=(RequirementInput.BANK_ACCOUNT,)),
    Step(name="contract", label=gettext_lazy("Contract"), inputs=(RequirementInput.CONTRACT,)),
    Step(name="check", label=gettext_lazy("Check and submit")),
)
BY_NAME = {step.name: step for step in STEPS}


def mine(request: HttpRequest, number: str) -> Application:
    """The application this request may work on; foreign and absent are both not found."""
    try:
        return access_application(number=number, opened=request.session.get(OPENED, {}), by=request.user)
    except UnknownApplication as refusal:
        raise Http404(str(refusal)) from None


@never_cache
@require_safe
@open_to_everyone
def wizard(request: HttpRequest, number: str) -> HttpResponse:
    """Lead to the first step that is not done; once it is handed in, show where it stands."""
    application = mine(request, number)
    if application.status not in OPEN_TO_APPLICANT or application.closed_at is not None:
        context = {"application": application, "standings": list_standings(application)}
        return render(request, "onboarding/status.html", context)
    return redirect("onboarding:step", number, _first_open(application))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_everyone
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One page of the wizard; what is posted here is the company's details or the whole application."""
    application = mine(request, number)
    if name not in BY_NAME:
        raise Http404
    if application.status not in OPEN_TO_APPLICANT:
        return redirect("onboarding:wizard", number)
    if request.method == "POST" and name == "company":
        return _describe(request, application)
    if request.method == "POST" and name == "check":
        return _submit(request, application)
    return show_step(request, application, BY_NAME[name])


@require_POST
@open_to_everyone
def requirement(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Hand in one requirement, and go on to where the next one is."""
    application = mine(request, number)
    try:
        kind = get_requirement(kind=application.kind, code=code)
    except UnknownRequirement:
        raise Http404 from None
    here = next(step for step in STEPS if kind.input in step.inputs)
    form = form_for(kind, application, request.POST, request.FILES)
    if not hand_in(request, application, kind, form, now=timezone.now()):
        _keep(request, application, form, code)
        return show_step(request, application, here, {code: form})
    messages.success(request, _("%(paper)s was handed in.") % {"paper": kind.name})
    application.refresh_from_db()
    left = [row for row in list_standings(application) if row.requirement.input in here.inputs and _is_open(row)]
    target = here if left else STEPS[STEPS.index(here) + 1]
    return redirect("onboarding:step", number, target.name)


@require_POST
@open_to_everyone
def autosave(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what is being typed: JSON ``{"section-field": "text"}``."""
    application = mine(request, number)
    try:
        typed = json.loads(request.body) if len(request.body) <= MOST_BODY else None
    except ValueError:
        typed = None
    if not isinstance(typed, dict) or not all(isinstance(text, str) and "\x00" not in text for text in typed.values()):
        return JsonResponse({"code": "invalid"}, status=400)
    fields = {".".join(key.rsplit("-", 1)): text for key, text in typed.items()}
    now = timezone.now()
    try:
        save_draft(application_id=application.pk, fields=fields, by=_user(request), now=now)
    except DomainError as refusal:
        return JsonResponse(refusal.as_body(), status=refusal.status)
    at = date_format(timezone.localtime(now), "H:i")
    return JsonResponse({"saved": _("Saved at %(time)s") % {"time": at}})


@require_POST
@open_to_everyone
def send_link_again(request: HttpRequest, number: str) -> HttpResponse:
    """Send the link once more to the contact of this application."""
    application = mine(request, number)
    if application.status in OPEN_TO_APPLICANT:
        send_link(application, now=timezone.now())
    messages.success(request, _("The link is on its way to %(email)s.") % {"email": application.contact_email})
    return redirect("onboarding:wizard", number)


@never_cache
@require_safe
@open_to_everyone
def signed_copy(request: HttpRequest, number: str) -> HttpResponseBase:
    """Send the applicant its frozen copy of the contract."""
    contract = mine(request, number).contracts.select_related("file").order_by("-pk").first()
    if contract is None:
        raise Http404
    response = FileResponse(contract.file.content.open("rb"), as_attachment=True, filename=contract.file.name)
    response["Content-Type"] = "application/pdf"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def show_step(
    request: HttpRequest, application: Application, step: Step, forms: Mapping[str, ApplicantForm] | None = None
) -> HttpResponse:
    """Render one step; ``forms`` are those that were refused, by section."""
    bound = dict(forms or {})
    now = timezone.now()
    standings = list_standings(application)
    rows = [
        (row, bound.get(row.requirement.code) or form_for(row.requirement, application))
        for row in standings
        if row.requirement.input in step.inputs
    ]
    context: dict[str, Any] = {
        "application": application,
        "step": step,
        "current": STEPS.index(step) + 1,
        "steps": [(each.label, reverse("onboarding:step", args=[application.number, each.name])) for each in STEPS],
        "rows": rows,
        "company": bound.get("company") or CompanyForm.of(application),
        "refused": [form for form in bound.values() if form.errors],
        "standings": standings,
    }
    if step.name == "contract":
        template = contract_in_force(kind=application.kind, on=day_of(now))
        context |= {"template": template, "paragraphs": paragraphs(template) if template else []}
    if step.name == "check":
        context["missing"] = _missing(application, standings, now=now)
    return render(request, f"onboarding/{step.name}.html", context)


def _describe(request: HttpRequest, application: Application) -> HttpResponse:
    form = CompanyForm.of(application, request.POST)
    if form.is_valid():
        try:
            describe_company(application_id=application.pk, by=_user(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.explain(refusal)
        else:
            return redirect("onboarding:step", application.number, "papers")
    _keep(request, application, form, "company")
    return show_step(request, application, BY_NAME["company"], {"company": form})


def _submit(request: HttpRequest, application: Application) -> HttpResponse:
    try:
        submit_application(application_id=application.pk, by=_user(request), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("onboarding:step", application.number, "check")
    messages.success(request, _("Your application was submitted."))
    return redirect("onboarding:wizard", application.number)


def _keep(request: HttpRequest, application: Application, form: ApplicantForm, section: str) -> None:
    """Keep what was typed although it was refused, so that it is there after a closed window too."""
    typed = {
        f"{section}.{name}": request.POST.get(form.add_prefix(name), "")[:2000].replace("\x00", "")
        for name, field in form.fields.items()
        if form.add_prefix(name) in request.POST and not field.widget.is_hidden
    }
    try:
        save_draft(application_id=application.pk, fields=typed, by=_user(request), now=timezone.now())
    except DomainError as refusal:
        form.explain(refusal)


def _missing(application: Application, standings: list[Standing], *, now: Any) -> list[tuple[str, str]]:
    """What is missing before it can be submitted, as (name, address of its step)."""
    names = {row.requirement.code: row.requirement for row in standings}
    found = []
    for code in missing_parts(application, standings, now=now):
        name = _("Company details") if code == "company" else names[code].name
        step_name = "company" if code == "company" else _step_of(names[code])
        found.append((name, reverse("onboarding:step", args=[application.number, step_name])))
    return found


def _first_open(application: Application) -> str:
    standings = list_standings(application)
    missing = missing_parts(application, standings, now=timezone.now())
    if not missing or application.status == ApplicationStatus.READY_FOR_REVIEW:
        return "check"
    if missing[0] == "company":
        return "company"
    return _step_of(next(row.requirement for row in standings if row.requirement.code == missing[0]))


def _step_of(requirement: RequirementType) -> str:
    return next(step.name for step in STEPS if requirement.input in step.inputs)


def _is_open(row: Standing) -> bool:
    return row.is_required and (row.latest is None or row.latest.status == "REJECTED")


def _user(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None
