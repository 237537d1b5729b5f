"""Write down what each organization is to be told, in the transaction that delivers the fact."""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from apps.integrations.webhooks.catalogue import PING
from apps.integrations.webhooks.errors import EndpointNotActive
from apps.integrations.webhooks.models import WebhookDelivery, WebhookEndpoint
from apps.integrations.webhooks.selectors import access_endpoint, list_listeners
from apps.integrations.webhooks.states import EndpointStatus

# Any constant: message ids are drawn from what they tell and to whom, so that telling twice writes one row.
_MESSAGES = uuid.UUID("0b8ed5c0-8c6c-4f0e-9f0a-5a3d3f6f5a11")


def tell(
    event_type: str, data_by_organization: Mapping[int, Iterable[tuple[str, Mapping[str, Any]]]], *, at: datetime
) -> list[int]:
    """
    Write one delivery for each message and each listening endpoint of its organization; return those that are new.

    ``data_by_organization`` holds per organization the messages as (key, data); the same key never makes a second row.
    """
    rows = [
        _row(endpoint, event_type, key=key, data=data, at=at)
        for endpoint in list_listeners(event_type).filter(organization__in=list(data_by_organization)).order_by("pk")
        for key, data in data_by_organization[endpoint.organization_id]
    ]
    if not rows:
        return []
    ids = [row.message_id for row in rows]
    known = set(WebhookDelivery.objects.filter(message_id__in=ids).values_list("message_id", flat=True))
    # Another relay may write the same rows just now: the constraint decides, whoever comes second writes nothing.
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    fresh = WebhookDelivery.objects.filter(message_id__in=set(ids) - known, endpoint__status=EndpointStatus.ACTIVE)
    return list(fresh.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def send_ping(*, endpoint_id: int, organization_id: int, now: datetime) -> WebhookDelivery:
    """
    Write down a message that only says that the way works.

    :raises EndpointNotFound: if it is not the organization's
    :raises EndpointNotActive: if it is paused or disabled
    """
    endpoint = access_endpoint(endpoint_id=endpoint_id, organization_id=organization_id)
    if endpoint.status != EndpointStatus.ACTIVE:
        raise EndpointNotActive
    row = _row(endpoint, PING, key=uuid.uuid4().hex, data={"endpoint": endpoint.note or endpoint.url}, at=now)
    row.save()
    return row


def _row(
    endpoint: WebhookEndpoint, event_type: str, *, key: str, data: Mapping[str, Any], at: datetime
) -> WebhookDelivery:
    number = uuid.uuid5(_MESSAGES, f"{event_type}:{key}:{endpoint.pk}")
    body = {"type": event_type, "timestamp": at.astimezone(UTC).isoformat(), "data": dict(data)}
    return WebhookDelivery(
        endpoint=endpoint,
        message_id=f"msg_{number.hex}",
        event_type=event_type,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        next_attempt_at=at,
        occurred_at=at,
    )
