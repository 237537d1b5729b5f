"""What the pages of sites show: each with its address and what lies there."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.inventory.api import Site, name_place, what_lies_at
from apps.kernel.api import is_english


@dataclass(frozen=True, kw_only=True)
class SiteRow:
    """One site as its owner sees it; ``pieces`` on hand, ``vehicles`` that no buyer has yet."""

    site: Site
    where: str
    pieces: int
    vehicles: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies there."""
        return not self.pieces and not self.vehicles


def rows_of_sites(sites: Iterable[Site]) -> list[SiteRow]:
    """Return sites with what lies there, in two queries whatever their number."""
    sites = list(sites)
    lying = what_lies_at(site.pk for site in sites)
    return [_row(site, *lying.get(site.pk, (0, 0))) for site in sites]


def address_of(site: Site) -> str:
    """Return where a site is, the largest place first in Chinese and last in English."""
    places = [*name_place(site.region_code), site.address]
    if is_english():
        return ", ".join(part for part in reversed(places) if part)
    return "".join(dict.fromkeys(places))


def _row(site: Site, pieces: int, vehicles: int) -> SiteRow:
    return SiteRow(site=site, where=address_of(site), pieces=pieces, vehicles=vehicles)
