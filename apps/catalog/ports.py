"""What the catalog asks of the apps above it."""

from typing import Protocol


class SiteDirectory(Protocol):
    """Answers whose sites there are. Port ``catalog.site_directory``."""

    def ships_for(self, *, site_code: str, organization_id: int) -> bool:
        """Whether the site exists and belongs to the organization."""
        ...
