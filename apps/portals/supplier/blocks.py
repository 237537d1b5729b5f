"""What waits for a supplier: the blocks of its to-do list."""

from datetime import datetime

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.api import Organization
from apps.catalog.api import ProposalStatus, list_own_proposals
from apps.inventory.api import StockLevel, list_own_sites
from apps.kernel.api import ImportRun, imports
from apps.orders.api import Fulfilment
from apps.portals.documents_todo import papers_running_out
from apps.portals.supplier.orders import TO_SHIP, WAITING, list_outgoing
from apps.portals.todo import Action, TodoBlock, TodoRow

SHOWN = 5
LOW = 3


def first_site(*, organization: Organization, now: datetime) -> TodoBlock | None:
    """Without a place to hold stock nothing can be offered: that comes before everything else."""
    if list_own_sites(organization.pk).exists():
        return None
    page = reverse("supplier-sites")
    row = TodoRow(
        title=_("You have no site yet"),
        url=page,
        detail=_("Goods lie at a site and ship from there. Open one, then bring in offers and stock."),
        actions=(Action(label=_("Open a site"), url=page, is_post=False),),
    )
    return TodoBlock(title=_("First of all"), icon="pin", count=1, rows=(row,), tone="accent")


def orders_to_accept(*, organization: Organization, now: datetime) -> TodoBlock:
    """Orders nobody has answered, the most urgent first; one click accepts."""
    waiting = list_outgoing(organization.pk).filter(WAITING).order_by(F("sla_due_at").asc(nulls_last=True), "pk")
    rows = tuple(_order_row(one, now=now, action=_accept(one)) for one in waiting[:SHOWN])
    return TodoBlock(
        title=_("Orders to accept"),
        icon="list",
        count=waiting.count(),
        rows=rows,
        link=f"{reverse('supplier-orders')}?tab=waiting",
        empty=_("Every order is answered."),
        tone="warn",
    )


def orders_to_ship(*, organization: Organization, now: datetime) -> TodoBlock:
    """Accepted orders that have not left, the oldest first."""
    waiting = list_outgoing(organization.pk).filter(TO_SHIP).order_by("pk")
    rows = tuple(_order_row(one, now=now, action=_ship(one)) for one in waiting[:SHOWN])
    return TodoBlock(
        title=_("Orders to ship"),
        icon="truck",
        count=waiting.count(),
        rows=rows,
        link=f"{reverse('supplier-orders')}?tab=ship",
        empty=_("Nothing waits to be shipped."),
        tone="accent",
    )


def low_stock(*, organization: Organization, now: datetime) -> TodoBlock:
    """Offers of which three pieces or fewer are free to sell."""
    free = F("on_hand") - F("safety_stock") - F("reserved") - F("allocated")
    levels = (
        StockLevel.objects.filter(site__organization=organization, stock_record__offer_info__isnull=False)
        .annotate(free=free)
        .filter(free__lte=LOW)
        .select_related("site", "stock_record__offer_info", "product__info")
        .order_by("free", "pk")
    )
    rows = tuple(
        TodoRow(
            title=level.product.info.title,
            url=reverse("supplier-offer", args=[level.stock_record.offer_info.sku]),
            detail=f"{level.stock_record.offer_info.sku} · {level.site.code}",
            badge=_("sold out")
            if level.free <= 0
            else ngettext("%(count)s left", "%(count)s left", level.free) % {"count": level.free},
            tone="bad" if level.free <= 0 else "warn",
        )
        for level in levels[:SHOWN]
    )
    return TodoBlock(
        title=_("Stock runs low"),
        icon="box",
        count=levels.count(),
        rows=rows,
        link=f"{reverse('supplier-offers')}?low=1",
        tone="warn",
    )


def proposals_turned_down(*, organization: Organization, now: datetime) -> TodoBlock:
    """New products that headquarters turned down and nobody proposed again."""
    found = list_own_proposals(organization.pk).filter(status=ProposalStatus.REJECTED, next__isnull=True)
    rows = tuple(
        TodoRow(
            title=proposal.title,
            url=reverse("supplier-proposal", args=[proposal.pk]),
            detail=proposal.reason,
            actions=(
                Action(
                    label=_("Propose again"),
                    url=reverse("supplier-propose-again", args=[proposal.pk]),
                    is_post=False,
                    is_primary=False,
                ),
            ),
        )
        for proposal in found[:SHOWN]
    )
    return TodoBlock(
        title=_("New products turned down"),
        icon="plus",
        count=found.count(),
        rows=rows,
        link=reverse("supplier-proposals"),
        tone="warn",
    )


def imports_to_confirm(*, organization: Organization, now: datetime) -> TodoBlock:
    """Tables that were checked and wait to be written."""
    runs = imports.list_runs(scope=imports.scope_of(organization.pk)).filter(status="CHECKED")
    rows = tuple(_import_row(run) for run in runs[:SHOWN])
    return TodoBlock(
        title=_("Imports to confirm"),
        icon="upload",
        count=runs.count(),
        rows=rows,
        link=reverse("supplier-imports"),
    )


BLOCKS = (
    first_site,
    orders_to_accept,
    orders_to_ship,
    proposals_turned_down,
    papers_running_out,
    imports_to_confirm,
    low_stock,
)


def _order_row(fulfilment: Fulfilment, *, now: datetime, action: Action) -> TodoRow:
    lines = [f"{line.item.title} × {line.quantity}" for line in fulfilment.lines.all()]
    due = fulfilment.sla_due_at if fulfilment.status == "PENDING" else None
    return TodoRow(
        title=_("Order %(number)s") % {"number": fulfilment.order.number},
        url=reverse("supplier-order", args=[fulfilment.pk]),
        detail=" · ".join(lines[:3]) + (" …" if len(lines) > 3 else ""),
        badge=fulfilment.get_method_display(),
        due_at=due,
        is_late=bool(due and due < now),
        actions=(action,),
    )


def _accept(fulfilment: Fulfilment) -> Action:
    return Action(label=_("Accept"), url=reverse("supplier-home-move", args=[fulfilment.pk, "accept"]))


def _ship(fulfilment: Fulfilment) -> Action:
    return Action(
        label=_("Ship"), url=reverse("supplier-order", args=[fulfilment.pk]) + "#ship", is_post=False, is_primary=False
    )


def _import_row(run: ImportRun) -> TodoRow:
    page = reverse("supplier-import", args=[run.pk])
    return TodoRow(
        title=run.name,
        url=page,
        detail=ngettext("%(count)s row", "%(count)s rows", run.total) % {"count": run.total},
        actions=(Action(label=_("Look at the report"), url=page, is_post=False, is_primary=False),),
    )
