"""Reads of fulfilments: what an organization has to do."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from apps.orders.errors import FulfilmentNotFound
from apps.orders.models import Fulfilment, FulfilmentLine, OrderEvent
from apps.orders.selectors.timeline import event_text

TOLD_TO_ALL = ("created", "deposit_paid", "placed", "completed", "cancelled", "expired")


def list_fulfilments(organization_id: int) -> QuerySet[Fulfilment]:
    """
    List what an organization ships or hands over, newest first, in a constant number of queries.

    Packages and services come from nowhere and are nobody's to ship.
    """
    return (
        Fulfilment.objects.filter(Q(source=organization_id) | Q(receiver=organization_id), site__isnull=False)
        .select_related("order", "seller_order__seller", "site", "store__dealer", "source", "receiver")
        .prefetch_related(
            Prefetch("lines", FulfilmentLine.objects.select_related("item").prefetch_related("vehicles").order_by("pk"))
        )
        .order_by("-pk")
    )


def access_fulfilment(*, fulfilment_id: int, organization_id: int) -> Fulfilment:
    """
    Return a fulfilment of an organization, as its list shows it.

    :raises FulfilmentNotFound: if there is none, or it is another organization's
    """
    fulfilment = list_fulfilments(organization_id).filter(pk=fulfilment_id).first()
    if fulfilment is None:
        raise FulfilmentNotFound
    return fulfilment


def story_of(fulfilment: Fulfilment) -> list[dict[str, Any]]:
    """
    Return what happened to a fulfilment, newest first: its own entries of the order's timeline, and those of the whole
    order that name no amount and nobody else's part.
    """
    events = OrderEvent.objects.filter(order=fulfilment.order_id).order_by("-pk")
    return [
        {"at": event.at, "code": event.code, "text": event_text(event.code, event.context, for_seller=True)}
        for event in events
        if event.context.get("fulfilment") == fulfilment.pk or event.code in TOLD_TO_ALL
    ]
