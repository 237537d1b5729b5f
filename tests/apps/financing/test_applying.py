"""Preparing and handing in an application: what is kept how, and every refusal."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from apps.financing import api
from apps.financing.errors import (
    ApplicationExists,
    ApplicationNotFound,
    ConsentMissing,
    DocumentMissing,
    DocumentRepeated,
    InvalidApplicant,
    LoanExceedsBalance,
    NotEditable,
    OrderNotFinanceable,
)
from apps.financing.policies.applications import identity_fault, mask_identity
from apps.kernel.api import FileNotPlain, FileRefused, Money, OutboxEvent, RefusedAttempt
from tests.factories.accounts import make_user
from tests.factories.financing import APPLICANT, picture


def test_an_application_freezes_the_terms_it_was_quoted_on(desk):
    view = api.view_application(desk.start())

    assert view.quote.plan.financed == Money.of("100000.00")
    assert (view.quote.product_code, view.quote.months, view.status) == ("XC-EASY", 36, "DRAFT")
    assert [kind.value for kind in view.missing] == ["IDENTITY", "INCOME"]


def test_what_the_applicant_says_and_hands_in_is_encrypted(desk):
    application = desk.prepared()

    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_number, applicant_name FROM financing_financeapplication")
        stored = " ".join(cursor.fetchone())
        cursor.execute("SELECT content FROM financing_financedocument")
        papers = [row[0] for row in cursor.fetchall()]
    assert APPLICANT.identity_number not in stored
    assert APPLICANT.name not in stored
    assert all("iVBOR" not in paper for paper in papers)  # how a PNG begins in base64
    assert application.documents.first().content.startswith("iVBOR")
    assert api.view_application(application).identity_masked == "1101**********002X"


def test_handing_in_keeps_the_consent_in_its_words_and_tells(desk):
    application = desk.prepared()
    api.submit_application(number=application.number, has_consented=True, by=desk.by, now=desk.now)

    consent = application.consents.get()
    assert (consent.lender_name, consent.given_at) == ("星驰汽车金融", desk.now)
    assert "星驰汽车金融" in consent.text
    assert desk.reload(application).status == "SUBMITTED"
    assert OutboxEvent.objects.order_by("pk").last().name == "financing.loan_application_submitted.v1"


@pytest.mark.parametrize(
    "change", ["UPDATE financing_financeconsent SET text = ''", "DELETE FROM financing_financeconsent"]
)
def test_a_consent_is_never_changed(change, desk):
    desk.submitted()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_refuses_an_order_that_is_not_the_callers(desk):
    with pytest.raises(OrderNotFinanceable):
        desk.start(by=make_user())
    with pytest.raises(OrderNotFinanceable):
        desk.start(order_number="S000")

    assert not api.FinanceApplication.objects.exists()
    assert RefusedAttempt.objects.filter(action="financing.start_application").count() == 2


def test_refuses_an_order_without_a_car_or_paid_in_full(desk, shop):
    part = shop.placed(shop.part(), user=desk.by)
    paid = shop.placed(shop.car(), user=desk.by, method="pickup", plan="full")

    for number in (part.number, paid.number):
        with pytest.raises(OrderNotFinanceable):
            desk.start(order_number=number)


def test_refuses_to_lend_more_than_is_still_to_be_paid(desk):
    with pytest.raises(LoanExceedsBalance) as refusal:
        desk.start(down_payment=Money.of("34000.00"), product_code="YT-FLAT", order_number=_almost_paid(desk))

    assert refusal.value.context["most"] < Money.of("135900.00")
    assert not api.FinanceApplication.objects.exists()


def _almost_paid(desk) -> str:
    """An order of which more was paid than the prepayment."""
    from apps.payments.api import Source, Tender, book_tender

    with transaction.atomic():
        book_tender(
            order_number=desk.order_number,
            tender=Tender.TRADE_IN,
            source=Source.DEALER,
            reference="T1",
            amount=Money.of("60000.00"),
            subject="T1",
            by=None,
            now=desk.now,
        )
    desk.shop.drain()
    return desk.order_number


def test_an_order_has_one_application_at_a_time(desk):
    first = desk.start()
    with pytest.raises(ApplicationExists):
        desk.start(months=24)
    api.withdraw_application(number=first.number, by=desk.by, now=desk.now)

    assert desk.start(months=24).months == 24


@pytest.mark.parametrize(
    ("changes", "faulty"),
    [
        ({"name": " "}, "name"),
        ({"name": "<b>"}, "name"),
        ({"identity_number": "110105194912310021"}, "identity_number"),
        ({"identity_number": "一二三"}, "identity_number"),
        ({"identity_number": "11010120200101003X"}, "identity_number"),
        ({"phone": "123"}, "phone"),
        ({"monthly_income": "-1"}, "monthly_income"),
        ({"monthly_income": "NaN"}, "monthly_income"),
        ({"monthly_income": "viel"}, "monthly_income"),
    ],
)
def test_refuses_an_applicant_who_cannot_be(changes, faulty, desk):
    application = desk.start()
    with pytest.raises(InvalidApplicant) as refusal:
        api.describe_applicant(
            number=application.number, applicant=replace(APPLICANT, **changes), by=desk.by, now=desk.now
        )

    assert list(refusal.value.fields) == [faulty]
    assert desk.reload(application).applicant_name == ""


@pytest.mark.parametrize(
    ("on", "fault"), [(date(1967, 12, 30), "under_age"), (date(1967, 12, 31), ""), (date(2026, 1, 1), "")]
)
def test_who_turns_eighteen_may_apply_on_the_day(on, fault):
    assert identity_fault("11010519491231002X", on=on) == fault


def test_an_identity_number_is_shown_without_its_middle():
    assert mask_identity("11010519491231002X") == "1101**********002X"
    assert mask_identity("1234") == "****"


@pytest.mark.parametrize(
    ("upload", "refusal"),
    [
        (SimpleUploadedFile("id.jpg", b"MZ\x90\x00 not a picture"), FileRefused),
        (SimpleUploadedFile("id.pdf", b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript>>>>endobj\n%%EOF"), FileNotPlain),
    ],
    ids=["a program", "a PDF with a script"],
)
def test_refuses_a_paper_that_is_not_what_it_says(upload, refusal, desk):
    application = desk.start()
    with pytest.raises(refusal):
        api.hand_in_document(number=application.number, kind="IDENTITY", upload=upload, by=desk.by, now=desk.now)

    assert not application.documents.exists()


def test_refuses_to_hand_in_what_is_not_complete(desk):
    application = desk.start()
    with pytest.raises(InvalidApplicant):
        api.submit_application(number=application.number, has_consented=True, by=desk.by, now=desk.now)
    api.describe_applicant(number=application.number, applicant=APPLICANT, by=desk.by, now=desk.now)
    with pytest.raises(DocumentMissing) as refusal:
        api.submit_application(number=application.number, has_consented=True, by=desk.by, now=desk.now)

    assert refusal.value.context["kinds"] == ["IDENTITY", "INCOME"]
    assert desk.reload(application).status == "DRAFT"


def test_nothing_goes_to_a_lender_without_consent(desk, lender):
    application = desk.prepared()
    with pytest.raises(ConsentMissing):
        api.submit_application(number=application.number, has_consented=False, by=desk.by, now=desk.now)

    assert desk.reload(application).status == "DRAFT"
    assert not application.consents.exists()
    assert lender.calls == []


def test_refuses_strangers_everywhere(desk):
    number, stranger = desk.prepared().number, make_user()
    calls = [
        lambda: api.access_application(number=number, by=stranger),
        lambda: api.describe_applicant(number=number, applicant=APPLICANT, by=stranger, now=desk.now),
        lambda: api.submit_application(number=number, has_consented=True, by=stranger, now=desk.now),
        lambda: api.withdraw_application(number=number, by=stranger, now=desk.now),
        lambda: api.sign_contract(
            number=number, signer_name="x", has_agreed=True, language="en", by=stranger, now=desk.now
        ),
        lambda: api.hand_in_document(number=number, kind="NOTHING", upload=None, by=desk.by, now=desk.now),
    ]
    for call in calls:
        with pytest.raises(ApplicationNotFound):
            call()


def test_what_was_handed_in_is_not_changed(desk):
    application = desk.submitted()
    with pytest.raises(NotEditable):
        api.describe_applicant(number=application.number, applicant=APPLICANT, by=desk.by, now=desk.now)
    with pytest.raises(NotEditable):
        desk.hand_in(application.number, "INCOME")
    with pytest.raises(NotEditable):
        api.submit_application(number=application.number, has_consented=True, by=desk.by, now=desk.now)

    assert application.documents.count() == 2


def test_the_same_file_is_one_paper_and_never_another(desk, lender):
    application = desk.start()
    about = {"number": application.number, "by": desk.by, "now": desk.now}
    scan = picture().read()

    def hand_in(kind):
        return api.hand_in_document(kind=kind, upload=SimpleUploadedFile("scan.png", scan), **about)

    first = hand_in("IDENTITY")
    assert hand_in("IDENTITY") == first
    with pytest.raises(DocumentRepeated) as refusal:
        hand_in("INCOME")
    assert set(refusal.value.fields) == {"file"}
    assert api.FinanceDocument.objects.get() == first
    # What the lender has already is nothing new to it: the application would wait there for ever.
    api.FinanceDocument.objects.update(sent_at=desk.now)
    with pytest.raises(DocumentRepeated):
        hand_in("IDENTITY")
