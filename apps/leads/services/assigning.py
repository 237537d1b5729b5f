"""Give leads to sellers: in turn, by hand, and on to the next one when nobody called in time."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.api import User
from apps.dealers.api import Store
from apps.events.api import LeadAssigned
from apps.kernel.api import outbox
from apps.leads import conf, policies
from apps.leads.errors import ReasonRequired, UnknownSeller
from apps.leads.models import Assignment, Lead, SellerTurn, StoreSeller
from apps.leads.selectors.leads import list_colleagues, list_sellers
from apps.leads.services.locks import lock_open_lead
from apps.leads.states import LEAD, UNCONTACTED, AssignmentRule, LeadStatus
from apps.notifications.api import notify_organization

LONGEST_REASON = 200
MOST_PASSED_ON = 1


def give_in_turn(
    lead: Lead,
    *,
    rule: AssignmentRule = AssignmentRule.ROUND_ROBIN,
    except_for: int | None = None,
    by: User | None,
    now: datetime,
) -> bool:
    """
    Give a lead to the seller of its store whose turn it is; False if the store has nobody (else).

    The turn's row is locked until the transaction ends, so leads that come at once go to different sellers.
    """
    turn = lock_turn(lead.store_id)
    sellers = [seller.pk for seller in list_sellers(lead.store)]
    chosen = policies.next_in_turn(sellers, last=turn.last_seller_id, except_for=except_for)
    if chosen is None:
        return False
    turn.last_seller_id = chosen
    turn.save(update_fields=["last_seller_id"])
    _assign(lead, chosen, rule=rule, reason="", by=by, now=now)
    return True


def lock_turn(store_id: int) -> SellerTurn:
    """Lock the row that says whose turn it was last at a store."""
    SellerTurn.objects.bulk_create([SellerTurn(store_id=store_id)], ignore_conflicts=True)
    return SellerTurn.objects.select_for_update(of=("self",)).get(store=store_id)


@transaction.atomic
def reassign_lead(
    *, lead_id: int, organization_id: int, owner_id: int, reason: str, by: User | None, now: datetime
) -> Lead:
    """
    Give a lead to a colleague by hand. Repeating it changes nothing.

    :raises ReasonRequired: without a reason
    :raises LeadNotFound: if it is not the dealer's
    :raises LeadClosed: if it is closed
    :raises UnknownSeller: if the colleague does not work for the dealer today
    """
    why = policies.clean(reason, most=LONGEST_REASON)
    if not why:
        raise ReasonRequired(fields={"reason": [_("This is required.")]})
    lead = lock_open_lead(lead_id, organization_id=organization_id)
    if owner_id not in {colleague.pk for colleague in list_colleagues(organization_id)}:
        raise UnknownSeller(fields={"owner": [str(UnknownSeller.message)]})
    if lead.owner_id != owner_id:
        _assign(lead, owner_id, rule=AssignmentRule.BY_HAND, reason=why, by=by, now=now)
    return lead


@transaction.atomic
def set_sellers(*, store: Store, organization_id: int, user_ids: set[int], by: User | None, now: datetime) -> None:
    """
    Say who takes leads at a store; an empty set means all clerks of the dealer.

    :raises UnknownSeller: if the store is another dealer's, or somebody does not work for the dealer today
    """
    colleagues = {colleague.pk for colleague in list_colleagues(organization_id)}
    if store.dealer.organization_id != organization_id or not user_ids <= colleagues:
        raise UnknownSeller
    StoreSeller.objects.filter(store=store).exclude(user__in=user_ids).update(is_active=False)
    for user_id in sorted(user_ids):
        StoreSeller.objects.update_or_create(store=store, user_id=user_id, defaults={"is_active": True})


def pass_on_overdue(*, now: datetime, limit: int = 100) -> list[int]:
    """
    Pass leads on that nobody called in time: once to the next seller, with a clock anew; then the manager is told.

    Each in a transaction of its own; returns the leads that were passed on or told of.
    """
    due = (
        Lead.objects.filter(status__in=UNCONTACTED, escalated_at__isnull=True, due_at__lte=now)
        .order_by("due_at", "pk")
        .values_list("pk", "organization_id")[:limit]
    )
    return [pk for pk, organization_id in list(due) if _pass_on_if_overdue(pk, organization_id, now=now)]


@transaction.atomic
def _pass_on_if_overdue(lead_id: int, organization_id: int, *, now: datetime) -> bool:
    lead = Lead.objects.select_for_update(of=("self",), no_key=True).select_related("store__dealer").get(pk=lead_id)
    is_due = lead.due_at is not None and lead.due_at <= now
    if lead.status not in UNCONTACTED or lead.escalated_at is not None or not is_due:
        return False
    may_pass_on = lead.times_passed_on < MOST_PASSED_ON
    if may_pass_on and give_in_turn(lead, rule=AssignmentRule.OVERDUE, except_for=lead.owner_id, by=None, now=now):
        lead.times_passed_on += 1
        lead.due_at = policies.due_after(
            now,
            minutes=conf.contact_minutes(),
            opening_hours=lead.store.opening_hours,
            time_zone=lead.store.time_zone,
        )
    else:
        lead.escalated_at = now
        notify_organization(
            organization_id=lead.organization_id,
            code="lead_escalated",
            dedupe_key=f"lead_escalated:{lead.pk}",
            link=f"/dealer/leads/{lead.pk}/",
            context={"what": {"zh": lead.interest_zh, "en": lead.interest_en}},
            now=now,
        )
    lead.save(update_fields=["times_passed_on", "due_at", "escalated_at"])
    return True


def _assign(lead: Lead, owner_id: int, *, rule: AssignmentRule, reason: str, by: User | None, now: datetime) -> None:
    lead.owner_id = owner_id
    lead.save(update_fields=["owner"])
    if lead.status == LeadStatus.NEW:
        LEAD.move(lead, "assign", by=by, at=now)
    Assignment.objects.create(lead=lead, owner_id=owner_id, rule=rule, reason=reason, by=by, at=now)
    outbox.record(LeadAssigned(lead_id=lead.pk, owner_id=owner_id, rule=str(rule)), at=now)
