"""A member's applications for loans."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.api import open_to_members
from apps.financing.api import (
    Applicant,
    ApplicationStatus,
    ApplicationView,
    access_application,
    describe_applicant,
    hand_in_document,
    list_applications,
    list_finance_products,
    list_financeable_orders,
    list_trade_ins,
    sign_contract,
    start_application,
    submit_application,
    view_application,
    withdraw_application,
)
from apps.kernel.api import DomainError, Money, NotFound, private_files
from apps.kernel.web import add_to_form
from apps.portals.storefront.finance_forms import ApplicantForm, ApplyForm, ConsentForm, DocumentForm, SignForm

FORMS: dict[str, type[forms.Form]] = {
    "describe": ApplicantForm,
    "document": DocumentForm,
    "submit": ConsentForm,
    "sign": SignForm,
    "withdraw": forms.Form,
}


@never_cache
@open_to_members
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the member's applications and cars in part exchange."""
    context = {
        "applications": list_applications(by=request.user),
        "trade_ins": [(row, row.money("offered")) for row in list_trade_ins(by=request.user)],
        "orders": list_financeable_orders(by=request.user),
    }
    return render(request, "storefront/finance/overview.html", context)


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Choose an order and terms."""
    orders, now = list_financeable_orders(by=request.user), timezone.now()
    products = list_finance_products(at=now)
    is_posted = request.method == "POST"
    usual = {"order": "", "product": "", "months": "36", "down": ""}
    initial = {name: request.GET.get(name, value)[:64] for name, value in usual.items()}
    form = ApplyForm(request.POST if is_posted else None, orders=orders, products=products, initial=initial)
    if is_posted and form.is_valid():
        data = form.cleaned_data
        try:
            started = start_application(
                order_number=data["order"],
                product_code=data["product"],
                months=data["months"],
                down_payment=Money.of(data["down"]),
                by=request.user,
                now=now,
            )
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("shop:loan", started.number)
    context = {"form": form, "orders": orders}
    return render(request, "storefront/finance/apply.html", context, status=422 if form.errors else 200)


@never_cache
@open_to_members
@require_safe
def loan(request: HttpRequest, number: str) -> HttpResponse:
    """Show an application and what is next."""
    return _show(request, _find(request, number), {})


@require_POST
@open_to_members
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Do one thing with an application; what is refused is shown on its page, with what was typed."""
    view = _find(request, number)
    if name not in FORMS:
        raise Http404
    form = FORMS[name](request.POST, request.FILES)
    if form.is_valid():
        try:
            messages.success(request, _do(request, view, name, form.cleaned_data))
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("shop:loan", number)
    return _show(request, view, {name: form}, status=422)


@never_cache
@open_to_members
@require_safe
def contract(request: HttpRequest, number: str) -> HttpResponse:
    """Lead to the signed contract, by a link of a few minutes."""
    try:
        application = access_application(number=number, by=request.user)
    except NotFound:
        raise Http404 from None
    if application.contract is None:
        raise Http404
    return redirect(private_files.signed_url(file=application.contract, viewer=request.user, now=timezone.now()))


def _find(request: HttpRequest, number: str) -> ApplicationView:
    try:
        return view_application(access_application(number=number, by=request.user))
    except NotFound:
        raise Http404 from None


def _show(
    request: HttpRequest, view: ApplicationView, bound: dict[str, forms.Form], *, status: int = 200
) -> HttpResponse:
    known = {"name": view.applicant_name, "phone": view.phone.removeprefix("+86")}
    missing = view.missing[0].value if view.missing else ""
    initial = {"describe": {**known, "monthly_income": view.monthly_income}, "document": {"kind": missing}}
    ready = {name: bound.get(name) or form(initial=initial.get(name)) for name, form in FORMS.items()}
    context = {
        "application": view,
        "forms": ready,
        "errors": [form for form in bound.values() if form.errors],
        "payments": list(enumerate(view.quote.plan.payments, start=1)),
        "waits": view.status == ApplicationStatus.SUBMITTED,
        "has_ended": view.status in (ApplicationStatus.REFUSED, ApplicationStatus.EXPIRED, ApplicationStatus.WITHDRAWN),
    }
    return render(request, "storefront/finance/loan.html", context, status=status)


def _do(request: HttpRequest, view: ApplicationView, name: str, data: dict[str, Any]) -> str:
    """Do it, and say so."""
    about = {"number": view.number, "by": request.user, "now": timezone.now()}
    if name == "describe":
        describe_applicant(applicant=Applicant(**data), **about)
        return _("Saved.")
    if name == "document":
        hand_in_document(kind=data["kind"], upload=data["file"], **about)
        return _("The paper is handed in.")
    if name == "submit":
        submit_application(has_consented=data["consent"], **about)
        return _("The application is on its way to the lender.")
    if name == "sign":
        language = get_language() or "zh-hans"
        sign_contract(signer_name=data["signer_name"], has_agreed=data["agree"], language=language, **about)
        return _("The contract is signed. The lender pays out shortly.")
    withdraw_application(**about)
    return _("The application is withdrawn.")
