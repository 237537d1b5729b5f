"""What goes to a lender and what comes back: once, in order, for the right amount; the loan as a tender."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from apps.financing import api
from apps.financing.errors import ApprovalExpired, LenderUnavailable, OrderNotFinanceable, SignatureMissing
from apps.financing.ports import LenderStatus
from apps.kernel.api import Money, MoveNotAllowed
from apps.orders.api import cancel_order
from apps.payments.api import Payment, Refund
from tests.factories.financing import APPLICANT


def test_the_lender_gets_everything_once(desk, lender):
    application = desk.submitted()
    api.follow_application(number=application.number, now=desk.now)

    request = lender.requests[application.number]
    assert (request.identity_number, request.amount) == (APPLICANT.identity_number, Money.of("100000.00"))
    assert [paper.kind for paper in lender.papers[application.number]] == ["IDENTITY", "INCOME"]
    assert [name for name, _ in lender.calls] == ["submit", "query"]
    assert application.lender_reference == f"LN-{application.number}"


def test_a_silent_lender_gets_it_later(desk, lender):
    application = desk.prepared()
    api.submit_application(number=application.number, has_consented=True, by=desk.by, now=desk.now)
    lender.is_silent = True
    with pytest.raises(LenderUnavailable):
        api.follow_application(number=application.number, now=desk.now)
    assert desk.reload(application).sent_at is None

    lender.is_silent = False
    later = desk.now + timedelta(minutes=2)
    assert api.follow_due(now=later) == {application.number: "noted"}
    assert desk.reload(application).sent_at == later


def test_approval_contract_money_and_handover_of_the_rest(desk, shop):
    application = desk.signed()
    assert application.contract_digest
    assert application.contract.content.read(5) == b"%PDF-"

    api.follow_application(number=application.number, now=desk.now)
    shop.drain()

    application = desk.reload(application)
    payment = Payment.objects.get(number=application.payment_number)
    assert (application.status, payment.tender, payment.provider) == ("DISBURSED", "loan", "lender")
    order = shop.reload(desk.order_number)
    assert str(order.balance_due) == "52910.00 CNY"
    shop.pay_balance(order)
    assert shop.reload(desk.order_number).status == "PLACED"


def test_asking_for_the_money_twice_books_it_once(desk, shop):
    application = desk.signed()
    for _ in range(2):
        api.follow_application(number=application.number, now=desk.now)
    news = desk.lender.standing[application.number]
    api.receive_lender_news(news=news, now=desk.now)
    api.receive_lender_news(news=replace(news, event_id="again"), now=desk.now)
    shop.drain()

    assert Payment.objects.filter(tender="loan").count() == 1
    assert str(shop.reload(desk.order_number).paid) == "116990.00"


def test_a_called_off_order_gives_the_loan_back_to_the_lender(desk, shop):
    application = desk.signed()
    api.follow_application(number=application.number, now=desk.now)
    shop.drain()
    cancel_order(number=desk.order_number, reason="changed my mind", by=desk.by, now=desk.now)
    shop.drain()

    assert Refund.objects.get(payment__tender="loan").money == Money.of("100000.00")


def test_the_lender_asks_for_more_and_gets_it(desk, lender):
    application = desk.decided(LenderStatus.MORE_ASKED, asked_for=("RESIDENCE",), reason="住址与申请不一致")
    view = api.view_application(application)
    assert ([kind.value for kind in view.missing], view.reason) == (["RESIDENCE"], "住址与申请不一致")

    desk.hand_in(application.number, "RESIDENCE")
    api.submit_application(number=application.number, has_consented=True, by=desk.by, now=desk.now)
    api.follow_application(number=application.number, now=desk.now)

    assert [paper.kind for paper in lender.papers[application.number]] == ["IDENTITY", "INCOME", "RESIDENCE"]
    assert application.consents.count() == 2
    news = lender.decide(application.number, LenderStatus.APPROVED)
    assert api.receive_lender_news(news=news, now=desk.now) == "taken"


def test_a_paper_asked_for_again_is_asked_for_again(desk):
    application = desk.decided(LenderStatus.MORE_ASKED, asked_for=("INCOME",))
    assert [kind.value for kind in api.view_application(application).missing] == ["INCOME"]

    desk.hand_in(application.number, "INCOME")
    assert api.view_application(desk.reload(application)).missing == []


@pytest.mark.parametrize(("told", "status"), [("refused", "REFUSED"), ("expired", "EXPIRED")])
def test_what_the_lender_ends_is_over(told, status, desk):
    application = desk.decided(LenderStatus(told))

    assert application.status == status
    with pytest.raises(MoveNotAllowed):
        api.sign_contract(
            number=application.number,
            signer_name=APPLICANT.name,
            has_agreed=True,
            language="en",
            by=desk.by,
            now=desk.now,
        )


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"amount": Money.of("99999.99")}, "wrong_amount"),
        ({"amount": None}, "wrong_amount"),
        ({"reference": "LN-other"}, "wrong_reference"),
        ({"number": "F000"}, "unknown_application"),
        ({"status": LenderStatus.DISBURSED}, "out_of_order"),
    ],
)
def test_news_that_contradicts_us_changes_nothing(changes, verdict, desk, lender):
    application = desk.submitted()
    news = replace(lender.decide(application.number, LenderStatus.APPROVED), **changes)

    assert api.receive_lender_news(news=news, now=desk.now) == verdict
    assert desk.reload(application).status == "SUBMITTED"
    assert not Payment.objects.filter(tender="loan").exists()


def test_the_same_news_counts_once_and_old_news_not_at_all(desk, lender):
    application = desk.submitted()
    approval = lender.decide(application.number, LenderStatus.APPROVED)
    more = lender.decide(application.number, LenderStatus.MORE_ASKED, asked_for=("LICENCE",))

    assert [api.receive_lender_news(news=approval, now=desk.now) for _ in range(3)] == ["taken"] * 3
    assert api.receive_lender_news(news=more, now=desk.now) == "out_of_order"
    assert desk.reload(application).status == "APPROVED"
    assert api.LenderEvent.objects.filter(application=application).count() == 3


def test_an_approval_holds_until_its_last_moment(desk):
    until = desk.now + timedelta(days=1)
    application = desk.decided(valid_until=until)
    values = {
        "number": application.number,
        "signer_name": APPLICANT.name,
        "has_agreed": True,
        "language": "en",
        "by": desk.by,
    }
    with pytest.raises(ApprovalExpired):
        api.sign_contract(**values, now=until)
    assert desk.reload(application).status == "APPROVED"

    assert api.sign_contract(**values, now=until - timedelta(seconds=1)).status == "SIGNED"


def test_an_approval_nobody_used_expires_by_itself(desk):
    application = desk.decided(valid_until=desk.now + timedelta(days=1))

    api.follow_due(now=desk.now + timedelta(days=1))

    assert desk.reload(application).status == "EXPIRED"


@pytest.mark.parametrize("changes", [{"signer_name": "别人"}, {"has_agreed": False}])
def test_refuses_a_signature_that_is_none(changes, desk):
    application = desk.decided()
    values = {"signer_name": APPLICANT.name, "has_agreed": True, **changes}
    with pytest.raises(SignatureMissing):
        api.sign_contract(number=application.number, language="en", by=desk.by, now=desk.now, **values)

    assert desk.reload(application).status == "APPROVED"
    assert desk.reload(application).contract is None


def test_nothing_is_signed_for_an_order_that_was_called_off(desk, shop):
    application = desk.decided()
    cancel_order(number=desk.order_number, reason="changed my mind", by=desk.by, now=desk.now)
    with pytest.raises(OrderNotFinanceable):
        api.sign_contract(
            number=application.number,
            signer_name=APPLICANT.name,
            has_agreed=True,
            language="en",
            by=desk.by,
            now=desk.now,
        )


def test_no_money_is_asked_for_when_the_order_went_meanwhile(desk, lender):
    application = desk.signed()
    cancel_order(number=desk.order_number, reason="changed my mind", by=desk.by, now=desk.now)

    assert api.follow_application(number=application.number, now=desk.now) is None
    assert lender.disbursed == {}


def test_a_withdrawal_is_told(desk, lender):
    application = desk.submitted()
    api.withdraw_application(number=application.number, by=desk.by, now=desk.now)
    api.follow_application(number=application.number, now=desk.now)

    assert lender.calls[-1] == ("withdraw", application.number)
    assert desk.reload(application).next_query_at is None
    with pytest.raises(MoveNotAllowed):
        api.withdraw_application(number=application.number, by=desk.by, now=desk.now)


def test_the_database_keeps_an_application_from_being_paid_out_without_a_payment(desk):
    application = desk.signed()
    with pytest.raises(Exception, match="financing_paid_out_has_a_payment"), connection.cursor() as cursor:
        cursor.execute("UPDATE financing_financeapplication SET status = 'DISBURSED' WHERE id = %s", [application.pk])
