"""Budgets of failed sign-ins."""

import pytest
from axes.models import AccessAttempt
from django.urls import reverse

from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db

PHONE = "+8613800138000"


@pytest.fixture(autouse=True)
def _small_budgets(settings):
    settings.SIGN_IN_BUDGETS = {"pair": 3, "account": 5, "address": 6}
    # The cache's own limits stand before these; here we look at the database's.
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": None}


def try_to_sign_in(visitor, login="person@example.com", password="wrong", address="203.0.113.1"):
    return visitor.post(reverse("account_login"), {"login": login, "password": password}, REMOTE_ADDR=address)


def test_locks_the_pair_and_then_even_the_right_password_waits(visitor):
    make_user("person@example.com")

    answers = [try_to_sign_in(visitor).status_code for _ in range(4)]

    assert answers == [200, 200, 429, 429]
    locked = try_to_sign_in(visitor, password=PASSWORD)
    assert locked.status_code == 429
    assert "Too many failed attempts" in locked.content.decode()
    assert try_to_sign_in(visitor, password=PASSWORD, address="203.0.113.2").status_code == 302


def test_locks_the_account_for_all_addresses(visitor):
    make_user("person@example.com")
    for number in range(5):
        try_to_sign_in(visitor, address=f"203.0.113.{number}")

    assert try_to_sign_in(visitor, password=PASSWORD, address="203.0.113.99").status_code == 429


def test_locks_the_address_for_all_accounts(visitor):
    make_user("person@example.com")
    for number in range(6):
        try_to_sign_in(visitor, login=f"guess{number}@example.com")

    assert try_to_sign_in(visitor, password=PASSWORD).status_code == 429
    assert try_to_sign_in(visitor, password=PASSWORD, address="203.0.113.2").status_code == 302


def test_apps_are_locked_with_their_own_words(app):
    make_user("person@example.com")

    answers = [app.auth("login", {"email": "person@example.com", "password": "wrong"}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [400, 400, 429, 429]
    assert answers[-1].json()["errors"][0]["code"] == "too_many_login_attempts"


def test_counts_a_phone_under_its_index_however_it_is_written(visitor):
    make_user(phone=PHONE)

    for written in ("13800138000", "138 0013 8000", PHONE):
        try_to_sign_in(visitor, login=written)

    [attempt] = AccessAttempt.objects.all()
    assert attempt.failures_since_start == 3
    assert "13800138000" not in f"{attempt.username} {attempt.post_data}"
    assert "wrong" not in attempt.post_data


def test_a_success_clears_the_pair(visitor):
    make_user("person@example.com")
    try_to_sign_in(visitor)
    try_to_sign_in(visitor)
    try_to_sign_in(visitor, password=PASSWORD)

    visitor.post(reverse("account_logout"))

    assert [try_to_sign_in(visitor).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize("proxies, locked", [(0, 429), (1, 302)])
def test_believes_as_many_proxies_as_are_ours(proxies, locked, visitor, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    make_user("person@example.com")
    url = reverse("account_login")
    for _ in range(3):
        visitor.post(
            url, {"login": "person@example.com", "password": "wrong"}, headers={"X-Forwarded-For": "198.51.100.1"}
        )

    answer = visitor.post(
        url, {"login": "person@example.com", "password": PASSWORD}, headers={"X-Forwarded-For": "198.51.100.2"}
    )

    assert answer.status_code == locked
