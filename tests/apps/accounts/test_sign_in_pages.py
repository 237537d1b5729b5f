"""Signing up and in through the pages."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from apps.accounts.api import User
from apps.kernel.api import OutboxEvent
from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db

PHONE = "+8613800138000"


def is_signed_in(visitor) -> bool:
    return "_auth_user_id" in visitor.session


def sign_up(visitor, **fields):
    return visitor.post(reverse("account_signup"), {"phone": "", "email": "", "password1": "", **fields})


def test_signs_up_by_phone_with_the_code_of_an_sms(visitor, sms, deliver):
    answer = sign_up(visitor, phone="138 0013 8000", display_name="小王")

    assert (answer.status_code, answer.url) == (302, reverse("account_verify_phone"))
    assert not is_signed_in(visitor)
    deliver()
    page = visitor.get(answer.url)
    assert "13800138000" in page.content.decode()
    answer = visitor.post(reverse("account_verify_phone"), {"code": sms.code_for(PHONE)})
    assert (answer.status_code, answer.url) == (302, "/account/")
    user = User.objects.get()
    assert (user.phone, user.is_phone_verified, user.display_name, user.language) == (PHONE, True, "小王", "en")
    assert not user.has_usable_password()
    assert is_signed_in(visitor)
    assert OutboxEvent.objects.filter(name="accounts.user_registered.v1").count() == 1


def test_a_wrong_code_signs_nobody_in_and_three_end_the_attempt(visitor, sms, deliver):
    sign_up(visitor, phone=PHONE)
    deliver()
    wrong = "000000" if sms.code_for(PHONE) != "000000" else "111111"

    pages = [visitor.post(reverse("account_verify_phone"), {"code": wrong}) for _ in range(3)]

    assert [page.status_code for page in pages] == [200, 200, 302]
    assert "Incorrect code" in pages[0].content.decode()
    answer = visitor.post(reverse("account_verify_phone"), {"code": sms.code_for(PHONE)})
    assert answer.url == reverse("account_login")
    assert not is_signed_in(visitor)
    assert not User.objects.get().is_phone_verified


def test_signs_up_by_email_and_is_asked_to_confirm_it(visitor, deliver):
    answer = sign_up(visitor, email="New@Example.com", password1="a-long-enough-secret")

    assert (answer.status_code, answer.url) == (302, "/account/")
    assert is_signed_in(visitor)
    deliver()
    [letter] = mail.outbox
    assert letter.to == ["new@example.com"]
    link = re.search(r"http://testserver(/account/confirm-email/\S+)", letter.body).group(1)
    assert visitor.get(link).status_code == 200
    visitor.post(link)
    assert User.objects.get().emailaddress_set.get().verified


@pytest.mark.parametrize(
    "fields, at",
    [
        ({}, "phone"),
        ({"phone": "12345"}, "phone"),
        ({"email": "someone@example.com"}, "password1"),
        ({"email": "someone@example.com", "password1": "short"}, "password1"),
        ({"email": "someone@example.com", "password1": "1234567890123"}, "password1"),
        ({"email": "not an address", "password1": "a-long-enough-secret"}, "email"),
    ],
)
def test_sign_up_says_what_is_missing_beside_the_field_and_keeps_the_rest(fields, at, visitor):
    page = sign_up(visitor, display_name="Kept", **fields)

    assert page.status_code == 200
    text = page.content.decode()
    assert f'href="#id_{at}"' in text
    assert f'id="id_{at}_error"' in text
    assert 'value="Kept"' in text
    assert not User.objects.exists()


def test_a_robot_that_fills_the_hidden_field_gets_no_account(visitor):
    sign_up(visitor, email="bot@example.com", password1="a-long-enough-secret", company_fax="1")

    assert not User.objects.exists()


def test_a_taken_phone_looks_like_a_new_one_and_its_owner_is_told(visitor, sms, deliver):
    make_user(phone=PHONE)

    answer = sign_up(visitor, phone=PHONE)

    assert answer.url == reverse("account_verify_phone")
    deliver()
    assert [code for _, code, _ in sms.sent] == ["SMS_200000002"]
    assert User.objects.count() == 1


@pytest.mark.parametrize("login", ["person@example.com", "PERSON@example.com", "138 0013 8000", PHONE])
def test_signs_in_with_password_by_either_address(login, visitor):
    make_user("person@example.com", phone=PHONE)

    answer = visitor.post(reverse("account_login"), {"login": login, "password": PASSWORD})

    assert (answer.status_code, answer.url) == (302, "/account/")
    assert is_signed_in(visitor)


@pytest.mark.parametrize(
    "login", ["person@example.com", "nobody@example.com", "13800138000", "13900139000", "not an address"]
)
def test_a_wrong_password_and_an_unknown_account_read_alike(login, visitor):
    make_user("person@example.com", phone=PHONE)

    page = visitor.post(reverse("account_login"), {"login": login, "password": "wrong-password"})

    assert page.status_code == 200
    assert "The account or the password is not correct." in page.content.decode()
    assert not is_signed_in(visitor)


def test_goes_on_to_where_the_visitor_wanted_but_not_to_another_host(visitor):
    make_user("person@example.com")

    for wanted, landed in (("/cart/", "/cart/"), ("https://evil.example/", "/account/")):
        visitor.logout()
        answer = visitor.post(
            reverse("account_login"), {"login": "person@example.com", "password": PASSWORD, "next": wanted}
        )
        assert answer.url == landed


def test_signs_in_by_code_sent_to_the_phone(visitor, sms, deliver):
    make_user(None, phone=PHONE, password=None)

    answer = visitor.post(reverse("account_request_login_code"), {"phone": "13800138000", "email": ""})

    assert answer.url == reverse("account_confirm_login_code")
    deliver()
    assert sms.sent[0][:2] == (PHONE, "SMS_200000001")
    answer = visitor.post(answer.url, {"code": sms.code_for(PHONE)})
    assert answer.status_code == 302
    assert is_signed_in(visitor)


def test_a_code_asked_for_an_unknown_phone_looks_the_same_and_opens_nothing(visitor, sms, deliver):
    answer = visitor.post(reverse("account_request_login_code"), {"phone": PHONE, "email": ""})

    assert answer.url == reverse("account_confirm_login_code")
    deliver()
    assert [code for _, code, _ in sms.sent] == ["SMS_200000003"]
    assert visitor.get(answer.url).status_code == 200
    assert visitor.post(answer.url, {"code": ""}).status_code == 200
    assert visitor.post(answer.url, {"action": "resend"}).status_code == 200
    assert not is_signed_in(visitor)


def test_a_visitor_without_code_can_begin_anew(visitor, sms, deliver):
    make_user(phone=PHONE)
    ask = reverse("account_request_login_code")
    visitor.post(ask, {"phone": PHONE, "email": ""})

    answer = visitor.post(reverse("account_logout"), {"next": ask})

    assert answer.url == ask
    assert visitor.get(ask).status_code == 200
    visitor.post(ask, {"phone": PHONE, "email": ""})
    deliver()
    assert len(sms.sent) == 2


def test_codes_are_bounded_per_phone(visitor, sms, deliver):
    make_user(phone=PHONE)

    def ask():
        return type(visitor)().post(reverse("account_request_login_code"), {"phone": PHONE, "email": ""})

    answers = [ask() for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 200]
    deliver()
    assert len(sms.sent) == 3


def test_resets_a_forgotten_password_by_a_link_that_works_once(visitor, deliver):
    make_user("person@example.com")
    for address in ("person@example.com", "nobody@example.com"):
        answer = visitor.post(reverse("account_reset_password"), {"email": address})
        assert answer.url == reverse("account_reset_password_done")
    deliver()
    letter = next(letter for letter in mail.outbox if letter.to == ["person@example.com"])
    link = re.search(r"http://testserver(/account/password/reset/key/\S+)", letter.body).group(1)

    page = visitor.get(link, follow=True)
    answer = visitor.post(
        page.request["PATH_INFO"], {"password1": "another-long-secret", "password2": "another-long-secret"}
    )

    assert answer.status_code == 302
    assert User.objects.get().check_password("another-long-secret")
    assert "expired or was used" in visitor.get(link, follow=True).content.decode()


def test_a_closed_account_cannot_be_entered(visitor):
    user = make_user("person@example.com")
    User.objects.filter(pk=user.pk).update(is_active=False)

    answer = visitor.post(reverse("account_login"), {"login": "person@example.com", "password": PASSWORD})

    assert answer.url == reverse("account_inactive")
    assert not is_signed_in(visitor)


def test_signing_in_gives_the_session_a_new_key(visitor):
    make_user("person@example.com")
    visitor.get(reverse("account_login"))
    session = visitor.session
    session["planted"] = True
    session.save()
    before = session.session_key

    visitor.post(reverse("account_login"), {"login": "person@example.com", "password": PASSWORD})

    assert visitor.session.session_key != before


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_request_login_code",
        "account_reset_password",
        "account_reset_password_done",
        "account_inactive",
        "account_email_verification_sent",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_for_visitors_is_whole(name, language, visitor):
    page = visitor.get(reverse(name), headers={"Accept-Language": language})

    assert page.status_code == 200
    text = page.content.decode()
    assert text.count("<h1") == 1
    assert "<title>" in text
    assert "style=" not in text


@pytest.mark.parametrize(
    "name",
    [
        "account_email",
        "account_change_password",
        "account_change_phone",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "usersessions_list",
    ],
)
def test_every_page_for_members_is_whole(name, visitor):
    visitor.force_login(make_user(phone=PHONE))

    page = visitor.get(reverse(name))

    assert page.status_code == 200
    text = page.content.decode()
    assert text.count("<h1") == 1
    # The content policy forbids inline style.
    assert "style=" not in text
    assert type(visitor)().get(reverse(name)).status_code == 302
