"""The page of an organization's API keys in both portals."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.accounts import api
from apps.accounts.states import OrganizationKind, Scope
from apps.accounts.web.portal_forms import KeyForm
from apps.kernel.api import DomainError
from apps.kernel.web.errors import add_to_form, show_message


@never_cache
def show(request: HttpRequest, *, kind: OrganizationKind) -> HttpResponse:
    """List the keys; on POST, make one and show its secret this once."""
    organization = api.current_organization(request, kind)
    form, secret = KeyForm(request.POST or None, kind=kind), ""
    if request.method == "POST" and form.is_valid():
        try:
            _key, secret = api.create_api_key(
                organization_id=organization.pk, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            form = KeyForm(kind=kind)
        except DomainError as refusal:
            add_to_form(form, refusal)
    now = timezone.now()
    keys = [(key, key.is_live(now), _labels(key.scopes)) for key in api.list_api_keys(organization.pk)]
    page = f"{kind.value.lower()}-keys"
    context = {"organization": organization, "keys": keys, "form": form, "secret": secret, "page": page}
    return render(request, "account/keys.html", context, status=422 if form.errors else 200)


def revoke(request: HttpRequest, key_id: int, *, kind: OrganizationKind) -> HttpResponse:
    """Make a key worthless."""
    organization = api.current_organization(request, kind)
    try:
        api.revoke_api_key(organization_id=organization.pk, key_id=key_id, by=request.user, now=timezone.now())
    except DomainError as refusal:
        if refusal.status == 404:
            raise Http404 from None
        show_message(request, refusal)
    else:
        messages.success(request, _("The key was revoked. Programs that use it are refused from now on."))
    return redirect(f"{kind.value.lower()}-keys")


def _labels(scopes: list[str]) -> list[str]:
    return [str(Scope(scope).label) for scope in scopes]
