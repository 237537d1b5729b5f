"""Whole pages for visitors who are not signed in: kept, right at once when something changes, nobody's own."""

import gzip
import re
import threading

import brotli
import pytest
from django.conf import settings as django_settings
from django.test import Client

from apps.kernel.api import forget_pages, forget_pages_now, keep_value
from apps.kernel.page_cache import client as page_cache_client
from tests.apps.kernel.kept_pages import RENDERED

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([a-zA-Z0-9]{64})"')


@pytest.fixture(autouse=True)
def _pages(redis_url, settings, db):
    settings.PAGE_CACHE_URL = redis_url
    settings.ROOT_URLCONF = "tests.apps.kernel.kept_pages"
    from apps.kernel.web import page_cache

    page_cache._policy_of_path.cache_clear()
    page_cache_client._client_of.cache_clear()
    RENDERED.clear()
    yield
    page_cache._policy_of_path.cache_clear()


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def another() -> Client:
    return Client(enforce_csrf_checks=True)


def test_a_page_is_rendered_once_and_asks_the_database_nothing_after_that(visitor, django_assert_num_queries):
    first = visitor.get("/shelf/")

    with django_assert_num_queries(0):
        again = visitor.get("/shelf/")

    assert RENDERED == {"shelf ": 1}
    assert again.content == first.content
    assert again["Content-Type"] == first["Content-Type"] == "text/html; charset=utf-8"
    assert again["X-Frame-Options"] == "DENY"
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_two_visitors_share_a_page_and_neither_cookie_nor_token(visitor, another):
    mine, yours = visitor.get("/shelf/"), another.get("/shelf/")

    assert RENDERED == {"shelf ": 1}
    my_token, your_token = TOKEN.search(mine.content)[1], TOKEN.search(yours.content)[1]
    assert len(set(TOKEN.findall(mine.content))) == 1
    assert my_token != your_token
    assert mine.content.replace(my_token, your_token) == yours.content
    assert mine.cookies["xc_csrf"].value != yours.cookies["xc_csrf"].value
    assert set(yours.cookies) == {"xc_csrf"}


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_a_form_of_a_kept_page_is_accepted_from_its_visitor_only(visitor, another, encoding):
    another.get("/shelf/")
    page = visitor.get("/shelf/", headers={"Accept-Encoding": encoding})
    token = TOKEN.search(unpack(page))[1].decode()

    assert visitor.post("/take/", {"csrfmiddlewaretoken": token}).content == b"taken"
    assert visitor.post("/take/", headers={"X-CSRFToken": token}).content == b"taken"
    assert another.post("/take/", {"csrfmiddlewaretoken": token}).status_code == 403


@pytest.mark.parametrize(("accepts", "gets"), [("gzip, deflate", "gzip"), ("gzip, br", "br"), ("br;q=0, gzip", "gzip")])
def test_a_kept_page_comes_compressed_and_says_the_same(visitor, accepts, gets):
    plain = visitor.get("/shelf/")
    packed = visitor.get("/shelf/", headers={"Accept-Encoding": accepts})

    assert packed["Content-Encoding"] == gets
    assert packed["Content-Length"] == str(len(packed.content))
    assert len(packed.content) < len(plain.content) / 5
    assert unpack(packed) == plain.content
    assert packed["ETag"] != plain["ETag"]


def test_a_browser_is_told_when_its_copy_is_right(visitor):
    page = visitor.get("/shelf/")

    right = visitor.get("/shelf/", headers={"If-None-Match": page["ETag"]})
    assert (right.status_code, right.content, right["ETag"]) == (304, b"", page["ETag"])
    assert page["ETag"].startswith('"')
    assert page["Cache-Control"] == right["Cache-Control"] == "private, no-cache"
    varies = {"cookie", "accept-language", "accept-encoding", "hx-request"}
    assert {name.strip().lower() for name in right["Vary"].split(",")} == varies

    forget_pages_now(["thing:1"])
    RENDERED["shelf "] = 41
    assert visitor.get("/shelf/", headers={"If-None-Match": page["ETag"]}).status_code == 304
    assert RENDERED["shelf "] == 42


def test_a_copy_with_a_token_of_another_secret_is_not_right(visitor):
    page = visitor.get("/shelf/")
    visitor.cookies["xc_csrf"] = "b" * 32

    assert visitor.get("/shelf/", headers={"If-None-Match": page["ETag"]}).status_code == 200


@pytest.mark.parametrize("tag", ["shelf", "thing:2", "*"])
def test_what_carries_a_forgotten_tag_is_rendered_anew_at_once(visitor, tag):
    visitor.get("/shelf/")

    forget_pages_now([tag])

    visitor.get("/shelf/")
    visitor.get("/shelf/")
    assert RENDERED == {"shelf ": 2}


def test_what_does_not_carry_it_stays(visitor):
    visitor.get("/shelf/")
    visitor.get("/things/7/")

    forget_pages_now(["thing:7"])

    visitor.get("/shelf/")
    visitor.get("/things/7/")
    assert RENDERED == {"shelf ": 1, "thing 7": 2}


def test_a_transaction_that_rolls_back_forgets_nothing(visitor, django_capture_on_commit_callbacks):
    visitor.get("/shelf/")
    with django_capture_on_commit_callbacks(execute=False):
        forget_pages("shelf")
    visitor.get("/shelf/")
    assert RENDERED == {"shelf ": 1}

    with django_capture_on_commit_callbacks(execute=True):
        forget_pages("shelf")
    visitor.get("/shelf/")
    assert RENDERED == {"shelf ": 2}


def test_a_page_whose_price_changed_while_it_was_rendered_is_wrong_when_it_arrives(visitor, monkeypatch):
    from tests.apps.kernel import kept_pages

    def change_meanwhile(request, *tags):
        forget_pages_now(["shelf"])

    monkeypatch.setattr(kept_pages, "tag_page", change_meanwhile)
    visitor.get("/shelf/")
    visitor.get("/shelf/")

    assert RENDERED == {"shelf ": 2}


def test_parameters_that_nobody_named_make_no_other_page_and_are_not_in_it(visitor):
    visitor.get("/shelf/?utm_source=<b>letter</b>&page=2&empty=&option-x=1")
    again = visitor.get("/shelf/?option-x=1&page=2&fbclid=99")

    assert RENDERED == {"shelf 2": 1}
    assert b"option-x=1&amp;page=2" in again.content
    assert b"letter" not in again.content
    visitor.get("/shelf/?page=3")
    assert RENDERED["shelf 3"] == 1


def test_languages_and_parts_of_pages_do_not_mix(visitor):
    for language in ("en", "zh-hans"):
        for part in ({}, {"HX-Request": "true"}):
            visitor.get("/shelf/", headers={"Accept-Language": language, **part})
            visitor.get("/shelf/", headers={"Accept-Language": language, **part})

    assert RENDERED == {"shelf ": 4}


def test_the_language_of_the_address_is_remembered_from_a_kept_page_too(visitor, another):
    visitor.get("/shelf/?hl=en")
    page = another.get("/shelf/?hl=en")

    assert RENDERED == {"shelf ": 1}
    assert page.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert page["Content-Language"] == "en"
    assert django_settings.LANGUAGE_COOKIE_NAME not in another.get("/shelf/?hl=en").cookies


def test_a_page_is_rendered_for_nobody_in_particular(visitor):
    visitor.cookies["xc_cart"] = "mine"
    visitor.cookies["django_language"] = "en"

    page = visitor.get("/shelf/")

    assert b"xc_cart" not in page.content
    assert b"[&#x27;django_language&#x27;]" in page.content


def test_a_page_that_sets_cookies_is_not_kept_and_sets_none(visitor, another):
    for browser in (visitor, another):
        assert "greeted" not in browser.get("/greets/").cookies
    assert RENDERED == {"greets": 2}


def test_a_page_with_a_token_of_its_own_is_not_kept(visitor, another):
    assert visitor.get("/plays-alone/").content != another.get("/plays-alone/").content
    assert visitor.get("/plays-alone/").cookies["xc_csrf"].value


def test_only_whole_pages_are_kept(visitor):
    assert [visitor.get("/missing/").status_code for _ in range(2)] == [404, 404]
    assert RENDERED == {"missing": 2}


def test_a_guest_with_a_session_gets_the_kept_page_a_member_never(visitor, another):
    visitor.get("/shelf/")
    another.get("/sign-in/")
    assert another.cookies["xc_visitor"].value == "guest"
    another.get("/shelf/")
    assert RENDERED == {"shelf ": 1}

    another.get("/sign-in/?user=1")
    assert another.cookies["xc_visitor"].value == "member"
    another.get("/shelf/")
    assert RENDERED == {"shelf ": 2}


@pytest.mark.parametrize("who", ["session", "message", "token", "bearer"])
def test_whoever_may_be_somebody_is_not_answered_from_the_cache(visitor, who):
    visitor.get("/shelf/")
    headers = {"token": {"X-Session-Token": "x"}, "bearer": {"Authorization": "Bearer x"}}.get(who, {})
    if who == "session":
        visitor.cookies["xc_session"] = "x" * 32
    if who == "message":
        visitor.cookies["messages"] = "waiting"

    visitor.get("/shelf/", headers=headers)

    assert RENDERED == {"shelf ": 2}


def test_many_visitors_at_once_have_a_page_rendered_once(visitor):
    gate, answers = threading.Barrier(6), []

    def visit():
        gate.wait(timeout=20)
        answers.append(Client().get("/shelf/").status_code)

    threads = [threading.Thread(target=visit) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert answers == [200] * 6
    assert RENDERED == {"shelf ": 1}


def test_an_old_page_is_shown_to_others_while_one_renders_it_anew(visitor, redis_url):
    from redis import Redis

    redis = Redis.from_url(redis_url)
    visitor.get("/shelf/")
    page = next(key for key in redis.keys("page:*") if redis.type(key) == b"hash")
    redis.hset(page, "ends", 1)
    redis.set(page + b":lease", "somebody", px=5000)

    assert visitor.get("/shelf/").status_code == 200
    assert RENDERED == {"shelf ": 1}

    redis.delete(page + b":lease")
    visitor.get("/shelf/")
    visitor.get("/shelf/")
    assert RENDERED == {"shelf ": 2}


def test_without_redis_pages_are_rendered(visitor, settings):
    settings.PAGE_CACHE_URL = "redis://127.0.0.1:9/0"

    for _ in range(2):
        page = visitor.get("/shelf/")
        assert page.status_code == 200
        assert (
            visitor.post("/take/", {"csrfmiddlewaretoken": TOKEN.search(page.content)[1].decode()}).content == b"taken"
        )
    assert RENDERED == {"shelf ": 2}
    forget_pages("shelf")
    with pytest.raises(page_cache_client.Unreachable):
        forget_pages_now(["shelf"])


def test_addresses_made_up_without_end_do_not_fill_redis(visitor, monkeypatch):
    from apps.kernel.page_cache import pages

    monkeypatch.setattr(pages, "MOST_NEW_A_MINUTE", 3)
    for number in range(6):
        visitor.get(f"/things/{number}/")
    RENDERED.clear()
    for number in range(6):
        visitor.get(f"/things/{number}/")

    assert len(RENDERED) == 3


def test_head_answers_like_get_without_the_page(visitor):
    page = visitor.get("/shelf/")
    head = visitor.head("/shelf/")

    assert head.content == b""
    assert head["Content-Length"] == str(len(page.content))
    assert head["ETag"] == page["ETag"]


def test_what_pages_are_made_from_is_found_once_until_its_tag_is_forgotten():
    found = []

    def find():
        found.append(1)
        return {"id": 7, "price": len(found)}

    def keep():
        return keep_value("thing", 7, find=find, tags_of=lambda value: [f"thing:{value['id']}"])

    assert [keep(), keep()] == [{"id": 7, "price": 1}] * 2
    forget_pages_now(["thing:8"])
    assert keep() == {"id": 7, "price": 1}
    forget_pages_now(["thing:7"])
    assert [keep(), keep()] == [{"id": 7, "price": 2}] * 2


def test_a_refusal_to_find_is_raised_each_time_and_never_kept():
    def refuse():
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            keep_value("thing", 9, find=refuse, tags_of=lambda value: [])
    assert keep_value("thing", 9, find=lambda: "here", tags_of=lambda value: []) == "here"


def test_without_redis_values_are_found_anew(settings):
    settings.PAGE_CACHE_URL = "redis://127.0.0.1:9/0"
    values = iter([1, 2])

    assert [keep_value("thing", find=lambda: next(values), tags_of=lambda value: []) for _ in range(2)] == [1, 2]


def unpack(response) -> bytes:
    """Read a body as a browser would."""
    return {"gzip": gzip.decompress, "br": brotli.decompress}.get(response.get("Content-Encoding", ""), bytes)(
        response.content
    )
