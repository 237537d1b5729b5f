"""What is known of suppliers, read from orders, routing and prices; and the nightly score that follows from it."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F, Max, Q, Sum

from apps.accounts.api import User
from apps.catalog.api import OfferPrice, list_offers_of, refresh_shown_offers
from apps.inventory.api import Site
from apps.orders.api import Fulfilment, FulfilmentLine, FulfilmentStatus, OrderStatus, RoutingDecision
from apps.portals.supplier.notices import tell_score
from apps.portals.supplier.policies import Record, Scorecard, judge, price_moves
from apps.suppliers.api import SupplierStatus, list_suppliers, set_supplier_score

WINDOWS = (30, 90)
SCORED_WINDOW = 90


def record_of(organization_id: int, *, days: int, now: datetime) -> Record:
    """Return what is known of a supplier over the ``days`` before ``now``."""
    since = now - timedelta(days=days)
    shipped, late, sent = _parcels(organization_id, since=since, now=now)
    return Record(
        accepted=_accepted_pieces(organization_id, since=since, now=now),
        declined=_declined_pieces(organization_id, since=since, now=now),
        shipped=shipped,
        late=late,
        sent=sent,
        price_moves=_price_moves(organization_id, since=since, now=now),
    )


def scorecard_of(organization_id: int, *, days: int, now: datetime) -> Scorecard:
    """Return a supplier's scorecard over the ``days`` before ``now``."""
    return judge(record_of(organization_id, days=days, now=now))


def score_suppliers(*, by: User | None, now: datetime) -> int:
    """Bring every approved supplier's score up to its last 90 days; how many changed. Each commits by itself."""
    changed = 0
    for supplier in list_suppliers(statuses=[SupplierStatus.APPROVED]):
        score = scorecard_of(supplier.organization_id, days=SCORED_WINDOW, now=now).score
        before = supplier.score
        if score != before:
            set_supplier_score(organization_id=supplier.organization_id, score=score, by=by, now=now)
            refresh_shown_offers(list_offers_of(supplier.organization_id).values_list("product_id", flat=True))
            tell_score(organization_id=supplier.organization_id, before=before, score=score, now=now)
            changed += 1
    return changed


def _accepted_pieces(organization_id: int, *, since: datetime, now: datetime) -> int:
    lines = FulfilmentLine.objects.filter(
        Q(fulfilment__source_accepted_at__isnull=False)
        | Q(fulfilment__accepted_at__isnull=False)
        | Q(fulfilment__shipped_at__isnull=False),
        fulfilment__source=organization_id,
        fulfilment__created_at__gte=since,
        fulfilment__created_at__lt=now,
    ).exclude(fulfilment__status=FulfilmentStatus.CANCELLED)
    return lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0


def _declined_pieces(organization_id: int, *, since: datetime, now: datetime) -> int:
    """Pieces a site of the supplier let go: called off in part, left with nobody to take them, or taken by others."""
    was_called_off = Q(fulfilment__status=FulfilmentStatus.CANCELLED, fulfilment__order__called_off__gt=0)
    # Of an order that the buyer called off as a whole, nobody declined anything.
    was_called_off &= ~Q(fulfilment__order__status=OrderStatus.CANCELLED)
    kept_back = FulfilmentLine.objects.filter(
        was_called_off | Q(fulfilment__attention__in=["no_candidate", "overdue"]),
        fulfilment__source=organization_id,
        fulfilment__created_at__gte=since,
        fulfilment__created_at__lt=now,
    )
    own = set(Site.objects.filter(organization_id=organization_id).values_list("code", flat=True))
    return (kept_back.aggregate(pieces=Sum("quantity"))["pieces"] or 0) + _passed_on(own, since=since, now=now)


def _passed_on(own_sites: set[str], *, since: datetime, now: datetime) -> int:
    """Pieces that routing took away from these sites: the first decision in which a site has declined counts for it."""
    decisions = RoutingDecision.objects.filter(occasion="reroute", at__gte=since, at__lt=now).order_by("item", "pk")
    seen: dict[int, set[str]] = defaultdict(set)
    pieces = 0
    for decision in decisions.iterator(chunk_size=500):
        declined = {site["code"] for site in decision.record["sites"] if site["has_declined"]}
        if (declined - seen[decision.item_id]) & own_sites:
            pieces += sum(quantity for _site, quantity in decision.chosen)
        seen[decision.item_id] |= declined
    return pieces


def _parcels(organization_id: int, *, since: datetime, now: datetime) -> tuple[int, int, int]:
    """Return shipped parcels, those that left after their lead time, and the pieces in them."""
    parcels = (
        Fulfilment.objects.filter(source=organization_id, shipped_at__gte=since, shipped_at__lt=now)
        .annotate(days=Max("lines__item__lead_time_days"), pieces=Sum("lines__quantity"))
        .values_list(F("shipped_at"), F("created_at"), "days", "pieces")
    )
    rows = list(parcels)
    late = sum(shipped > created + timedelta(days=days or 0) for shipped, created, days, _pieces in rows)
    return len(rows), late, sum(row[3] or 0 for row in rows)


def _price_moves(organization_id: int, *, since: datetime, now: datetime) -> list[Decimal]:
    """Return the sum of relative price changes of each offer; the price in force at the window's start is the first."""
    versions = (
        OfferPrice.objects.filter(offer__seller__organization_id=organization_id, valid__overlap=(since, now))
        .order_by("offer", "valid")
        .values_list("offer", "amount")
    )
    amounts: dict[int, list[Decimal]] = defaultdict(list)
    for offer, amount in versions:
        amounts[offer].append(amount)
    return [price_moves(chain) for chain in amounts.values()]
