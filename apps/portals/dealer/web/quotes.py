"""Quotes: the list, a new one, and the paper."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.api import OrganizationKind, Role, current_organization, require_roles
from apps.catalog.api import Configuration, Trim, configure
from apps.dealers.api import Store
from apps.kernel.api import DomainError, Money, NotFound, tenancy
from apps.kernel.web import add_to_form
from apps.leads.api import Lead, Quote, access_lead, access_quote, explain_quote_price, issue_quote, list_quotes
from apps.leads.errors import InvalidQuote
from apps.portals import papers
from apps.portals.dealer.forms import QuoteForm
from apps.portals.dealer.web.leads import list_trims

PAGE_SIZE = 20
MOST_OPTIONS = 60


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def quotes(request: HttpRequest) -> HttpResponse:
    """List a dealer's quotes, newest first."""
    organization = current_organization(request, OrganizationKind.DEALER)
    page = Paginator(list_quotes(organization.pk), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(one, one.money("total"), one.customer_name if _shows_customer(one) else "") for one in page.object_list]
    today = timezone.localdate()
    return render(request, "portals/dealer/quotes.html", {"page": page, "rows": rows, "today": today})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def new_quote(request: HttpRequest) -> HttpResponse:
    """Write a quote: for a lead's configuration, for a link of the configurator, or for a car as it is standard."""
    organization = current_organization(request, OrganizationKind.DEALER)
    lead = _lead(request, organization.pk)
    stores = Store.objects.filter(dealer__organization=organization, is_open=True, has_sales=True).order_by("code")
    initial = {"customer_name": lead.name, "store": lead.store_id, "trim": lead.product_id} if lead else {}
    form = QuoteForm(
        request.POST if request.method == "POST" else None, stores=stores, trims=list_trims(), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            written = issue_quote(
                organization_id=organization.pk,
                store_id=data["store"],
                configuration_id=_configuration(request, data, lead),
                customer_name=data["customer_name"],
                valid_days=data["valid_days"],
                offered=Money(data["offered"]) if data["offered"] is not None else None,
                lead_id=lead.pk if lead else None,
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Quote %(number)s is written.") % {"number": written.number})
            return redirect("dealer-quote", written.number)
    context = {"form": form, "lead": lead}
    return render(request, "portals/dealer/quote_new.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def quote(request: HttpRequest, number: str) -> HttpResponse:
    """Show a quote: its lines, and the versions of the price lists that made its price."""
    found = _open(request, number)
    # The versions are headquarters' rows: the tenant sees what they made of this one price.
    with tenancy.as_platform():
        why = explain_quote_price(found)
    context = {
        **_figures(found),
        "why": why,
        "is_over": found.valid_until < timezone.localdate(),
    }
    return render(request, "portals/dealer/quote.html", context)


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def quote_paper(request: HttpRequest, number: str) -> HttpResponse:
    """Give a quote as a PDF, in the reader's language or in that of ``lang``."""
    found = _open(request, number)
    return papers.answer(
        request,
        "portals/papers/quote.html",
        _figures(found),
        name=f"{found.number}.pdf",
        back=("dealer-quote", found.number),
    )


def _open(request: HttpRequest, number: str) -> Quote:
    organization = current_organization(request, OrganizationKind.DEALER)
    try:
        return access_quote(number=number, organization_id=organization.pk)
    except NotFound:
        raise Http404 from None


def _figures(found: Quote) -> dict[str, Any]:
    """What page and paper show of a quote."""
    lines = [
        {**line, "money": Money.of(line["amount"], line["currency"]), "is_included": bool(line["included_by"])}
        for line in found.lines
    ]
    return {
        "quote": found,
        "lines": lines,
        "price": found.price,
        "concession": -found.money("concession"),
        "total": found.money("total"),
        "tax": found.money("tax"),
        "net": found.money("total") - found.money("tax"),
        "percent": found.tax_rate * 100,
        "customer": found.customer_name if _shows_customer(found) else "",
    }


def _shows_customer(found: Quote) -> bool:
    """Whether the dealer still needs the name: while the lead is open, or the quote holds."""
    return found.lead.is_open if found.lead else found.valid_until >= timezone.localdate()


def _lead(request: HttpRequest, organization_id: int) -> Lead | None:
    asked = request.POST.get("lead") or request.GET.get("lead") or ""
    if not asked:
        return None
    try:
        return access_lead(lead_id=int(asked) if asked.isdigit() else 0, organization_id=organization_id)
    except NotFound:
        raise Http404 from None


def _configuration(request: HttpRequest, data: dict, lead: Lead | None):
    """
    Return the id of the configuration a quote is for: the link's, the lead's, or that of a car as it is standard.

    :raises InvalidQuote: if none is named, or the link names no car of ours
    """
    if data["link"]:
        product_id, options = _read_link(data["link"])
    elif lead is not None and lead.configuration_id and data["trim"] in (None, lead.product_id):
        return lead.configuration_id
    elif data["trim"]:
        product_id, options = data["trim"], []
    else:
        raise InvalidQuote(fields={"trim": [_("Please choose a car.")]})
    built: Configuration = configure(product_id=product_id, option_codes=options, by=request.user, now=timezone.now())
    return built.pk


def _read_link(link: str) -> tuple[int, list[str]]:
    query = QueryDict(urlsplit(link.strip()).query[:1000])
    codes = [code for value in query.getlist("option") for code in value.split(",") if code][:MOST_OPTIONS]
    trim = Trim.objects.filter(code=query.get("trim", "")[:64]).first()
    if trim is None:
        raise InvalidQuote(fields={"link": [_("This link names no car of ours.")]})
    return trim.product_id, codes
