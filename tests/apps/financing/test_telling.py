"""What applicants and owners are told, by which ways, once; and the reminder before an approval runs out."""

from datetime import timedelta

import pytest

from apps.financing import api
from apps.financing.policies import applications as policies
from apps.financing.ports import LenderStatus
from apps.kernel.api import Money
from apps.notifications.api import Message, list_inbox
from tests.apps.financing.test_trade_ins import DATA, TOLD
from tests.factories.accounts import make_user
from tests.factories.orders import make_vin

WAYS = {"email", "inbox", "sms"}


@pytest.fixture
def told(desk):
    """Return a function: what was written by a template, once everything that was recorded is told."""

    def read(template: str) -> list[Message]:
        desk.shop.drain()
        return list(Message.objects.filter(template=template).order_by("channel"))

    return read


@pytest.fixture
def applicant(desk):
    """The applicant, who has a phone as well."""
    desk.by.set_phone("13900001111", verified=True)
    desk.by.save()
    return desk.by


@pytest.mark.parametrize(
    ("status", "changes", "template", "words"),
    [
        (LenderStatus.APPROVED, {}, "loan_approved", "100000.00"),
        (LenderStatus.REFUSED, {"reason": "收入与月供不匹配"}, "loan_refused", "收入与月供不匹配"),
        (LenderStatus.MORE_ASKED, {"asked_for": ["RESIDENCE", "LICENCE"]}, "loan_more_asked", "居住证明、驾驶证"),
        (LenderStatus.EXPIRED, {}, "loan_expired", "重新申请"),
    ],
)
def test_a_decision_is_told_by_every_way_once(desk, applicant, told, status, changes, template, words):
    application = desk.submitted()
    news = desk.lender.decide(application.number, status, **changes)
    for _ in range(2):
        api.receive_lender_news(news=news, now=desk.now)

    messages = told(template)
    assert {message.channel for message in messages} == WAYS
    assert len(messages) == len(WAYS)
    item = next(item for item in list_inbox(applicant) if item.template == template)
    assert words in item.text
    assert f"/account/finance/loans/{application.number}/" in item.text
    for outcome in {"loan_approved", "loan_refused", "loan_more_asked", "loan_expired"} - {template}:
        assert told(outcome) == []


def test_who_reads_english_is_told_in_english(desk, applicant, told):
    applicant.language = "en"
    applicant.save()
    desk.decided(LenderStatus.MORE_ASKED, asked_for=["RESIDENCE"])

    text = next(message for message in told("loan_more_asked") if message.channel == "inbox").context
    assert (text["papers"], text["lender"]) == (
        "Proof of residence",
        "Xingchi Auto Finance",
    )


def test_news_that_is_refused_tells_nobody(desk, applicant, told):
    application = desk.submitted()
    news = desk.lender.decide(application.number, LenderStatus.APPROVED, amount=Money.of("1.00"))
    api.receive_lender_news(news=news, now=desk.now)

    assert told("loan_approved") == []


def test_money_that_came_is_told(desk, applicant, told):
    application = desk.signed()
    api.follow_application(number=application.number, now=desk.now)

    assert {message.channel for message in told("loan_paid_out")} == WAYS


@pytest.mark.parametrize(
    ("days", "before"), [(30, timedelta(days=3)), (4, timedelta(days=2)), (1, timedelta(hours=12))]
)
def test_a_reminder_comes_before_an_approval_runs_out_once(desk, applicant, told, days, before):
    until = desk.now + timedelta(days=days)
    desk.decided(valid_until=until)

    assert api.warn_applicants(now=until - before - timedelta(seconds=1)) == 0
    assert told("loan_expiring") == []
    assert api.warn_applicants(now=until - before) == 1
    assert api.warn_applicants(now=until - before) == 0
    assert {message.channel for message in told("loan_expiring")} == WAYS


def test_who_signed_or_withdrew_is_not_reminded(desk, applicant, told):
    application = desk.signed()

    assert api.warn_applicants(now=desk.now + timedelta(days=28)) == 0
    assert desk.reload(application).warn_at is None
    assert told("loan_expiring") == []


def test_an_approval_that_is_over_already_reminds_nobody(now):
    assert policies.warn_at(now, now=now) is None


def test_an_approval_that_ran_out_is_told(desk, applicant, told):
    application = desk.decided(valid_until=desk.now + timedelta(days=1))
    api.follow_application(number=application.number, now=desk.now + timedelta(days=1))

    assert desk.reload(application).status == "EXPIRED"
    assert {message.channel for message in told("loan_expired")} == WAYS


def test_an_owner_is_told_the_figure_or_why_not(desk, applicant, told, now):
    api.load_trade_in_tables(DATA, now=now)
    store = desk.shop.store
    brought = []
    for _ in range(2):
        offer = api.offer_trade_in(told=TOLD, car_name="L6", vin=make_vin(), by=desk.by, now=now)
        brought.append(api.accept_trade_in(number=offer.number, store_id=store.pk, by=desk.by, now=now))
    about = {"organization_id": store.dealer.organization_id, "by": None, "now": now}
    api.inspect_trade_in(
        number=brought[0].number,
        mileage_km=45000,
        condition="GOOD",
        deduction=Money.of("1400.00"),
        note="轮胎磨损",
        **about,
    )
    api.decline_trade_in(number=brought[1].number, note="重大事故", **about)

    figure, no = told("trade_in_inspected"), told("trade_in_declined")
    assert {message.channel for message in figure} == {message.channel for message in no} == WAYS
    assert (figure[0].context["value"], figure[0].context["note"]) == ("102000.00", "轮胎磨损")
    assert no[0].context["note"] == "重大事故"


@pytest.fixture
def offer(desk, applicant, now):
    """A used car that is offered something for; seven days."""
    api.load_trade_in_tables(DATA, now=now)
    return api.offer_trade_in(told=TOLD, car_name="星驰 L6", vin=make_vin(), by=applicant, now=now)


def bring(offer, desk, *, now):
    return api.accept_trade_in(number=offer.number, store_id=desk.shop.store.pk, by=desk.by, now=now)


def inspect(offer, desk, *, now):
    return api.inspect_trade_in(
        number=offer.number,
        organization_id=desk.shop.store.dealer.organization_id,
        mileage_km=45000,
        condition="GOOD",
        deduction=Money.zero(),
        note="",
        by=None,
        now=now,
    )


def test_an_owner_is_reminded_three_days_before_an_offer_runs_out_once(desk, applicant, told, offer):
    at = offer.expires_at - timedelta(days=3)

    assert api.warn_owners(now=at - timedelta(seconds=1)) == 0
    assert told("trade_in_expiring") == []
    assert api.warn_owners(now=at) == 1
    assert api.warn_owners(now=at) == 0
    messages = told("trade_in_expiring")
    assert {message.channel for message in messages} == WAYS
    assert len(messages) == len(WAYS)
    text = next(item for item in list_inbox(applicant) if item.template == "trade_in_expiring").text
    assert "接受报价" in text
    assert f"/account/finance/trade-ins/{offer.number}/" in text


def test_each_step_of_a_trade_in_has_a_reminder_of_its_own(desk, applicant, told, offer, now):
    """The offer, the day to bring the car, the figure: each runs out by a clock of its own."""
    applicant.language = "en"
    applicant.save()
    api.warn_owners(now=offer.expires_at - timedelta(days=2))
    later = offer.expires_at - timedelta(days=1)
    brought = bring(offer, desk, now=later)
    # The clock of the offer is over with it.
    assert api.warn_owners(now=later + timedelta(days=3)) == 0
    assert api.warn_owners(now=brought.expires_at - timedelta(days=3)) == 1
    found = inspect(offer, desk, now=later + timedelta(days=5))
    assert api.warn_owners(now=found.expires_at - timedelta(days=3)) == 1

    told("trade_in_expiring")
    texts = [item.text for item in list_inbox(applicant) if item.template == "trade_in_expiring"]
    words = ("choose a store", "Bring it to", "counts towards your order")
    assert len(texts) == 3
    assert [sum(word in text for text in texts) for word in words] == [1, 1, 1]


@pytest.mark.parametrize("end", ["withdrawn", "declined", "run out", "swept"])
def test_an_offer_that_is_over_reminds_nobody(desk, applicant, told, offer, now, end):
    if end == "withdrawn":
        api.withdraw_trade_in(number=offer.number, by=applicant, now=now)
    if end == "declined":
        bring(offer, desk, now=now)
        house = desk.shop.store.dealer.organization_id
        api.decline_trade_in(number=offer.number, organization_id=house, note="重大事故", by=None, now=now)
    if end == "swept":
        api.expire_trade_ins(now=offer.expires_at)

    assert api.warn_owners(now=offer.expires_at) == 0
    assert told("trade_in_expiring") == []
    offer.refresh_from_db()
    assert offer.expires_at is None or end == "run out"


def test_the_inbox_page_shows_ones_own_messages_and_nobody_elses(desk, applicant, told, client, settings):
    client.force_login(applicant, backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert "暂无消息" in client.get("/account/messages/").content.decode()
    application = desk.decided(LenderStatus.REFUSED, reason="<b>收入</b>")
    told("loan_refused")

    page = client.get("/account/messages/").content.decode()
    assert application.number in page
    assert "&lt;b&gt;收入&lt;/b&gt;" in page
    client.force_login(make_user(), backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert application.number not in client.get("/account/messages/").content.decode()
    client.logout()
    assert client.get("/account/messages/").status_code == 302
