"""New products: what was proposed and what became of it, a form to propose, another try after a refusal."""

from django.contrib import messages
from django.core.paginator import Paginator
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
from apps.catalog.api import (
    ProductProposal,
    ProposalNotFound,
    ProposalStatus,
    access_proposal,
    differences_of,
    list_own_proposals,
    submit_product_proposal,
    withdraw_proposal,
)
from apps.inventory.api import list_own_sites
from apps.kernel.api import DomainError, private_files
from apps.portals.supplier.proposal_form import ProposalForm
from apps.portals.supplier.refusals import note_invalid

PAGE_SIZE = 20
TONES = {ProposalStatus.WAITING: "accent", ProposalStatus.ACCEPTED: "good", ProposalStatus.REJECTED: "bad"}


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def proposal_list(request: HttpRequest) -> HttpResponse:
    """Show the supplier's proposals, the youngest first."""
    organization = _organization(request)
    page = Paginator(list_own_proposals(organization.pk), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "rows": [(proposal, TONES.get(proposal.status, "")) for proposal in page.object_list],
        "page": page,
        "may_propose": _may_propose(request),
        "has_site": list_own_sites(organization.pk).exists(),
    }
    return render(request, "portals/supplier/proposals.html", context)


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def proposal_detail(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Show one proposal as headquarters reads it."""
    proposal = _access(request, proposal_id)
    answer = ProductProposal.objects.filter(previous=proposal).first()
    context = {
        "proposal": proposal,
        "tone": TONES.get(proposal.status, ""),
        "rows": [row for row in differences_of(proposal) if row.after or row.before],
        "pictures": [
            private_files.signed_url(file=file, viewer=request.user, now=timezone.now())
            for file in proposal.pictures.all()
        ],
        "answer": answer,
        "may_answer": _may_propose(request) and proposal.status == ProposalStatus.REJECTED and answer is None,
        "may_withdraw": _may_propose(request) and proposal.status == ProposalStatus.WAITING,
    }
    return render(request, "portals/supplier/proposal.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_roles(Role.SUPPLIER)
def propose(request: HttpRequest) -> HttpResponse:
    """Ask for a new product, and propose it."""
    return _ask(request, previous=None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_roles(Role.SUPPLIER)
def propose_again(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Answer a refusal with another proposal, as the last one was filled in."""
    previous = _access(request, proposal_id)
    has_answer = ProductProposal.objects.filter(previous=previous).exists()
    if previous.status != ProposalStatus.REJECTED or has_answer:
        messages.error(request, _("This proposal cannot be answered any more."), extra_tags="bad")
        return redirect("supplier-proposal", previous.pk)
    return _ask(request, previous=previous)


@require_POST
@require_roles(Role.SUPPLIER)
def withdraw(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Take back a proposal that waits."""
    proposal = _access(request, proposal_id)
    try:
        withdraw_proposal(
            proposal_id=proposal.pk,
            organization_id=proposal.organization_id,
            by=request.user,
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    else:
        messages.success(request, _("The proposal is withdrawn."))
    return redirect("supplier-proposal", proposal.pk)


def _ask(request: HttpRequest, *, previous: ProductProposal | None) -> HttpResponse:
    organization = _organization(request)
    sites = list(list_own_sites(organization.pk))
    form = ProposalForm(request.POST or None, request.FILES or None, sites=sites, previous=previous)
    if request.method == "POST":
        if not form.is_valid():
            note_invalid(request, form, name="proposal")
        else:
            try:
                proposal = submit_product_proposal(
                    organization_id=organization.pk,
                    wish=form.as_wish(),
                    answers=previous.pk if previous else None,
                    by=request.user,
                    now=timezone.now(),
                )
            except DomainError as refusal:
                form.explain(refusal)
            else:
                messages.success(request, _("%(sku)s is with headquarters for review.") % {"sku": proposal.sku})
                return redirect("supplier-proposal", proposal.pk)
    context = {"form": form, "previous": previous, "sites": sites}
    return render(request, "portals/supplier/propose.html", context, status=422 if form.errors else 200)


def _access(request: HttpRequest, proposal_id: int) -> ProductProposal:
    try:
        return access_proposal(proposal_id=proposal_id, organization_id=_organization(request).pk)
    except ProposalNotFound:
        raise Http404 from None


def _may_propose(request: HttpRequest) -> bool:
    return Role.SUPPLIER in current_roles(request)


def _organization(request: HttpRequest) -> Organization:
    return current_organization(request, OrganizationKind.SUPPLIER)
