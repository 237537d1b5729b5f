"""Paying for the work: online, by a code at the till, at the counter; and what the warranty pays."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from apps.aftersales import api
from apps.kernel.api import DomainError, Money, MoveNotAllowed, OutboxEvent, RefusedAttempt, outbox
from apps.payments.api import Payment, PaymentStatus, Refund, execute_due_refunds, query_payment
from apps.payments.errors import UnknownProvider
from tests.factories.aftersales import make_owner
from tests.factories.payments import FakeGateway, using_fake

PAGE = "https://shop.example/account/service/"


@pytest.fixture
def gateway(db):
    fake = FakeGateway()
    with using_fake(fake, "wechatpay"), using_fake(fake, "alipay"), using_fake(fake, "stripe"):
        yield fake


@pytest.fixture
def done(at_work, keys):
    """A visit whose work is done; 180 are owed."""
    return api.finish_work(**keys(at_work()))


@pytest.fixture
def pay(gateway, done, owner, now):
    """Return a function that opens the bill's payment online."""

    def make(**changes):
        values = {"reference": done.reference, "provider": "wechatpay", "return_url": PAGE, "by": owner, "now": now}
        return api.pay_own_visit(**{**values, **changes})

    return make


def come_in(gateway, payment, now):
    """Let the customer pay at the provider, and the provider tell of it."""
    gateway.pay(payment.number)
    query_payment(payment_number=payment.number, now=now + timedelta(minutes=1))
    outbox.drain(now=now + timedelta(minutes=1), strict=True)


def reload(visit):
    return api.ServiceVisit.objects.get(pk=visit.pk)


def test_a_bill_is_paid_online_and_the_visit_completed_once(pay, gateway, done, now):
    payment = pay()
    assert (payment.amount, payment.order_number) == (Money.of("180.00"), f"SV{done.reference}")
    assert pay().number == payment.number

    come_in(gateway, payment, now)

    visit = reload(done)
    assert (visit.status, visit.tender) == ("PAID", "ONLINE")
    told = OutboxEvent.objects.filter(name="aftersales.service_changed.v1", payload__status="PAID").get()
    assert told.payload["is_by_store"] is False
    assert not Refund.objects.exists()


def test_the_till_shows_a_code_for_the_same_bill(gateway, done, keys, owner, now):
    payment = api.pay_at_till(**keys(done), provider="alipay", return_url=PAGE)
    assert payment.action is not None
    assert api.get_bill_payment(done, now=now) == payment

    come_in(gateway, payment, now)

    assert reload(done).status == "PAID"


def test_there_is_nothing_to_pay_before_the_work_is_done_and_after_it_is_paid(gateway, at_work, keys, owner, now):
    visit = at_work()
    asked = {"reference": visit.reference, "provider": "wechatpay", "return_url": PAGE, "by": owner, "now": now}
    with pytest.raises(api.NothingOwed):
        api.pay_own_visit(**asked)
    api.finish_work(**keys(visit))
    with pytest.raises(UnknownProvider):
        api.pay_own_visit(**{**asked, "provider": "CASH"})
    with pytest.raises(api.VisitNotFound):
        api.pay_own_visit(**{**asked, "by": make_owner()})
    with pytest.raises(api.VisitNotFound):
        api.pay_at_till(**{**keys(visit), "organization_id": 999_999}, provider="wechatpay", return_url=PAGE)

    api.settle_visit(**keys(visit), amount=Decimal("180.00"), tender="CARD")

    with pytest.raises(api.NothingOwed):
        api.pay_own_visit(**asked)
    assert not Payment.objects.exists()


def test_paying_at_the_counter_closes_what_was_open_online(pay, gateway, done, keys):
    payment = pay()

    api.settle_visit(**keys(done), amount=Decimal("180.00"), tender="CASH")

    assert Payment.objects.get(number=payment.number).status == PaymentStatus.CLOSED


def test_money_that_comes_after_the_counter_was_paid_goes_back_whole_and_once(pay, gateway, done, keys, now):
    payment = pay()
    api.settle_visit(**keys(done), amount=Decimal("180.00"), tender="CASH")

    come_in(gateway, payment, now)
    api.take_bill_payment(
        bill_number=done.bill_number, payment_number=payment.number, amount=Money.of("180.00"), now=now
    )

    assert [refund.amount for refund in Refund.objects.all()] == [180]
    execute_due_refunds(now=now + timedelta(days=1))
    outbox.drain(now=now + timedelta(days=1), strict=True)
    assert Refund.objects.get().status == "SUCCEEDED"
    assert (reload(done).status, reload(done).tender) == ("PAID", "CASH")


def test_the_counter_takes_nothing_while_the_news_of_money_is_on_its_way(pay, gateway, done, keys, now):
    payment = pay()
    gateway.pay(payment.number)
    query_payment(payment_number=payment.number, now=now + timedelta(minutes=1))

    with pytest.raises(api.PaidAlready):
        api.settle_visit(**keys(done), amount=Decimal("180.00"), tender="CASH")

    assert reload(done).status == "DONE"
    assert RefusedAttempt.objects.filter(action="aftersales.settle_visit").count() == 1


def test_online_is_no_means_of_the_counter(done, keys):
    with pytest.raises(api.InvalidReport):
        api.settle_visit(**keys(done), amount=Decimal("180.00"), tender="ONLINE")
    assert reload(done).status == "DONE"


@pytest.fixture
def finding(at_work, keys):
    visit = at_work()
    return api.add_finding(**keys(visit), text="前减振器渗油", urgency="SOON")


def test_the_warranty_pays_for_what_it_covers_and_the_customer_is_asked(finding, keys, owner, now):
    visit = finding.visit
    api.propose_work(**keys(visit), finding_id=finding.pk, labour=Decimal(300), warranty=api.Component.VEHICLE)

    assert (finding.total, finding.owed) == (300, 0)
    api.answer_finding(reference=visit.reference, finding_id=finding.pk, approves=True, by=owner, now=now)
    assert api.finish_work(**keys(visit)).due == 180
    line = finding.lines.get()
    assert (line.payer, line.component, line.owed) == ("WARRANTY", api.Component.VEHICLE, 0)


@pytest.mark.parametrize(
    ("warranty", "kilometres"), [(api.Component.VEHICLE, 60_001), (api.Component.EXCHANGE, 12_500), (9, 12_500)]
)
def test_a_warranty_that_ended_or_does_not_repair_pays_nothing(finding, keys, warranty, kilometres):
    visit = finding.visit
    api.ServiceVisit.objects.filter(pk=visit.pk).update(kilometres=kilometres)

    with pytest.raises(api.NotCovered) as refusal:
        api.propose_work(**keys(visit), finding_id=finding.pk, labour=Decimal(300), warranty=warranty)

    assert list(refusal.value.fields) == ["warranty"]
    finding.refresh_from_db()
    assert (finding.status, finding.lines.count()) == ("NOTED", 0)


def test_a_bill_is_not_paid_before_it_is_one(at_work, keys):
    with pytest.raises(MoveNotAllowed):
        api.settle_visit(**keys(at_work()), amount=Decimal("180.00"), tender="CARD")


@pytest.mark.parametrize(("content", "name"), [(b"GIF89a", "a.gif"), (b"<html>", "a.jpg"), (b"%PDF-1.4", "a.pdf")])
def test_a_picture_that_is_none_is_refused_at_its_field(finding, keys, content, name):
    with pytest.raises(DomainError) as refusal:
        api.add_finding_photo(**keys(finding.visit), finding_id=finding.pk, upload=ContentFile(content, name=name))

    assert list(refusal.value.fields) == ["photo"]
    assert not finding.photos.exists()
