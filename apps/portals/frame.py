"""What surrounds every page of a portal: for whom one works here, where one can go, what has not been read."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from apps.accounts.api import Organization, OrganizationKind, current_organization, current_roles
from apps.notifications.api import count_unread
from apps.portals.navigation import Link, list_links

PREFIXES = {"/supplier/": OrganizationKind.SUPPLIER, "/dealer/": OrganizationKind.DEALER}
TITLES = {OrganizationKind.SUPPLIER: _("Supplier portal"), OrganizationKind.DEALER: _("Dealer portal")}


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The surroundings of one page for one reader."""

    title: Promise
    kind: OrganizationKind
    organization: Organization
    links: list[Link]
    messages: Link | None

    @property
    def daily(self) -> list[Link]:
        """The links on the bar at the foot of a phone."""
        return [link for link in self.links if link.is_daily][:4]

    @property
    def others(self) -> list[Link]:
        """The links behind "More"."""
        daily = self.daily
        return [link for link in self.links if link not in daily]


def portal(request: HttpRequest) -> dict[str, object]:
    """Return ``portal``, asked for only by pages that extend ``portals/base.html``."""
    return {"portal": SimpleLazyObject(lambda: _frame_of(request))}


def kind_of(path: str) -> OrganizationKind:
    """Return whose portal an address belongs to."""
    return next(kind for prefix, kind in PREFIXES.items() if path.startswith(prefix))


def _frame_of(request: HttpRequest) -> Frame:
    kind = kind_of(request.path)
    organization = current_organization(request, kind)
    unread = count_unread(organization_id=organization.pk, user_id=request.user.pk)
    counts = {f"{kind.lower()}-messages": unread}
    links = list_links(kind=kind, roles=current_roles(request), path=request.path, counts=counts)
    messages = next((link for link in links if link.name.endswith("-messages")), None)
    return Frame(title=TITLES[kind], kind=kind, organization=organization, links=links, messages=messages)
