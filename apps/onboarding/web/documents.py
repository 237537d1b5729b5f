"""The documents pages of both portals: what we hold, until when, and the way to renew it."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.api import Organization, OrganizationKind, Role, current_organization, require_roles
from apps.kernel.api import private_files
from apps.onboarding.errors import UnknownRequirement
from apps.onboarding.models import Application
from apps.onboarding.policies import is_expired
from apps.onboarding.selectors import (
    Standing,
    contract_in_force,
    day_of,
    find_application_of,
    get_requirement,
    list_standings,
)
from apps.onboarding.services.contracts import paragraphs
from apps.onboarding.services.files import open_file
from apps.onboarding.states import ApplicationStatus, RequirementInput
from apps.onboarding.web.forms import ApplicantForm, form_for
from apps.onboarding.web.handing_in import hand_in

# So many days before its last day a paper is shown as running out.
SOON = 60


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_roles(Role.SUPPLIER)
def supplier_documents(request: HttpRequest, code: str = "") -> HttpResponse:
    """The papers of the caller's supplier."""
    return _documents(request, OrganizationKind.SUPPLIER, code, "supplier-documents")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_roles(Role.DEALER_MANAGER)
def dealer_documents(request: HttpRequest, code: str = "") -> HttpResponse:
    """The papers of the caller's dealer."""
    return _documents(request, OrganizationKind.DEALER, code, "dealer-documents")


def _documents(request: HttpRequest, kind: OrganizationKind, code: str, route: str) -> HttpResponse:
    organization = current_organization(request, kind)
    uscc = getattr(getattr(organization, kind.value.lower(), None), "uscc", "")
    if request.method != "POST":
        # Looking writes nothing: the portal's reads run as a role that may not.
        application = find_application_of(organization_id=organization.pk) or _empty_file(organization, uscc)
        return _show(request, application, route, {})
    application = open_file(
        organization=organization,
        uscc=uscc,
        contact_name=request.user.get_short_name(),
        contact_email=request.user.email or "",
        by=None,
        now=timezone.now(),
    )
    try:
        requirement = get_requirement(kind=kind.value, code=code)
    except UnknownRequirement:
        raise Http404 from None
    form = form_for(requirement, application, request.POST, request.FILES)
    if not hand_in(request, application, requirement, form, now=timezone.now()):
        return _show(request, application, route, {code: form})
    messages.success(request, _("%(paper)s was handed in. Headquarters reads it next.") % {"paper": requirement.name})
    return redirect(route)


def _empty_file(organization: Organization, uscc: str) -> Application:
    """The file of an organization that has handed in nothing yet."""
    return Application(
        kind=organization.kind,
        organization=organization,
        status=ApplicationStatus.APPROVED,
        name_zh=organization.name_zh,
        name_en=organization.name_en,
        uscc=uscc,
    )


def _show(
    request: HttpRequest, application: Application, route: str, bound: Mapping[str, ApplicantForm]
) -> HttpResponse:
    now = timezone.now()
    template = contract_in_force(kind=application.kind, on=day_of(now))
    context = {
        "application": application,
        "rows": [_row(request, application, standing, bound, now) for standing in list_standings(application)],
        "refused": [form for form in bound.values() if form.errors],
        "route": route,
        "route_one": f"{route}-one",
        "template": template,
        "paragraphs": paragraphs(template) if template else [],
    }
    return render(request, "onboarding/documents.html", context)


def _row(request, application, standing: Standing, bound, now) -> dict:  # type: ignore[no-untyped-def]
    """One requirement as the page shows it: what counts, what waits, how long it lasts, how to renew it."""
    counting, latest = standing.effective, standing.latest
    last_day = counting.valid_until if counting else None
    code = standing.requirement.code
    # The number names the company: once it is known it stays.
    is_known = standing.requirement.input == RequirementInput.TAX_NUMBER and bool(application.uscc)
    file = (latest or counting).file if latest or counting else None
    return {
        "standing": standing,
        "form": bound.get(code) or form_for(standing.requirement, application),
        "is_open": code in bound,
        "is_expired": is_expired(last_day, day_of(now)),
        "days_left": (last_day - day_of(now)).days if last_day else None,
        "is_soon": last_day is not None and 0 <= (last_day - day_of(now)).days <= SOON,
        "can_renew": not is_known,
        "is_known": is_known and not latest,
        "file_url": private_files.signed_url(file=file, viewer=request.user, now=now) if file else "",
    }
