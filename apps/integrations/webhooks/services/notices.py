"""Tell an organization's managers that its webhook was disabled."""

from datetime import datetime

from apps.accounts.api import OrganizationMember, Role
from apps.integrations.webhooks.models import WebhookEndpoint
from apps.notifications.api import Channel, queue_message

MANAGERS = (Role.SUPPLIER, Role.DEALER_MANAGER, Role.HQ_OPERATOR)


def tell_managers(endpoint: WebhookEndpoint, *, now: datetime) -> None:
    """Queue one message per manager, by e-mail where there is an address and in the inbox, once per failure."""
    members = (
        OrganizationMember.objects.live()
        .filter(organization=endpoint.organization_id, role__in=[role.value for role in MANAGERS])
        .select_related("user")
        .order_by("pk")
    )
    since = endpoint.failing_since or now
    for user in {member.user_id: member.user for member in members}.values():
        for channel, to in ((Channel.INBOX, str(user.pk)), (Channel.EMAIL, user.email or "")):
            if to:
                queue_message(
                    template="webhook_disabled",
                    channel=channel,
                    to=to,
                    language=user.language,
                    context={"url": endpoint.url},
                    dedupe_key=f"webhook-disabled:{endpoint.pk}:{since.isoformat()}:{user.pk}:{channel}",
                    user_id=user.pk,
                    now=now,
                )
