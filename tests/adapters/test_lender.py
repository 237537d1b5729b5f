"""The lender's protocol against the real sandbox process: signed both ways, every decision, trouble on the way."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.financing.errors import LenderRefused, LenderUnavailable
from apps.financing.ports import LenderStatus, LoanPaper, LoanRequest
from apps.integrations.lender.adapter import HttpLender, make_signer
from apps.integrations.lender.gateway import LenderGateway
from apps.kernel.api import Money
from apps.payments.ports import PaymentOrder, ProviderStatus, RefundOrder
from tests.adapters.receiver import Receiver, running_receiver
from tests.adapters.sandbox_process import SandboxProcess, running_sandbox

NUMBER = iter(range(1, 1000))
PAPER = LoanPaper(
    kind="IDENTITY",
    content_type="image/png",
    digest="2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    content=b"foo",
)
MORE = LoanPaper(
    kind="RESIDENCE",
    content_type="image/png",
    digest="fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9",
    content=b"bar",
)


@pytest.fixture(scope="module")
def hooks() -> Iterator[Receiver]:
    with running_receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def process(hooks, tmp_path_factory) -> Iterator[SandboxProcess]:
    with running_sandbox(tmp_path_factory.mktemp("lender"), notify_base=hooks.url) as sandbox:
        yield sandbox


@pytest.fixture
def lender(process, hooks, settings) -> HttpLender:
    hooks.clear()
    hooks.answer = lambda _: (204, "")
    env = process.env
    settings.LENDER = {
        "BASE_URL": env["LENDER_BASE_URL"],
        "KEY_ID": env["LENDER_OWN_KEY_ID"],
        "PRIVATE_KEY_FILE": env["LENDER_PRIVATE_KEY_FILE"],
        "LENDER_KEY_ID": env["LENDER_KEY_ID"],
        "LENDER_KEY_FILE": env["LENDER_PUBLIC_KEY_FILE"],
    }
    settings.HOOKS_BASE_URL = hooks.url
    settings.OUTSIDE_DEADLINE = 2.0
    return HttpLender()


def wish(**changes) -> LoanRequest:
    values = {
        "number": f"F{next(NUMBER):08d}",
        "product": "XC-EASY",
        "months": 36,
        "price": Money.of("169900.00"),
        "amount": Money.of("100000.00"),
        "name": "王小满",
        "identity_number": "11010519491231002X",
        "phone": "+8613800138000",
        "monthly_income": "18000.00",
    }
    return LoanRequest(**{**values, **changes})


def decide(process: SandboxProcess, number: str, **values) -> dict:
    status, told = process.post_json(f"{process.base_url}/lender/desk/{number}/", values)
    assert status == 200, told
    return told


def test_an_application_is_taken_once_and_approved_and_paid_out_once(lender, process):
    request = wish()
    first = lender.submit(request, [PAPER])
    again = lender.submit(request, [PAPER])
    assert (first.status, first.reference) == (LenderStatus.RECEIVED, again.reference)

    decide(process, request.number, decision="approve", notify="never")
    approved = lender.query(request.number)
    assert (approved.status, approved.amount) == (LenderStatus.APPROVED, request.amount)
    assert approved.valid_until > datetime.now(UTC) + timedelta(days=29)

    values = {"amount": request.amount, "order_number": "S1", "contract_digest": "0" * 64}
    paid = [lender.disburse(request.number, **values) for _ in range(2)]
    assert paid[0].status is LenderStatus.DISBURSED
    assert paid[0].disbursement == paid[1].disbursement
    with pytest.raises(LenderRefused):
        lender.disburse(request.number, **{**values, "amount": Money.of("1.00")})


def test_more_papers_are_asked_for_and_handed_in(lender, process):
    request = wish()
    lender.submit(request, [PAPER])
    decide(process, request.number, decision="more", notify="never", asked_for=["RESIDENCE"], reason="住址不一致")
    asked = lender.query(request.number)
    assert (asked.status, asked.asked_for, asked.reason) == (LenderStatus.MORE_ASKED, ("RESIDENCE",), "住址不一致")

    assert lender.submit(request, [PAPER]).status is LenderStatus.MORE_ASKED
    assert lender.submit(request, [MORE]).status is LenderStatus.RECEIVED


@pytest.mark.parametrize(("decision", "status"), [("refuse", LenderStatus.REFUSED), ("expire", LenderStatus.EXPIRED)])
def test_what_the_lender_ends_pays_nothing(decision, status, lender, process):
    request = wish()
    lender.submit(request, [PAPER])
    decide(process, request.number, decision=decision, notify="never")

    assert lender.query(request.number).status is status
    with pytest.raises(LenderRefused):
        lender.disburse(request.number, amount=request.amount, order_number="S1", contract_digest="0" * 64)


def test_a_withdrawal_and_an_unknown_number(lender):
    request = wish()
    lender.submit(request, [PAPER])

    assert lender.withdraw(request.number).status is LenderStatus.WITHDRAWN
    assert lender.query("F-nobody") is None


def test_money_goes_back_once_per_number_and_never_too_much(lender, process):
    request = wish()
    lender.submit(request, [PAPER])
    decide(process, request.number, decision="approve", notify="never")
    paid = lender.disburse(request.number, amount=request.amount, order_number="S1", contract_digest="0" * 64)
    now = timezone.now()
    payment = PaymentOrder(
        number="P1",
        order_number="S1",
        tender="loan",
        amount=request.amount,
        subject="",
        return_url="",
        created_at=now,
        expires_at=now,
        reference=paid.disbursement,
    )
    gateway = LenderGateway()
    order = RefundOrder(number=f"R{request.number}", payment=payment, amount=Money.of("60000.00"), reason="cancelled")

    assert gateway.query_refund(order).status is ProviderStatus.ABSENT
    states = [gateway.refund(order) for _ in range(2)]
    assert {state.status for state in states} == {ProviderStatus.REFUNDED}
    assert states[0].reference == states[1].reference
    too_much = RefundOrder(number=f"R{request.number}b", payment=payment, amount=Money.of("60000.00"), reason="x")
    assert gateway.refund(too_much).status is ProviderStatus.FAILED


def test_a_lender_in_trouble_is_unavailable(lender, process):
    process.control(action="pause", provider="lender", mode="error")
    try:
        with pytest.raises(LenderUnavailable):
            lender.query("F1")
    finally:
        process.control(action="resume", provider="lender")


def test_an_answer_the_lender_did_not_sign_is_no_answer(lender, process, settings):
    settings.LENDER = {**settings.LENDER, "LENDER_KEY_FILE": process.env["ALIPAY_PUBLIC_KEY_FILE"]}

    with pytest.raises(LenderUnavailable):
        HttpLender().query("F1")


def test_a_request_signed_by_a_stranger_is_refused(lender, process, settings):
    settings.LENDER = {**settings.LENDER, "PRIVATE_KEY_FILE": process.env["ALIPAY_PRIVATE_KEY_FILE"]}

    with pytest.raises(LenderRefused) as refusal:
        HttpLender().query("F1")
    assert refusal.value.context["reason"] == "not_signed"


@pytest.mark.django_db
@pytest.mark.parametrize(("notify", "statuses"), [("once", {404}), ("forged", {401}), ("wrong_amount", {404})])
def test_the_hook_believes_the_lender_only(notify, statuses, lender, process, hooks):
    """An application we do not have is 404, which shows that the signature was believed; a stranger's is 401."""
    request = wish()
    lender.submit(request, [PAPER])
    decide(process, request.number, decision="approve", notify=notify)
    told = hooks.wait_for(1)[0]

    assert post(told) in statuses
    assert post(told, without="lender-timestamp") == 401
    assert post(told, body=told.body.replace(b"approved", b"disbursed")) == 401


def post(told, *, body: bytes | None = None, without: str = "") -> int:
    """Carry a message of the lender's to our hook; the status of the answer."""
    headers = {name: value for name, value in told.headers.items() if name.lower().startswith("lender-")}
    headers = {name: value for name, value in headers.items() if name.lower() != without}
    content = told.body if body is None else body
    return Client().post("/hooks/lender/notify/", content, "application/json", headers=headers).status_code


@pytest.mark.django_db
def test_the_hook_refuses_what_cannot_be_read(lender, process):
    signer = make_signer()
    assert signer.seal("x") != signer.seal("x")
    for body in (b"", b"[]", b"{", b"x" * 70_000):
        answer = Client().post("/hooks/lender/notify/", body, "application/json")
        assert answer.status_code in (400, 401, 413)
