"""The stars that lists show of a product: a projection of what members gave."""

from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from apps.catalog.models import ProductInfo
from apps.kernel.api import forget_pages, ports

HUNDREDTH = Decimal("0.01")


@transaction.atomic
def refresh_ratings(product_ids: Collection[int]) -> None:
    """Write down the number and the average of the stars of products as they are now; repeating it changes nothing."""
    ids = sorted(set(product_ids))
    # Two facts about one product at once: the later one counts after the earlier one has written.
    infos = list(ProductInfo.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk"))
    stars = ports.adapter("catalog.ratings").count_stars(ids)
    for info in infos:
        count, total = stars.get(info.pk, (0, 0))
        info.rating_count = count
        info.rating_average = (Decimal(total) / count).quantize(HUNDREDTH, rounding=ROUND_HALF_UP) if count else None
    ProductInfo.objects.bulk_update(infos, ["rating_count", "rating_average"])
    forget_pages("list", *(f"product:{info.pk}" for info in infos))
