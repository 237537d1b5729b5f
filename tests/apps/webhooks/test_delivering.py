"""Sending: signed, once where all goes well, again where not, given up in the end; replayed by hand."""

from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from apps.accounts.api import OrganizationKind
from apps.integrations.webhooks import errors, policies
from apps.integrations.webhooks.api import (
    DeliveryStatus,
    EndpointStatus,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    deliver,
    list_due,
    pause_endpoint,
    purge_deliveries,
    replay_delivery,
    replay_since,
    resume_endpoint,
    rotate_secret,
    send_ping,
)
from apps.integrations.webhooks.services.telling import tell
from apps.kernel.api import MoveNotAllowed
from apps.notifications.api import Message
from tests.factories.accounts import Role, make_company, make_member

S = DeliveryStatus


@pytest.fixture
def message(company, now):
    """``message(key)``: something to tell the company's endpoint."""

    def write(key="1", at=None):
        tell("stock.changed", {company.pk: [(key, {"number": key})]}, at=at or now)
        return WebhookDelivery.objects.latest("pk")

    return write


def send_until_finished(delivery, *, now):
    """Attempt after attempt, each when it is due; returns the moments."""
    moments = []
    while delivery.status == S.PENDING:
        moment = delivery.next_attempt_at
        hold = WebhookEndpoint.objects.get().hold_until
        if hold and hold > moment:
            moment = hold
        delivery = deliver(delivery_id=delivery.pk, now=moment) or WebhookDelivery.objects.get(pk=delivery.pk)
        moments.append(moment)
    return delivery, moments


def test_a_message_arrives_verified_by_the_standards_own_library(listening, message, receiver, now):
    listening("stock.changed")

    delivery = deliver(delivery_id=message().pk, now=now)

    assert (delivery.status, delivery.attempts, delivery.last_status_code) == (S.DELIVERED, 1, 204)
    (body,) = receiver.verified
    assert (body["type"], body["data"], receiver.forged) == ("stock.changed", {"number": "1"}, 0)
    assert receiver.bodies == [delivery.body.encode()]
    assert receiver.ids == [delivery.message_id]


def test_a_receiver_with_another_secret_takes_it_for_forged(listening, message, receiver, now):
    listening("stock.changed")
    receiver.secrets[:] = ["whsec_" + "A" * 43 + "="]

    deliver(delivery_id=message().pk, now=now)

    assert (receiver.forged, receiver.verified) == (1, [])


def test_during_a_rotation_old_and_new_secrets_verify(listening, message, receiver, company, now):
    endpoint = listening("stock.changed")
    old = endpoint.secret
    new = rotate_secret(endpoint_id=endpoint.pk, organization_id=company.pk, by=None, now=now).secret

    deliver(delivery_id=message().pk, now=now)

    headers, body = receiver.headers[0], receiver.bodies[0]
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers)
    # Once the time is over, the old one opens nothing. (An attempt of tomorrow cannot be verified today: look at it.)
    later = message("2", at=now)
    WebhookEndpoint.objects.update(previous_until=now)
    deliver(delivery_id=later.pk, now=now)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(receiver.bodies[1], receiver.headers[1])
    assert Webhook(new).verify(receiver.bodies[1], receiver.headers[1])


def test_a_delivered_message_is_not_sent_twice(listening, message, receiver, now):
    listening("stock.changed")
    delivery = message()
    deliver(delivery_id=delivery.pk, now=now)

    assert deliver(delivery_id=delivery.pk, now=now + timedelta(days=1)) is None
    assert len(receiver.bodies) == 1


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 429, 500, 503])
def test_any_other_answer_is_tried_again_under_the_same_id(listening, message, receiver, now, status):
    listening("stock.changed")
    receiver.answer = status

    delivery = deliver(delivery_id=message().pk, now=now)
    assert (delivery.status, delivery.last_status_code) == (S.PENDING, status)
    assert now + policies.WAITS[0] <= delivery.next_attempt_at <= now + policies.WAITS[0] * 1.2
    assert deliver(delivery_id=delivery.pk, now=now) is None

    receiver.answer = 200
    assert deliver(delivery_id=delivery.pk, now=delivery.next_attempt_at).status == S.DELIVERED
    assert receiver.ids == [delivery.message_id] * 2
    assert list(WebhookAttempt.objects.order_by("pk").values_list("number", "status_code")) == [(1, status), (2, 200)]


def test_a_message_that_never_arrives_is_given_up_after_ten_attempts(listening, message, receiver, now):
    listening("stock.changed")
    receiver.answer = 500

    delivery, moments = send_until_finished(message(), now=now)

    calls = [moment for moment in moments if moment]
    assert (delivery.status, delivery.attempts) == (S.FAILED, policies.MAX_ATTEMPTS)
    assert len(receiver.bodies) == policies.MAX_ATTEMPTS
    assert timedelta(hours=30) < calls[-1] - now < timedelta(days=2)


def test_an_endpoint_that_fails_is_left_alone_and_costs_other_messages_no_attempt(listening, message, receiver, now):
    listening("stock.changed")
    receiver.answer = 500
    for key in ("1", "2", "3"):
        deliver(delivery_id=message(key).pk, now=now)
    hold = WebhookEndpoint.objects.get().hold_until
    fourth = message("4")

    assert hold == now + timedelta(minutes=2)
    assert deliver(delivery_id=fourth.pk, now=now) is None
    fourth.refresh_from_db()
    assert (fourth.attempts, fourth.next_attempt_at) == (0, hold)
    assert list_due(now=now + timedelta(minutes=1)) == []
    assert len(receiver.bodies) == 3

    receiver.answer = 200
    assert deliver(delivery_id=fourth.pk, now=hold).status == S.DELIVERED
    healthy = WebhookEndpoint.objects.get()
    assert (healthy.failing_since, healthy.failures, healthy.hold_until) == (None, 0, None)


def test_after_three_days_an_endpoint_is_disabled_its_managers_told_once_and_nothing_lost(
    company, listening, message, receiver, now
):
    endpoint = listening("stock.changed")
    manager = make_member(Role.SUPPLIER, company)
    make_member(Role.SUPPLIER)
    receiver.answer = 500
    deliver(delivery_id=message().pk, now=now)
    WebhookEndpoint.objects.update(failing_since=now - timedelta(days=3), hold_until=None)
    deliver(delivery_id=message("2").pk, now=now)

    endpoint.refresh_from_db()
    assert endpoint.status == EndpointStatus.DISABLED
    notices = Message.objects.filter(template="webhook_disabled")
    assert {(notice.user_id, notice.channel) for notice in notices} == {(manager.pk, "inbox"), (manager.pk, "email")}
    third = message("3")
    assert deliver(delivery_id=third.pk, now=now) is None
    assert list_due(now=now + timedelta(days=1)) == []
    with pytest.raises(errors.EndpointNotActive):
        send_ping(endpoint_id=endpoint.pk, organization_id=company.pk, now=now)

    receiver.answer = 204
    resume_endpoint(endpoint_id=endpoint.pk, organization_id=company.pk, by=manager, now=now)
    due = list_due(now=now + timedelta(days=1))
    assert third.pk in due
    assert len(due) == 3


def test_a_receiver_that_is_gone_is_disabled_at_once(listening, message, receiver, now):
    endpoint = listening("stock.changed")
    receiver.answer = 410

    deliver(delivery_id=message().pk, now=now)

    endpoint.refresh_from_db()
    assert endpoint.status == EndpointStatus.DISABLED


def test_an_address_that_turned_inwards_later_is_not_called(listening, message, receiver, now, settings):
    listening("stock.changed")
    settings.WEBHOOKS = {"DEADLINE": 1.0, "ALLOW_LOOPBACK": False}

    delivery = deliver(delivery_id=message().pk, now=now)

    assert (delivery.status, delivery.last_status_code, receiver.bodies) == (S.PENDING, None, [])
    assert WebhookAttempt.objects.get().failure == "address"


def test_the_log_keeps_what_was_asked_and_answered_but_no_signature(listening, message, receiver, now):
    listening("stock.changed")

    def refuse(handler):
        handler.send_response(422)
        handler.end_headers()
        handler.wfile.write(b"unknown sku\x00" + b"x" * 5000)

    receiver.answer = refuse
    deliver(delivery_id=message().pk, now=now)

    attempt = WebhookAttempt.objects.get()
    assert attempt.response_excerpt.startswith("unknown sku")
    assert len(attempt.response_excerpt) == 1000
    assert receiver.ids[0] in attempt.request_excerpt
    assert receiver.headers[0]["webhook-signature"].removeprefix("v1,") not in attempt.request_excerpt


def test_a_process_that_dies_after_the_call_sends_again_under_the_same_id_when_its_lease_is_over(
    listening, message, receiver, now, monkeypatch
):
    """The documented price of "nothing is lost": a receiver may see a message twice, and knows it by its id."""
    listening("stock.changed")
    delivery = message()

    class Killed(BaseException):
        """What kill -9 looks like from inside: nothing after it runs."""

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("apps.integrations.webhooks.services.delivering._note", die)
        with pytest.raises(Killed):
            deliver(delivery_id=delivery.pk, now=now)
    assert deliver(delivery_id=delivery.pk, now=now + timedelta(seconds=59)) is None
    again = deliver(delivery_id=delivery.pk, now=now + policies.LEASE)

    assert (again.status, again.attempts) == (S.DELIVERED, 2)
    assert receiver.ids == [delivery.message_id] * 2


def test_replaying_sends_once_more_under_the_same_id(listening, message, receiver, company, now):
    listening("stock.changed")
    delivery = deliver(delivery_id=message().pk, now=now)
    keys = {"delivery_id": delivery.pk, "by": None, "now": now}
    with pytest.raises(errors.DeliveryNotFound):
        replay_delivery(**keys, organization_id=make_company(OrganizationKind.SUPPLIER).pk)

    replay_delivery(**keys, organization_id=company.pk)
    with pytest.raises(MoveNotAllowed):
        replay_delivery(**keys, organization_id=company.pk)
    deliver(delivery_id=delivery.pk, now=now)

    assert receiver.ids == [delivery.message_id] * 2


def test_replaying_since_a_moment_takes_what_was_given_up_or_all(listening, message, company, receiver, now):
    endpoint = listening("stock.changed")
    old, failed, arrived = (message(str(n), at=now - timedelta(hours=n)) for n in (9, 2, 1))
    WebhookDelivery.objects.filter(pk__in=[old.pk, failed.pk]).update(status=S.FAILED)
    WebhookDelivery.objects.filter(pk=arrived.pk).update(status=S.DELIVERED)
    keys = {"endpoint_id": endpoint.pk, "organization_id": company.pk, "by": None, "now": now}

    assert replay_since(**keys, since=now - timedelta(hours=3), only_failed=True) == [failed.pk]
    assert replay_since(**keys, since=now - timedelta(hours=3), only_failed=False) == [arrived.pk]
    old.refresh_from_db()
    assert old.status == S.FAILED
    with pytest.raises(errors.EndpointNotFound):
        replay_since(
            **{**keys, "organization_id": make_company(OrganizationKind.SUPPLIER).pk}, since=now, only_failed=True
        )
    pause_endpoint(endpoint_id=endpoint.pk, organization_id=company.pk, by=None, now=now)
    with pytest.raises(errors.EndpointNotActive):
        replay_since(**keys, since=now - timedelta(days=1), only_failed=False)


def test_old_messages_are_forgotten(listening, message, now):
    listening("stock.changed")
    message("old", at=now - timedelta(days=31))
    kept = message("new")

    assert purge_deliveries(before=now - timedelta(days=30)) == 1
    assert WebhookDelivery.objects.get() == kept
