"""The pages of finance, without JavaScript: compare, apply, sign; trade a car in, inspect it at the dealer."""

import pytest
from django.conf import settings as project
from django.test import Client
from django.utils import timezone

from apps.accounts.api import Role
from apps.catalog.api import load_tax_rates
from apps.financing import api
from apps.financing.ports import LenderStatus
from tests.apps.financing.test_law import LAW
from tests.apps.financing.test_trade_ins import DATA
from tests.architecture.reference_data import FILES
from tests.factories.accounts import make_member, make_user
from tests.factories.financing import APPLICANT, picture
from tests.factories.orders import make_vin


@pytest.fixture(autouse=True)
def _frozen(monkeypatch, settings, now) -> None:
    """The edges read ``now`` from the clock; dealers sign in with a password alone."""
    settings.MFA_REQUIRED_ROLES = []
    monkeypatch.setattr(timezone, "now", lambda: now)


def enter(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=project.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.fixture
def law(products, now) -> None:
    load_tax_rates(FILES["tax"], now=now)
    api.load_car_law(LAW, now=now)


def test_the_calculator_compares_every_plan_and_shows_the_law(client, law):
    page = client.get("/finance/?price=339000&down=139000&months=36&on=2026-06-10&hl=en").content.decode()

    for words in ("Xingchi Easy", "Xingchi Light", "Jianghai Steady", "Yuntai Quick", "Costs least"):
        assert words in page
    assert "2.69 % a year" in page
    assert "¥15,000" in page
    assert "Announcement No. 10 of 2023" in page


@pytest.mark.parametrize(
    "query", ["price=-1", "price=zehn", "months=13", "down=-5", "on=gestern", "energy=STEAM", "price=9" * 5]
)
def test_nonsense_is_refused_with_its_words_kept(query, client, law):
    answer = client.get(f"/finance/?{query}")

    assert answer.status_code == 422
    assert 'id="errors"' in answer.content.decode()


def test_a_down_payment_no_plan_takes_says_why(client, law):
    page = client.get("/finance/?price=200000&down=199000&months=36&hl=en").content.decode()

    assert page.count("The down payment must be between") == 4


def test_a_loan_from_the_order_to_the_contract(desk):
    client = enter(desk.by)
    assert desk.order_number in client.get("/account/finance/").content.decode()
    terms = {"order": desk.order_number, "product": "XC-EASY", "months": "36", "down": "69900"}
    place = client.post("/account/finance/apply/", terms).url
    who = {
        "name": APPLICANT.name,
        "identity_number": APPLICANT.identity_number,
        "phone": APPLICANT.phone,
        "monthly_income": APPLICANT.monthly_income,
    }
    assert client.post(f"{place}describe/", who).status_code == 302
    for kind in ("IDENTITY", "INCOME"):
        assert client.post(f"{place}document/", {"kind": kind, "file": picture()}).status_code == 302
    refused = client.post(f"{place}submit/", {})
    assert refused.status_code == 422
    assert "Without your consent" in refused.content.decode()
    assert client.post(f"{place}submit/", {"consent": "on"}).status_code == 302

    application = api.FinanceApplication.objects.get()
    api.follow_application(number=application.number, now=desk.now)
    api.receive_lender_news(news=desk.lender.decide(application.number, LenderStatus.APPROVED), now=desk.now)
    assert "Sign the loan contract" in client.get(place).content.decode()
    assert client.post(f"{place}sign/", {"signer_name": "别人", "agree": "on"}).status_code == 422
    assert client.post(f"{place}sign/", {"signer_name": APPLICANT.name, "agree": "on"}).status_code == 302
    assert client.get(f"{place}contract/").status_code == 302
    page = client.get(place).content.decode()
    assert desk.reload(application).contract_digest in page
    assert APPLICANT.identity_number not in page


def test_the_page_says_what_a_lender_asks_for_and_what_to_do_when_it_is_over(desk):
    client, application = enter(desk.by), desk.submitted()
    place = f"/account/finance/loans/{application.number}/"
    assert "The lender is checking your application" in client.get(place).content.decode()
    asked = desk.lender.decide(application.number, LenderStatus.MORE_ASKED, asked_for=["RESIDENCE"])
    api.receive_lender_news(news=asked, now=desk.now)
    page = client.get(place).content.decode()
    assert "The lender needs more papers" in page
    assert "Proof of residence" in page

    refused = desk.lender.decide(application.number, LenderStatus.REFUSED, reason="收入不足")
    api.receive_lender_news(news=refused, now=desk.now)
    page = client.get(place).content.decode()
    assert f"/account/finance/apply/?order={desk.order_number}" in page
    assert "收入不足" in page


def test_the_terms_of_the_calculator_go_on_to_the_application(desk):
    link = f"/account/finance/apply/?order={desk.order_number}&product=XC-EASY&months=48&down=69900"
    page = enter(desk.by).get(link).content.decode()

    assert 'value="69900"' in page
    assert '<option value="48" selected>' in page


def test_refused_terms_keep_what_was_typed(desk):
    terms = {"order": desk.order_number, "product": "XC-EASY", "months": "36", "down": "1000"}
    answer = enter(desk.by).post("/account/finance/apply/", terms)

    assert answer.status_code == 422
    assert 'value="1000"' in answer.content.decode()
    assert not api.FinanceApplication.objects.exists()


def test_a_file_that_is_not_what_it_says_is_refused_on_the_page(desk):
    number = desk.start().number
    fake = picture("id.jpg")
    fake.file.seek(0)
    fake.file.write(b"MZ")
    fake.seek(0)
    answer = enter(desk.by).post(f"/account/finance/loans/{number}/document/", {"kind": "IDENTITY", "file": fake})

    assert answer.status_code == 422
    assert not api.FinanceDocument.objects.exists()


def test_a_car_from_the_estimate_to_the_credit(desk, now):
    api.load_trade_in_tables(DATA, now=now)
    car = {"price_as_new": "200000", "first_registered": "2023-06-10", "mileage_km": "45000", "condition": "GOOD"}
    buyer, clerk = enter(desk.by), enter(make_member(Role.DEALER_CLERK, desk.shop.dealer))
    estimate = buyer.get("/finance/trade-in/", car).content.decode()
    assert "¥103,400" in estimate
    place = buyer.post("/finance/trade-in/", {**car, "car": "L6", "vin": make_vin()}).url
    assert buyer.post(f"{place}accept/", {"store": desk.shop.store.pk}).status_code == 302

    number = api.TradeIn.objects.get().number
    assert number in clerk.get("/dealer/trade-ins/").content.decode()
    found = {"mileage_km": "45000", "condition": "GOOD", "deduction": "1400", "act": "inspect"}
    assert clerk.post(f"/dealer/trade-ins/{number}/", found).status_code == 422
    assert clerk.post(f"/dealer/trade-ins/{number}/", {**found, "note": "Tyres"}).status_code == 302
    assert "¥102,000" in clerk.get(f"/dealer/trade-ins/{number}/").content.decode()

    assert buyer.post(f"{place}credit/", {"order": desk.order_number}).status_code == 302
    assert "counts towards your order" in buyer.get(place).content.decode()
    desk.shop.drain()
    assert str(desk.shop.reload(desk.order_number).paid) == "118990.00"
    order = buyer.get(f"/orders/{desk.order_number}/").content.decode()
    assert "16,990" in order or "118,990" in order


def test_strangers_and_other_dealers_find_nothing(desk, now):
    api.load_trade_in_tables(DATA, now=now)
    told = api.CarTold(
        price_as_new="200000",
        first_registered=now.date().replace(year=2023),
        mileage_km="45000",
        condition="GOOD",
    )
    offer = api.offer_trade_in(told=told, car_name="L6", vin=make_vin(), by=desk.by, now=now)
    api.accept_trade_in(number=offer.number, store_id=desk.shop.store.pk, by=desk.by, now=now)
    loan = desk.start().number
    stranger, other = enter(make_user()), enter(make_member(Role.DEALER_MANAGER))

    assert stranger.get(f"/account/finance/loans/{loan}/").status_code == 404
    assert stranger.post(f"/account/finance/loans/{loan}/withdraw/").status_code == 404
    assert stranger.get(f"/account/finance/trade-ins/{offer.number}/").status_code == 404
    assert other.get(f"/dealer/trade-ins/{offer.number}/").status_code == 404
    assert other.post(f"/dealer/trade-ins/{offer.number}/", {"act": "decline", "note": "x"}).status_code in (404, 422)
    offer.refresh_from_db()
    assert offer.status == "ACCEPTED"


def test_a_visitor_is_asked_to_sign_in_for_an_offer(client, db, now):
    api.load_trade_in_tables(DATA, now=now)

    assert client.post("/finance/trade-in/", {"car": "L6"}).url.startswith("/account/login/")
    assert client.get("/account/finance/").status_code == 302
