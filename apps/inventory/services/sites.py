"""Sites: opened, described anew, and closed once nothing lies there."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.validators import slug_re
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.accounts.api import Organization, OrganizationKind
from apps.catalog.api import list_offers_of
from apps.dealers.api import distance_km
from apps.dealers.errors import PositionFarFromCity
from apps.inventory.errors import (
    InvalidSite,
    PositionMissing,
    SiteClosed,
    SiteCodeTaken,
    SiteInUse,
    SiteNameTaken,
    SiteNotEmpty,
    TooManySites,
    UnknownSite,
)
from apps.inventory.models import Site, StockLevel, Unit
from apps.inventory.selectors import Place, find_place
from apps.inventory.services.levels import lock_levels
from apps.inventory.states import SiteKind, UnitStatus
from apps.kernel.api import attempts

if TYPE_CHECKING:
    from apps.accounts.api import User

MOST_SITES = 50
LONGEST_CODE = 40
NAME_LENGTHS = {"name_zh": (2, 80), "name_en": (2, 120)}
LONGEST_ADDRESS = 200
# As for dealers' stores: wide cities reach some 300 km from their center, mixed up numbers land far beyond.
FARTHEST_KM = 300
KINDS = {
    OrganizationKind.SUPPLIER: (SiteKind.SUPPLIER_WAREHOUSE,),
    OrganizationKind.DEALER: (SiteKind.DEALER_WAREHOUSE,),
    OrganizationKind.HQ: (SiteKind.HQ_WAREHOUSE, SiteKind.PLANT),
}
HAN = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True, kw_only=True)
class SiteWish:
    """
    A site as somebody describes it: names, address by names of regions in either language, and degrees (WGS 84).

    Without a position the city's own counts.
    """

    name_zh: str
    name_en: str
    province: str
    city: str
    district: str
    address: str
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@attempts.trailed("inventory.open_site", subject="wish.name_zh", keeps=("organization_id", "code", "wish.city"))
def open_site(
    *,
    organization_id: int,
    wish: SiteWish,
    by: "User | None",
    now: datetime,
    code: str = "",
    kind: SiteKind | None = None,
) -> Site:
    """
    Open a place where an organization holds stock; without ``code`` one is made of its own and the city's name.

    :raises InvalidSite: if names, address, code or kind cannot be; ``fields`` says which
    :raises UnknownPlace: if there is no such province, city or district
    :raises PositionFarFromCity, PositionMissing: if the position is not near the city, or nobody knows it
    :raises SiteCodeTaken, SiteNameTaken: if another site is called so
    :raises TooManySites: if the organization has as many as it may
    """
    # Whoever opens sites of one organization takes turns: names and their number are counted under this lock.
    organization = Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization_id)
    described, place = _describe(wish)
    kinds = KINDS[OrganizationKind(organization.kind)]
    if kind is not None and kind not in kinds:
        raise InvalidSite(fields={"kind": [_("This organization has no sites of this kind.")]})
    own = Site.objects.filter(organization=organization, closed_at=None)
    if own.count() >= MOST_SITES:
        raise TooManySites(most=MOST_SITES)
    _check_name(organization_id, wish.name_zh)
    own_code = _check_code(code) if code.strip() else _make_code(organization.code, place)
    try:
        with transaction.atomic():
            return Site.objects.create(
                code=own_code, kind=kind or kinds[0], organization=organization, opened_at=now, **described
            )
    except IntegrityError:
        # Another organization's, a moment ago: the constraint decides.
        raise _taken(own_code) from None


@attempts.trailed("inventory.change_site", subject="site_code", keeps=("organization_id", "wish.city"))
def change_site(*, organization_id: int, site_code: str, wish: SiteWish, by: "User | None", now: datetime) -> Site:
    """
    Describe an organization's open site anew; its code stays, offers and tables name it.

    :raises UnknownSite: if the organization has no such site
    :raises SiteClosed: if it was closed
    :raises InvalidSite, UnknownPlace, PositionFarFromCity, PositionMissing, SiteNameTaken: as ``open_site``
    """
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization_id)
    site = _lock_open(organization_id, site_code)
    described, _place = _describe(wish)
    _check_name(organization_id, wish.name_zh, besides=site)
    for name, value in described.items():
        setattr(site, name, value)
    site.save(update_fields=list(described))
    return site


@attempts.trailed("inventory.close_site", subject="site_code", keeps=("organization_id",))
def close_site(*, organization_id: int, site_code: str, by: "User | None", now: datetime) -> Site:
    """
    Close an organization's site for good; what happened there stays on record.

    A count that comes in at the same moment waits for the levels' locks, and finds the site closed afterwards.

    :raises UnknownSite: if the organization has no such site
    :raises SiteClosed: if it was closed already
    :raises SiteNotEmpty: if pieces or vehicles are there
    :raises SiteInUse: if offers ship from there
    """
    site = _lock_open(organization_id, site_code)
    levels = lock_levels(StockLevel.objects.filter(site=site).values_list("pk", flat=True))
    pieces = sum(level.on_hand for level in levels.values())
    vehicles = Unit.objects.filter(site=site).exclude(status=UnitStatus.DELIVERED).count()
    if pieces or vehicles:
        raise SiteNotEmpty(pieces=pieces, vehicles=vehicles)
    skus = [offer.sku for offer in list_offers_of(organization_id).order_by("sku") if site.code in offer.site_codes]
    if skus:
        raise SiteInUse(offers=", ".join(skus[:5]) + (" …" if len(skus) > 5 else ""))
    site.closed_at = now
    site.save(update_fields=["closed_at"])
    return site


def _lock_open(organization_id: int, site_code: str) -> Site:
    sites = Site.objects.select_for_update(of=("self",))
    site = sites.filter(code=site_code, organization_id=organization_id).first()
    if site is None:
        raise UnknownSite(site=site_code)
    if not site.is_open:
        raise SiteClosed(site=site_code)
    return site


def _describe(wish: SiteWish) -> tuple[dict[str, Any], Place]:
    """Return the columns a wish describes, everything that is wrong with the words gathered."""
    wrong: dict[str, list[str]] = {}
    for name, (shortest, longest) in NAME_LENGTHS.items():
        if not shortest <= len(getattr(wish, name).strip()) <= longest:
            texts = {"shortest": shortest, "longest": longest}
            wrong[name] = [_("From %(shortest)s to %(longest)s characters.") % texts]
    if "name_zh" not in wrong and not HAN.search(wish.name_zh):
        wrong["name_zh"] = [_("The Chinese name holds no Chinese.")]
    if not 1 <= len(wish.address.strip()) <= LONGEST_ADDRESS:
        wrong["address"] = [_("Give street and number, at most %(longest)s characters.") % {"longest": LONGEST_ADDRESS}]
    if (wish.latitude is None) != (wish.longitude is None):
        wrong["latitude"] = [_("Give both numbers of the position, or none.")]
    if wrong:
        raise InvalidSite(fields=wrong)
    place = find_place(province=wish.province, city=wish.city, district=wish.district)
    latitude, longitude = _position(wish, place)
    columns = {
        "name_zh": wish.name_zh.strip(),
        "name_en": wish.name_en.strip(),
        "address": wish.address.strip(),
        "region_code": place.code,
        "latitude": latitude,
        "longitude": longitude,
    }
    return columns, place


def _position(wish: SiteWish, place: Place) -> tuple[Decimal, Decimal]:
    if wish.latitude is None or wish.longitude is None:
        if place.center is None:
            raise PositionMissing(fields={"latitude": [str(PositionMissing.message)]})
        north, east = place.center
        return Decimal(str(north)), Decimal(str(east))
    here = (float(wish.latitude), float(wish.longitude))
    if not (-90 <= here[0] <= 90 and -180 <= here[1] <= 180):
        raise InvalidSite(fields={"latitude": [_("This is no place on Earth.")]})
    if place.center is not None and (far := distance_km(here, place.center)) > FARTHEST_KM:
        refusal = PositionFarFromCity(km=round(far), city=place.city)
        raise PositionFarFromCity(fields={"latitude": [str(refusal)]}, **refusal.context)
    return wish.latitude, wish.longitude


def _check_name(organization_id: int, name_zh: str, *, besides: Site | None = None) -> None:
    """Refuse what another open site of the organization is called; the organization is locked."""
    namesakes = Site.objects.filter(organization_id=organization_id, closed_at=None, name_zh=name_zh.strip())
    if namesakes.exclude(pk=besides.pk if besides else None).exists():
        refusal = SiteNameTaken(site=name_zh.strip())
        raise SiteNameTaken(fields={"name_zh": [str(refusal)]}, **refusal.context)


def _check_code(code: str) -> str:
    """Return a code as it is kept; whose site has it already is not told."""
    plain = code.strip().lower()
    if len(plain) > LONGEST_CODE or not slug_re.match(plain):
        text = _("Letters, digits and hyphens, at most %(longest)s.") % {"longest": LONGEST_CODE}
        raise InvalidSite(fields={"code": [text]})
    if Site.objects.filter(code=plain).exists():
        raise _taken(plain)
    return plain


def _taken(code: str) -> SiteCodeTaken:
    return SiteCodeTaken(fields={"code": [str(SiteCodeTaken(site=code))]}, site=code)


def _make_code(organization_code: str, place: Place) -> str:
    """Return a free code: sup-7k2m-suzhou, then sup-7k2m-suzhou-2."""
    start = slugify(f"{organization_code}-{place.city_en}")[: LONGEST_CODE - 3].strip("-")
    taken = set(Site.objects.filter(code__startswith=start).values_list("code", flat=True))
    numbered = (f"{start}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in [start, *numbered] if code not in taken)
