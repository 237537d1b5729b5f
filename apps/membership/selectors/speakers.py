"""For whom somebody speaks about a product."""

from dataclasses import dataclass

from apps.accounts.api import Organization, OrganizationKind, User, list_memberships
from apps.catalog.api import Offer
from apps.kernel.api import ports
from apps.membership.states import Voice


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice, and the organization it belongs to; None for owners."""

    voice: Voice
    organization: Organization | None


def find_speaker(*, user: User, product_id: int) -> Speaker | None:
    """Return for whom the user speaks about a product: the brand, a seller of it, its owners; None for nobody."""
    official = find_official(user=user, product_id=product_id)
    if official is not None:
        return official
    if ports.adapter("membership.purchases").has_bought(user_id=user.pk, product_id=product_id):
        return Speaker(Voice.OWNER, None)
    return None


def find_official(*, user: User, product_id: int) -> Speaker | None:
    """Return the brand or seller for which the user speaks about a product, None for neither."""
    organizations = [membership.organization for membership in list_memberships(user)]
    for organization in organizations:
        if organization.kind == OrganizationKind.HQ:
            return Speaker(Voice.HQ, organization)
    ids = [organization.pk for organization in organizations]
    offers = Offer.objects.filter(product_id=product_id, seller__organization__in=ids) if ids else Offer.objects.none()
    selling = set(offers.values_list("seller__organization_id", flat=True))
    seller = next((organization for organization in organizations if organization.pk in selling), None)
    return Speaker(Voice.SELLER, seller) if seller else None
