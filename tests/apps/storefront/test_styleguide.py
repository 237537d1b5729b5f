"""The style guide shows every component in every state, to staff alone; components keep their promises."""

import re

import pytest
from django.template import engines
from django.test import Client
from django_cotton.compiler_regex import CottonCompiler

from apps.portals.storefront.templatetags.design import as_links, stars
from apps.portals.storefront.web.styleguide import list_components
from tests.factories.accounts import make_user

# The states a component has beyond its default one.
STATES = {
    "button": {"hover", "focus", "disabled", "loading"},
    "field": {"focus", "error", "disabled"},
    "chip": {"hover", "focus", "selected", "disabled"},
    "picture": {"empty"},
    "price": {"empty"},
    "rating": {"empty"},
    "notice": {"error"},
    "quantity": {"disabled"},
    "dialog": {"open"},
    "skeleton": {"text", "picture", "figure"},
}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def render(markup: str, **context) -> str:
    """Render a component as a template would."""
    return engines["django"].from_string(CottonCompiler().process(markup)).render(context)


@pytest.fixture
def staff(db) -> Client:
    """Somebody who works at HQ."""
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    user = make_user()
    type(user).objects.filter(pk=user.pk).update(is_staff=True)
    client.force_login(user, backend=BACKEND)
    return client


@pytest.mark.django_db
def test_shows_every_component_by_day_and_by_night_in_all_its_states(staff):
    page = staff.get("/styleguide/").content.decode()

    for name in list_components():
        assert page.count(f'data-section="{name}"') == 2, name
        shown = page.split(f'data-theme="dark" data-section="{name}"')[1].split("</section>\n    \n")[0]
        missing = STATES.get(name, set()) - set(re.findall(r'data-state="(\w+)"', shown))
        assert not missing, (name, missing)


@pytest.mark.django_db
def test_is_not_there_for_consumers_and_asks_strangers_to_sign_in(signed_in, reader):
    assert signed_in.get("/styleguide/").status_code == 404
    assert reader.get("/styleguide/").headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "EEEEE"), (0.3, "HEEEE"), (3.5, "FFFHE"), (3.7, "FFFHE"), (4.8, "FFFFF"), (5, "FFFFF")],
)
def test_stars_round_to_halves(value, expected):
    assert "".join({"full": "F", "half": "H", "empty": "E"}[star] for star in stars(value)) == expected


def test_links_come_from_names_and_pairs():
    assert [(link.name, link.href) for link in as_links(["Pay", ("Cart", "/cart/")])] == [
        ("Pay", ""),
        ("Cart", "/cart/"),
    ]


def test_an_attribute_cannot_be_left_by_what_a_visitor_wrote():
    evil = '"><script>alert(1)</script>'

    page = render(
        '<c-button data-title="{{ evil }}">{{ evil }}</c-button><c-chip href="{{ evil }}">x</c-chip>', evil=evil
    )

    assert "<script" not in page


def test_a_component_does_not_see_the_page_it_stands_on():
    assert "leaked" not in render("<c-notice>x</c-notice>", title="leaked", tone="leaked", css="leaked")


def test_a_disabled_link_is_a_disabled_button():
    page = render('<c-button href="/x/" disabled="1">Go</c-button>')

    assert "<a" not in page
    assert "disabled" in page
