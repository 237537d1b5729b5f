"""Members' things for tests, and Fakes of membership's ports that know what they are told."""

import io
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.accounts.api import User
from apps.membership.api import Review, publish_review, write_review
from apps.shop.api import Product


@dataclass
class FakePurchases:
    """An order book that knows what it is told (port ``membership.purchases``)."""

    bought: set[tuple[int, int]] = field(default_factory=set)

    def has_bought(self, *, user_id: int, product_id: int) -> bool:
        """Whether it was told so."""
        return (user_id, product_id) in self.bought


@dataclass
class FakeVehicles:
    """A registry of cars; a VIN is right if it has 17 characters (port ``membership.vehicles``)."""

    built: dict[str, int] = field(default_factory=dict)

    def is_vin(self, vin: str) -> bool:
        """Whether the text is as long as a VIN."""
        return len(vin) == 17

    def product_of(self, vin: str) -> int | None:
        """The trim it was told of."""
        return self.built.get(vin)


def make_picture(
    *, size: tuple[int, int] = (800, 600), kind: str = "JPEG", name: str = "photo.jpg", exif: bytes = b""
) -> SimpleUploadedFile:
    """A picture as a phone uploads it."""
    content = io.BytesIO()
    more = {"exif": exif} if exif else {}
    Image.new("RGB", size, (120, 90, 60)).save(content, format=kind, **more)
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")


def make_review(
    product: Product, member: User, *, rating: int = 5, text: str = "装上很合适", now: datetime, published: bool = True
) -> Review:
    """A review, published unless told otherwise."""
    review = write_review(product_id=product.pk, rating=rating, text=text, by=member, now=now)
    return publish_review(review_id=review.pk, by=None, now=now) if published else review
