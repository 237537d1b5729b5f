"""Paying for one's visit online: the way to the provider, and the wait for its news."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from apps.accounts.api import open_to_members
from apps.aftersales.api import (
    ServiceVisit,
    VisitStatus,
    access_own_visit,
    get_bill_payment,
    pay_own_visit,
)
from apps.kernel.api import DomainError, NotFound
from apps.payments.api import PaymentStatus, Provider
from apps.portals.storefront.qr import draw_qr


@never_cache
@vary_on_headers("HX-Request")
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what is to be paid and the way to the provider; a POST opens it there, htmx asks whether it is paid."""
    try:
        visit = access_own_visit(reference=reference, member=request.user)
    except NotFound:
        raise Http404 from None
    if request.method == "POST":
        return _begin(request, visit)
    payment = get_bill_payment(visit, now=timezone.now()) if visit.status == VisitStatus.DONE else None
    if payment is None:
        page = reverse("shop:my-visit", args=[reference])
        return HttpResponse(headers={"HX-Redirect": page}) if request.htmx else redirect(page)
    action = payment.action
    context = {
        "visit": visit,
        "payment": payment,
        "is_settling": payment.status == PaymentStatus.CAPTURED,
        "providers": Provider.choices,
        "qr": draw_qr(action.url) if action is not None and action.type == "qr" else "",
    }
    page = "storefront/_visit_waiting.html" if request.htmx else "storefront/visit_pay.html"
    return render(request, page, context)


def _begin(request: HttpRequest, visit: ServiceVisit) -> HttpResponse:
    """Open the payment at the provider that was chosen; coming back from there proves nothing."""
    page = reverse("shop:visit-pay", args=[visit.reference])
    try:
        pay_own_visit(
            reference=visit.reference,
            provider=request.POST.get("provider", "")[:20],
            return_url=request.build_absolute_uri(page),
            by=request.user,
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("shop:my-visit", visit.reference)
    return redirect(page)
