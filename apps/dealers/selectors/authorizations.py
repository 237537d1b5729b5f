"""Who may do what where, and which rule says no."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from apps.dealers import policies
from apps.dealers.errors import DealerNotAuthorized
from apps.dealers.models import Authorization, Dealer, Store, Territory
from apps.dealers.policies import AuthorizationRule, Grant, Holding
from apps.dealers.selectors.stores import list_stores
from apps.dealers.states import AuthorizationKind, DealerStatus, StoreService

EXPLANATIONS = {
    AuthorizationRule.BRAND: _("it has no authorization for this brand."),
    AuthorizationRule.KIND: _("its authorization for this brand is of another kind."),
    AuthorizationRule.REGION: _("its authorization does not cover this region."),
    AuthorizationRule.DATE: _("its authorization does not run on this day."),
    AuthorizationRule.TERRITORY: _("another dealer looks after this region alone."),
    AuthorizationRule.BLOCKED: _("it takes no new orders at present."),
    AuthorizationRule.QUOTA: _("its quota for these vehicles is used up."),
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


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What decides about some dealers, for one brand and kind of business on one day."""

    brand_code: str
    kind: AuthorizationKind
    on: date
    grants: dict[int, list[Grant]]
    closed: frozenset[int]
    holdings: tuple[Holding, ...]

    def failed_rule(self, dealer_id: int, *, region_code: str) -> AuthorizationRule | None:
        """Return the first rule that keeps a dealer from a region, or None."""
        rule = policies.failed_rule(
            self.grants.get(dealer_id, []),
            brand_code=self.brand_code,
            region_code=region_code,
            kind=self.kind,
            on=self.on,
        )
        if rule is not None:
            return rule
        if policies.is_held_by_another(self.holdings, dealer_id=dealer_id, region_code=region_code):
            return AuthorizationRule.TERRITORY
        return AuthorizationRule.BLOCKED if dealer_id in self.closed else None


def load_standing(dealer_ids: Iterable[int], *, brand_code: str, kind: AuthorizationKind, on: date) -> Standing:
    """Load what decides about these dealers: three queries, however many."""
    ids = set(dealer_ids)
    return Standing(
        brand_code=brand_code,
        kind=kind,
        on=on,
        grants=grants_of(ids),
        closed=closed_dealers(ids),
        holdings=tuple(
            Holding(dealer_id=dealer_id, region_code=region_code)
            for dealer_id, region_code in Territory.objects.filter(
                brand_code=brand_code, kind=kind, is_exclusive=True, is_void=False, valid__contains=on
            ).values_list("dealer_id", "region_code")
        ),
    )


def closed_dealers(dealer_ids: Iterable[int]) -> frozenset[int]:
    """Return those of the dealers that take no new orders: not approved, suspended or blocked."""
    taking = Dealer.objects.filter(pk__in=set(dealer_ids), status=DealerStatus.APPROVED, blocked_at__isnull=True)
    return frozenset(dealer_ids) - set(taking.values_list("pk", flat=True))


def is_authorized(*, dealer_id: int, brand_code: str, region_code: str, kind: AuthorizationKind, on: date) -> bool:
    """Whether a dealer may do ``kind`` of business with a brand in a region on a day."""
    standing = load_standing([dealer_id], brand_code=brand_code, kind=kind, on=on)
    return standing.failed_rule(dealer_id, region_code=region_code) is None


def require_authorization(
    *, dealer_id: int, brand_code: str, region_code: str, kind: AuthorizationKind, on: date
) -> None:
    """
    Refuse what a dealer is not authorized for.

    :raises DealerNotAuthorized: naming the rule that failed
    """
    standing = load_standing([dealer_id], brand_code=brand_code, kind=kind, on=on)
    rule = standing.failed_rule(dealer_id, region_code=region_code)
    if rule is not None:
        raise not_authorized(rule, brand_code=brand_code, region_code=region_code, kind=kind, on=on)


def require_receiving(*, store: Store, on: date) -> None:
    """
    Refuse to let a store hand over goods where nothing authorizes its dealer; any brand and kind will do.

    :raises DealerNotAuthorized: naming the rule that failed
    """
    rule = list_receiving_rules([store], on=on).get(store.pk)
    if rule is not None:
        raise not_authorized(rule, brand_code="", region_code=store.district_code, kind="", on=on)


def list_receiving_rules(stores: Iterable[Store], *, on: date) -> dict[int, AuthorizationRule]:
    """Return the rule that keeps each of these stores (by primary key) from handing over goods; two queries."""
    stores = list(stores)
    grants = grants_of({store.dealer_id for store in stores})
    closed = closed_dealers(grants)
    rules = {}
    for store in stores:
        rule = policies.failed_rule_of_receiving(grants[store.dealer_id], region_code=store.district_code, on=on)
        if rule is None and store.dealer_id in closed:
            rule = AuthorizationRule.BLOCKED
        if rule is not None:
            rules[store.pk] = rule
    return rules


def not_authorized(
    rule: AuthorizationRule, *, brand_code: str, region_code: str, kind: str, on: date
) -> DealerNotAuthorized:
    """Return the refusal that names a rule."""
    return DealerNotAuthorized(
        rule=rule.value,
        explanation=EXPLANATIONS[rule],
        brand=brand_code,
        region=region_code,
        kind=str(kind),
        date=on.isoformat(),
    )


def explain_rule(rule: AuthorizationRule | str | None) -> str:
    """Return a rule in the reader's words; nothing for no rule."""
    return str(EXPLANATIONS[AuthorizationRule(rule)]) if rule else ""


def list_candidate_stores(
    *,
    brand_code: str,
    kind: AuthorizationKind,
    on: date,
    near: tuple[float, float] | None = None,
    region_code: str | None = None,
) -> list[CandidateStore]:
    """
    Every open store with the verdict on its dealer's authorization, nearest first; four queries.

    The authorization must cover ``region_code`` (the customer's district) or, without one, the store's own district.
    """
    service = StoreService.SALES if kind == AuthorizationKind.SALES else StoreService.SERVICE
    stores = list(list_stores(near=near, service=service))
    standing = load_standing({store.dealer_id for store in stores}, brand_code=brand_code, kind=kind, on=on)
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
            failed_rule=standing.failed_rule(store.dealer_id, region_code=region_code or store.district_code),
        )
        for store in stores
    ]


def grants_of(dealer_ids: Iterable[int]) -> dict[int, list[Grant]]:
    """Return the authorizations of dealers, whenever they run; those that never ran count for nothing."""
    grants: dict[int, list[Grant]] = {dealer_id: [] for dealer_id in dealer_ids}
    for row in Authorization.objects.filter(dealer_id__in=grants, is_void=False):
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
