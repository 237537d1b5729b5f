"""Give a fulfilment to another site when the one it went to rejects it or lets its time pass."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.dealers.errors import QuotaUsedUp
from apps.events.api import FulfilmentRerouted
from apps.inventory.api import Demand, Promise, allocate, release, reserve
from apps.inventory.errors import OutOfStock
from apps.kernel.api import MoveNotAllowed, attempts, outbox
from apps.orders import conf
from apps.orders.errors import FulfilmentNotFound, ReasonRequired
from apps.orders.models import CustomerOrder, Fulfilment, FulfilmentLine, RoutingDecision
from apps.orders.policies import routing as rules
from apps.orders.selectors.regions import Region, find_region
from apps.orders.selectors.sites import StockSite, judge_dealers, list_stock_sites, option_of
from apps.orders.services import vehicles
from apps.orders.services.drafts import write_decisions
from apps.orders.services.fulfilments import is_party, is_source, lock_fulfilment
from apps.orders.services.locks import lock_order_by_id
from apps.orders.services.quotas import move_quotas
from apps.orders.services.timeline import add_event
from apps.orders.states import FULFILMENTS, SELLER_ORDER, FulfilmentStatus, Method, Reason

if TYPE_CHECKING:
    from apps.accounts.api import User

LONGEST_REASON = 200


@attempts.trailed("orders.reject_fulfilment", subject="fulfilment_id", keeps=("organization_id",))
def reject_fulfilment(
    *, fulfilment_id: int, organization_id: int, reason: str, by: "User | None", now: datetime
) -> Fulfilment:
    """
    Decline a fulfilment. The next site takes it; where none can, or the buyer chose the store, HQ is asked.

    :raises ReasonRequired: without a reason
    :raises FulfilmentNotFound: if it is not the organization's
    :raises MoveNotAllowed: if it was accepted already
    """
    words = reason.strip()[:LONGEST_REASON]
    if not words:
        raise ReasonRequired(fields={"reason": [_("This is required.")]})
    order, fulfilment = lock_fulfilment(fulfilment_id, organization_id=organization_id, move="reject", may=is_party)
    has_accepted = is_source(fulfilment, organization_id) and fulfilment.source_accepted_at is not None
    if fulfilment.status != FulfilmentStatus.PENDING or has_accepted:
        raise MoveNotAllowed(lifecycle=FULFILMENTS[fulfilment.method].name, move="reject", status=fulfilment.status)
    may_move = is_source(fulfilment, organization_id)
    if may_move and move_to_next_site(order, fulfilment, by=by, now=now):
        add_event(order, "rejected", at=now, fulfilment=fulfilment.pk, reason=words)
        return fulfilment
    fulfilment.attention = Reason.NO_CANDIDATE
    fulfilment.save(update_fields=["attention"])
    _reject_seller_order(fulfilment, by=by, now=now, reason=words)
    return fulfilment


def reroute_overdue(*, now: datetime, limit: int = 100) -> list[int]:
    """
    Move fulfilments that nobody accepted in time to the next site, and flag those that have none for HQ.

    Each in a transaction of its own; returns the fulfilments that were moved or flagged.
    """
    due = (
        Fulfilment.objects.filter(status=FulfilmentStatus.PENDING, attention=Reason.NONE, sla_due_at__lte=now)
        .order_by("sla_due_at", "pk")
        .values_list("pk", flat=True)[:limit]
    )
    return [pk for pk in list(due) if _reroute_if_overdue(pk, now=now)]


def flag_late_steps(*, now: datetime, limit: int = 100) -> list[int]:
    """
    Tell HQ of fulfilments whose next step is overdue; the next move takes the flag away.

    Nobody is told of a buyer who has not come yet: that is for the store to see.
    """
    late = (
        Fulfilment.objects.filter(next_due_at__lte=now, attention=Reason.NONE)
        .exclude(status=FulfilmentStatus.READY)
        .order_by("next_due_at", "pk")
        .values_list("pk", "order_id")[:limit]
    )
    return [pk for pk, order_id in list(late) if _flag_if_late(pk, order_id, now=now)]


@transaction.atomic
def _flag_if_late(fulfilment_id: int, order_id: int, *, now: datetime) -> bool:
    _order, fulfilment = _load(order_id, fulfilment_id)
    is_late = fulfilment.next_due_at is not None and fulfilment.next_due_at <= now
    if fulfilment.attention or not is_late or fulfilment.status == FulfilmentStatus.READY:
        return False
    fulfilment.attention = Reason.LATE
    fulfilment.save(update_fields=["attention"])
    return True


@transaction.atomic
def try_other_site(*, fulfilment_id: int, by: "User | None", now: datetime) -> Fulfilment:
    """
    Offer a pending fulfilment to the next site, for HQ.

    :raises FulfilmentNotFound: if there is none
    :raises MoveNotAllowed: if it is accepted already, or no other site can take it
    """
    order_id = Fulfilment.objects.filter(pk=fulfilment_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise FulfilmentNotFound
    order, fulfilment = _load(order_id, fulfilment_id)
    is_open = fulfilment.status == FulfilmentStatus.PENDING and fulfilment.site_id is not None
    if not is_open or not move_to_next_site(order, fulfilment, by=by, now=now):
        raise MoveNotAllowed(lifecycle=FULFILMENTS[fulfilment.method].name, move="reroute", status=fulfilment.status)
    add_event(order, "rerouted", at=now, fulfilment=fulfilment.pk)
    return fulfilment


@transaction.atomic
def _reroute_if_overdue(fulfilment_id: int, *, now: datetime) -> bool:
    order_id = Fulfilment.objects.values_list("order_id", flat=True).get(pk=fulfilment_id)
    order, fulfilment = _load(order_id, fulfilment_id)
    is_due = fulfilment.sla_due_at is not None and fulfilment.sla_due_at <= now
    if fulfilment.status != FulfilmentStatus.PENDING or fulfilment.attention or not is_due:
        return False
    if fulfilment.source_accepted_at is not None and fulfilment.method == Method.DELIVERY:
        return False
    if fulfilment.method == Method.DELIVERY and move_to_next_site(order, fulfilment, by=None, now=now):
        add_event(order, "rerouted", at=now, fulfilment=fulfilment.pk)
        return True
    # The buyer chose the store, or nobody else has the goods: a person has to call.
    fulfilment.attention = Reason.OVERDUE
    fulfilment.save(update_fields=["attention"])
    return True


def _load(order_id: int, fulfilment_id: int) -> tuple[CustomerOrder, Fulfilment]:
    order = lock_order_by_id(order_id)
    fulfilment = Fulfilment.objects.select_related("seller_order", "site", "store__dealer").get(pk=fulfilment_id)
    fulfilment.order = order
    return order, fulfilment


def move_to_next_site(order: CustomerOrder, fulfilment: Fulfilment, *, by: "User | None", now: datetime) -> bool:
    """
    Promise the whole fulfilment at the best other site, give back what this one held, and hand it over.

    Returns False, with nothing changed, where no other site has every piece.
    """
    lines = list(
        FulfilmentLine.objects.filter(fulfilment=fulfilment, reservation_id__isnull=False)
        .select_related("item__line", "fulfilment")
        .order_by("pk")
    )
    records, site = _next_site(order, fulfilment, lines, now=now)
    if site is None:
        return False
    cause = _new_cause(order, fulfilment)
    demands = [
        Demand(
            line_ref=str(line.item_id), product_id=line.item.product_id, quantity=line.quantity, site_codes=(site.code,)
        )
        for line in lines
    ]
    try:
        with transaction.atomic():
            reserve(cause=cause, demands=demands, expires_at=now + conf.HOLD_GRACE, by=by, now=now)
            promises = allocate(cause=cause, by=by, now=now)
            move_quotas(order, lines, site_id=site.site_id, now=now)
    except (OutOfStock, QuotaUsedUp):
        return False
    release_lines(lines, by=by, now=now)
    before = fulfilment.source_id
    _rewrite(fulfilment, lines, promises, site, cause=cause, now=now)
    if fulfilment.has_vehicle:
        vehicles.release_vehicles(fulfilment, by=by, now=now)
        vehicles.assign_vehicles(fulfilment, by=by, now=now)
    chosen = {line.item_id: [[site.code, line.quantity]] for line in lines}
    write_decisions([line.item for line in lines], records, chosen, occasion="reroute", at=now)
    outbox.record(
        FulfilmentRerouted(
            order_number=order.number,
            fulfilment_id=fulfilment.pk,
            from_organization_id=before,
            to_organization_id=fulfilment.source_id,
        ),
        at=now,
    )
    return True


def release_lines(lines: Sequence[FulfilmentLine], *, by: "User | None", now: datetime) -> None:
    """Give back the stock of these lines, and of no others that share their cause."""
    by_cause: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        by_cause[line.stock_cause].append(line.reservation_id)
    for cause, reservation_ids in sorted(by_cause.items()):
        release(cause=cause, reservation_ids=reservation_ids, by=by, now=now)


def _next_site(
    order: CustomerOrder, fulfilment: Fulfilment, lines: Sequence[FulfilmentLine], *, now: datetime
) -> tuple[dict[int, dict], StockSite | None]:
    """Rank the sites anew for every line; the best one that has all pieces of all lines wins."""
    sites = list_stock_sites({line.item.product_id: line.item.line.stockrecord_id for line in lines})
    region = find_region(province=order.province, city=order.city, district=order.district)
    declined = _sites_tried(fulfilment, lines)
    records, ranked = {}, []
    for line in lines:
        wish = _wish(order, line, region)
        of_line = sites.get(line.item.product_id, ())
        verdicts = judge_dealers(
            of_line,
            kind=line.item.kind,
            brand_code=line.item.brand_code,
            product_id=line.item.product_id,
            quantity=line.quantity,
            region=region,
            at=now,
        )
        options = [
            option_of(site, verdicts, lead_time_days=line.item.lead_time_days, has_declined=site.code in declined)
            for site in of_line
        ]
        records[line.item_id] = rules.record(wish, options)
        free = {option.code: option.available for option in options}
        codes = rules.preference(rules.rank_sites(wish, options))
        ranked.append([code for code in codes if free[code] >= line.quantity])
    common = [code for code in ranked[0] if all(code in codes for codes in ranked)] if ranked else []
    by_code = {site.code: site for found in sites.values() for site in found}
    return records, by_code[common[0]] if common else None


def _wish(order: CustomerOrder, line: FulfilmentLine, region: Region | None) -> rules.Wish:
    store = order.store
    return rules.Wish(
        product_id=line.item.product_id,
        quantity=line.quantity,
        method=order.method,
        brand_code=line.item.brand_code,
        region_codes=(region.code,) if region else (),
        store_id=order.store_id,
        place=(float(store.latitude), float(store.longitude)) if store else (region.place if region else None),
    )


def _sites_tried(fulfilment: Fulfilment, lines: Sequence[FulfilmentLine]) -> set[str]:
    decisions = RoutingDecision.objects.filter(item__in=[line.item_id for line in lines], occasion="reroute")
    tried = {code for decision in decisions for code, _pieces in decision.chosen}
    tried |= {site["code"] for decision in decisions for site in decision.record["sites"] if site["has_declined"]}
    return tried | ({fulfilment.site.code} if fulfilment.site else set())


def _new_cause(order: CustomerOrder, fulfilment: Fulfilment) -> str:
    line = FulfilmentLine.objects.filter(fulfilment=fulfilment).exclude(stock_cause="").order_by("pk").first()
    turn = line.stock_cause.rpartition(".")[2] if line is not None else ""
    return f"{order.number}/f{fulfilment.pk}.{int(turn) + 1 if turn.isdecimal() else 1}"


def _rewrite(
    fulfilment: Fulfilment,
    lines: Sequence[FulfilmentLine],
    promises: Sequence[Promise],
    site: StockSite,
    *,
    cause: str,
    now: datetime,
) -> None:
    promised = {int(promise.line_ref): promise for promise in promises}
    for line in lines:
        line.reservation_id = promised[line.item_id].reservation_id
        line.stock_cause = cause
    FulfilmentLine.objects.bulk_update(lines, ["reservation_id", "stock_cause"])
    fulfilment.site_id = site.site_id
    fulfilment.source_id = site.organization_id
    fulfilment.source_accepted_at = None
    fulfilment.attention = Reason.NONE
    fulfilment.sla_due_at = now + conf.acceptance_time()
    fulfilment.save(update_fields=["site", "source", "source_accepted_at", "attention", "sla_due_at"])


def _reject_seller_order(fulfilment: Fulfilment, *, by: "User | None", now: datetime, reason: str) -> None:
    """Mark a seller's part as rejected once nobody is left for anything of it."""
    seller_order = fulfilment.seller_order
    goods = Fulfilment.objects.filter(seller_order=seller_order, site__isnull=False)
    has_others = goods.exclude(status=FulfilmentStatus.CANCELLED).exclude(attention=Reason.NO_CANDIDATE).exists()
    if not has_others and SELLER_ORDER.can(seller_order, "reject"):
        SELLER_ORDER.move(seller_order, "reject", by=by, at=now, reason=reason)
