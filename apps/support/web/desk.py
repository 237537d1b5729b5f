"""
The desk of live service, for dealers in their portal and for headquarters: who waits, the conversation, who answers.

``at_desk`` puts every view behind its door: the roles, the organization, and the frame around the page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.api import Organization, OrganizationKind, Role, current_organization, current_roles, require_roles
from apps.dealers.api import Store, list_stores
from apps.kernel.api import DomainError, NotFound, tenancy
from apps.kernel.web import add_to_form
from apps.support import api
from apps.support.api import Conversation, ConversationStatus, Side
from apps.support.web.forms import LeadForm, SayForm
from apps.support.web.news import describe, read_number, refuse_form, send_file, send_transcript, wants_json

PAGE_SIZE = 20
S = ConversationStatus
SHOWS = {
    "": (gettext_lazy("Mine and waiting"), (S.WAITING, S.ACTIVE)),
    "left": (gettext_lazy("Messages left"), (S.TICKET,)),
    "closed": (gettext_lazy("Closed"), (S.CLOSED,)),
}
View = Callable[..., HttpResponseBase]
SAFE = ("GET", "HEAD")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where an agent works: the organization, the names of its addresses, and what surrounds its pages."""

    kind: OrganizationKind
    organization: Organization
    is_manager: bool

    @property
    def prefix(self) -> str:
        """How the names of the addresses begin."""
        return "dealer" if self.kind == OrganizationKind.DEALER else "hq"

    def url(self, name: str, *args: Any) -> str:
        """Return an address of this desk."""
        return reverse(f"{self.prefix}-{name}", args=args)

    @property
    def chats_url(self) -> str:
        """Where the list of conversations is."""
        return self.url("chats")

    @property
    def stores(self) -> list[Store]:
        """The stores it answers for: the dealer's own; headquarters answers for all."""
        if self.kind == OrganizationKind.HQ:
            return list(list_stores())
        return list(Store.objects.filter(dealer__organization=self.organization, is_open=True).order_by("code"))


ROLES = {
    OrganizationKind.DEALER: (Role.DEALER_MANAGER, Role.DEALER_CLERK),
    OrganizationKind.HQ: (Role.HQ_OPERATOR,),
}
MANAGERS = {OrganizationKind.DEALER: (Role.DEALER_MANAGER,), OrganizationKind.HQ: (Role.HQ_OPERATOR,)}


def at_desk(view: View, kind: OrganizationKind, *, methods: tuple[str, ...] = SAFE, for_managers: bool = False) -> View:
    """Return a view behind the door of one kind of desk; it answers these methods only."""

    @never_cache
    @require_http_methods(methods)
    @require_roles(*(MANAGERS if for_managers else ROLES)[kind])
    @wraps(view)
    def enter(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
        desk = Desk(
            kind=kind,
            organization=current_organization(request, kind),
            is_manager=bool(current_roles(request) & set(MANAGERS[kind])),
        )
        return view(request, desk, **parameters)

    return enter


def show_page(request: HttpRequest, desk: Desk, template: str, context: dict[str, Any], *, status: int = 200):
    """Show a page of the desk in its portal; headquarters' pages bring their own frame."""
    whole: dict[str, Any] = {"desk": desk, "base": f"support/desk/{desk.prefix}_base.html", **context}
    return render(request, template, whole, status=status)


def chats(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the desk's conversations: one's own first, then who waits, the longest first."""
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    me = _arrive(request, desk)
    found = api.list_conversations(desk.organization.pk).filter(status__in=SHOWS[show][1])
    order = ("waiting_since", "pk") if show != "closed" else ("-closed_at", "-pk")
    page = Paginator(found.order_by(*order), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = sorted(page.object_list, key=lambda row: 0 if me and row.agent_id == me.pk else 1) if not show else page
    context = {
        "rows": rows,
        "page": page,
        "show": show,
        "shows": [(code, label) for code, (label, _statuses) in SHOWS.items()],
        "counts": api.count_by_status(desk.organization.pk),
        "me": me,
        "agents": api.list_agents(desk.organization.pk),
        "hours": api.hours_of(desk.organization.pk, store=None, now=timezone.now()),
    }
    return show_page(request, desk, "support/desk/chats.html", context)


def count(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Tell any page of the portal what waits for this agent; the page being open is a sign of life."""
    me = _arrive(request, desk)
    return render(request, "support/desk/_count.html", {"count": api.count_for_agent(me) if me else 0})


def available(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Say that one takes conversations, or no more."""
    is_available = request.POST.get("available") == "1"
    api.set_available(
        organization_id=desk.organization.pk, is_available=is_available, by=request.user, now=timezone.now()
    )
    told = _("You take conversations now.") if is_available else _("You take no new conversations.")
    messages.success(request, told)
    return redirect(desk.url("chats"))


def chat(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Show a conversation of the desk; a POST answers in it."""
    conversation = _open(desk, reference)
    form = SayForm(request.POST or None, request.FILES or None, initial={"sent_as": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            api.say_as_agent(
                reference=reference,
                organization_id=desk.organization.pk,
                text=form.cleaned_data["text"],
                upload=form.cleaned_data["file"],
                sent_as=form.cleaned_data["sent_as"],
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            if wants_json(request):
                return JsonResponse(refusal.as_body(), status=refusal.status)
            add_to_form(form, refusal)
        else:
            if wants_json(request):
                return JsonResponse(_news(request, desk, _open(desk, reference)))
            return redirect(f"{desk.url('chat', reference)}#end")
    if request.method == "POST" and wants_json(request):
        return refuse_form(form)
    return show_chat(request, desk, conversation, form=form, status=422 if form.errors else 200)


def show_chat(
    request: HttpRequest, desk: Desk, conversation: Conversation, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """Show a conversation with what one can do about it."""
    me = _arrive(request, desk)
    said = api.list_messages(conversation)
    is_mine = bool(me) and conversation.agent_id == me.pk and conversation.status == S.ACTIVE
    if is_mine and said and request.method == "GET":
        with tenancy.as_platform():
            api.mark_seen_by_agent(
                reference=conversation.reference,
                organization_id=desk.organization.pk,
                up_to=said[-1].seq,
                by=request.user,
            )
    first = {"name": conversation.customer_name, "store": conversation.store_id}
    context = {
        "conversation": conversation,
        "said": said,
        "own": str(Side.AGENT),
        "last": said[-1].seq if said else 0,
        "files_url": f"{desk.url('chat', conversation.reference)}files/",
        "is_mine": is_mine,
        "form": forms.get("form") or SayForm(initial={"sent_as": uuid4()}),
        "lead_form": forms.get("lead_form") or LeadForm(stores=desk.stores, initial=first),
        "colleagues": [one for one in api.list_agents(desk.organization.pk) if me is None or one.pk != me.pk],
        "replies": [
            (reply, reply.text_in(conversation.language))
            for reply in api.list_canned_replies(desk.organization.pk, topic=conversation.topic).order_by("pk")
        ],
        "rating": getattr(conversation, "rating", None),
        "live_url": settings.LIVE_URL,
        "proof": _news(request, desk, conversation, after=10**9)["proof"],
    }
    return show_page(request, desk, "support/desk/chat.html", context, status=status)


def news(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Tell an open page what is new since message number ``?after=``; the page being open is a sign of life."""
    _arrive(request, desk)
    return JsonResponse(_news(request, desk, _open(desk, reference)))


def seen(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Note up to where one has read."""
    _open(desk, reference)
    api.mark_seen_by_agent(
        reference=reference,
        organization_id=desk.organization.pk,
        up_to=read_number(request, "up_to"),
        by=request.user,
    )
    return HttpResponse(status=204)


def typing(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Let the customer see that one types."""
    conversation = _open(desk, reference)
    api.note_typing(conversation, Side.AGENT)
    return HttpResponse(status=204)


def act(request: HttpRequest, desk: Desk, reference: str, name: str) -> HttpResponse:
    """Do one thing about a conversation: take it, pass it on, end it, make a lead of it."""
    conversation = _open(desk, reference)
    keys = {
        "reference": reference,
        "organization_id": desk.organization.pk,
        "by": request.user,
        "now": timezone.now(),
    }
    if name == "lead":
        return _make_lead(request, desk, conversation, keys)
    if name not in ACTS:
        raise Http404
    try:
        told = ACTS[name](request, keys)
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    else:
        messages.success(request, told)
    return redirect(desk.url("chat", reference))


def file(request: HttpRequest, desk: Desk, reference: str, seq: int) -> HttpResponseBase:
    """Send the file of a message."""
    return send_file(_open(desk, reference), seq)


def transcript(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Send a conversation of the desk as a text to keep."""
    return send_transcript(_open(desk, reference))


def _take(request: HttpRequest, keys: dict[str, Any]) -> str:
    api.take_conversation(**keys)
    return _("The conversation is yours.")


def _pass(request: HttpRequest, keys: dict[str, Any]) -> str:
    api.pass_on(agent_id=read_number(request, "agent"), **keys)
    return _("Your colleague has the conversation now.")


def _close(request: HttpRequest, keys: dict[str, Any]) -> str:
    api.close_as_agent(**keys)
    return _("The conversation has ended.")


def _make_lead(request: HttpRequest, desk: Desk, conversation: Conversation, keys: dict[str, Any]) -> HttpResponse:
    form = LeadForm(request.POST, stores=desk.stores)
    if form.is_valid():
        data = form.cleaned_data
        try:
            api.open_lead_of(
                store_id=data["store"], name=data["name"], phone=data["phone"], has_consent=data["consent"], **keys
            )
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("The lead is open; a seller of the store calls."))
            return redirect(desk.url("chat", conversation.reference))
    return show_chat(request, desk, conversation, lead_form=form, status=422)


ACTS: dict[str, Callable[[HttpRequest, dict[str, Any]], str]] = {
    "take": _take,
    "pass": _pass,
    "close": _close,
}


def _open(desk: Desk, reference: str) -> Conversation:
    try:
        return api.access_conversation(reference=reference, organization_id=desk.organization.pk)
    except NotFound:
        raise Http404 from None


def _arrive(request: HttpRequest, desk: Desk) -> api.Agent | None:
    """Note that an agent's page is open, and return them as an agent; None before they ever said they are there."""
    if not hasattr(request, "impersonation"):
        with tenancy.as_platform():
            api.hear_of_agent(organization_id=desk.organization.pk, by=request.user, now=timezone.now())
    return api.find_agent(organization_id=desk.organization.pk, user=request.user)


def _news(request: HttpRequest, desk: Desk, conversation: Conversation, *, after: int | None = None) -> dict[str, Any]:
    return describe(
        conversation,
        side=Side.AGENT,
        after=read_number(request, "after") if after is None else after,
        files_url=f"{desk.url('chat', conversation.reference)}files/",
        user_id=request.user.pk,
    )
