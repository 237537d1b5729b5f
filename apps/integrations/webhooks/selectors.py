"""Reads of webhooks, always within one organization, and what the sender looks for."""

from datetime import datetime

from django.db.models import Q, QuerySet

from apps.integrations.webhooks.errors import DeliveryNotFound, EndpointNotFound
from apps.integrations.webhooks.models import WebhookDelivery, WebhookEndpoint
from apps.integrations.webhooks.states import DeliveryStatus, EndpointStatus


def list_endpoints(organization_id: int) -> QuerySet[WebhookEndpoint]:
    """The webhooks of an organization, oldest first; removed ones are gone."""
    return (
        WebhookEndpoint.objects.filter(organization_id=organization_id)
        .exclude(status=EndpointStatus.REMOVED)
        .order_by("pk")
    )


def access_endpoint(*, endpoint_id: int, organization_id: int) -> WebhookEndpoint:
    """
    Return a webhook of an organization.

    :raises EndpointNotFound: if there is none, or it is another organization's
    """
    endpoint = list_endpoints(organization_id).filter(pk=endpoint_id).first()
    if endpoint is None:
        raise EndpointNotFound
    return endpoint


def list_deliveries(endpoint: WebhookEndpoint, *, status: str = "") -> QuerySet[WebhookDelivery]:
    """What a webhook was or is to be told, newest first."""
    found = endpoint.deliveries.order_by("-pk")
    return found.filter(status=status) if status in DeliveryStatus.values else found


def access_delivery(*, delivery_id: int, organization_id: int) -> WebhookDelivery:
    """
    Return a delivery to a webhook of an organization.

    :raises DeliveryNotFound: if there is none, or it is another organization's
    """
    delivery = (
        WebhookDelivery.objects.filter(pk=delivery_id, endpoint__organization_id=organization_id)
        .exclude(endpoint__status=EndpointStatus.REMOVED)
        .select_related("endpoint")
        .first()
    )
    if delivery is None:
        raise DeliveryNotFound
    return delivery


def list_listeners(event_type: str) -> QuerySet[WebhookEndpoint]:
    """
    The webhooks that want to hear of an event.

    Those that are paused or disabled hear of it as well, when they are resumed.
    """
    return WebhookEndpoint.objects.filter(
        ~Q(status=EndpointStatus.REMOVED), event_types__contains=[event_type], organization__is_active=True
    )


def list_due(*, now: datetime, limit: int = 500) -> list[int]:
    """Deliveries due for an attempt, oldest first: retries, and whatever a broker lost."""
    due = WebhookDelivery.objects.filter(
        Q(endpoint__hold_until__isnull=True) | Q(endpoint__hold_until__lte=now),
        status=DeliveryStatus.PENDING,
        next_attempt_at__lte=now,
        endpoint__status=EndpointStatus.ACTIVE,
    )
    return list(due.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit])
