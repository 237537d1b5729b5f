"""Kept pages for members: completed with what is their own, and rendered wherever more than that differs."""

import re
import time

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import Client, RequestFactory

from apps.kernel.api import forget_pages_now
from apps.kernel.page_cache import client as page_cache_client
from tests.apps.kernel.kept_pages import RENDERED
from tests.factories.accounts import make_user

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([a-zA-Z0-9]{64})"')


@pytest.fixture(autouse=True)
def _pages(redis_url, settings, db):
    settings.PAGE_CACHE_URL = redis_url
    settings.ROOT_URLCONF = "tests.apps.kernel.kept_pages"
    from apps.kernel.web import page_cache

    page_cache._policy_of_path.cache_clear()
    page_cache_client._client_of.cache_clear()
    forget_pages_now(["shelf"])
    RENDERED.clear()
    yield
    page_cache._policy_of_path.cache_clear()


@pytest.fixture
def guest() -> Client:
    return Client()


@pytest.fixture
def user(db):
    return make_user()


@pytest.fixture
def member(user) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_kept_page_is_completed_for_a_member(guest, member, user):
    guest.get("/counter/")

    page = member.get("/counter/")

    assert RENDERED == {"counter": 1}
    assert page.status_code == 200
    assert b"<!--own:name--><b>%d</b><!--/own:name--> bye" % user.pk in page.content
    assert b"never seen" not in page.content
    assert page["Content-Type"].startswith("text/html")


def test_its_forms_are_accepted_from_that_member_only(guest, member):
    guest.get("/counter/")
    tokens = set(TOKEN.findall(member.get("/counter/").content))

    assert len(tokens) == 1
    token = tokens.pop().decode()
    assert member.post("/take/", {"csrfmiddlewaretoken": token}).status_code == 200
    stranger = Client(enforce_csrf_checks=True)
    stranger.get("/counter/")
    assert stranger.post("/take/", {"csrfmiddlewaretoken": token}).status_code == 403


def test_what_a_member_is_shown_never_reaches_a_guest(guest, member, user):
    guest.get("/counter/")
    member.get("/counter/")

    page = guest.get("/counter/").content

    assert b"guest<!--/own:name-->" in page
    assert b"<b>%d</b>" % user.pk not in page


def test_a_page_that_is_not_kept_is_rendered_and_neither_kept_nor_waited_for(guest, member, user):
    page = member.get("/counter/")
    assert b"<!--own:name-->%d<!--/own:name-->" % user.pk in page.content
    member.get("/counter/")
    assert RENDERED == {"counter": 2}

    before = time.monotonic()
    assert b"guest<!--/own:name-->" in guest.get("/counter/").content
    # Whoever finds a lease waits for a second; the member took none.
    from apps.kernel.web.page_cache import PATIENCE_SECONDS

    assert time.monotonic() - before < PATIENCE_SECONDS
    assert RENDERED == {"counter": 3}


def test_a_forgotten_tag_holds_for_members_too(guest, member):
    guest.get("/counter/")
    forget_pages_now(["shelf"])

    member.get("/counter/")

    assert RENDERED == {"counter": 2}


def test_a_member_for_whom_more_differs_is_rendered_a_page(guest, member, user):
    guest.get("/counter/")

    page = member.get("/counter/", headers={"X-Key": "1"})

    assert b"<!--own:name-->%d<!--/own:name-->" % user.pk in page.content
    assert RENDERED == {"counter": 2}


def test_a_message_that_waits_is_shown(guest, member):
    guest.get("/counter/")
    storage = CookieStorage(RequestFactory().get("/"))
    member.cookies["messages"] = storage._encode([_message("Well done.")])

    member.get("/counter/")

    assert RENDERED == {"counter": 2}


def test_a_view_that_says_nothing_of_members_renders_for_them(guest, member):
    guest.get("/shelf/")

    member.get("/shelf/")

    assert RENDERED == {"shelf ": 2}


def test_without_redis_members_are_rendered_pages(guest, member, settings):
    guest.get("/counter/")
    settings.PAGE_CACHE_URL = "redis://127.0.0.1:1/0"

    assert member.get("/counter/").status_code == 200
    assert RENDERED == {"counter": 2}


def _message(text: str):
    from django.contrib.messages import SUCCESS
    from django.contrib.messages.storage.base import Message

    return Message(SUCCESS, text)
