"""Reads of categories."""

from collections.abc import Collection
from dataclasses import dataclass

from apps.catalog.states import ProductKind
from apps.kernel.api import in_language
from apps.shop.api import Category


@dataclass(frozen=True, kw_only=True)
class CategoryView:
    """A category as a menu shows it; ``depth`` 1 is the top."""

    code: str
    name: str
    kind: str
    depth: int


def list_categories(kinds: Collection[ProductKind | str] = ()) -> list[CategoryView]:
    """Public categories, all or those of these kinds of product, every parent before its children."""
    rows = Category.objects.filter(is_public=True, ancestors_are_public=True, info__isnull=False).select_related("info")
    if kinds:
        rows = rows.filter(info__kind__in=kinds)
    return [
        CategoryView(
            code=row.code or row.slug,
            name=in_language(row.name, row.info.name_en),
            kind=row.info.kind,
            depth=row.depth,
        )
        for row in rows.order_by("path")
    ]
