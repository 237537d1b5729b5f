"""The wizard over HTTP without JavaScript, its drafts, and who may see what."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from apps.notifications.api import Message
from apps.onboarding.api import Application, ApplicationStatus, Attempt, Submission
from apps.onboarding.selectors import write_link
from tests.factories.accounts import make_user
from tests.factories.onboarding import begin, picture, submitted

pytestmark = pytest.mark.django_db
START = {
    "name_zh": "青屿零部件有限公司",
    "contact_name": "林砚",
    "contact_email": "Lin@Example.com",
    "contact_phone": "",
    "agree": "on",
}


def start(client, **changes) -> Application:
    client.post(reverse("onboarding:start", args=["supplier"]), {**START, **changes})
    return Application.objects.latest("pk")


def page(application: Application, name: str) -> str:
    return reverse("onboarding:step", args=[application.number, name])


def take(application: Application, code: str) -> str:
    return reverse("onboarding:requirement", args=[application.number, code])


def raw_draft(application: Application) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT draft_json FROM onboarding_application WHERE id = %s", [application.pk])
        return cursor.fetchone()[0]


def open_link(client, application: Application):
    return client.post(reverse("onboarding:open", args=[write_link(application)]))


def test_a_visitor_starts_and_gets_the_link(client):
    application = start(client)

    assert (application.status, application.contact_email) == (ApplicationStatus.APPLIED, "lin@example.com")
    letter = Message.objects.get(template="application_link")
    assert letter.recipient == "lin@example.com"
    assert f"/join/open/{write_link(application)[:20]}" in letter.context["link"]
    assert client.get(page(application, "company")).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"name_zh": ""},
        {"name_zh": "x"},
        {"contact_name": " "},
        {"contact_email": "nobody"},
        {"contact_phone": "12"},
        {"agree": ""},
    ],
)
def test_refuses_a_start_without_what_we_need_and_keeps_the_entries(changes, client):
    answer = client.post(reverse("onboarding:start", args=["dealer"]), {**START, **changes})

    assert 'id="errors"' in answer.content.decode()
    assert START["contact_name"] in answer.content.decode() or "contact_name" in changes
    assert not Application.objects.exists()


def test_the_link_asks_for_a_click_and_confirms(client, django_user_model):
    application = start(client)
    client.logout()
    token = write_link(application)

    looked = client.get(reverse("onboarding:open", args=[token]))
    application.refresh_from_db()
    assert looked.status_code == 200
    assert application.contact_confirmed_at is None

    client.post(reverse("onboarding:open", args=[token]))
    application.refresh_from_db()
    assert application.status == ApplicationStatus.ONBOARDING
    assert client.get(page(application, "company")).status_code == 200


def test_a_forged_an_old_and_a_replaced_link_open_nothing(client, now):
    application = begin(now=now)
    token = write_link(application)
    Application.objects.filter(pk=application.pk).update(link_version=2)

    for bad in (token, token[:-2] + "xx", "nonsense"):
        assert client.post(reverse("onboarding:open", args=[bad])).status_code == 404
    assert client.get(page(application, "company")).status_code == 404


def test_foreign_and_absent_applications_read_alike(client, now):
    foreign = begin(now=now)
    names = ["company", "papers", "account", "contract", "check"]
    paths = [
        *(page(foreign, name) for name in names),
        reverse("onboarding:wizard", args=[foreign.number]),
        reverse("onboarding:signed-copy", args=[foreign.number]),
    ]
    for signed_in in (False, True):
        if signed_in:
            client.force_login(make_user())
        for path in paths:
            absent = path.replace(foreign.number, "AAAAAAAAAA")
            assert client.get(path).status_code == client.get(absent).status_code == 404
        for path in (take(foreign, "licence"), reverse("onboarding:autosave", args=[foreign.number])):
            assert (
                client.post(path, {}).status_code
                == client.post(path.replace(foreign.number, "A"), {}).status_code
                == 404
            )
    assert not Submission.objects.exists()


def test_resuming_tells_nobody_whether_there_is_an_application(client, now):
    begin(now=now, email="known@example.com")
    Message.objects.all().delete()

    answers = [
        client.post(reverse("onboarding:resume"), {"email": email}, follow=True).content.decode()
        for email in ("known@example.com", "unknown@example.com")
    ]

    plain = [re.sub(r"csrfmiddlewaretoken\" value=\"[^\"]+|X-CSRFToken\": \"[^\"]+", "", answer) for answer in answers]
    assert plain[0] == plain[1]
    assert Message.objects.filter(template="application_link").count() == 1


def test_what_is_typed_is_kept_right_or_wrong(client):
    application = start(client)
    url = reverse("onboarding:autosave", args=[application.number])

    first = client.post(url, json.dumps({"company-region": "上海", "bank-account-account": "12x"}), "application/json")
    client.post(url, json.dumps({"company-address": "世纪大道"}), "application/json")
    application.refresh_from_db()

    assert first.status_code == 200
    assert application.draft == {"company.region": "上海", "bank-account.account": "12x", "company.address": "世纪大道"}
    assert (
        "12x"
        not in Application.objects.filter(pk=application.pk)
        .extra(select={"raw": "draft_json"})
        .values_list("raw", flat=True)[0]
    )
    assert 'value="上海"' in client.get(page(application, "company")).content.decode()
    assert 'value="12x"' in client.get(page(application, "account")).content.decode()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '{"a": 1}',
        '{"nodash": "x"}',
        '{"company-region": "\\u0000"}',
        '{"Company-x": "y"}',
        json.dumps({"company-region": "x" * 2001}),
    ],
)
def test_refuses_drafts_that_are_none(body, client):
    application = start(client)

    answer = client.post(reverse("onboarding:autosave", args=[application.number]), body, "application/json")

    application.refresh_from_db()
    assert answer.status_code in {400, 422}
    assert application.draft == {}


def test_a_refused_form_says_why_keeps_the_words_and_survives_the_window(client):
    application = start(client)

    answer = client.post(take(application, "tax-number"), {"tax-number-number": "91320412MADE050150"})

    text = answer.content.decode()
    assert 'id="errors"' in answer.content.decode()
    assert 'href="#id_tax-number-number"' in text
    assert 'value="91320412MADE050150"' in text
    assert 'value="91320412MADE050150"' in client.get(page(application, "papers")).content.decode()


def test_a_refused_file_is_named_beside_its_field(client):
    application = start(client)
    bad = SimpleUploadedFile("a.pdf", b"%PDF-1.7\n<</S/JavaScript>>\n%%EOF")

    answer = client.post(take(application, "licence"), {"licence-valid_until": "2030-01-01", "licence-file": bad})

    assert 'id="errors"' in answer.content.decode()
    assert 'id="id_licence-file_error"' in answer.content.decode()
    assert not Submission.objects.exists()


def test_the_whole_way_by_forms_alone(client):
    application = start(client)
    open_link(client, application)
    client.post(
        page(application, "company"),
        {
            "company-name_zh": START["name_zh"],
            "company-region": "上海市",
            "company-address": "世纪大道 8 号",
            "company-business": "制动",
        },
    )
    for code in ("licence", "brand-authorization"):
        client.post(
            take(application, code),
            {f"{code}-valid_until": "2030-01-01", f"{code}-issuer": "星驰", f"{code}-file": picture()},
        )
    client.post(take(application, "tax-number"), {"tax-number-number": "91320412MADE05015D"})
    client.post(
        take(application, "bank-account"),
        {
            "bank-account-holder": START["name_zh"],
            "bank-account-bank": "招商银行",
            "bank-account-account": "6222000012345678",
        },
    )
    signed = client.post(
        take(application, "contract"),
        {
            "contract-signer_name": "林砚",
            "contract-signer_title": "总经理",
            "contract-agree": "on",
            "contract-version": "2026-1",
        },
    )
    assert signed.url == page(application, "check")
    copy = client.get(reverse("onboarding:signed-copy", args=[application.number]))
    assert b"".join(copy.streaming_content).startswith(b"%PDF-")

    answer = client.post(page(application, "check"), follow=True)

    application.refresh_from_db()
    assert application.status == ApplicationStatus.READY_FOR_REVIEW
    assert "6222000012345678" not in answer.content.decode()
    assert application.draft == {}


def test_too_many_starts_are_refused(client):
    for _ in range(5):
        start(client)

    answer = client.post(reverse("onboarding:start", args=["supplier"]), START)

    assert 'id="errors"' in answer.content.decode()
    assert Application.objects.count() == 5
    assert Attempt.objects.filter(application=None, outcome="too_many_applications").count() == 1


def test_what_is_being_reviewed_shows_where_it_stands(client, now):
    application = submitted(now=now)
    open_link(client, application)

    assert client.get(page(application, "papers")).status_code == 302
    assert client.get(reverse("onboarding:wizard", args=[application.number])).status_code == 200
