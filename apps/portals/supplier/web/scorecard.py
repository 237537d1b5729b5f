"""The scorecard: how well the supplier did, over 30 and 90 days."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.api import SUPPLIER_ROLES, OrganizationKind, current_organization, require_roles
from apps.portals.supplier.policies import WEIGHTS, Record, Scorecard, judge
from apps.portals.supplier.scores import WINDOWS, record_of
from apps.suppliers.api import get_supplier


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def scorecard(request: HttpRequest) -> HttpResponse:
    """Show the figures of both windows and what the score is made of."""
    organization = current_organization(request, OrganizationKind.SUPPLIER)
    now = timezone.now()
    records = {days: record_of(organization.pk, days=days, now=now) for days in WINDOWS}
    cards = {days: judge(record) for days, record in records.items()}
    texts = {
        "fill": (_("Fill rate"), _("Pieces you accepted, of all that you were asked for.")),
        "punctuality": (_("On time"), _("Parcels that left within the lead time of their goods.")),
        "kept": (_("Kept by buyers"), _("Pieces that did not come back. Counted once returns are handled here.")),
        "price_stability": (_("Price stability"), _("One less the average change of your prices.")),
    }
    context = {
        "supplier": get_supplier(organization_id=organization.pk),
        "windows": WINDOWS,
        "scores": [(days, card.score) for days, card in cards.items()],
        "rows": [
            (
                title,
                text,
                f"{WEIGHTS[name] * 100:.0f} %",
                [(_percent(card, name), _counted(records[days], name)) for days, card in cards.items()],
            )
            for name, (title, text) in texts.items()
        ],
    }
    return render(request, "portals/supplier/scorecard.html", context)


def _counted(record: Record, name: str) -> str:
    """Return what a share is made of, in words; nothing where nothing is known yet."""
    asked = record.accepted + record.declined
    if name == "fill" and asked:
        return _("%(part)s of %(whole)s pieces") % {"part": record.accepted, "whole": asked}
    if name == "punctuality" and record.shipped:
        return _("%(part)s of %(whole)s parcels") % {"part": record.shipped - record.late, "whole": record.shipped}
    if name == "price_stability" and record.price_moves:
        offers = len(record.price_moves)
        return ngettext("%(count)s offer", "%(count)s offers", offers) % {"count": offers}
    return ""


def _percent(card: Scorecard, name: str) -> str:
    share: Decimal | None = getattr(card, name)
    return "–" if share is None else f"{share * 100:.1f} %"
