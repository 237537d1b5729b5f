"""The door of webhooks."""

from apps.integrations.webhooks.catalogue import CATALOGUE, EventType, list_event_types
from apps.integrations.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from apps.integrations.webhooks.selectors import (
    access_delivery,
    access_endpoint,
    list_deliveries,
    list_due,
    list_endpoints,
)
from apps.integrations.webhooks.services.delivering import (
    deliver,
    purge_deliveries,
    replay_delivery,
    replay_since,
    sign,
)
from apps.integrations.webhooks.services.endpoints import (
    change_endpoint,
    create_endpoint,
    end_overlap,
    pause_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
)
from apps.integrations.webhooks.services.facts import (
    tell_of_dealer,
    tell_of_fulfilment,
    tell_of_offers,
    tell_of_order,
    tell_of_rerouting,
    tell_of_seller_orders,
    tell_of_stock,
    tell_of_supplier,
)
from apps.integrations.webhooks.services.telling import send_ping
from apps.integrations.webhooks.states import DeliveryStatus, EndpointStatus

__all__ = [
    "CATALOGUE",
    "DeliveryStatus",
    "EndpointStatus",
    "EventType",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "access_delivery",
    "access_endpoint",
    "change_endpoint",
    "create_endpoint",
    "deliver",
    "end_overlap",
    "list_deliveries",
    "list_due",
    "list_endpoints",
    "list_event_types",
    "pause_endpoint",
    "purge_deliveries",
    "remove_endpoint",
    "replay_delivery",
    "replay_since",
    "resume_endpoint",
    "rotate_secret",
    "send_ping",
    "sign",
    "tell_of_dealer",
    "tell_of_fulfilment",
    "tell_of_offers",
    "tell_of_order",
    "tell_of_rerouting",
    "tell_of_seller_orders",
    "tell_of_stock",
    "tell_of_supplier",
]
