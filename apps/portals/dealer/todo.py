"""What waits for a dealer, block by block, what is most urgent first."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.accounts.api import Organization
from apps.inventory.api import AGEING_FROM_DAYS, UnitStatus, list_own_units
from apps.leads.api import Lead, list_leads
from apps.orders.api import Fulfilment, FulfilmentStatus, list_fulfilments
from apps.portals.dealer.clocks import Clock, clock_of_fulfilment, clock_of_lead
from apps.portals.dealer.handover_todo import handovers_due
from apps.portals.dealer.service_todo import visits_due
from apps.portals.dealer.test_drive_todo import drives_due
from apps.portals.documents_todo import papers_running_out
from apps.portals.todo import Action, TodoBlock, TodoRow
from apps.portals.worklist import possible_moves

S = FulfilmentStatus
MOST_ROWS = 5
# What a store does next; a parcel on its way to the buyer waits for nobody here.
STEPS = (S.PICKED, S.IN_TRANSIT, S.ARRIVED, S.PDI_PASSED)


def orders_to_accept(*, organization: Organization, now: datetime) -> TodoBlock:
    """Orders that wait for a yes or no: one click each."""
    waiting = list_fulfilments(organization.pk).filter(status=S.PENDING).order_by("sla_due_at", "pk")
    rows = list(waiting[:MOST_ROWS])
    return TodoBlock(
        title=_("Orders to accept"),
        count=waiting.count(),
        icon="list",
        tone="accent",
        rows=tuple(_order_row(row, organization, now=now) for row in rows),
        link=f"{reverse('dealer-orders')}?show=accept",
        empty=_("Every order is answered."),
    )


def leads_due(*, organization: Organization, now: datetime) -> TodoBlock:
    """Open leads, whose clock runs out first."""
    leads = list_leads(organization.pk)
    return TodoBlock(
        title=_("Leads to follow up"),
        count=leads.count(),
        icon="chat",
        tone="accent",
        rows=tuple(_lead_row(lead, now=now) for lead in leads[:MOST_ROWS]),
        link=reverse("dealer-leads"),
        empty=_("Everybody who asked has been called."),
    )


def next_steps(*, organization: Organization, now: datetime) -> TodoBlock:
    """Orders on their way through the store."""
    waiting = list_fulfilments(organization.pk).filter(status__in=STEPS).order_by("next_due_at", "pk")
    return TodoBlock(
        title=_("Next steps"),
        count=waiting.count(),
        icon="wrench",
        rows=tuple(_order_row(row, organization, now=now) for row in waiting[:MOST_ROWS]),
        link=f"{reverse('dealer-orders')}?show=steps",
        empty=_("Nothing is on its way through your store."),
    )


def pickups(*, organization: Organization, now: datetime) -> TodoBlock:
    """Goods whose buyer may come at any time."""
    waiting = list_fulfilments(organization.pk).filter(status=S.READY).order_by("next_due_at", "pk")
    return TodoBlock(
        title=_("Waiting to be fetched"),
        count=waiting.count(),
        icon="store",
        rows=tuple(_order_row(row, organization, now=now) for row in waiting[:MOST_ROWS]),
        link=f"{reverse('dealer-orders')}?show=ready",
    )


def ageing_cars(*, organization: Organization, now: datetime) -> TodoBlock:
    """Cars that have stood here for long."""
    old = [
        unit
        for unit in list_own_units(organization.pk, now=now)
        if unit.days >= AGEING_FROM_DAYS and unit.status != UnitStatus.DEMO
    ]
    return TodoBlock(
        title=_("Cars that stand for long"),
        count=len(old),
        icon="car",
        tone="warn",
        rows=tuple(
            TodoRow(
                title=unit.title,
                detail=unit.vin,
                url=f"{reverse('dealer-stock')}?q={unit.vin}",
                badge=_("%(days)s days") % {"days": unit.days},
                tone="warn",
            )
            for unit in old[:MOST_ROWS]
        ),
        link=reverse("dealer-stock"),
    )


BLOCKS = (
    orders_to_accept,
    leads_due,
    drives_due,
    handovers_due,
    visits_due,
    next_steps,
    pickups,
    ageing_cars,
    papers_running_out,
)


def _order_row(fulfilment: Fulfilment, organization: Organization, *, now: datetime) -> TodoRow:
    clock = clock_of_fulfilment(fulfilment, now=now)
    page = reverse("dealer-order", args=[fulfilment.pk])
    first = next(iter(possible_moves(fulfilment, organization_id=organization.pk)), None)
    actions = []
    if first is not None and first.is_one_press:
        url = reverse("dealer-home-move", args=[fulfilment.pk, first.name])
        actions.append(Action(label=first.label, url=url))
    elif first is not None:
        actions.append(Action(label=first.label, url=page, is_post=False))
    if fulfilment.status == S.PENDING:
        actions.append(Action(label=pgettext("action", "View"), url=page, is_post=False, is_primary=False))
    titles = [line.item.title for line in fulfilment.lines.all()]
    return TodoRow(
        title=" + ".join(titles[:2]) or fulfilment.order.number,
        url=page,
        detail=_join(fulfilment.order.number, fulfilment.store.name if fulfilment.store else "", _then(clock)),
        badge=fulfilment.get_status_display(),
        tone="bad" if clock is not None and clock.is_late else "",
        due_at=clock.due_at if clock is not None else None,
        is_late=clock is not None and clock.is_late,
        actions=tuple(actions),
    )


def _lead_row(lead: Lead, *, now: datetime) -> TodoRow:
    clock = clock_of_lead(lead, now=now)
    _tone, word = lead.warmth
    return TodoRow(
        title=lead.interest,
        url=reverse("dealer-lead", args=[lead.pk]),
        detail=_join(lead.get_source_display(), word, lead.masked_phone, _then(clock)),
        badge=_("Escalated") if lead.escalated_at else lead.get_status_display(),
        tone="bad" if lead.escalated_at or (clock is not None and clock.is_late) else "",
        due_at=clock.due_at if clock is not None else None,
        is_late=clock is not None and clock.is_late,
        actions=(Action(label=_("Follow up"), url=reverse("dealer-lead", args=[lead.pk]), is_post=False),),
    )


def _then(clock: Clock | None) -> str:
    return clock.then if clock is not None else ""


def _join(*words: str) -> str:
    return " · ".join(str(word) for word in words if word)
