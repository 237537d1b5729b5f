"""The living style guide: every component in every state, for those who build and check pages."""

from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.api import open_to_members
from apps.kernel.api import Money
from apps.portals.storefront.icons import PATHS

THEMES = ("light", "dark")
FOUNDATIONS = ("color", "type")
COLORS = ("ink", "ink-soft", "edge", "line", "mist", "paper", "accent", "good", "warn", "bad")


@never_cache
@open_to_members
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the components; to anybody but staff this page does not exist."""
    if not request.user.is_staff:
        raise Http404
    context = {
        "sections": [*FOUNDATIONS, *list_components()],
        "themes": THEMES,
        "colors": COLORS,
        "icons": sorted(PATHS),
        "price": Money(Decimal(289800), "CNY"),
        "list_price": Money(Decimal(299800), "CNY"),
        "step_names": [(_("Cart"), reverse("shop:cart")), _("Delivery and payment"), _("Pay")],
        "tab_items": [(_("Overview"), "#tabs"), (_("Specifications"), "#table"), (_("Reviews"), "#rating")],
        "trail": [(_("Home"), reverse("shop:home")), (_("Vehicles"), reverse("shop:vehicles")), (_("Details"), "")],
    }
    return render(request, "storefront/styleguide/index.html", context)


def list_components() -> list[str]:
    """Return the names of all components there are, so that none is forgotten here."""
    folder = Path(settings.BASE_DIR) / "templates" / settings.COTTON_DIR
    return sorted(path.stem for path in folder.glob("*.html"))
