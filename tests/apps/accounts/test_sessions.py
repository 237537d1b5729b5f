"""Sessions end when they should."""

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.accounts.api import OrganizationKind, Role, add_member, close_account, sign_out_everywhere
from apps.accounts.services.users import renew_session_key
from tests.factories.accounts import PASSWORD, make_company, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user("person@example.com")


def sign_in(password=PASSWORD):
    visitor = Client(HTTP_ACCEPT_LANGUAGE="en", HTTP_USER_AGENT="Some phone")
    visitor.post(reverse("account_login"), {"login": "person@example.com", "password": password})
    assert is_signed_in(visitor)
    return visitor


def is_signed_in(visitor):
    return visitor.get(reverse("account_email")).status_code == 200


def test_lists_the_devices_and_ends_all_but_this_one(user):
    here, there = sign_in(), sign_in()

    page = here.get(reverse("usersessions_list")).content.decode()
    assert page.count("Some phone") == 2
    assert page.count("This device") == 1
    here.post(reverse("account_end_other_sessions"))

    assert is_signed_in(here)
    assert not is_signed_in(there)


def test_ends_no_session_of_anybody_else(user):
    other = sign_in()
    stranger = Client()
    stranger.force_login(make_user())

    stranger.post(reverse("account_end_other_sessions"))

    assert is_signed_in(other)


def test_ending_sessions_needs_a_post_and_a_member(user):
    assert sign_in().get(reverse("account_end_other_sessions")).status_code == 405
    assert Client().post(reverse("account_end_other_sessions")).status_code == 302


def test_signs_out_everywhere(user):
    visitors = [sign_in(), sign_in()]

    assert sign_out_everywhere(user_id=user.pk) == 2

    assert not any(is_signed_in(visitor) for visitor in visitors)
    assert not UserSession.objects.exists()


def test_new_rights_begin_with_a_new_sign_in(user, now):
    visitor = sign_in()

    add_member(user=user, organization=make_company(OrganizationKind.DEALER), role=Role.DEALER_CLERK, by=None, now=now)

    assert not is_signed_in(visitor)


def test_a_closed_account_is_out_at_once(user, now):
    visitor = sign_in()

    close_account(user_id=user.pk, by=None, now=now)

    assert not is_signed_in(visitor)


def test_a_new_password_keeps_this_session_and_ends_the_others(user):
    here, there = sign_in(), sign_in()
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "another-long-secret", "password2": "another-long-secret"},
    )

    assert is_signed_in(here)
    assert not is_signed_in(there)
    sign_in("another-long-secret")


def test_cookies_are_kept_from_scripts(user):
    cookie = sign_in().cookies["xc_session"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_request_that_still_carries_the_old_key_does_not_sign_the_visitor_out(user):
    here = sign_in()
    late = Client()
    late.cookies.update(here.cookies)
    session = here.session
    renew_session_key(session)

    answer = late.get("/service-worker.js")

    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert settings.VISITOR_COOKIE_NAME not in answer.cookies
    here.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert is_signed_in(here)


def test_signing_out_takes_the_cookie_back(user):
    here = sign_in()

    answer = here.post(reverse("account_logout"))

    assert answer.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert answer.cookies[settings.VISITOR_COOKIE_NAME].value == ""
