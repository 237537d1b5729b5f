"""Who answers what at a desk, and with which prepared words."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.kernel.api import DomainError, NotFound
from apps.kernel.web import add_to_form
from apps.support import api
from apps.support.web.desk import Desk, show_page
from apps.support.web.forms import AgentForm, ReplyForm


def agents(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List who answers, with what each answers."""
    rows = [(agent, _form_of(agent, desk)) for agent in api.list_agents(desk.organization.pk)]
    return show_page(request, desk, "support/desk/agents.html", {"rows": rows})


def agent(request: HttpRequest, desk: Desk, agent_id: int) -> HttpResponse:
    """Say what one agent answers."""
    try:
        found = api.access_agent(agent_id=agent_id, organization_id=desk.organization.pk)
    except NotFound:
        raise Http404 from None
    form = AgentForm(request.POST, stores=desk.stores, prefix=str(found.pk))
    if form.is_valid():
        data = form.cleaned_data
        try:
            api.set_agent(
                agent_id=agent_id,
                organization_id=desk.organization.pk,
                topics=data["topics"],
                store_ids=data["stores"],
                most_open=data["most_open"],
                by=request.user,
            )
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(desk.url("chat-agents"))
    rows = [(one, form if one.pk == found.pk else _form_of(one, desk)) for one in api.list_agents(desk.organization.pk)]
    return show_page(request, desk, "support/desk/agents.html", {"rows": rows}, status=422)


def replies(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List prepared replies; a POST adds one."""
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            api.add_canned_reply(organization_id=desk.organization.pk, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(desk.url("chat-replies"))
    found = api.list_canned_replies(desk.organization.pk).order_by("organization", "pk")
    context = {"replies": found, "form": form}
    return show_page(request, desk, "support/desk/replies.html", context, status=422 if form.errors else 200)


def drop_reply(request: HttpRequest, desk: Desk, reply_id: int) -> HttpResponse:
    """Put a prepared reply of the own desk away."""
    try:
        api.drop_canned_reply(reply_id=reply_id, organization_id=desk.organization.pk, by=request.user)
    except NotFound:
        raise Http404 from None
    messages.success(request, _("The prepared reply is gone."))
    return redirect(desk.url("chat-replies"))


def _form_of(found: api.Agent, desk: Desk) -> AgentForm:
    first = {
        "topics": found.topics,
        "stores": [store.pk for store in found.stores.all()],
        "most_open": found.most_open,
    }
    return AgentForm(stores=desk.stores, initial=first, prefix=str(found.pk))
