"""What webhooks answers to others' ports."""

from datetime import datetime

from django.db.models import Min

from apps.integrations.webhooks.models import WebhookEndpoint
from apps.integrations.webhooks.states import EndpointStatus


class DisabledWebhooks:
    """Port ``portals.queue.webhooks``: endpoints that were switched off after failures."""

    def count(self, *, now: datetime) -> tuple[int, datetime | None]:
        """How many there are, and since when the first of them fails."""
        disabled = WebhookEndpoint.objects.filter(status=EndpointStatus.DISABLED)
        return disabled.count(), disabled.aggregate(oldest=Min("failing_since"))["oldest"]
