"""Nothing optional before a yes; yes and no weigh the same, and both can be taken back."""

import re

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from apps.orders.api import CART_COOKIE
from apps.portals.storefront import consent
from apps.portals.storefront.consent import Purpose, given, has_consent, remember
from apps.portals.storefront.web.recent import RECENT_COOKIE
from apps.portals.storefront.web.wishes import WISH_COOKIE


def asked(cookie: str | None):
    """A request with an answer."""
    request = RequestFactory().get("/")
    if cookie is not None:
        request.COOKIES[consent.COOKIE] = cookie
    return request


@pytest.mark.parametrize(
    "cookie", [None, "", "1.", "0.personal", "2.personal", "1.advertising", "x" * 4000, "1.personalx"]
)
def test_without_a_yes_to_this_version_nothing_optional_happens(cookie):
    assert not has_consent(asked(cookie), Purpose.PERSONAL)


def test_a_yes_counts_until_the_question_changes(monkeypatch):
    answer = remember(HttpResponse(), [Purpose.PERSONAL]).cookies[consent.COOKIE].value

    assert has_consent(asked(answer), Purpose.PERSONAL)
    monkeypatch.setattr(consent, "VERSION", consent.VERSION + 1)
    assert given(asked(answer)) is None


@pytest.mark.django_db
def test_the_question_offers_both_answers_alike_and_is_hidden_until_scripts_know(reader):
    page = reader.get("/stores/").content.decode()
    banner = re.search(r'<section class="consent.*?</section>', page, re.DOTALL)[0]

    assert "hidden" in banner.split(">")[0]
    assert f'data-consent="{consent.VERSION}"' in banner
    assert re.findall(r'<button class="([^"]*)" name="choice" value="(\w+)"', banner) == [
        ("btn", "necessary"),
        ("btn", "all"),
    ]


@pytest.mark.django_db
def test_a_choice_is_kept_led_back_from_and_taken_back(reader):
    answer = reader.post("/cookies/", {"choice": "all", "next": "/stores/"})
    assert answer.headers["Location"] == "/stores/"
    assert reader.cookies[consent.COOKIE].value == f"{consent.VERSION}.personal"

    reader.post("/cookies/", {"choice": "necessary"})
    assert reader.cookies[consent.COOKIE].value == f"{consent.VERSION}."
    assert 'value="necessary" checked' in reader.get("/cookies/").content.decode()


@pytest.mark.django_db
def test_taking_it_back_forgets_what_was_kept(reader):
    reader.cookies["xc_recent"] = "12.7"
    reader.post("/cookies/", {"choice": "all"})
    assert reader.cookies["xc_recent"].value == "12.7"

    reader.post("/cookies/", {"choice": "necessary"})

    assert reader.cookies["xc_recent"].value == ""


@pytest.mark.django_db
def test_names_every_cookie_there_is(reader, settings):
    page = reader.get("/cookies/").content.decode()

    names = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, "messages"}
    names |= {settings.VISITOR_COOKIE_NAME, CART_COOKIE, WISH_COOKIE, RECENT_COOKIE, consent.COOKIE}
    assert [name for name in names if name not in page] == []


@pytest.mark.django_db
@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(reader, back):
    assert reader.post("/cookies/", {"choice": "all", "next": back}).headers["Location"] == "/cookies/"


@pytest.mark.django_db
def test_a_choice_nobody_offered_means_no(reader):
    reader.post("/cookies/", {"choice": "everything<script>"})

    assert reader.cookies[consent.COOKIE].value == f"{consent.VERSION}."
