"""Used cars that the demo's consumers bring in part exchange, written by the services that pages use."""

import io
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

from apps.accounts.api import User
from apps.dealers.api import Store
from apps.financing.api import (
    CarTold,
    TradeIn,
    accept_trade_in,
    add_trade_in_photo,
    inspect_trade_in,
    offer_trade_in,
)
from apps.kernel.api import Money

CLERK = "clerk@demo.example"
RENDERS = Path(settings.BASE_DIR) / "static" / "img"


def load_trade_ins(data: Mapping[str, Any], *, now: datetime) -> int:
    """Write the cars of ``trade_ins.json`` once: offers have clocks, and those of an older demo run on."""
    if TradeIn.objects.exists():
        return TradeIn.objects.count()
    people = {user.email: user for user in User.objects.filter(email__in=[row["owner"] for row in data["cars"]])}
    stores = Store.objects.select_related("dealer").in_bulk(field_name="code")
    for row in data["cars"]:
        owner = people[row["owner"]]
        told = CarTold(
            price_as_new=row["price_as_new"],
            first_registered=date.fromisoformat(row["first_registered"]),
            mileage_km=row["mileage_km"],
            condition=row["condition"],
        )
        offer = offer_trade_in(told=told, car_name=row["car"], vin=row["vin"], by=owner, now=now)
        if row["store"]:
            store = stores[row["store"]]
            accept_trade_in(number=offer.number, store_id=store.pk, by=owner, now=now)
            if row["found"]:
                _take_pictures(offer.number, store, row["found"], now=now)
                inspect_trade_in(
                    number=offer.number,
                    organization_id=store.dealer.organization_id,
                    mileage_km=row["found"]["mileage_km"],
                    condition=row["found"]["condition"],
                    deduction=Money(Decimal(row["found"]["deduction"])),
                    note=row["found"]["note"],
                    by=None,
                    now=now,
                )
    return len(data["cars"])


def _take_pictures(number: str, store: Store, found: Mapping[str, Any], *, now: datetime) -> None:
    """Keep the pictures the store took: renders of the studio's, the damage out of one of them, the clock drawn."""
    clerk = User.objects.filter(email=CLERK).first()
    if clerk is None:
        return
    pictures = [(shows, _render(name)) for shows, name in found["pictures"].items()]
    pictures.append(("ODOMETER", _draw_clock(found["mileage_km"])))
    for shows, picture in pictures:
        content = io.BytesIO()
        picture.save(content, "JPEG", quality=82)
        add_trade_in_photo(
            number=number,
            organization_id=store.dealer.organization_id,
            shows=shows,
            upload=ContentFile(content.getvalue(), name=f"{shows.lower()}.jpg"),
            by=clerk,
            now=now,
        )


def _render(name: str) -> Image.Image:
    """Open a render, or the part of it that ``name#left,top,right,bottom`` names, on white."""
    path, _, box = name.partition("#")
    picture = Image.open(RENDERS / path).convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    picture = Image.alpha_composite(white, picture).convert("RGB")
    return picture.crop(tuple(int(side) for side in box.split(","))) if box else picture  # type: ignore[arg-type]


def _draw_clock(mileage_km: int) -> Image.Image:
    picture = Image.new("RGB", (800, 600), (14, 18, 24))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((200, 60, 600, 460), outline=(90, 104, 120), width=6)
    draw.text((400, 260), "0 km/h", font=ImageFont.load_default(64), fill=(220, 228, 236), anchor="mm")
    draw.text((400, 530), f"ODO {mileage_km:,} km", font=ImageFont.load_default(48), fill=(160, 220, 200), anchor="mm")
    return picture
