"""Pages for when something is wrong, and the shutters."""

import re

import pytest
from django.urls import get_resolver

OPEN_WHEN_SHUT = ("/health/live", "/static/css/shop.css")


@pytest.fixture
def shut(settings, tmp_path):
    """The shutters are down, by the file."""
    settings.S2B2C_HOME = tmp_path
    (tmp_path / "maintenance").touch()
    return tmp_path / "maintenance"


@pytest.mark.parametrize(("header", "words"), [("zh-CN", "我们正在维护商城"), ("en", "We are working on the shop")])
def test_the_shutters_answer_everybody_in_their_language(client, shut, header, words):
    answer = client.get("/", HTTP_ACCEPT_LANGUAGE=header)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "600"
    assert words in answer.content.decode()


def test_the_shutters_tell_programs_in_json(client, shut):
    answer = client.get("/api/v1/products/")

    assert (answer.status_code, answer.json()["code"]) == (503, "under_maintenance")


@pytest.mark.parametrize("path", OPEN_WHEN_SHUT)
def test_health_and_style_sheet_stay_open(client, shut, path):
    assert client.get(path).status_code != 503


@pytest.mark.django_db
def test_the_shop_opens_again_at_once(client, shut, settings):
    shut.unlink()
    assert client.get("/cookies/").status_code == 200
    settings.MAINTENANCE = True
    assert client.get("/cookies/").status_code == 503


@pytest.mark.django_db
def test_a_page_that_is_not_there_leads_on(reader):
    answer = reader.get("/no-such-page/")
    page = answer.content.decode()

    assert answer.status_code == 404
    assert 'action="/search/"' in page
    assert 'href="/vehicles/"' in page


@pytest.mark.django_db
def test_nobody_meets_oscar(reader):
    """None of its pages has an address, and no page of ours is drawn with its templates."""
    for path in (
        "catalogue/",
        "basket/",
        "dashboard/",
        "offers/",
        "accounts/login/",
        "catalogue/reviews/",
        "wishlists/",
    ):
        assert reader.get(f"/{path}").status_code == 404
    views = [pattern.callback for pattern in _patterns(get_resolver().url_patterns)]
    assert not [view for view in views if getattr(view, "__module__", "").startswith("oscar")]
    assert not [
        view for view in views if getattr(getattr(view, "view_class", None), "__module__", "").startswith("oscar")
    ]


def _patterns(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/account/login/", "/account/signup/", "/account/password/reset/", "/account/login/code/"]
)
def test_account_pages_are_ours(reader, path):
    page = reader.get(path).content.decode()

    assert "css/shop" in page
    assert re.search(r'<button class="btn btn--primary', page)
