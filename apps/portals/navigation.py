"""
What stands in the navigation of the dealers' and the suppliers' portal: one row per page, in the order people see.

A page of another app is named here by its URL name alone; a row whose page is not routed is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.api import DEALER_ROLES, MANAGER_ROLES, SUPPLIER_ROLES, OrganizationKind, Role

MANAGERS = MANAGER_ROLES
EVERYBODY = frozenset({*SUPPLIER_ROLES, *DEALER_ROLES})


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One page of a portal. ``is_daily`` puts it on the bar at the foot of a phone: four at most for each portal."""

    url_name: str
    label: Promise
    icon: str
    kind: OrganizationKind
    roles: frozenset[Role] = EVERYBODY
    is_daily: bool = False


@dataclass(frozen=True, kw_only=True)
class Link:
    """An entry as one reader sees it. ``count`` is how many things wait there; 0 shows none."""

    name: str
    label: Promise
    url: str
    icon: str
    is_daily: bool
    is_current: bool
    count: int = 0


_D = OrganizationKind.DEALER
_S = OrganizationKind.SUPPLIER

ENTRIES = (
    Entry(url_name="supplier-home", label=_("To do"), icon="home", kind=_S, is_daily=True),
    Entry(url_name="supplier-orders", label=_("Orders"), icon="list", kind=_S, is_daily=True),
    Entry(url_name="supplier-offers", label=_("Offers and stock"), icon="box", kind=_S, is_daily=True),
    Entry(url_name="supplier-messages", label=_("Messages"), icon="mail", kind=_S, is_daily=True),
    Entry(url_name="supplier-sites", label=_("Own sites"), icon="pin", kind=_S),
    Entry(url_name="supplier-proposals", label=_("New products"), icon="plus", kind=_S),
    Entry(url_name="supplier-imports", label=_("Import from Excel"), icon="upload", kind=_S),
    Entry(url_name="supplier-returns", label=_("Returns"), icon="undo", kind=_S),
    Entry(url_name="supplier-scorecard", label=_("Scorecard"), icon="chart", kind=_S),
    Entry(url_name="supplier-statements", label=_("Statements"), icon="wallet", kind=_S, roles=MANAGERS),
    Entry(url_name="supplier-documents", label=_("Documents"), icon="document", kind=_S, roles=MANAGERS),
    Entry(url_name="supplier-team", label=_("Team"), icon="people", kind=_S, roles=MANAGERS),
    Entry(url_name="supplier-webhooks", label=_("Webhooks"), icon="share", kind=_S, roles=MANAGERS),
    Entry(url_name="supplier-keys", label=_("API keys"), icon="key", kind=_S, roles=MANAGERS),
    Entry(url_name="dealer-home", label=_("To do"), icon="home", kind=_D, is_daily=True),
    Entry(url_name="dealer-orders", label=_("Orders and pickups"), icon="list", kind=_D, is_daily=True),
    Entry(url_name="dealer-leads", label=_("Leads"), icon="chat", kind=_D, is_daily=True),
    Entry(url_name="dealer-stock", label=_("Cars and stock"), icon="car", kind=_D, is_daily=True),
    Entry(url_name="dealer-chats", label=_("Live service"), icon="mail", kind=_D),
    Entry(url_name="dealer-test-drives", label=_("Test drives"), icon="calendar", kind=_D),
    Entry(url_name="dealer-handovers", label=_("Handovers"), icon="key", kind=_D),
    Entry(url_name="dealer-visits", label=_("Workshop"), icon="wrench", kind=_D),
    Entry(url_name="dealer-quotes", label=_("Quotes"), icon="document", kind=_D),
    Entry(url_name="dealer-trade-ins", label=_("Trade-ins"), icon="undo", kind=_D),
    Entry(url_name="dealer-customers", label=_("Customers"), icon="person", kind=_D),
    Entry(url_name="dealer-standing", label=_("Authorizations and stores"), icon="shield", kind=_D),
    Entry(url_name="dealer-messages", label=_("Messages"), icon="mail", kind=_D),
    Entry(url_name="dealer-statements", label=_("Statements"), icon="wallet", kind=_D, roles=MANAGERS),
    Entry(url_name="dealer-documents", label=_("Documents"), icon="document", kind=_D, roles=MANAGERS),
    Entry(url_name="dealer-team", label=_("Team"), icon="people", kind=_D, roles=MANAGERS),
    Entry(url_name="dealer-webhooks", label=_("Webhooks"), icon="share", kind=_D, roles=MANAGERS),
    Entry(url_name="dealer-keys", label=_("API keys"), icon="key", kind=_D, roles=MANAGERS),
)


def list_links(
    *, kind: OrganizationKind, roles: Iterable[Role], path: str, counts: dict[str, int] | None = None
) -> list[Link]:
    """Return the pages of a portal for somebody with these roles; the longest address that matches is current."""
    given = set(roles)
    found = [(entry, url) for entry in ENTRIES if entry.kind == kind and given & entry.roles and (url := _url(entry))]
    current = max((url for _entry, url in found if path.startswith(url)), key=len, default="")
    return [
        Link(
            name=entry.url_name,
            label=entry.label,
            url=url,
            icon=entry.icon,
            is_daily=entry.is_daily,
            is_current=url == current,
            count=(counts or {}).get(entry.url_name, 0),
        )
        for entry, url in found
    ]


def _url(entry: Entry) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""
