"""Without Redis people still sign in; budgets hold, as the database counts them."""

import pytest
from django.core.cache import caches
from django.urls import reverse

from apps.accounts.api import enroll_totp
from tests.apps.accounts.totp import code_of
from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_redis(settings):
    # Nobody listens on the discard port.
    settings.CACHES = {
        "default": {"BACKEND": "s2b2c.cache.ForgetfulRedisCache", "LOCATION": "redis://127.0.0.1:9/0"},
    }


def sign_in(visitor, password=PASSWORD):
    return visitor.post(reverse("account_login"), {"login": "person@example.com", "password": password})


def test_signs_in_with_a_second_factor(visitor):
    enroll_totp(user=make_user("person@example.com"), secret=SECRET)

    answer = visitor.post(sign_in(visitor).url, {"code": code_of(SECRET)})

    assert (answer.status_code, answer.url) == (302, "/account/")


def test_budgets_hold(visitor, settings):
    settings.SIGN_IN_BUDGETS = {"pair": 3, "account": 5, "address": 6}
    make_user("person@example.com")

    assert [sign_in(visitor, "wrong").status_code for _ in range(3)] == [200, 200, 429]


def test_the_cache_is_empty_and_says_yes_to_everything():
    cache = caches["default"]

    cache.set("key", "value")

    assert cache.get("key", "nothing") == "nothing"
    assert cache.add("key", "value") is True
    assert (cache.delete("key"), cache.has_key("key"), cache.touch("key")) == (False, False, False)
    assert cache.get_many(["key"]) == {}
    assert cache.incr("count") == 1
    cache.set_many({"key": 1})
    cache.delete_many(["key"])
    cache.clear()


def test_the_cache_works_again_when_redis_does(redis_url, settings):
    settings.CACHES = {"default": {"BACKEND": "s2b2c.cache.ForgetfulRedisCache", "LOCATION": redis_url}}
    cache = caches["default"]

    cache.set("key", "value")

    assert cache.get("key") == "value"
    assert cache.add("key", "other") is False
