"""What dealers asks of others."""

from typing import Protocol


class VehicleCatalogue(Protocol):
    """Which brands and vehicles there are. The port ``dealers.vehicles``, answered by the catalog."""

    def has_brand(self, code: str) -> bool:
        """Whether there is a brand with this code."""

    def has_model(self, series_code: str, model_code: str) -> bool:
        """Whether there is such a series, and such a model of it ("": the series will do)."""

    def list_brands(self) -> list[tuple[str, str]]:
        """Return our own brands: code and name in the reader's language."""

    def list_models(self) -> list[tuple[str, str, str]]:
        """Return what quotas may count: series code, model code ("": all) and name, in the reader's language."""
