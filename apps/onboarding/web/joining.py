"""Public pages before an application is open: choose a side, start, come back."""

from allauth.account.models import EmailAddress
from allauth.core.internal.httpkit import get_client_ip
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.api import open_to_everyone
from apps.kernel.api import DomainError
from apps.onboarding.errors import UnknownApplication
from apps.onboarding.models import Application
from apps.onboarding.selectors import list_requirements, read_link
from apps.onboarding.services.applications import Contact, open_link, resend_link, start_application
from apps.onboarding.states import ApplicantKind
from apps.onboarding.web.forms import ResumeForm, StartForm

# Applications this session opened by link: id → version of the link.
OPENED = "onboarding_opened"
KINDS = {kind.value.lower(): kind for kind in ApplicantKind}


@never_cache
@require_safe
@open_to_everyone
def join(request: HttpRequest) -> HttpResponse:
    """Show both sides and what each is asked for, and the way back into an application."""
    sides = [(slug, kind, list_requirements(kind)) for slug, kind in KINDS.items()]
    mine = Application.objects.filter(pk__in=request.session.get(OPENED, {})).order_by("-pk")
    if request.user.is_authenticated:
        mine = (mine | Application.objects.filter(applicant=request.user)).distinct()
    return render(request, "onboarding/join.html", {"sides": sides, "mine": mine, "form": ResumeForm()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_everyone
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for the company and the contact, and begin."""
    if kind not in KINDS:
        raise Http404
    email = getattr(request.user, "email", "") or ""
    form = StartForm(request.POST or None, initial={"contact_email": email})
    if request.method == "POST" and form.is_valid():
        try:
            application = _begin(request, KINDS[kind], form)
        except DomainError as refusal:
            form.explain(refusal)
        else:
            remember(request, application)
            if application.contact_confirmed_at is None:
                messages.success(
                    request, _("We sent you a link. Open it to confirm your address; you may go on meanwhile.")
                )
            return redirect("onboarding:wizard", application.number)
    context = {"form": form, "kind": KINDS[kind], "requirements": list_requirements(KINDS[kind])}
    return render(request, "onboarding/start.html", context)


@require_POST
@open_to_everyone
def resume(request: HttpRequest) -> HttpResponse:
    """Send the link again; whether there is an application is not told."""
    form = ResumeForm(request.POST)
    if form.is_valid():
        resend_link(email=form.cleaned_data["email"], now=timezone.now())
        messages.success(request, _("If an application is open for this address, a link is on its way."))
        return redirect("onboarding:join")
    sides = [(slug, kind, list_requirements(kind)) for slug, kind in KINDS.items()]
    return render(request, "onboarding/join.html", {"sides": sides, "mine": [], "form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_everyone
def open_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """
    Open an application by the link of a message.

    The page asks for a click: programs that look at links in mail must not confirm an address.
    """
    try:
        if request.method == "POST":
            by = request.user if request.user.is_authenticated else None
            application = open_link(token=token, by=by, now=timezone.now())
            remember(request, application)
            return redirect("onboarding:wizard", application.number)
        return render(request, "onboarding/open.html", {"application": read_link(token=token), "token": token})
    except UnknownApplication:
        return render(request, "onboarding/link_expired.html", {"form": ResumeForm()}, status=404)


def remember(request: HttpRequest, application: Application) -> None:
    """Let this session work on the application until a newer link replaces the one it came by."""
    request.session[OPENED] = {**request.session.get(OPENED, {}), str(application.pk): application.link_version}


def _begin(request: HttpRequest, kind: ApplicantKind, form: StartForm) -> Application:
    data = form.cleaned_data
    contact = Contact(
        name=data["contact_name"],
        email=data["contact_email"],
        phone=data["contact_phone"],
        language=get_language() or "zh-hans",
    )
    user = request.user if _has_proven(request, contact.email) else None
    return start_application(
        kind=kind,
        name_zh=data["name_zh"],
        contact=contact,
        by=user,
        now=timezone.now(),
        ip=get_client_ip(request) or None,
    )


def _has_proven(request: HttpRequest, email: str) -> bool:
    """Whether the visitor is signed in under this very address and once proved that it is theirs: no link is needed."""
    if not request.user.is_authenticated:
        return False
    return EmailAddress.objects.filter(user=request.user, email__iexact=email.strip(), verified=True).exists()
