"""Membership's answers to ports of apps below."""

from collections.abc import Sequence

from apps.membership.selectors.reviews import count_stars


class Ratings:
    """Answers ``catalog.ratings`` from the published reviews."""

    def count_stars(self, product_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Return (number of reviews, sum of their stars) per product; products without any are left out."""
        return count_stars(product_ids)
