"""The slugs of what is sold, a slice at a time: what a sitemap lists."""

from apps.catalog.models import ProductInfo, Series
from apps.catalog.states import ProductKind


def count_sold_products() -> int:
    """Return how many products besides cars have a page."""
    return _sold().count()


def list_sold_slugs(*, first: int, most: int) -> list[str]:
    """Return the slugs of at most ``most`` products besides cars, from position ``first``, oldest first. One query."""
    return list(_sold().order_by("pk").values_list("product__slug", flat=True)[first : first + most])


def list_series_slugs() -> list[str]:
    """Return the slugs of our own series, in their order."""
    rows = Series.objects.filter(is_public=True, brand__is_own=True)
    return list(rows.order_by("position", "pk").values_list("slug", flat=True))


def _sold():
    return ProductInfo.objects.filter(product__is_public=True).exclude(kind=ProductKind.VEHICLE)
