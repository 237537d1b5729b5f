"""What every payment provider behind the port does, the Fake and the real adapters alike."""

from dataclasses import replace
from time import monotonic

import pytest
from django.utils import timezone

from apps.kernel.api import Money
from apps.payments.api import PROVIDERS_ZONE
from apps.payments.errors import NotificationForged, NotificationMalformed, ProviderUnavailable
from apps.payments.ports import CloseOutcome, NoticeKind, ProviderStatus, RefundOrder
from tests.adapters.payments.rigs import tampered


def parse(rig, notice):
    return rig.gateway.parse_notification(notice.headers, notice.body, "")


@pytest.fixture
def paid(rig, order):
    """An order the buyer paid without our being told."""
    placed = order(amount="100.00")
    return rig.pay(placed, rig.gateway.create(placed), notify="never")


def test_creating_twice_opens_one_trade(rig, order):
    placed = order()

    first, second = rig.gateway.create(placed), rig.gateway.create(placed)

    assert first.type in ("redirect", "qr")
    assert first.url.startswith("http")
    paid = rig.pay(placed, second, notify="never")
    assert rig.gateway.query(paid).amount == placed.amount


def test_a_trade_nobody_paid_is_absent_or_unpaid(rig, order):
    placed = order()
    assert rig.gateway.query(placed).status is ProviderStatus.ABSENT

    action = rig.gateway.create(placed)

    state = rig.gateway.query(replace(placed, session=action.session))
    assert state.status in (ProviderStatus.ABSENT, ProviderStatus.UNPAID)


def test_the_query_finds_a_payment_whose_notification_got_lost(rig, paid):
    state = rig.gateway.query(paid)

    assert (state.status, state.amount) == (ProviderStatus.PAID, Money.of("100.00"))
    assert state.reference


def test_a_notification_tells_who_paid_whom_how_much_for_what(rig, order):
    placed = order(amount="1234.56")
    paid = rig.pay(placed, rig.gateway.create(placed))

    news = parse(rig, rig.notices(1)[0])

    merchant = rig.gateway.merchant
    assert (news.kind, news.number, news.status) == (NoticeKind.PAYMENT, placed.number, ProviderStatus.PAID)
    assert (news.amount, news.reference) == (Money.of("1234.56"), paid.reference)
    assert news.merchant_id in (merchant.merchant_id, None)
    assert (news.app_id, news.order_number) == (merchant.app_id, placed.order_number)
    assert news.event_id
    assert news.happened_at.tzinfo is not None


def test_a_notification_delivered_twice_has_one_event_id(rig, order):
    placed = order()
    rig.pay(placed, rig.gateway.create(placed), notify="twice")

    first, second = (parse(rig, notice) for notice in rig.notices(2))

    assert first == second


def test_a_late_notification_is_as_good_as_any(rig, order):
    placed = order()
    rig.pay(placed, rig.gateway.create(placed), notify="late")

    assert parse(rig, rig.notices(1)[0]).status is ProviderStatus.PAID


def test_a_forged_notification_is_refused(rig, order):
    placed = order()
    rig.pay(placed, rig.gateway.create(placed), notify="forged")

    with pytest.raises(NotificationForged):
        parse(rig, rig.notices(1)[0])


def test_a_notification_changed_on_the_way_is_refused(rig, order):
    placed = order(number="P260610123456789012")
    if rig.name != "fake":
        placed = order()
    rig.pay(placed, rig.gateway.create(placed))

    with pytest.raises(NotificationForged):
        parse(rig, tampered(rig.notices(1)[0]))


def test_a_wrong_amount_is_told_as_it_stands_and_the_query_knows_better(rig, order):
    placed = order()
    paid = rig.pay(placed, rig.gateway.create(placed), notify="wrong_amount")

    news = parse(rig, rig.notices(1)[0])

    assert news.status is ProviderStatus.PAID
    assert news.amount != placed.amount
    assert rig.gateway.query(paid).amount == placed.amount


def test_old_news_that_comes_last_does_not_claim_money(rig, order):
    placed = order()
    rig.pay(placed, rig.gateway.create(placed), notify="reordered")

    first, second = (parse(rig, notice) for notice in rig.notices(2)[:2])

    assert first.status is ProviderStatus.PAID
    assert second.status is not ProviderStatus.PAID
    assert second.event_id != first.event_id


def test_a_failed_try_claims_no_money(rig, order):
    placed = order()
    rig.pay(placed, rig.gateway.create(placed), result="fail")

    news = parse(rig, rig.notices(1)[0])

    assert news.number == placed.number
    assert news.status in (ProviderStatus.FAILED, ProviderStatus.CLOSED)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b"a=1&a=1", b"x" * 60_000])
def test_nonsense_is_refused(rig, body):
    with pytest.raises((NotificationForged, NotificationMalformed)):
        rig.gateway.parse_notification({}, body, "")


def test_an_unpaid_trade_is_closed_for_good(rig, order):
    placed = order()
    action = rig.gateway.create(placed)
    presented = replace(placed, session=action.session)

    outcome = rig.gateway.close(presented)

    # A payment page that was never opened is no trade yet.
    assert outcome in (CloseOutcome.CLOSED, CloseOutcome.ABSENT)
    assert rig.gateway.close(presented) is outcome
    expected = ProviderStatus.CLOSED if outcome is CloseOutcome.CLOSED else ProviderStatus.ABSENT
    assert rig.gateway.query(presented).status is expected


def test_closing_what_is_paid_says_so(rig, paid):
    assert rig.gateway.close(paid) is CloseOutcome.PAID
    assert rig.gateway.query(paid).status is ProviderStatus.PAID


def refund_of(paid, amount, number):
    return RefundOrder(number=number, payment=paid, amount=Money.of(amount), reason="buyer cancelled")


def test_refunds_in_parts_each_number_once(rig, paid):
    number = f"R{paid.number[1:]}"
    first = rig.refund(refund_of(paid, "30.00", number))
    again = rig.refund(refund_of(paid, "30.00", number))
    second = rig.refund(refund_of(paid, "70.00", f"{number}_2"))

    assert [state.status for state in (first, again, second)] == [ProviderStatus.REFUNDED] * 3
    assert first.reference == again.reference
    asked = rig.gateway.query_refund(refund_of(paid, "30.00", number))
    assert (asked.status, asked.amount) == (ProviderStatus.REFUNDED, Money.of("30.00"))


def test_refunding_more_than_was_paid_fails_for_good(rig, paid):
    number = f"R{paid.number[1:]}"
    rig.refund(refund_of(paid, "60.00", number))

    state = rig.refund(refund_of(paid, "40.01", f"{number}_2"))

    assert state.status is ProviderStatus.FAILED
    assert rig.gateway.query_refund(refund_of(paid, "40.01", f"{number}_2")).status is ProviderStatus.ABSENT


def test_a_refund_nobody_asked_for_is_absent(rig, paid):
    assert rig.gateway.query_refund(refund_of(paid, "1.00", "R0")).status is ProviderStatus.ABSENT


def test_a_refunded_payment_was_paid(rig, paid):
    rig.refund(refund_of(paid, "100.00", f"R{paid.number[1:]}"))

    assert rig.gateway.query(paid).status is ProviderStatus.PAID


def test_the_statement_lists_what_moved_to_the_fen(rig, paid):
    number = f"R{paid.number[1:]}"
    rig.refund(refund_of(paid, "12.34", number))
    today = rig.gateway.clock if rig.name == "fake" else timezone.now()

    lines = rig.gateway.fetch_statement(today.astimezone(PROVIDERS_ZONE).date())

    found = {(line.kind, line.number): line.amount for line in lines}
    assert found[NoticeKind.PAYMENT, paid.number] == Money.of("100.00")
    assert found[NoticeKind.REFUND, number] == Money.of("12.34")


def test_a_day_without_movements_has_an_empty_statement(rig, sandbox):
    assert rig.gateway.fetch_statement(timezone.now().date().replace(year=2020)) == []


@pytest.mark.parametrize("mode", ["error", "hang"])
def test_a_provider_that_does_not_answer_is_unavailable_within_the_deadline(rig, paid, mode):
    rig.fall_silent(mode)
    started = monotonic()

    with pytest.raises(ProviderUnavailable):
        rig.gateway.query(paid)

    assert monotonic() - started < 4.0
    rig.speak()
    assert rig.gateway.query(paid).status is ProviderStatus.PAID


def test_what_the_provider_did_though_its_answer_got_lost_is_done_once(rig, order):
    placed = order(amount="100.00")
    rig.fall_silent("lose_answer")
    # Alipay's page address is signed here: nobody is asked, nothing can get lost.
    if rig.name != "alipay":
        with pytest.raises(ProviderUnavailable):
            rig.gateway.create(placed)
    rig.speak()
    paid = rig.pay(placed, rig.gateway.create(placed), notify="never")
    refund = refund_of(paid, "60.00", f"R{paid.number[1:]}")

    rig.fall_silent("lose_answer")
    with pytest.raises(ProviderUnavailable):
        rig.gateway.refund(refund)
    rig.speak()

    # Twice 60 would be more than was paid.
    assert rig.refund(refund).status is ProviderStatus.REFUNDED
