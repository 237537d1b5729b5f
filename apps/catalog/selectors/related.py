"""What goes well with a product."""

from collections.abc import Sequence

from django.db.models import Q

from apps.catalog.models import ProductInfo
from apps.catalog.selectors.products import ProductCard, ProductDetail, cards_of
from apps.catalog.states import ProductKind


def list_related(product: ProductDetail, *, most: int = 4) -> Sequence[ProductCard]:
    """
    Return popular accessories for the cars a product is for; for a product for every car, those for every car.

    What is in stock comes first. Two queries.
    """
    series = {row.series_code for row in product.fitment}
    fitting = Q(product__fitments__isnull=True)
    if series:
        fitting |= Q(product__fitments__series__code__in=series)
    infos = (
        ProductInfo.objects.filter(
            fitting, kind=ProductKind.ACCESSORY, product__is_public=True, shown_offer__isnull=False
        )
        .exclude(pk=product.id)
        .select_related("product", "brand", "shown_offer__stock_record")
        .order_by("-popularity", "pk")
        .distinct()
    )
    cards = cards_of(list(infos[: most * 3]))
    return sorted(cards, key=lambda card: not card.in_stock)[:most]
