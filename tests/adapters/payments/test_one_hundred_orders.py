"""
The figure: 100 orders at three providers, every notification twenty times, shuffled with forged, wrong-amount, late,
reordered and lost ones, by eight threads; then one capture each, and the providers' own statements equal to ours.
"""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from apps.integrations.alipay.adapter import AlipayGateway
from apps.integrations.alipay.statement import read_business_detail
from apps.integrations.stripe.adapter import StripeGateway
from apps.integrations.wechatpay.adapter import WeChatPayGateway
from apps.integrations.wechatpay.statement import read_trade_bill
from apps.kernel.api import Money, OutboxEvent, ports, sum_money
from apps.payments import api
from apps.payments.api import Payment, Refund
from apps.payments.ports import NoticeKind, StatementLine
from tests.adapters.payments.rigs import provider_settings
from tests.adapters.receiver import running_receiver
from tests.adapters.sandbox_process import running_sandbox
from tests.factories.payments import make_payment

ORDERS, TIMES, THREADS = 100, 20, 8
ADAPTERS = {"wechatpay": WeChatPayGateway, "alipay": AlipayGateway, "stripe": StripeGateway}
MODES = ("once", "twice", "never", "late", "forged", "wrong_amount", "reordered")
ARRIVING = {"once": 1, "twice": 2, "never": 0, "late": 1, "forged": 1, "wrong_amount": 1, "reordered": 2}


@pytest.fixture
def receiver():
    with running_receiver() as own:
        yield own


@pytest.fixture
def providers(receiver, settings, tmp_path):
    """A sandbox of this test's own: its statements list these orders and no others."""
    with running_sandbox(tmp_path, notify_base=receiver.url) as sandbox:
        for name, block in provider_settings(sandbox.env).items():
            setattr(settings, name, block)
        settings.HOOKS_BASE_URL = receiver.url
        with ports.using({f"payments.gateway.{name}": adapter() for name, adapter in ADAPTERS.items()}):
            yield sandbox


def buy(providers, number: int, provider: str, mode: str) -> Payment:
    now = timezone.now()
    payment = make_payment(now=now, provider=provider, amount=Money.from_minor(10_000 + number))
    view = api.present_payment(payment_number=payment.number, now=now)
    providers.decide(view.action.url, result="success", notify=mode, delay_seconds=0.2)
    return payment


def carry(received) -> int:
    """Take one notification to its hook, as an HTTP request of its own."""
    headers = {name: value for name, value in received.headers.items() if name.lower() != "content-type"}
    try:
        response = Client().post(
            received.path, received.body, content_type=received.headers["Content-Type"], headers=headers
        )
        return response.status_code
    finally:
        connection.close()


def carry_all(notices) -> Counter:
    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(pool.map(carry, notices))


def refund_some(payments) -> list[Refund]:
    now, refunds = timezone.now(), []
    for payment in payments:
        with transaction.atomic():
            refunds += api.request_refund(
                order_number=payment.order_number,
                amount=Money.of("12.34"),
                reason=api.RefundReason.PART_CALLED_OFF,
                cause_key=f"case-{payment.number}",
                by=None,
                now=now,
            )
    for refund in refunds:
        api.execute_refund(refund_number=refund.number, now=now)
    return refunds


def read_statement(providers, provider: str, day: datetime) -> list[StatementLine]:
    """The statement of the sandbox's own door, in the provider's own format."""
    status, content = providers.get(f"/{provider}/statement/?date={day.date().isoformat()}")
    assert status == 200
    if provider == "wechatpay":
        return read_trade_bill(content)
    if provider == "alipay":
        return read_business_detail(content)
    kinds = {"charge": NoticeKind.PAYMENT, "refund": NoticeKind.REFUND}
    return [
        SimpleNamespace(kind=kinds[row["type"]], amount=Money.from_minor(abs(row["amount"])))
        for row in json.loads(content)["data"]
    ]


def total(lines, kind: NoticeKind) -> Money:
    return sum_money(line.amount for line in lines if line.kind is kind)


@pytest.mark.django_db(transaction=True)
def test_one_capture_each_and_statements_equal_to_the_fen(providers, receiver):
    started = timezone.now().astimezone(api.PROVIDERS_ZONE)
    plan = [(list(ADAPTERS)[number % 3], MODES[number % len(MODES)]) for number in range(ORDERS)]
    payments = [buy(providers, number, provider, mode) for number, (provider, mode) in enumerate(plan)]
    arriving = sum(ARRIVING[mode] + (provider == "stripe" and mode == "reordered") for provider, mode in plan)
    notices = receiver.wait_for(arriving) * TIMES
    Random(2026).shuffle(notices)

    answers = carry_all(notices)

    assert set(answers) <= {200, 204, 401, 409}
    assert answers[401] == TIMES * sum(mode == "forged" for _, mode in plan)
    assert answers[409] == TIMES * sum(mode == "wrong_amount" for _, mode in plan)

    api.query_pending(now=timezone.now() + timedelta(seconds=16), limit=ORDERS)
    assert set(Payment.objects.values_list("status", flat=True)) == {"CAPTURED"}
    facts = OutboxEvent.objects.filter(name="payments.payment_captured.v1").values_list("payload", flat=True)
    assert Counter(fact["payment_number"] for fact in facts) == Counter(payment.number for payment in payments)

    refund_some(payments[::10])
    receiver.wait_for(arriving + 1)
    api.execute_due_refunds(now=timezone.now() + timedelta(hours=1))
    while Refund.objects.filter(status="PENDING").exists():
        known = len(receiver.received)
        carry_all(receiver.received[arriving:])
        if Refund.objects.filter(status="PENDING").exists():
            receiver.wait_for(known + 1)

    ended = timezone.now().astimezone(api.PROVIDERS_ZONE)
    for provider in ADAPTERS:
        assert api.reconcile_day(provider=provider, day=started.date()) == []
        assert api.reconcile_day(provider=provider, day=ended.date()) == []
        if started.date() == ended.date():
            statement = read_statement(providers, provider, started)
            ours = Payment.objects.filter(provider=provider)
            given = Refund.objects.filter(payment__provider=provider, status="SUCCEEDED")
            assert total(statement, NoticeKind.PAYMENT) == sum_money(payment.money for payment in ours)
            assert total(statement, NoticeKind.REFUND) == sum_money(refund.money for refund in given)
