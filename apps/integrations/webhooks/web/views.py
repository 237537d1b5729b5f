"""One set of pages for both portals; ``Side`` says for whom they are."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.api import Organization, OrganizationKind, Role, current_organization, require_roles
from apps.integrations.webhooks import api
from apps.integrations.webhooks.tasks import enqueue
from apps.integrations.webhooks.web.forms import EndpointForm, ReplayForm
from apps.kernel.api import DomainError
from apps.kernel.web import add_to_form

PAGE_SIZE = 20
MOVES = {"pause": api.pause_endpoint, "resume": api.resume_endpoint, "remove": api.remove_endpoint}
SECRETS = {"rotate": api.rotate_secret, "end-overlap": api.end_overlap}
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Side:
    """One portal: the kind of its organizations, who manages them, the prefix of its routes."""

    kind: OrganizationKind
    role: Role
    prefix: str

    def organization(self, request: HttpRequest) -> Organization:
        """The organization that the caller acts for."""
        return current_organization(request, self.kind)

    def route(self, name: str) -> str:
        """The name of one of this side's routes."""
        return f"{self.prefix}-{name}"


SUPPLIER = Side(OrganizationKind.SUPPLIER, Role.SUPPLIER, "supplier-webhooks")
DEALER = Side(OrganizationKind.DEALER, Role.DEALER_MANAGER, "dealer-webhooks")


def routes(side: Side) -> list:
    """The pages of one side, under its portal's address."""

    def own(view: View) -> View:
        def bound(request: HttpRequest, **arguments: Any) -> HttpResponse:
            try:
                return view(request, side, **arguments)
            except DomainError as refusal:
                if refusal.status == 404:
                    raise Http404 from None
                raise

        bound.__name__, bound.__module__, bound.__doc__ = view.__name__, view.__module__, view.__doc__
        return never_cache(require_roles(side.role)(bound))

    return [
        path("", own(require_GET(list_view)), name=side.prefix),
        path("events/", own(require_GET(events_view)), name=side.route("events")),
        path("new/", own(require_http_methods(["GET", "POST"])(new_view)), name=side.route("new")),
        path("<int:endpoint_id>/", own(require_GET(endpoint_view)), name=side.route("endpoint")),
        path(
            "<int:endpoint_id>/change/",
            own(require_http_methods(["GET", "POST"])(change_view)),
            name=side.route("change"),
        ),
        path("<int:endpoint_id>/secret/", own(require_POST(secret_view)), name=side.route("secret")),
        path("<int:endpoint_id>/ping/", own(require_POST(ping_view)), name=side.route("ping")),
        path("<int:endpoint_id>/replay/", own(require_POST(replay_since_view)), name=side.route("replay-since")),
        path("<int:endpoint_id>/<slug:move>/", own(require_POST(move_view)), name=side.route("move")),
        path("deliveries/<int:delivery_id>/", own(require_GET(delivery_view)), name=side.route("delivery")),
        path("deliveries/<int:delivery_id>/replay/", own(require_POST(replay_view)), name=side.route("replay")),
    ]


def list_view(request: HttpRequest, side: Side) -> HttpResponse:
    """Show the organization's webhooks."""
    endpoints = list(api.list_endpoints(side.organization(request).pk))
    return _render(request, side, "webhooks/list.html", {"endpoints": endpoints})


def events_view(request: HttpRequest, side: Side) -> HttpResponse:
    """Show what there is to subscribe to, with an example of each message."""
    events = [
        (
            event,
            json.dumps({"type": event.name, "timestamp": "2026-11-22T10:15:00+00:00", "data": event.example}, indent=2),
        )
        for event in api.list_event_types(side.kind)
    ]
    return _render(request, side, "webhooks/events.html", {"events": events})


def new_view(request: HttpRequest, side: Side) -> HttpResponse:
    """Take a new webhook."""
    form = EndpointForm(request.POST or None, kind=side.kind)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint = api.create_endpoint(
                organization=side.organization(request), by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            _blame(form, refusal)
        else:
            messages.success(request, _("The webhook is active. Copy its secret, then send a test message."))
            return redirect(side.route("endpoint"), endpoint_id=endpoint.pk)
    return _render(request, side, "webhooks/form.html", {"form": form}, status=422 if form.errors else 200)


def change_view(request: HttpRequest, side: Side, endpoint_id: int) -> HttpResponse:
    """Change a webhook."""
    organization = side.organization(request)
    endpoint = api.access_endpoint(endpoint_id=endpoint_id, organization_id=organization.pk)
    first = {"url": endpoint.url, "note": endpoint.note, "event_types": endpoint.event_types}
    form = EndpointForm(request.POST or None, kind=side.kind, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            api.change_endpoint(
                endpoint_id=endpoint_id,
                organization=organization,
                by=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as refusal:
            _blame(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(side.route("endpoint"), endpoint_id=endpoint_id)
    context = {"form": form, "endpoint": endpoint}
    return _render(request, side, "webhooks/form.html", context, status=422 if form.errors else 200)


def endpoint_view(request: HttpRequest, side: Side, endpoint_id: int) -> HttpResponse:
    """Show a webhook and its log."""
    return _endpoint_page(request, side, endpoint_id)


def secret_view(request: HttpRequest, side: Side, endpoint_id: int) -> HttpResponse:
    """Show the secret, give a new one, or end the time of the one before."""
    act = SECRETS.get(request.POST.get("act", ""))
    if act is None:
        return _endpoint_page(request, side, endpoint_id, shows_secret=True)
    _try(request, lambda organization_id, now: act(
        endpoint_id=endpoint_id, organization_id=organization_id, by=request.user, now=now
    ), side)  # fmt: skip
    return redirect(side.route("endpoint"), endpoint_id=endpoint_id)


def move_view(request: HttpRequest, side: Side, endpoint_id: int, move: str) -> HttpResponse:
    """Pause, resume or remove a webhook."""
    service = MOVES.get(move)
    if service is None:
        raise Http404
    done = _try(request, lambda organization_id, now: service(
        endpoint_id=endpoint_id, organization_id=organization_id, by=request.user, now=now
    ), side)  # fmt: skip
    if done is not None and move == "remove":
        messages.success(request, _("The webhook was removed."))
        return redirect(side.prefix)
    return redirect(side.route("endpoint"), endpoint_id=endpoint_id)


def ping_view(request: HttpRequest, side: Side, endpoint_id: int) -> HttpResponse:
    """Send a test message."""
    delivery = _try(
        request,
        lambda organization_id, now: api.send_ping(endpoint_id=endpoint_id, organization_id=organization_id, now=now),
        side,
    )
    if delivery is None:
        return redirect(side.route("endpoint"), endpoint_id=endpoint_id)
    enqueue([delivery.pk])
    messages.success(request, _("A test message is on its way. Reload in a moment to see the answer."))
    return redirect(side.route("delivery"), delivery_id=delivery.pk)


def replay_since_view(request: HttpRequest, side: Side, endpoint_id: int) -> HttpResponse:
    """Send everything since a moment again."""
    form = ReplayForm(request.POST)
    if not form.is_valid():
        return _endpoint_page(request, side, endpoint_id, replay_form=form)
    ids = _try(
        request,
        lambda organization_id, now: api.replay_since(
            endpoint_id=endpoint_id, organization_id=organization_id, by=request.user, now=now, **form.cleaned_data
        ),
        side,
    )
    if ids is not None:
        enqueue(ids)
        messages.success(request, _("%(count)s messages are sent again.") % {"count": len(ids)})
    return redirect(side.route("endpoint"), endpoint_id=endpoint_id)


def delivery_view(request: HttpRequest, side: Side, delivery_id: int) -> HttpResponse:
    """Show one message and how each attempt went."""
    delivery = api.access_delivery(delivery_id=delivery_id, organization_id=side.organization(request).pk)
    context = {
        "delivery": delivery,
        "endpoint": delivery.endpoint,
        "body": json.dumps(json.loads(delivery.body), ensure_ascii=False, indent=2),
        "attempts": list(delivery.log.order_by("-pk")[:50]),
        "can_replay": delivery.status != api.DeliveryStatus.PENDING,
    }
    return _render(request, side, "webhooks/delivery.html", context)


def replay_view(request: HttpRequest, side: Side, delivery_id: int) -> HttpResponse:
    """Send one message again."""
    delivery = _try(
        request,
        lambda organization_id, now: api.replay_delivery(
            delivery_id=delivery_id, organization_id=organization_id, by=request.user, now=now
        ),
        side,
    )
    if delivery is not None:
        enqueue([delivery.pk])
        messages.success(request, _("The message is sent again."))
    return redirect(side.route("delivery"), delivery_id=delivery_id)


def _endpoint_page(
    request: HttpRequest, side: Side, endpoint_id: int, *, shows_secret: bool = False, replay_form: Any = None
) -> HttpResponse:
    now = timezone.now()
    endpoint = api.access_endpoint(endpoint_id=endpoint_id, organization_id=side.organization(request).pk)
    status = request.GET.get("status", "")
    page = Paginator(api.list_deliveries(endpoint, status=status), PAGE_SIZE).get_page(request.GET.get("page"))
    titles = {event.name: event.title for event in api.list_event_types(side.kind)}
    context = {
        "endpoint": endpoint,
        "events": [(name, titles.get(name, name)) for name in endpoint.event_types],
        "secret": endpoint.secret if shows_secret else "",
        "previous_until": endpoint.previous_until
        if endpoint.previous_until and endpoint.previous_until > now
        else None,
        "page": page,
        "status": status,
        "statuses": [("", _("All")), *api.DeliveryStatus.choices],
        "is_active": endpoint.status == api.EndpointStatus.ACTIVE,
        "replay_form": replay_form or ReplayForm(initial={"since": now - timedelta(days=1), "only_failed": True}),
    }
    is_refused = replay_form is not None
    return _render(request, side, "webhooks/endpoint.html", context, status=422 if is_refused else 200)


def _try(request: HttpRequest, act: Callable[..., Any], side: Side) -> Any:
    """Call a service for the caller's organization; a refusal but "not found" is told on the next page."""
    try:
        return act(side.organization(request).pk, timezone.now())
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal), extra_tags="bad")
        return None


def _blame(form: EndpointForm, refusal: DomainError) -> None:
    """Put a refusal on the field it is about."""
    if refusal.code in ("bad_webhook_url", "webhook_address_refused", "webhook_host_unknown"):
        form.add_error("url", str(refusal))
    else:
        add_to_form(form, refusal)


def _render(
    request: HttpRequest, side: Side, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    names = ("events", "new", "endpoint", "change", "secret", "ping", "replay-since", "move", "delivery", "replay")
    urls = {name.replace("-", "_"): side.route(name) for name in names} | {"home": side.prefix}
    return render(
        request, template, {**context, "urls": urls, "organization": side.organization(request)}, status=status
    )
