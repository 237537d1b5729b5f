"""What is handed in, and every way in which it is refused: nothing is half-written, each try leaves a row."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from apps.kernel.api import FileNotPlain, FileRefused, FileTooLarge, PrivateFile
from apps.onboarding.api import (
    Application,
    ApplicationStatus,
    Attempt,
    Paper,
    Submission,
    SubmissionStatus,
    sign_contract,
    submit_application,
    submit_bank_account,
    submit_paper,
    submit_tax_number,
)
from apps.onboarding.errors import (
    ApplicationClosed,
    ContactNotConfirmed,
    DeadlinePassed,
    EntryInvalid,
    FileMissing,
    InvalidTaxNumber,
    PaperExpired,
    PaperOfAnother,
    RequirementMissing,
    TaxNumberTaken,
    UnknownApplication,
    UnknownRequirement,
)
from tests.factories.dealers import make_supplier
from tests.factories.onboarding import SIGNED, begin, complete, picture, submitted, tax_number

pytestmark = pytest.mark.django_db
GOOD = "91320412MADE05015D"
TODAY = date(2026, 6, 10)


@pytest.fixture
def application(now) -> Application:
    return begin(now=now)


def hand_in_licence(application, now, *, upload=None, requirement="licence", **paper):
    return submit_paper(
        application_id=application.pk, requirement=requirement, paper=Paper(**paper),
        upload=picture() if upload is None else upload, by=None, now=now,
    )  # fmt: skip


def refused(application: Application) -> list[str]:
    return list(
        Attempt.objects.filter(application=application).exclude(outcome="done").values_list("outcome", flat=True)
    )


def test_a_good_number_is_kept_as_the_law_writes_it(application, now):
    submission = submit_tax_number(
        application_id=application.pk, requirement="tax-number", number=" 9132 0412-made05015d ", by=None, now=now
    )

    application.refresh_from_db()
    assert (submission.number, application.uscc, submission.status) == (GOOD, GOOD, SubmissionStatus.PENDING)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "91320412MADE050150",
        "91320412MADE0501",
        "91320412MADE05015DD",
        "9132O412MADE05015D",
        "一二三",
        "91320412MADE05015I",
    ],
)
def test_refuses_a_number_that_fails_its_check_digit(number, application, now):
    with pytest.raises(InvalidTaxNumber):
        submit_tax_number(application_id=application.pk, requirement="tax-number", number=number, by=None, now=now)

    application.refresh_from_db()
    assert application.uscc == ""
    assert not Submission.objects.exists()
    assert refused(application) == ["invalid_tax_number"]


def test_refuses_the_number_of_another_supplier(application, now):
    make_supplier(uscc=GOOD)

    with pytest.raises(TaxNumberTaken):
        submit_tax_number(application_id=application.pk, requirement="tax-number", number=GOOD, by=None, now=now)

    assert refused(application) == ["tax_number_taken"]
    assert not Submission.objects.exists()


def test_a_draft_locks_nobody_out_but_a_submitted_application_does(now):
    squatter, owner, late = begin(now=now), begin(now=now), begin(now=now)
    for one in (squatter, owner):
        submit_tax_number(application_id=one.pk, requirement="tax-number", number=GOOD, by=None, now=now)
    complete(owner, now=now)
    submit_tax_number(application_id=owner.pk, requirement="tax-number", number=GOOD, by=None, now=now)

    sign_contract(
        application_id=owner.pk,
        requirement="contract",
        version="2026-1",
        signature=SIGNED,
        language="en",
        by=None,
        now=now,
    )
    submit_application(application_id=owner.pk, by=None, now=now)

    with pytest.raises(TaxNumberTaken):
        submit_tax_number(application_id=late.pk, requirement="tax-number", number=GOOD, by=None, now=now)


def test_a_paper_is_drawn_anew_and_the_latest_counts(application, now):
    first = hand_in_licence(application, now, valid_until=date(2027, 1, 1))
    second = hand_in_licence(application, now, valid_until=date(2028, 1, 1))

    first.refresh_from_db()
    assert (first.is_latest, second.is_latest) == (False, True)
    assert second.file.content.read() != picture().read()
    assert (second.file_digest, second.file.content_type) == (second.file.digest, "image/png")


@pytest.mark.parametrize("valid_until", [TODAY, None, date(2026, 6, 11)])
def test_a_paper_counts_on_its_last_day(valid_until, application, now):
    assert hand_in_licence(application, now, valid_until=valid_until).valid_until == valid_until


@pytest.mark.parametrize(
    ("paper", "error"),
    [
        ({"valid_until": date(2026, 6, 9)}, PaperExpired),
        ({"valid_until": date(1979, 1, 1)}, EntryInvalid),
        ({"valid_until": date(2101, 1, 1)}, EntryInvalid),
        ({"valid_from": date(2026, 6, 11)}, EntryInvalid),
        ({"valid_from": date(2026, 5, 1), "valid_until": date(2026, 4, 1)}, EntryInvalid),
    ],
)
def test_refuses_impossible_and_expired_dates(paper, error, application, now):
    with pytest.raises(error):
        hand_in_licence(application, now, **paper)

    assert not Submission.objects.exists()
    assert not PrivateFile.objects.exists()
    assert refused(application) == [error.code]


@pytest.mark.parametrize(
    "missing", [{"number": "", "issuer": "SGS"}, {"number": "1", "issuer": " "}, {"number": "1" * 61, "issuer": "SGS"}]
)
def test_asks_for_number_and_issuer_where_the_paper_has_them(missing, application, now):
    with pytest.raises(EntryInvalid) as refusal:
        hand_in_licence(application, now, requirement="iso-certificate", **missing)

    assert len(refusal.value.fields) == 1
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.pdf", b"%PDF-1.7\n<</S/JavaScript>>\n%%EOF", FileNotPlain),
        ("a.pdf", b"%PDF-1.7\n%%EOF\n<html><script>alert(1)</script></html>", FileNotPlain),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileRefused),
        ("a.png", b"PK\x03\x04 not a picture", FileRefused),
        ("a.png", b"\x89PNG\r\n\x1a\n broken", FileRefused),
        ("big.pdf", b"%PDF-" + bytes(11 * 1024 * 1024), FileTooLarge),
    ],
    ids=["active", "polyglot", "svg", "zip", "broken", "oversized"],
)
def test_refuses_files_by_name_and_keeps_nothing(name, content, error, application, now):
    with pytest.raises(error):
        hand_in_licence(application, now, upload=SimpleUploadedFile(name, content))

    assert not PrivateFile.objects.exists()
    assert not Submission.objects.exists()
    assert refused(application) == [error.code]


def test_a_picture_loses_what_hides_behind_its_pixels(application, now):
    hidden = io.BytesIO(picture().read() + b"<script>alert(1)</script>PK\x03\x04")

    submission = hand_in_licence(application, now, upload=SimpleUploadedFile("../../licence.png", hidden.getvalue()))

    assert b"<script>" not in submission.file.content.read()
    assert submission.file_name == "licence.png"


def test_refuses_the_very_file_of_another_company(application, now):
    hand_in_licence(application, now, upload=picture(color=(1, 2, 3)))
    other = begin(now=now)

    with pytest.raises(PaperOfAnother):
        hand_in_licence(other, now, upload=picture(color=(1, 2, 3)))

    assert not other.submissions.exists()
    assert PrivateFile.objects.count() == 1
    assert refused(other) == ["paper_of_another"]


def test_refuses_no_file(application, now):
    with pytest.raises(FileMissing):
        submit_paper(application_id=application.pk, requirement="licence", paper=Paper(), upload=None, by=None, now=now)
    assert refused(application) == ["file_missing"]


@pytest.mark.parametrize("code", ["premises", "nonsense", "tax-number", ""])
def test_refuses_what_this_kind_is_not_asked_for(code, application, now):
    with pytest.raises(UnknownRequirement):
        hand_in_licence(application, now, requirement=code)
    assert not Submission.objects.exists()


def test_a_bank_account_is_encrypted_and_masked(application, now):
    submission = submit_bank_account(
        application_id=application.pk, requirement="bank-account", holder=application.name_zh, bank="招商银行上海分行",
        account="6222 0000 1234-5678", by=None, now=now,
    )  # fmt: skip

    with connection.cursor() as cursor:
        cursor.execute("SELECT account FROM onboarding_submission WHERE id = %s", [submission.pk])
        stored = cursor.fetchone()[0]
    assert "6222000012345678" not in stored
    assert Submission.objects.get(pk=submission.pk).account == "6222000012345678"
    assert submission.account_masked == "•••• 5678"


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"holder": "别的公司"}, "holder"),
        ({"holder": ""}, "holder"),
        ({"bank": ""}, "bank"),
        ({"account": "12345678"}, "account"),
        ({"account": "6222abc012345678"}, "account"),
        ({"account": "１２３４５６７８９０"}, "account"),
        ({"account": "1" * 33}, "account"),
    ],
)
def test_refuses_an_account_that_cannot_be(entry, field, application, now):
    good = {"holder": application.name_zh, "bank": "招商银行上海分行", "account": "6222000012345678"}

    with pytest.raises(EntryInvalid) as refusal:
        submit_bank_account(
            application_id=application.pk, requirement="bank-account", by=None, now=now, **{**good, **entry}
        )

    assert list(refusal.value.fields) == [field]
    assert not Submission.objects.exists()
    assert refused(application) == ["entry_invalid"]


def test_refuses_to_write_in_what_is_reviewed(now):
    application = submitted(now=now)
    count = Submission.objects.count()

    with pytest.raises(ApplicationClosed):
        hand_in_licence(application, now)
    assert Submission.objects.count() == count


def test_refuses_to_write_after_the_deadline(application, now):
    with pytest.raises(DeadlinePassed):
        hand_in_licence(application, now + timedelta(days=30))
    assert not Submission.objects.exists()


def test_refuses_an_application_that_is_not_there(now):
    with pytest.raises(UnknownApplication):
        submit_tax_number(application_id=424242, requirement="tax-number", number=GOOD, by=None, now=now)
    assert Attempt.objects.get().outcome == "not_found"


def test_refuses_to_submit_what_is_not_complete_and_names_it(application, now):
    with pytest.raises(RequirementMissing) as refusal:
        submit_application(application_id=application.pk, by=None, now=now)

    application.refresh_from_db()
    assert refusal.value.context["missing"] == [
        "company", "licence", "tax-number", "brand-authorization", "bank-account", "contract",
    ]  # fmt: skip
    assert application.status == ApplicationStatus.ONBOARDING
    assert refused(application) == ["requirement_missing"]


def test_refuses_to_submit_before_the_contact_is_confirmed(now):
    application = complete(begin(now=now, confirmed=False), now=now)

    with pytest.raises(ContactNotConfirmed):
        submit_application(application_id=application.pk, by=None, now=now)
    application.refresh_from_db()
    assert application.status == ApplicationStatus.APPLIED


def test_refuses_to_submit_after_the_deadline(application, now):
    complete(application, now=now)

    with pytest.raises(DeadlinePassed):
        submit_application(application_id=application.pk, by=None, now=now + timedelta(days=30))

    application.refresh_from_db()
    assert (application.status, application.submitted_at) == (ApplicationStatus.ONBOARDING, None)


def test_refuses_to_submit_under_a_number_that_somebody_got_meanwhile(application, now):
    complete(application, now=now)
    make_supplier(uscc=application.uscc)

    with pytest.raises(TaxNumberTaken):
        submit_application(application_id=application.pk, by=None, now=now)

    application.refresh_from_db()
    assert (application.status, application.submitted_at) == (ApplicationStatus.ONBOARDING, None)
    assert refused(application) == ["tax_number_taken"]


def test_a_contract_of_another_name_must_be_signed_again(application, now):
    complete(application, now=now)
    submit_tax_number(application_id=application.pk, requirement="tax-number", number=tax_number(), by=None, now=now)

    with pytest.raises(RequirementMissing) as refusal:
        submit_application(application_id=application.pk, by=None, now=now)
    assert refusal.value.context["missing"] == ["contract"]
