"""Reads of dealers: stores by distance, authorizations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import cos, radians

from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.functions import ASin, Cast, Cos, Least, Radians, Sin, Sqrt
from django.utils.translation import gettext_lazy as _

from apps.dealers import policies
from apps.dealers.errors import DealerNotAuthorized, UnknownDealer, UnknownStore
from apps.dealers.models import Authorization, Dealer, Store
from apps.dealers.policies import AuthorizationRule, Grant
from apps.dealers.states import AuthorizationKind, DealerStatus, StoreService

EXPLANATIONS = {
    AuthorizationRule.BRAND: _("it has no authorization for this brand."),
    AuthorizationRule.KIND: _("its authorization for this brand is of another kind."),
    AuthorizationRule.REGION: _("its authorization does not cover this region."),
    AuthorizationRule.DATE: _("its authorization does not run on this day."),
}


@dataclass(frozen=True, kw_only=True)
class CandidateStore:
    """A store that routing may consider, and why it may not take the job (``failed_rule``), if so."""

    store_id: int
    code: str
    dealer_id: int
    dealer_code: str
    dealer_level: str
    organization_id: int
    name_zh: str
    name_en: str
    city_code: str
    distance_km: float | None
    failed_rule: AuthorizationRule | None

    @property
    def is_authorized(self) -> bool:
        """Whether the store may take the job."""
        return self.failed_rule is None


def get_dealer(*, organization_id: int) -> Dealer:
    """
    The dealer that an organization is.

    :raises UnknownDealer: if it is none
    """
    dealer = Dealer.objects.filter(organization_id=organization_id).first()
    if dealer is None:
        raise UnknownDealer(organization_id=organization_id)
    return dealer


def list_stores(
    *,
    near: tuple[float, float] | None = None,
    service: str | None = None,
    city: str | None = None,
    radius_km: float | None = None,
) -> QuerySet[Store]:
    """
    Open stores of approved dealers; with ``near`` (degrees north, degrees east) the nearest first.

    ``distance_km`` is annotated, None without ``near``. ``service`` is "sales" or "service". ``city`` is a city's name
    in Chinese or English, with or without 市, or its region code. ``radius_km`` needs ``near``.
    """
    stores = Store.objects.select_related("dealer").filter(is_open=True, dealer__status=DealerStatus.APPROVED)
    if service == StoreService.SALES:
        stores = stores.filter(has_sales=True)
    elif service == StoreService.SERVICE:
        stores = stores.filter(has_service=True)
    if city:
        name = city.strip()
        stores = stores.filter(Q(city=name) | Q(city=f"{name}市") | Q(city_en__iexact=name) | Q(city_code=name))
    if near is None:
        return stores.annotate(distance_km=Value(None, output_field=FloatField())).order_by("city_code", "code")
    if radius_km is not None:
        stores = _within_box(stores, near, radius_km)
    stores = stores.annotate(distance_km=_distance_km(*near))
    if radius_km is not None:
        stores = stores.filter(distance_km__lte=radius_km)
    return stores.order_by("distance_km", "code")


def get_store(store_id: int) -> Store:
    """
    An open store of an approved dealer, with its dealer.

    :raises UnknownStore: if there is none, or it is closed
    """
    # An id beyond what the column holds is as unknown as any other.
    store = list_stores().filter(pk=store_id).first() if 0 < store_id < 2**63 else None
    if store is None:
        raise UnknownStore(store_id=store_id)
    return store


def find_store(code: str) -> Store:
    """
    An open store of an approved dealer by its code, in whatever case, with its dealer.

    :raises UnknownStore: if there is none, or it is closed
    """
    store = list_stores().filter(code__iexact=code).first()
    if store is None:
        raise UnknownStore(code=code)
    return store


def is_authorized(*, dealer_id: int, brand_code: str, region_code: str, kind: AuthorizationKind, on: date) -> bool:
    """Whether a dealer may do ``kind`` of business with a brand in a region on a day."""
    rule = policies.failed_rule(
        _grants_of([dealer_id])[dealer_id], brand_code=brand_code, region_code=region_code, kind=kind, on=on
    )
    return rule is None


def require_authorization(
    *, dealer_id: int, brand_code: str, region_code: str, kind: AuthorizationKind, on: date
) -> None:
    """
    Refuse what a dealer is not authorized for.

    :raises DealerNotAuthorized: naming the rule that failed
    """
    rule = policies.failed_rule(
        _grants_of([dealer_id])[dealer_id], brand_code=brand_code, region_code=region_code, kind=kind, on=on
    )
    if rule is not None:
        raise DealerNotAuthorized(
            rule=rule.value,
            explanation=EXPLANATIONS[rule],
            brand=brand_code,
            region=region_code,
            kind=str(kind),
            date=on.isoformat(),
        )


def list_candidate_stores(
    *,
    brand_code: str,
    kind: AuthorizationKind,
    on: date,
    near: tuple[float, float] | None = None,
    region_code: str | None = None,
) -> list[CandidateStore]:
    """
    Every open store with the verdict on its dealer's authorization, nearest first; two queries.

    The authorization must cover ``region_code`` (the customer's district) or, without one, the store's own district.
    """
    service = StoreService.SALES if kind == AuthorizationKind.SALES else StoreService.SERVICE
    stores = list(list_stores(near=near, service=service))
    grants = _grants_of({store.dealer_id for store in stores})
    return [
        CandidateStore(
            store_id=store.pk,
            code=store.code,
            dealer_id=store.dealer_id,
            dealer_code=store.dealer.code,
            dealer_level=store.dealer.level,
            organization_id=store.dealer.organization_id,
            name_zh=store.name_zh,
            name_en=store.name_en,
            city_code=store.city_code,
            distance_km=store.distance_km,
            failed_rule=policies.failed_rule(
                grants[store.dealer_id],
                brand_code=brand_code,
                region_code=region_code or store.district_code,
                kind=kind,
                on=on,
            ),
        )
        for store in stores
    ]


def _grants_of(dealer_ids: Iterable[int]) -> dict[int, list[Grant]]:
    grants: dict[int, list[Grant]] = {dealer_id: [] for dealer_id in dealer_ids}
    for row in Authorization.objects.filter(dealer_id__in=grants):
        grants[row.dealer_id].append(
            Grant(
                brand_code=row.brand_code,
                region_code=row.region_code,
                kind=AuthorizationKind(row.kind),
                starts_on=row.valid.lower,
                ends_on=row.valid.upper,
            )
        )
    return grants


def _within_box(stores: QuerySet[Store], near: tuple[float, float], radius_km: float) -> QuerySet[Store]:
    box = policies.bounding_box(*near, radius_km)
    inside = Q(longitude__range=(box.west, box.east))
    # A box over the 180th meridian comes out on the other side of the map.
    inside |= Q(longitude__range=(box.west + 360, box.east + 360)) | Q(
        longitude__range=(box.west - 360, box.east - 360)
    )
    return stores.filter(inside, latitude__range=(box.south, box.north))


def _distance_km(latitude: float, longitude: float):
    """Haversine, in kilometres: 2 R asin √(sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2))."""
    store_latitude = Radians(Cast(F("latitude"), FloatField()))
    store_longitude = Radians(Cast(F("longitude"), FloatField()))
    north = Sin((store_latitude - radians(latitude)) / 2.0)
    east = Sin((store_longitude - radians(longitude)) / 2.0)
    h = north * north + Cos(store_latitude) * cos(radians(latitude)) * east * east
    # At the antipode rounding may carry the sum a hair over 1; asin would refuse it.
    return ASin(Sqrt(Least(h, Value(1.0)))) * (2 * policies.EARTH_RADIUS_KM)
