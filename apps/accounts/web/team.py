"""The team's page in both portals: who works here, who is invited, who may do what."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.accounts import api
from apps.accounts.states import ROLES_OF_KIND, MemberRole, OrganizationKind
from apps.accounts.web.portal_forms import InviteForm
from apps.kernel.api import DomainError
from apps.kernel.web.errors import add_to_form, show_message


@never_cache
def show(request: HttpRequest, *, kind: OrganizationKind) -> HttpResponse:
    """List the team; on POST, invite somebody."""
    organization = api.current_organization(request, kind)
    form = InviteForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = api.invite_member(
                organization_id=organization.pk, by=request.user, now=timezone.now(), **form.invitation()
            )
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("The invitation was sent to %(address)s.") % {"address": invitation.address})
            return redirect(_page(kind))
    now = timezone.now()
    context = {
        "organization": organization,
        "team": api.list_team(organization.pk, now=now),
        "invitations": api.list_open_invitations(organization.pk, now=now),
        "roles": [(role.value, MemberRole(role.value).label) for role in ROLES_OF_KIND[kind]],
        "form": form,
        "page": _page(kind),
    }
    return render(request, "account/team.html", context, status=422 if form.errors else 200)


def change_role(request: HttpRequest, member_id: int, *, kind: OrganizationKind) -> HttpResponse:
    """Make a member what the form says."""
    role = request.POST.get("role", "")
    return _act(request, kind, api.change_member_role, _("The role was changed."), member_id=member_id, role=role)


def remove(request: HttpRequest, member_id: int, *, kind: OrganizationKind) -> HttpResponse:
    """Take a member off the team at once."""
    done = _("Removed. Open sessions have ended and API keys made by this person are revoked.")
    return _act(request, kind, api.remove_member, done, member_id=member_id)


def withdraw(request: HttpRequest, invitation_id: int, *, kind: OrganizationKind) -> HttpResponse:
    """Withdraw an invitation."""
    return _act(request, kind, api.revoke_invitation, _("The invitation was withdrawn."), invitation_id=invitation_id)


def _act(request: HttpRequest, kind: OrganizationKind, service: object, done: str, **values: object) -> HttpResponse:
    organization = api.current_organization(request, kind)
    try:
        service(organization_id=organization.pk, by=request.user, now=timezone.now(), **values)  # type: ignore[operator]
    except DomainError as refusal:
        if refusal.status == 404:
            raise Http404 from None
        show_message(request, refusal)
    else:
        messages.success(request, done)
    return redirect(_page(kind))


def _page(kind: OrganizationKind) -> str:
    return f"{kind.value.lower()}-team"
