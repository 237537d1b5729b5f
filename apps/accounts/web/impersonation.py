"""Pages of impersonation: begin, from the admin; end, from the banner."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from apps.accounts import api
from apps.accounts.models import User
from apps.accounts.services.impersonation import LEAST_REASON, MOST_REASON
from apps.accounts.states import PORTAL_KINDS
from apps.accounts.web.portal_middleware import SESSION_KEY
from apps.kernel.api import DomainError
from apps.kernel.web.errors import add_to_form


class ImpersonationForm(forms.Form):
    """For whom the person works, and why headquarters wants to see it."""

    organization = forms.TypedChoiceField(label=_("Organization"), coerce=int)
    reason = forms.CharField(
        label=_("Reason"),
        min_length=LEAST_REASON,
        max_length=MOST_REASON,
        help_text=_("Kept in the audit trail, for example: order 2026… cannot be accepted, call of 10 June."),
        widget=forms.TextInput(attrs={"size": 70, "autocomplete": "off"}),
    )


@api.require_roles(api.Role.HQ_OPERATOR)
def begin(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask for the reason; on POST, begin, and go to the portal."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise Http404
    works_for = [m.organization for m in api.list_memberships(user) if m.kind in PORTAL_KINDS]
    form = ImpersonationForm(request.POST or None)
    form.fields["organization"].choices = [(company.pk, str(company)) for company in works_for]
    if request.method == "POST" and form.is_valid():
        try:
            begun = api.start_impersonation(
                user_id=user.pk,
                organization_id=form.cleaned_data["organization"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            request.session[SESSION_KEY] = begun.pk
            return redirect(settings.PORTAL_HOMES[begun.organization.kind])
    title = _("Impersonate %(user)s") % {"user": user}
    context = {**admin.site.each_context(request), "title": title, "form": form, "person": user, "works_for": works_for}
    return render(request, "admin/accounts/impersonate.html", context, status=422 if form.errors else 200)


@require_POST
@api.open_to_members
def end(request: HttpRequest) -> HttpResponse:
    """End it, and go back to the admin."""
    api.end_impersonation(by=request.user, now=timezone.now())
    request.session.pop(SESSION_KEY, None)
    return redirect("admin:index")
