"""
Product cards as HTML.

A card is a pure function of what it shows: the same card in the same language is rendered once and kept. Nothing can be
stale, since what is shown is the key.
"""

from functools import lru_cache

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from apps.catalog.api import ProductCard, picture_set

KEPT_CARDS = 6000
TEMPLATE = "storefront/_product_card.html"


def render_card(card: ProductCard) -> SafeString:
    """The card of a product in the reader's language."""
    return _render(card, get_language() or "")


@lru_cache(maxsize=KEPT_CARDS)
def _render(card: ProductCard, language: str) -> SafeString:
    with override(language):
        picture = picture_set(card.image_key, kind=card.kind)
        return get_template(TEMPLATE).render({"product": card, "picture": picture})
