"""Sites: the list, opening one, describing it anew, closing it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.api import (
    SUPPLIER_ROLES,
    Organization,
    OrganizationKind,
    Role,
    current_organization,
    current_roles,
    require_roles,
)
from apps.inventory.api import Site, access_site, change_site, close_site, list_own_sites, open_site
from apps.inventory.errors import UnknownSite
from apps.kernel.api import DomainError
from apps.portals.supplier.forms import SiteForm
from apps.portals.supplier.refusals import note_invalid
from apps.portals.supplier.sites import rows_of_sites


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def site_list(request: HttpRequest) -> HttpResponse:
    """Show the supplier's sites, those that were closed below."""
    organization = _organization(request)
    context = {
        "rows": rows_of_sites(list_own_sites(organization.pk)),
        "closed": rows_of_sites(list_own_sites(organization.pk, is_open=False)),
        "may_change": _may_change(request),
    }
    return render(request, "portals/supplier/sites.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_roles(Role.SUPPLIER)
def site_open(request: HttpRequest) -> HttpResponse:
    """Ask for a new site, and open it."""
    organization = _organization(request)
    form = SiteForm(request.POST or None)
    if request.method == "POST":
        if not form.is_valid():
            note_invalid(request, form, name="open_site")
        else:
            try:
                site = open_site(
                    organization_id=organization.pk,
                    wish=form.as_wish(),
                    code=form.cleaned_data["code"],
                    by=request.user,
                    now=timezone.now(),
                )
            except DomainError as refusal:
                form.explain(refusal)
            else:
                messages.success(request, _("%(site)s is open. Its code for tables is %(code)s.") % _words(site))
                return redirect("supplier-sites")
    return render(request, "portals/supplier/site_open.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def site_detail(request: HttpRequest, site: str) -> HttpResponse:
    """Show one site."""
    found = _access(request, site)
    return _show(request, found, SiteForm.of(found))


@never_cache
@require_POST
@require_roles(Role.SUPPLIER)
def site_change(request: HttpRequest, site: str) -> HttpResponse:
    """Describe a site anew."""
    found = _access(request, site)
    form = SiteForm(request.POST, has_code=False)
    if not form.is_valid():
        note_invalid(request, form, name="change_site")
        return _show(request, found, form, status=422)
    try:
        changed = change_site(
            organization_id=found.organization_id,
            site_code=found.code,
            wish=form.as_wish(),
            by=request.user,
            now=timezone.now(),
        )
    except DomainError as refusal:
        form.explain(refusal)
        return _show(request, found, form, status=refusal.status)
    messages.success(request, _("%(site)s is saved.") % _words(changed))
    return redirect("supplier-sites")


@require_POST
@require_roles(Role.SUPPLIER)
def site_close(request: HttpRequest, site: str) -> HttpResponse:
    """Close a site in which nothing lies."""
    found = _access(request, site)
    try:
        close_site(organization_id=found.organization_id, site_code=found.code, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("supplier-site", found.code)
    messages.success(request, _("%(site)s is closed.") % _words(found))
    return redirect("supplier-sites")


def _show(request: HttpRequest, site: Site, form: SiteForm, *, status: int = 200) -> HttpResponse:
    (row,) = rows_of_sites([site])
    context = {"row": row, "site": site, "form": form, "may_change": _may_change(request) and site.is_open}
    return render(request, "portals/supplier/site.html", context, status=status)


def _access(request: HttpRequest, code: str) -> Site:
    try:
        return access_site(site_code=code, organization_id=_organization(request).pk)
    except UnknownSite:
        raise Http404 from None


def _words(site: Site) -> dict[str, str]:
    return {"site": site.name, "code": site.code}


def _may_change(request: HttpRequest) -> bool:
    return Role.SUPPLIER in current_roles(request)


def _organization(request: HttpRequest) -> Organization:
    return current_organization(request, OrganizationKind.SUPPLIER)
