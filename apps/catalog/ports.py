"""What the catalog asks of the apps above it."""

from collections.abc import Sequence
from typing import Protocol


class SiteDirectory(Protocol):
    """Answers whose sites there are. Port ``catalog.site_directory``."""

    def ships_for(self, *, site_code: str, organization_id: int) -> bool:
        """Whether the site exists and belongs to the organization."""
        ...


class Ratings(Protocol):
    """Answers how many stars members gave. Port ``catalog.ratings``; answered by membership."""

    def count_stars(self, product_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Return (number of published reviews, sum of their stars) per product; those without any are left out."""
        ...
