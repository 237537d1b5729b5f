"""
A list as HTML.

Like a card it is a pure function of what it shows, so what was rendered for one visitor serves the next as long as the
database gives the same answer. Nothing can be stale: prices, counts and all else it shows are the key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from apps.catalog.api import CarName, Facets, ProductCard, ProductKind
from apps.membership.api import CarView
from apps.portals.storefront import lists
from apps.portals.storefront.cards import render_card
from apps.portals.storefront.list_state import ListState, last_page

KEPT_LISTS = 200
TEMPLATE = "storefront/_list.html"


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """Everything a list shows. ``meant``: what the words were probably meant to be."""

    path: str
    title: str
    is_search: bool
    state: ListState
    kinds: tuple[ProductKind, ...]
    count: int
    cards: tuple[ProductCard, ...]
    facets: Facets
    cars: tuple[CarName, ...]
    car: CarName | None
    garage: tuple[CarView, ...]
    meant: str

    @property
    def status(self) -> str:
        """How many there are, in words."""
        words = ngettext("%(count)s product", "%(count)s products", self.count) % {"count": f"{self.count:,}"}
        return _("%(count)s, fits the %(name)s") % {"count": words, "name": self.car.name} if self.car else words


def render_list(page: ListPage) -> SafeString:
    """The list in the reader's language."""
    return _render(page, get_language() or "")


@lru_cache(maxsize=KEPT_LISTS)
def _render(page: ListPage, language: str) -> SafeString:
    with override(language):
        return get_template(TEMPLATE).render(_context(page))


def _context(page: ListPage) -> dict[str, object]:
    state, facets = page.state, page.facets
    pages = -(-page.count // state.size) or 1
    return {
        "path": page.path,
        "title": page.title,
        "status": page.status,
        "is_search": page.is_search,
        "state": state,
        "count": page.count,
        "cards": [(card, render_card(card)) for card in page.cards],
        "kinds": lists.kind_choices(state, facets, page.kinds) if len(page.kinds) > 1 else [],
        "groups": lists.filter_groups(state, facets),
        "stock": lists.stock_choice(state, facets),
        "chips": lists.chips(state, facets, page.car),
        "clear_url": ListState(kind=state.kind, default_kind=state.default_kind).url(),
        "sizes": lists.size_choices(state, page.count),
        "cars": _by_series(page.cars),
        "car": page.car,
        "garage": [(row, state.url(fits=row.product_id), row.product_id == state.fits) for row in page.garage],
        "hidden_for_sort": state.hidden("ordering"),
        "hidden_for_words": state.hidden("q", "ordering"),
        "hidden_for_price": state.hidden("price_min", "price_max"),
        "hidden_for_car": state.hidden("fits"),
        "here": f"{page.path}{state.url()}",
        "pages": last_page(pages),
        "params": state.url().removeprefix("?"),
        "meant": page.meant,
        "meant_url": state.url(words=page.meant),
        "ways": _ways_out(state) if not page.count else [],
    }


def _by_series(cars: Sequence[CarName]) -> list[tuple[str, list[CarName]]]:
    groups: dict[str, list[CarName]] = {}
    for car in cars:
        groups.setdefault(car.series, []).append(car)
    return list(groups.items())


def _ways_out(state: ListState) -> list[tuple[str, str]]:
    """What somebody may do who found nothing: words and address of each."""
    everywhere = f"{reverse('shop:search')}{ListState(words=state.words).url()}"
    has_price = (state.price_min, state.price_max) != (None, None)
    loosened = [
        (_("Show what is out of stock as well"), state.url(in_stock=False), state.in_stock),
        (_("Show what fits any car"), state.url(fits=None), state.fits is not None),
        (_("Show every price"), state.url(price_min=None, price_max=None), has_price),
        (_("Search all kinds of products"), everywhere, state.words and (state.kind or state.is_narrowed)),
    ]
    return [(words, url) for words, url, helps in loosened if helps]
