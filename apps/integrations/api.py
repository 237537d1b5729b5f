"""The door of integrations: what it does when the suite tells something."""

from apps.integrations.webhooks.api import WebhookDelivery, WebhookEndpoint

__all__ = ["WebhookDelivery", "WebhookEndpoint"]
