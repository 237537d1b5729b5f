"""Which notices stand on a dealer's board, and when. None carries a person's name or number."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from apps.accounts.api import Organization, OrganizationKind
from apps.dealers.api import DealerStatus
from apps.leads.api import Lead, LeadSource
from apps.notifications.api import notify_organization
from apps.orders.api import Fulfilment, Method, local_time

# Whoever came in or called was written down by the store itself.
KNOWN_TO_THE_STORE = (LeadSource.WALK_IN, LeadSource.PHONE)


def tell_new_order(*, order_number: str, now: datetime) -> None:
    """Put one notice for each of the order's fulfilments on the board of each dealer that has a part in it."""
    for fulfilment in _fulfilments_of(order_number):
        for organization_id in _dealers_of(fulfilment):
            is_receiver = organization_id == fulfilment.receiver_id
            code = "new_pickup" if is_receiver else "new_order"
            _tell(code, fulfilment, organization_id, cause=f"{fulfilment.pk}:{organization_id}", now=now)


def tell_rerouted_order(
    *, fulfilment_id: int, from_organization_id: int, to_organization_id: int, cause: str, now: datetime
) -> None:
    """Say that an order comes from a site that did not take it; and there, that it is gone."""
    fulfilment = _with_order(Fulfilment.objects.filter(pk=fulfilment_id)).first()
    if fulfilment is None or from_organization_id == to_organization_id:
        return
    dealers = _only_dealers({from_organization_id, to_organization_id})
    if to_organization_id in dealers:
        _tell("new_order", fulfilment, to_organization_id, cause=f"{fulfilment.pk}:{cause}", now=now)
    if from_organization_id in dealers:
        notify_organization(
            organization_id=from_organization_id,
            code="order_went_elsewhere",
            context={"number": fulfilment.order.number},
            dedupe_key=f"order_went_elsewhere:{fulfilment.pk}:{cause}",
            link=reverse("dealer-orders"),
            now=now,
        )


def tell_handover(
    *, fulfilment_id: int, organization_id: int, what: str, starts_at: datetime, cause: str, now: datetime
) -> None:
    """Say that a buyer chose, moved or gave up a time to fetch a car."""
    fulfilment = Fulfilment.objects.select_related("order", "store").get(pk=fulfilment_id)
    store = fulfilment.store
    notify_organization(
        organization_id=organization_id,
        code=f"handover_{what}",
        context={
            "number": fulfilment.order.number,
            "time": f"{local_time(fulfilment, starts_at):%Y-%m-%d %H:%M}",
            "store": {"zh": store.name_zh, "en": store.name_en} if store else "",
        },
        dedupe_key=f"handover_{what}:{fulfilment.pk}:{cause}",
        link=reverse("dealer-handover", args=[fulfilment.pk]),
        now=now,
    )


def tell_cancelled_order(*, order_number: str, now: datetime) -> None:
    """Say that the order is off."""
    for fulfilment in _fulfilments_of(order_number):
        for organization_id in _dealers_of(fulfilment):
            is_receiver = organization_id == fulfilment.receiver_id
            code = "pickup_cancelled" if is_receiver else "order_cancelled"
            _tell(code, fulfilment, organization_id, cause=f"{fulfilment.pk}:{organization_id}", now=now)


def tell_new_lead(*, lead_id: int, now: datetime) -> None:
    """Say that somebody wants to be called; what the dealer's own people wrote down they know."""
    lead = Lead.objects.select_related("store").filter(pk=lead_id).exclude(source__in=KNOWN_TO_THE_STORE).first()
    if lead is None:
        return
    notify_organization(
        organization_id=lead.organization_id,
        code="new_lead",
        context={
            "what": {"zh": lead.interest_zh, "en": lead.interest_en},
            "store": {"zh": lead.store.name_zh, "en": lead.store.name_en},
        },
        dedupe_key=f"new_lead:{lead.pk}",
        link=reverse("dealer-lead", args=[lead.pk]),
        now=now,
    )


def tell_status(*, organization_id: int, status: str, is_blocked: bool, cause: str, now: datetime) -> None:
    """Say that a dealer takes orders, or does not; other moves are the application's own to tell."""
    approved = "dealer_blocked" if is_blocked else "dealer_approved"
    code = {DealerStatus.APPROVED: approved, DealerStatus.SUSPENDED: "dealer_suspended"}.get(DealerStatus(status))
    if code:
        notify_organization(
            organization_id=organization_id,
            code=code,
            dedupe_key=f"{code}:{organization_id}:{cause}",
            link=reverse("dealer-documents") if code == "dealer_blocked" else reverse("dealer-home"),
            now=now,
        )


def _fulfilments_of(order_number: str) -> QuerySet[Fulfilment]:
    """Whatever somebody has to ship or to hand over; packages and services come from nowhere."""
    goods = Fulfilment.objects.filter(order__number=order_number, site__isnull=False)
    return _with_order(goods).order_by("pk")


def _with_order(fulfilments: QuerySet[Fulfilment]) -> QuerySet[Fulfilment]:
    return fulfilments.select_related("order", "store", "source", "receiver")


def _dealers_of(fulfilment: Fulfilment) -> list[int]:
    """The dealers that have a part in a fulfilment: who hands it over first."""
    parties = (fulfilment.receiver, fulfilment.source)
    return list(dict.fromkeys(one.pk for one in parties if one and one.kind == OrganizationKind.DEALER))


def _only_dealers(organization_ids: set[int]) -> set[int]:
    rows = Organization.objects.filter(pk__in=organization_ids, kind=OrganizationKind.DEALER)
    return set(rows.values_list("pk", flat=True))


def _tell(code: str, fulfilment: Fulfilment, organization_id: int, *, cause: str, now: datetime) -> None:
    store = fulfilment.store if fulfilment.method == Method.PICKUP else None
    notify_organization(
        organization_id=organization_id,
        code=code,
        context={
            "number": fulfilment.order.number,
            "store": {"zh": store.name_zh, "en": store.name_en} if store else "",
        },
        dedupe_key=f"{code}:{cause}",
        link=reverse("dealer-order", args=[fulfilment.pk]),
        now=now,
    )
