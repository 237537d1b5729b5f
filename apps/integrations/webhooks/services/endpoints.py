"""The life of a webhook: made, changed, paused, given a new secret, removed."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.api import Organization
from apps.integrations.webhooks import policies, sending
from apps.integrations.webhooks.catalogue import list_event_types
from apps.integrations.webhooks.errors import (
    BadWebhookUrl,
    EventTypesMissing,
    RotationInProgress,
    TooManyEndpoints,
    UnknownEventType,
    WebhookAddressRefused,
    WebhookHostUnknown,
)
from apps.integrations.webhooks.models import WebhookEndpoint
from apps.integrations.webhooks.selectors import access_endpoint, list_endpoints
from apps.integrations.webhooks.states import ENDPOINT

if TYPE_CHECKING:
    from apps.accounts.api import User

MOST_ENDPOINTS = 10
SECRET_BYTES = 32
# Seconds a person waits for the look-up of a host while the form is saved.
LOOK_UP = 3.0
REASONS = {
    "too_long": _("it is longer than 500 characters."),
    "characters": _("it has characters that an address has not."),
    "form": _("it is not an address."),
    "https": _("it must begin with https://."),
    "credentials": _("it must not carry a user name or password."),
    "host": _("it names no host."),
    "fragment": _("it must not have a #part."),
    "port": _("its port is not one of a web server."),
}


def create_endpoint(
    *, organization: Organization, url: str, event_types: Sequence[str], note: str, by: "User | None", now: datetime
) -> WebhookEndpoint:
    """
    Have an organization told of events at an address. Its secret signs every message.

    :raises BadWebhookUrl: if the address has a form that is not called
    :raises WebhookHostUnknown: if its host does not resolve
    :raises WebhookAddressRefused: if its host leads into a private network
    :raises EventTypesMissing: without an event
    :raises UnknownEventType: if an event is not for this kind of organization
    :raises TooManyEndpoints: if the organization has enough
    """
    chosen = _check_events(organization, event_types)
    _check_url(url)
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        if list_endpoints(organization.pk).count() >= MOST_ENDPOINTS:
            raise TooManyEndpoints(most=MOST_ENDPOINTS)
        if list_endpoints(organization.pk).filter(url=url).exists():
            raise BadWebhookUrl(reason=_("you have a webhook there already."))
        return WebhookEndpoint.objects.create(
            organization=organization,
            url=url,
            note=note.strip()[:120],
            event_types=chosen,
            secret=_new_secret(),
            created_at=now,
            created_by=by,
        )


def change_endpoint(
    *,
    endpoint_id: int,
    organization: Organization,
    url: str,
    event_types: Sequence[str],
    note: str,
    by: "User | None",
    now: datetime,
) -> WebhookEndpoint:
    """
    Change where and of what an organization is told; what waits goes to the new address.

    :raises EndpointNotFound: if it is not the organization's
    :raises BadWebhookUrl: see ``create_endpoint``, as for the others
    """
    endpoint = access_endpoint(endpoint_id=endpoint_id, organization_id=organization.pk)
    chosen = _check_events(organization, event_types)
    if url != endpoint.url:
        _check_url(url)
    with transaction.atomic():
        endpoint = _lock(endpoint_id, organization.pk)
        if list_endpoints(organization.pk).filter(url=url).exclude(pk=endpoint_id).exists():
            raise BadWebhookUrl(reason=_("you have a webhook there already."))
        endpoint.url, endpoint.event_types, endpoint.note = url, chosen, note.strip()[:120]
        endpoint.save(update_fields=["url", "event_types", "note"])
        return endpoint


@transaction.atomic
def pause_endpoint(*, endpoint_id: int, organization_id: int, by: "User | None", now: datetime) -> WebhookEndpoint:
    """
    Hold back what an endpoint is to be told; it waits.

    :raises EndpointNotFound: if it is not the organization's
    :raises MoveNotAllowed: if it is not active
    """
    return ENDPOINT.move(_lock(endpoint_id, organization_id), "pause", by=by, at=now)


@transaction.atomic
def resume_endpoint(*, endpoint_id: int, organization_id: int, by: "User | None", now: datetime) -> WebhookEndpoint:
    """
    Send again, beginning with what waited; its failures are forgotten.

    :raises EndpointNotFound: if it is not the organization's
    :raises MoveNotAllowed: if it is active
    """
    endpoint = ENDPOINT.move(_lock(endpoint_id, organization_id), "resume", by=by, at=now)
    endpoint.failing_since, endpoint.failures, endpoint.hold_until = None, 0, None
    endpoint.save(update_fields=["failing_since", "failures", "hold_until"])
    return endpoint


@transaction.atomic
def remove_endpoint(*, endpoint_id: int, organization_id: int, by: "User | None", now: datetime) -> WebhookEndpoint:
    """
    Tell an endpoint nothing any more. Its log stays with headquarters.

    :raises EndpointNotFound: if it is not the organization's, or removed already
    """
    return ENDPOINT.move(_lock(endpoint_id, organization_id), "remove", by=by, at=now)


@transaction.atomic
def rotate_secret(*, endpoint_id: int, organization_id: int, by: "User | None", now: datetime) -> WebhookEndpoint:
    """
    Sign with a new secret from now on, and with the one before as well for ``policies.OVERLAP``.

    :raises EndpointNotFound: if it is not the organization's
    :raises RotationInProgress: while the one before is still valid
    """
    endpoint = _lock(endpoint_id, organization_id)
    if endpoint.previous_until is not None and endpoint.previous_until > now:
        raise RotationInProgress(until=endpoint.previous_until.isoformat())
    endpoint.previous_secret, endpoint.previous_until = endpoint.secret, now + policies.OVERLAP
    endpoint.secret = _new_secret()
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
    return endpoint


@transaction.atomic
def end_overlap(*, endpoint_id: int, organization_id: int, by: "User | None", now: datetime) -> WebhookEndpoint:
    """
    Stop signing with the secret before, at once; nothing changes if there is none.

    :raises EndpointNotFound: if it is not the organization's
    """
    endpoint = _lock(endpoint_id, organization_id)
    endpoint.previous_secret = endpoint.previous_until = None
    endpoint.save(update_fields=["previous_secret", "previous_until"])
    return endpoint


def _lock(endpoint_id: int, organization_id: int) -> WebhookEndpoint:
    access_endpoint(endpoint_id=endpoint_id, organization_id=organization_id)
    return WebhookEndpoint.objects.select_for_update(no_key=True, of=("self",)).get(pk=endpoint_id)


def _check_events(organization: Organization, event_types: Sequence[str]) -> list[str]:
    offered = [event.name for event in list_event_types(organization.kind)]
    for name in event_types:
        if name not in offered:
            raise UnknownEventType(event_type=name[:60])
    chosen = [name for name in offered if name in set(event_types)]
    if not chosen:
        raise EventTypesMissing
    return chosen


def _check_url(url: str) -> None:
    may_loop = settings.WEBHOOKS["ALLOW_LOOPBACK"]
    problem = policies.problem_of_url(url, may_loop=may_loop)
    if problem:
        raise BadWebhookUrl(reason=REASONS[problem], problem=problem)
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        sending.check_addresses(host, port, may_loop=may_loop, seconds=LOOK_UP)
    except sending.NameUnknown:
        raise WebhookHostUnknown(host=host) from None
    except sending.AddressRefused as refusal:
        raise WebhookAddressRefused(address=refusal.address) from None


def _new_secret() -> str:
    """A secret as the standard writes it: ``whsec_`` and 32 random bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
