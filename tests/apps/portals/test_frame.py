"""What surrounds the pages of both portals, and the to-do list they begin with."""

from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from apps.accounts.api import OrganizationKind, Role
from apps.portals.navigation import ENTRIES, list_links
from apps.portals.storefront.icons import PATHS
from apps.portals.todo import Action, TodoBlock, TodoRow, collect

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("route", "role"),
    [("supplier-home", Role.SUPPLIER), ("dealer-home", Role.DEALER_CLERK)],
    ids=["supplier", "dealer"],
)
def test_a_page_names_the_organization_and_links_its_pages(shop, sign_in, route, role):
    organization = shop.supplier if role == Role.SUPPLIER else shop.dealer

    page = sign_in(role, organization).get(reverse(route)).content.decode()

    assert str(organization) in page
    assert 'href="#main"' in page
    assert "css/portal.css" in page
    assert page.count('aria-current="page"') == 2, "in the column and on the bar"


def test_every_entry_has_an_icon_and_a_phone_gets_four_at_most():
    for kind in (OrganizationKind.SUPPLIER, OrganizationKind.DEALER):
        entries = [entry for entry in ENTRIES if entry.kind == kind]
        assert sum(entry.is_daily for entry in entries) <= 4
        assert len({entry.url_name for entry in entries}) == len(entries)
        assert {entry.icon for entry in entries} <= PATHS.keys()


def test_a_page_that_is_not_routed_and_one_of_another_role_are_left_out():
    seen = [link.name for link in list_links(kind=OrganizationKind.DEALER, roles=[Role.DEALER_CLERK], path="/dealer/")]

    assert "dealer-home" in seen
    assert "dealer-team" not in seen
    manager = list_links(kind=OrganizationKind.DEALER, roles=[Role.DEALER_MANAGER], path="/dealer/")
    assert [link.name for link in manager if link.is_current] == ["dealer-home"]
    assert list_links(kind=OrganizationKind.DEALER, roles=[Role.CONSUMER], path="/dealer/") == []


def block(title: str, count: int, empty: str = ""):
    """A block that always says the same."""
    return lambda organization, now: TodoBlock(title=title, count=count, empty=empty)


def test_what_waits_comes_first_and_what_has_nothing_to_say_is_left_out():
    blocks = (block("a", 0, "all done"), block("b", 0), lambda organization, now: None, block("c", 2))

    assert [made.title for made in collect(blocks, organization=None, now=NOW)] == ["c", "a"]


def test_a_row_shows_its_clock_and_its_buttons():
    row = TodoRow(title="O1", due_at=NOW, is_late=True, actions=(Action(label="Accept", url="/x/"),))

    page = render_to_string(
        "portals/_todo.html", {"block": TodoBlock(title="Orders", count=7, rows=(row,), link="/all/")}
    )

    assert 'action="/x/"' in page
    assert "todo__late" in page
    assert 'href="/all/"' in page
