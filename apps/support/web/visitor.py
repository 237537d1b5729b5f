"""Live service in the shop: begin a conversation, go on with it, end it. Every page works without a script."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.throttling import SimpleRateThrottle

from apps.accounts.api import open_to_everyone
from apps.catalog.api import ProductInfo
from apps.dealers.api import list_stores
from apps.kernel.api import DomainError, NotFound
from apps.kernel.web import add_to_form
from apps.support.api import (
    Conversation,
    ConversationStatus,
    Side,
    Visitor,
    access_own_conversation,
    close_as_visitor,
    find_headquarters,
    hours_of,
    leave_contact,
    list_messages,
    list_own_conversations,
    mark_seen_by_visitor,
    move_to_browser,
    note_typing,
    open_conversation,
    rate_conversation,
    read_way_back,
    say_as_visitor,
)
from apps.support.web.forms import BeginForm, ContactForm, RatingForm, SayForm
from apps.support.web.news import describe, read_number, refuse_form, send_file, send_transcript, wants_json

COOKIE = "xc_chat"
COOKIE_AGE = timedelta(days=180)
MOST_SHOWN = 10  # earlier conversations on the first page


class ChatThrottle(SimpleRateThrottle):
    """So many new conversations of one network address."""

    scope = "chat"

    def get_cache_key(self, request, view) -> str:
        """Count by the caller's address."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_everyone
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a conversation, or find those one has; ``?store=`` code, ``?car=`` product and ``?order=`` come along."""
    stores = list(list_stores())
    form = BeginForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        stores=stores,
        initial=_asked(request, stores),
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        if not ChatThrottle().allow_request(request, None):
            form.add_error(None, _("Too many requests. Please wait a moment."))
            status = 429
        else:
            try:
                return _begin(request, form.cleaned_data)
            except DomainError as refusal:
                add_to_form(form, refusal)
    house = find_headquarters()
    context = {
        "form": form,
        "own": list_own_conversations(_visitor(request))[:MOST_SHOWN],
        "product": _product(form["product"].value()),
        "order_number": form["order"].value(),
        "hours": hours_of(house.pk, store=None, now=timezone.now()) if house else None,
    }
    return render(request, "support/begin.html", context, status=422 if form.errors and status == 200 else status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_everyone
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one's own conversation; a POST says something in it."""
    conversation = _open(request, reference)
    form = SayForm(request.POST or None, request.FILES or None, initial={"sent_as": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            say_as_visitor(
                reference=reference,
                visitor=_visitor(request),
                text=form.cleaned_data["text"],
                upload=form.cleaned_data["file"],
                sent_as=form.cleaned_data["sent_as"],
                now=timezone.now(),
            )
        except DomainError as refusal:
            if wants_json(request):
                return JsonResponse(refusal.as_body(), status=refusal.status)
            add_to_form(form, refusal)
        else:
            if wants_json(request):
                return JsonResponse(_news(request, _open(request, reference)))
            return redirect(_address(reference))
    if request.method == "POST" and wants_json(request):
        return refuse_form(form)
    return _show(request, conversation, form=form, status=422 if form.errors else 200)


@never_cache
@require_safe
@open_to_everyone
def news(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell an open page what is new since message number ``?after=``."""
    return JsonResponse(_news(request, _open(request, reference)))


@require_POST
@open_to_everyone
def seen(request: HttpRequest, reference: str) -> HttpResponse:
    """Note up to where one has read."""
    conversation = _open(request, reference)
    mark_seen_by_visitor(
        reference=conversation.reference, visitor=_visitor(request), up_to=read_number(request, "up_to")
    )
    return HttpResponse(status=204)


@require_POST
@open_to_everyone
def typing(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the agent see that one types."""
    note_typing(_open(request, reference), Side.VISITOR)
    return HttpResponse(status=204)


@require_POST
@open_to_everyone
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Say how one can be reached when somebody is back."""
    conversation = _open(request, reference)
    form = ContactForm(request.POST)
    if form.is_valid():
        visitor = _visitor(request)
        try:
            leave_contact(
                reference=reference, visitor=visitor, by=visitor.member, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Thank you. We tell you there when you have an answer."))
            return redirect(_address(reference))
    return _show(request, conversation, contact_form=form, status=422)


@require_POST
@open_to_everyone
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """End one's own conversation."""
    _open(request, reference)
    try:
        close_as_visitor(reference=reference, visitor=_visitor(request), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect(_address(reference))


@require_POST
@open_to_everyone
def rate(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what one thought of a conversation that is over."""
    conversation = _open(request, reference)
    form = RatingForm(request.POST)
    if form.is_valid():
        try:
            rate_conversation(reference=reference, visitor=_visitor(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Thank you!"))
            return redirect(_address(reference))
    return _show(request, conversation, rating_form=form, status=422)


@never_cache
@require_safe
@open_to_everyone
def file(request: HttpRequest, reference: str, seq: int) -> HttpResponseBase:
    """Send the file of a message."""
    return send_file(_open(request, reference), seq)


@never_cache
@require_safe
@open_to_everyone
def transcript(request: HttpRequest, reference: str) -> HttpResponse:
    """Send one's own conversation as a text to keep."""
    return send_transcript(_open(request, reference))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_everyone
def back(request: HttpRequest, token: str) -> HttpResponse:
    """
    Lead somebody back from our message; a visitor's conversation moves to the browser that presses the button.

    Looking alone changes nothing: programs that check links look, too.
    """
    try:
        conversation = read_way_back(token)
    except NotFound:
        raise Http404 from None
    if conversation.member_id is not None:
        return redirect(_address(conversation.reference))
    if request.method != "POST":
        return render(request, "support/back.html", {"conversation": conversation})
    visitor = _visitor(request, with_secret=True)
    move_to_browser(token=token, visitor=visitor)
    return _remember(redirect(_address(conversation.reference)), visitor)


def _begin(request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
    visitor = _visitor(request, with_secret=True)
    conversation = open_conversation(
        visitor=visitor,
        topic=data["topic"],
        text=data["text"],
        upload=data["file"],
        sent_as=data["sent_as"],
        store_id=data["store"],
        product_id=data["product"],
        order_number=data["order"],
        language=get_language() or "zh-hans",
        now=timezone.now(),
    )
    return _remember(redirect("support:show", conversation.reference), visitor)


def _show(request: HttpRequest, conversation: Conversation, *, status: int = 200, **forms: Any) -> HttpResponse:
    said = list_messages(conversation)
    if said and request.method == "GET":
        mark_seen_by_visitor(reference=conversation.reference, visitor=_visitor(request), up_to=said[-1].seq)
    asks_contact = conversation.status in (ConversationStatus.WAITING, ConversationStatus.TICKET)
    context = {
        "conversation": conversation,
        "said": said,
        "own": str(Side.VISITOR),
        "last": said[-1].seq if said else 0,
        "files_url": f"{reverse('support:show', args=[conversation.reference])}files/",
        "form": forms.get("form") or SayForm(initial={"sent_as": uuid4()}),
        "contact_form": forms.get("contact_form") or ContactForm(),
        "rating_form": forms.get("rating_form") or RatingForm(),
        "asks_contact": asks_contact and not conversation.contact,
        "asks_rating": not conversation.is_open and not hasattr(conversation, "rating"),
        "live_url": settings.LIVE_URL,
        "proof": describe(conversation, side=Side.VISITOR, after=10**9, files_url="", user_id=None)["proof"],
    }
    return render(request, "support/show.html", context, status=status)


def _news(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    return describe(
        conversation,
        side=Side.VISITOR,
        after=read_number(request, "after"),
        files_url=f"{reverse('support:show', args=[conversation.reference])}files/",
        user_id=request.user.pk if request.user.is_authenticated else None,
    )


def _open(request: HttpRequest, reference: str) -> Conversation:
    try:
        return access_own_conversation(reference=reference, visitor=_visitor(request))
    except NotFound:
        raise Http404 from None


def _visitor(request: HttpRequest, *, with_secret: bool = False) -> Visitor:
    """Return whoever asks; a browser that holds no secret yet gets one where it begins something."""
    secret = request.COOKIES.get(COOKIE, "")[:100]
    if with_secret and len(secret) < 20:
        secret = secrets.token_urlsafe(32)
    return Visitor(member=request.user if request.user.is_authenticated else None, secret=secret)


def _remember(response: HttpResponse, visitor: Visitor) -> HttpResponse:
    if visitor.member is None:
        response.set_cookie(
            COOKIE,
            visitor.secret,
            max_age=COOKIE_AGE,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def _asked(request: HttpRequest, stores: list[Any]) -> dict[str, Any]:
    """What the page somebody came from is about."""
    code = request.GET.get("store", "")[:60].lower()
    car = request.GET.get("car", "")
    order = request.GET.get("order", "")[:40]
    return {
        "sent_as": uuid4(),
        "store": next((store.pk for store in stores if code and store.code.lower() == code), None),
        "product": int(car) if car.isascii() and car.isdigit() and len(car) < 19 else None,
        "order": order,
        "topic": "ORDER" if order else "SALES",
    }


def _product(value: Any) -> ProductInfo | None:
    number = int(value) if str(value or "").isascii() and str(value or "").isdigit() and len(str(value)) < 19 else 0
    return ProductInfo.objects.select_related("product").filter(product_id=number).first() if number else None


def _address(reference: str) -> str:
    return f"{reverse('support:show', args=[reference])}#end"
