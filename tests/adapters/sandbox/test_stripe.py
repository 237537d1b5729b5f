"""Stripe's stand-in, driven by the stripe package."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import stripe
from stripe import SignatureVerificationError, StripeClient, Webhook

from tests.adapters.receiver import Received
from tests.adapters.sandbox_process import SandboxProcess

SHANGHAI = timezone(timedelta(hours=8))


def make_client(sandbox: SandboxProcess, **more: Any) -> StripeClient:
    return StripeClient(
        more.pop("api_key", sandbox.env["STRIPE_SECRET_KEY"]),
        base_addresses={"api": sandbox.env["STRIPE_BASE_URL"]},
        http_client=stripe.RequestsClient(timeout=5),
        max_network_retries=0,
        **more,
    )


@pytest.fixture
def client(sandbox: SandboxProcess) -> StripeClient:
    return make_client(sandbox)


@pytest.fixture
def order(client: StripeClient, new_number: Callable[[], str]) -> Callable[..., Any]:
    """Create a Checkout session."""

    def place(amount: int = 16_990_000, *, key: str = "", **more: Any) -> Any:
        number = new_number()
        params: dict[str, Any] = {
            "mode": "payment",
            "client_reference_id": number,
            "success_url": "http://shop.test/return/?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://shop.test/cancelled/",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": "cny",
                        "unit_amount": amount,
                        "product_data": {"name": "星驰 L6 四驱版"},
                    },
                }
            ],
            "metadata": {"payment": number},
            "payment_intent_data": {"metadata": {"payment": number}},
            **more,
        }
        return client.v1.checkout.sessions.create(params, {"idempotency_key": key or number})

    return place


def open_event(sandbox: SandboxProcess, item: Received) -> Any:
    """Verify an event as the SDK does."""
    return Webhook.construct_event(item.body, item.headers["Stripe-Signature"], sandbox.env["STRIPE_WEBHOOK_SECRET"])


def test_a_completed_session_is_notified_and_retrieved_with_its_intent(client, sandbox, receiver, order):
    session = order(12_345)
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)

    answer = sandbox.decide(session.url, result="success", notify="once")

    [item] = receiver.wait_for(1)
    event = open_event(sandbox, item)
    assert item.path == "/hooks/stripe/notify/"
    assert event.type == "checkout.session.completed"
    assert event.data.object.id == session.id
    assert (event.data.object.amount_total, event.data.object.currency) == (12_345, "cny")
    assert event.data.object.payment_intent == answer["trade_no"]
    expand = {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    found = client.v1.checkout.sessions.retrieve(session.id, expand)
    assert (found.status, found.payment_status) == ("complete", "paid")
    assert found.payment_intent.latest_charge.balance_transaction.amount == 12_345
    intent = client.v1.payment_intents.retrieve(answer["trade_no"])
    assert (intent.status, intent.amount_received) == ("succeeded", 12_345)
    assert client.v1.events.retrieve(event.id).type == "checkout.session.completed"
    assert receiver.stays_at(1)


def test_twice_delivers_the_same_event_twice(sandbox, receiver, order):
    sandbox.decide(order().url, result="success", notify="twice")

    first, second = (open_event(sandbox, item) for item in receiver.wait_for(2))
    assert first.id == second.id


def test_never_leaves_the_session_and_the_list_of_events(client, sandbox, receiver, order):
    session = order()

    sandbox.decide(session.url, result="success", notify="never")

    assert receiver.stays_at(0)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    events = client.v1.events.list({"type": "checkout.session.completed", "limit": 100})
    assert session.id in [event.data.object.id for event in events.auto_paging_iter()]


def test_late_is_delivered_after_the_delay(sandbox, receiver, order):
    session = order()

    sandbox.decide(session.url, result="success", notify="late", delay_seconds=1)

    assert receiver.stays_at(0, seconds=0.5)
    assert open_event(sandbox, receiver.wait_for(1)[0]).data.object.id == session.id


@pytest.mark.parametrize("result, payment_status", [("success", "paid"), ("fail", "unpaid")])
def test_forged_claims_success_under_a_signature_the_sdk_refuses(
    client, sandbox, receiver, order, result, payment_status
):
    receiver.answer = lambda _: (400, "")
    session = order()

    sandbox.decide(session.url, result=result, notify="forged")

    [item] = receiver.wait_for(1)
    assert json.loads(item.body)["data"]["object"]["payment_status"] == "paid"
    with pytest.raises(SignatureVerificationError):
        open_event(sandbox, item)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == payment_status
    assert receiver.stays_at(1)


def test_wrong_amount_is_correctly_signed_and_the_session_has_the_right_one(client, sandbox, receiver, order):
    session = order(5_000)

    sandbox.decide(session.url, result="success", notify="wrong_amount")

    assert open_event(sandbox, receiver.wait_for(1)[0]).data.object.amount_total == 4_999
    assert client.v1.checkout.sessions.retrieve(session.id).amount_total == 5_000


def test_reordered_sends_the_declined_first_attempt_after_completion(sandbox, receiver, order):
    sandbox.decide(order().url, result="success", notify="reordered")

    events = [open_event(sandbox, item) for item in receiver.wait_for(3)]
    assert events[0].type == "checkout.session.completed"
    assert {event.type for event in events[1:]} == {"payment_intent.created", "payment_intent.payment_failed"}
    assert all(event.created <= events[0].created for event in events[1:])


def test_a_declined_card_is_notified_and_may_be_tried_again(client, sandbox, receiver, order):
    session = order()

    assert sandbox.decide(session.url, result="fail")["status"] == "failed"
    event = open_event(sandbox, receiver.wait_for(1)[0])
    assert event.type == "payment_intent.payment_failed"
    assert event.data.object.metadata["payment"] == session.client_reference_id
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    sessions = client.v1.checkout.sessions.list({"payment_intent": event.data.object.id})
    assert [found.id for found in sessions.data] == [session.id]

    assert sandbox.decide(session.url, result="success", notify="never")["status"] == "paid"


def test_an_expired_session_is_notified_and_cannot_be_paid(client, sandbox, receiver, order):
    session = order()

    assert client.v1.checkout.sessions.expire(session.id).status == "expired"

    assert open_event(sandbox, receiver.wait_for(1)[0]).type == "checkout.session.expired"
    assert sandbox.post_json(session.url, {"result": "success"})[0] == 409
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)


def test_the_cashier_leads_back_to_the_merchant(sandbox, order):
    session = order()
    page = sandbox.get(session.url)[1].decode()
    assert "¥169,900.00" in page

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    failed = sandbox.request(session.url, b"result=fail&notify=never", form)[1].decode()
    paid = sandbox.request(session.url, b"result=success&notify=never", form)[1].decode()

    assert 'href="http://shop.test/cancelled/"' in failed
    assert f'href="http://shop.test/return/?session={session.id}"' in paid


def test_one_idempotency_key_makes_one_session_and_refuses_another_body(order, new_number):
    key = new_number()
    fixed = {"client_reference_id": "R", "metadata": {}, "payment_intent_data": {"metadata": {}}}

    assert order(100, key=key, **fixed).id == order(100, key=key, **fixed).id
    with pytest.raises(stripe.IdempotencyError):
        order(101, key=key, **fixed)


def test_a_foreign_key_or_account_is_refused(sandbox):
    with pytest.raises(stripe.AuthenticationError):
        make_client(sandbox, api_key="sk_test_nobody").v1.payment_intents.retrieve("pi_1")
    with pytest.raises(stripe.PermissionError):
        make_client(sandbox, stripe_account="acct_other").v1.payment_intents.retrieve("pi_1")


def test_an_unknown_object_is_not_found(client):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.retrieve("cs_test_nobody")

    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


def test_an_expiry_under_thirty_minutes_is_refused(order):
    with pytest.raises(stripe.InvalidRequestError, match="30 minutes"):
        order(expires_at=int(datetime.now(SHANGHAI).timestamp()) + 600)


def test_refunds_are_capped_idempotent_and_notified(client, sandbox, receiver, order, new_number):
    session = order(1_000)
    intent = sandbox.decide(session.url, result="success", notify="never")["trade_no"]
    key = new_number()

    def refund(amount: int, key: str) -> Any:
        return client.v1.refunds.create({"payment_intent": intent, "amount": amount}, {"idempotency_key": key})

    first = refund(600, key)
    assert first.id == refund(600, key).id
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        refund(401, new_number())
    assert refund(400, new_number()).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        refund(1, new_number())

    assert refusal.value.code == "charge_already_refunded"
    events = [open_event(sandbox, item) for item in receiver.wait_for(4)]
    refunded = sorted(event.data.object.amount_refunded for event in events if event.type == "charge.refunded")
    assert refunded == [600, 1_000]
    assert sum(event.data.object.amount for event in events if event.type == "refund.updated") == 1_000
    assert client.v1.refunds.retrieve(first.id).amount == 600
    assert len(client.v1.refunds.list({"payment_intent": intent}).data) == 2
    assert receiver.stays_at(4)


def test_an_unpaid_session_cannot_be_refunded(client, sandbox, receiver, order):
    session = order()
    sandbox.decide(session.url, result="fail")
    intent = open_event(sandbox, receiver.wait_for(1)[0]).data.object.id

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": intent})

    assert refusal.value.code == "intent_invalid_state"


def test_the_statement_and_the_balance_transactions_say_the_same(client, sandbox, receiver, order):
    session = order(88_800)
    intent = sandbox.decide(session.url, result="success", notify="never")["trade_no"]
    refund = client.v1.refunds.create({"payment_intent": intent, "amount": 800})
    receiver.wait_for(2)
    today = datetime.now(SHANGHAI)
    start = today.replace(hour=0, minute=0, second=0, microsecond=0)

    statement = json.loads(sandbox.get(f"/stripe/statement/?date={today.date().isoformat()}")[1])
    created = {"gte": int(start.timestamp()), "lt": int((start + timedelta(days=1)).timestamp())}
    pages = client.v1.balance_transactions.list({"created": created, "limit": 2})
    listed = list(pages.auto_paging_iter())

    assert [row.id for row in listed] == [row["id"] for row in statement["data"]]
    assert all(row["net"] == row["amount"] - row["fee"] for row in statement["data"])
    charge = client.v1.payment_intents.retrieve(intent).latest_charge
    mine = {row["source"]: row for row in statement["data"] if row["source"] in {charge, refund.id}}
    assert mine[charge]["amount"] == 88_800
    assert mine[refund.id]["amount"] == -800
    assert client.v1.balance_transactions.retrieve(mine[refund.id]["id"]).source == refund.id
