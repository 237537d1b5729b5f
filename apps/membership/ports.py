"""What membership asks of the apps beside and above it."""

from typing import Protocol


class Purchases(Protocol):
    """Who bought what. Port ``membership.purchases``; answered by orders."""

    def has_bought(self, *, user_id: int, product_id: int) -> bool:
        """Whether the user paid an order with this product in it that was not called off."""
        ...


class VehicleRegistry(Protocol):
    """Which cars were built. Port ``membership.vehicles``; answered by inventory."""

    def is_vin(self, vin: str) -> bool:
        """Whether the text is a VIN with the right check digit (GB 16735, ISO 3779)."""
        ...

    def product_of(self, vin: str) -> int | None:
        """Return the product id of the trim that was built under this VIN, None for a car we do not know."""
        ...
