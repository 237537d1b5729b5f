"""Send what was written down: claim, call outside of any transaction, note what came of it; replay and forget."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from standardwebhooks.webhooks import Webhook

from apps.integrations.webhooks import policies, sending
from apps.integrations.webhooks.errors import EndpointNotActive, ReplayTooLarge
from apps.integrations.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from apps.integrations.webhooks.selectors import access_delivery, access_endpoint
from apps.integrations.webhooks.services.notices import tell_managers
from apps.integrations.webhooks.states import DELIVERY, ENDPOINT, DeliveryStatus, EndpointStatus, Failure

if TYPE_CHECKING:
    from apps.accounts.api import User

MOST_REPLAYED = 1000
REQUEST_EXCERPT = 4000
# After so many failures in a row an endpoint is left alone for a while: two, ten, thirty minutes.
FAILURES_TO_HOLD = 3
HOLDS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))


def deliver(*, delivery_id: int, now: datetime) -> WebhookDelivery | None:
    """
    Try to send one delivery.

    Safe to call at any time and twice at once; None if there is nothing to do (delivered, given up, not yet due, the
    endpoint rests, or another process is at it). A process that dies between call and note sends it once more, under
    the same message id.
    """
    delivery = _claim(delivery_id=delivery_id, now=now)
    if delivery is None:
        return None
    endpoint = delivery.endpoint
    headers = sign(delivery, now=now)
    answer = sending.post(
        endpoint.url,
        body=delivery.body.encode(),
        headers=headers,
        deadline=settings.WEBHOOKS["DEADLINE"],
        may_loop=settings.WEBHOOKS["ALLOW_LOOPBACK"],
        trust=settings.WEBHOOKS.get("TRUST"),
    )
    return _note(delivery, answer, headers=headers, now=now)


def sign(delivery: WebhookDelivery, *, now: datetime) -> dict[str, str]:
    """
    The headers of one attempt, signed with every secret that is valid now.

    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    endpoint = delivery.endpoint
    valid = policies.valid_secrets(endpoint.secret, endpoint.previous_secret, endpoint.previous_until, now=now)
    signatures = [Webhook(one).sign(delivery.message_id, now.astimezone(UTC), delivery.body) for one in valid]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Xingchi-Webhooks/1",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


@transaction.atomic
def replay_delivery(*, delivery_id: int, organization_id: int, by: "User | None", now: datetime) -> WebhookDelivery:
    """
    Send a finished delivery again, with all its attempts, under its old message id.

    :raises DeliveryNotFound: if it is not the organization's
    :raises EndpointNotActive: if its webhook is paused or disabled
    :raises MoveNotAllowed: if it waits already
    """
    delivery = access_delivery(delivery_id=delivery_id, organization_id=organization_id)
    if delivery.endpoint.status != EndpointStatus.ACTIVE:
        raise EndpointNotActive
    return _replay(delivery, by=by, now=now)


@transaction.atomic
def replay_since(
    *,
    endpoint_id: int,
    organization_id: int,
    since: datetime,
    only_failed: bool,
    by: "User | None",
    now: datetime,
) -> list[int]:
    """
    Send again what was finished and happened since a moment; return which.

    :raises EndpointNotFound: if it is not the organization's
    :raises EndpointNotActive: if it is paused or disabled
    :raises ReplayTooLarge: if that would be more than ``MOST_REPLAYED``
    """
    endpoint = access_endpoint(endpoint_id=endpoint_id, organization_id=organization_id)
    if endpoint.status != EndpointStatus.ACTIVE:
        raise EndpointNotActive
    finished = [DeliveryStatus.FAILED] if only_failed else [DeliveryStatus.FAILED, DeliveryStatus.DELIVERED]
    chosen = list(
        WebhookDelivery.objects.select_for_update(no_key=True, of=("self",))
        .filter(endpoint=endpoint, status__in=finished, occurred_at__gte=since)
        .order_by("pk")[: MOST_REPLAYED + 1]
    )
    if len(chosen) > MOST_REPLAYED:
        raise ReplayTooLarge(most=MOST_REPLAYED)
    return [_replay(delivery, by=by, now=now).pk for delivery in chosen]


@transaction.atomic
def purge_deliveries(*, before: datetime) -> int:
    """Forget what happened before a moment, also what never arrived; return how many deliveries."""
    _total, deleted = WebhookDelivery.objects.filter(occurred_at__lt=before).delete()
    return deleted.get(WebhookDelivery._meta.label, 0)


def _replay(delivery: WebhookDelivery, *, by: "User | None", now: datetime) -> WebhookDelivery:
    DELIVERY.move(delivery, "replay", by=by, at=now)
    delivery.attempts, delivery.next_attempt_at, delivery.finished_at = 0, now, None
    delivery.save(update_fields=["attempts", "next_attempt_at", "finished_at"])
    return delivery


@transaction.atomic
def _claim(*, delivery_id: int, now: datetime) -> WebhookDelivery | None:
    """Take a due delivery for the length of a lease, unless its endpoint is not active or rests."""
    delivery = (
        WebhookDelivery.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .filter(pk=delivery_id, status=DeliveryStatus.PENDING, next_attempt_at__lte=now)
        .select_related("endpoint")
        .first()
    )
    if delivery is None or delivery.endpoint.status != EndpointStatus.ACTIVE:
        return None
    hold = delivery.endpoint.hold_until
    if hold is not None and hold > now:
        # It costs no attempt: the endpoint failed, not this message.
        delivery.next_attempt_at = hold
        delivery.save(update_fields=["next_attempt_at"])
        return None
    delivery.attempts += 1
    delivery.next_attempt_at = now + policies.LEASE
    delivery.save(update_fields=["attempts", "next_attempt_at"])
    return delivery


@transaction.atomic
def _note(
    delivery: WebhookDelivery, answer: sending.Answer, *, headers: dict[str, str], now: datetime
) -> WebhookDelivery:
    """Write down an attempt. What another process noted meanwhile (our lease ran out) stays as it is."""
    WebhookAttempt.objects.create(
        delivery=delivery,
        number=delivery.attempts,
        at=now,
        address=answer.address,
        status_code=answer.status_code,
        failure=answer.failure,
        milliseconds=answer.milliseconds,
        request_excerpt=_request_text(delivery, headers),
        response_excerpt=answer.excerpt,
    )
    wait = policies.wait_after(delivery.attempts, key=delivery.message_id)
    values: dict[str, object] = {"last_status_code": answer.status_code}
    if answer.is_success:
        values |= {"status": DeliveryStatus.DELIVERED, "finished_at": now}
    elif wait is None:
        values |= {"status": DeliveryStatus.FAILED, "finished_at": now}
    else:
        values |= {"next_attempt_at": now + wait}
    WebhookDelivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.PENDING, attempts=delivery.attempts).update(
        **values
    )
    _note_health(delivery.endpoint_id, answer, now=now)
    delivery.refresh_from_db()
    return delivery


def _note_health(endpoint_id: int, answer: sending.Answer, *, now: datetime) -> None:
    """Let an endpoint rest that keeps failing, disable one that is lost, forgive one that answers again."""
    if answer.is_success:
        WebhookEndpoint.objects.filter(pk=endpoint_id, failing_since__isnull=False).update(
            failing_since=None, failures=0, hold_until=None
        )
        return
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True, of=("self",)).get(pk=endpoint_id)
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.failures += 1
    if endpoint.failures >= FAILURES_TO_HOLD:
        endpoint.hold_until = now + HOLDS[min(endpoint.failures - FAILURES_TO_HOLD, len(HOLDS) - 1)]
    endpoint.save(update_fields=["failing_since", "failures", "hold_until"])
    is_over = answer.status_code == policies.GONE or policies.is_lost(endpoint.failing_since, now=now)
    if is_over and endpoint.status == EndpointStatus.ACTIVE:
        reason = _("The receiver said that it is gone.") if answer.status_code == policies.GONE else ""
        ENDPOINT.move(endpoint, "disable", by=None, at=now, reason=reason or _reason_of(answer))
        tell_managers(endpoint, now=now)


def _reason_of(answer: sending.Answer) -> str:
    if answer.failure == Failure.STATUS:
        return _("Nothing was taken for days; the last answer was %(status)s.") % {"status": answer.status_code}
    return _("Nothing was taken for days: %(failure)s") % {"failure": Failure(answer.failure).label}


def _request_text(delivery: WebhookDelivery, headers: dict[str, str]) -> str:
    """What was asked, for the log; a signature that somebody reads there could be used again."""
    shown = {**headers, "webhook-signature": "v1,…"}
    lines = "\n".join(f"{name}: {value}" for name, value in shown.items())
    return f"POST {delivery.endpoint.url}\n{lines}\n\n{delivery.body}"[:REQUEST_EXCERPT]
