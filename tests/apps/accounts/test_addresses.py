"""A member's phone and e-mail addresses change with a proof, and with a fresh password."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from apps.accounts.api import User
from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db

OLD, NEW = "+8613800138000", "+8613900139000"


@pytest.fixture
def member(visitor):
    user = make_user("person@example.com", phone=OLD)
    visitor.post(reverse("account_login"), {"login": "person@example.com", "password": PASSWORD})
    return user


@pytest.fixture
def confirmed_member(visitor, member):
    visitor.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return member


def test_a_new_phone_counts_only_after_its_code(visitor, confirmed_member, sms, deliver):
    answer = visitor.post(reverse("account_change_phone"), {"phone": "139 0013 9000"})

    assert answer.url == reverse("account_verify_phone")
    assert User.objects.get().phone == OLD
    deliver()
    visitor.post(reverse("account_verify_phone"), {"code": sms.code_for(NEW)})
    user = User.objects.get()
    assert (user.phone, user.is_phone_verified) == (NEW, True)
    assert User.objects.get_by_phone(NEW) == user


def test_the_phone_of_another_account_is_not_taken_over(visitor, confirmed_member, sms, deliver):
    other = make_user(phone=NEW)

    visitor.post(reverse("account_change_phone"), {"phone": NEW})
    deliver()
    codes = [params["code"] for to, _, params in sms.sent if "code" in params]
    visitor.post(reverse("account_verify_phone"), {"code": codes[0] if codes else "123456"})

    assert User.objects.get(pk=confirmed_member.pk).phone == OLD
    assert User.objects.get_by_phone(NEW) == other


def test_a_change_needs_a_fresh_password(visitor, member, sms, deliver):
    answer = visitor.post(reverse("account_change_phone"), {"phone": NEW})

    assert answer.url.startswith(reverse("account_reauthenticate"))
    deliver()
    assert sms.sent == []


def test_a_new_email_becomes_the_main_one_after_it_is_confirmed(visitor, confirmed_member, deliver):
    visitor.post(reverse("account_email"), {"email": "new@example.com", "action_add": ""})
    deliver()
    letter = next(letter for letter in mail.outbox if letter.to == ["new@example.com"])
    visitor.post(re.search(r"http://testserver(/account/confirm-email/\S+)", letter.body).group(1))

    visitor.post(reverse("account_email"), {"email": "new@example.com", "action_primary": ""})

    assert User.objects.get().email == "new@example.com"
    visitor.post(reverse("account_logout"))
    page = visitor.post(reverse("account_login"), {"login": "new@example.com", "password": PASSWORD})
    assert page.status_code == 302


def test_an_unconfirmed_email_does_not_become_the_main_one(visitor, confirmed_member):
    visitor.post(reverse("account_email"), {"email": "new@example.com", "action_add": ""})

    visitor.post(reverse("account_email"), {"email": "new@example.com", "action_primary": ""})

    assert User.objects.get().email == "person@example.com"


def test_who_signed_up_by_phone_may_set_a_password(visitor, sms, deliver):
    visitor.post(reverse("account_signup"), {"phone": OLD, "email": "", "password1": ""})
    deliver()
    visitor.post(reverse("account_verify_phone"), {"code": sms.code_for(OLD)})

    visitor.post(
        reverse("account_set_password"), {"password1": "another-long-secret", "password2": "another-long-secret"}
    )

    assert User.objects.get().check_password("another-long-secret")
