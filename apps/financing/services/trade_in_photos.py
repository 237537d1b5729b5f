"""Pictures of a used car, taken by the store that inspects it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.financing.errors import InvalidUsedCar
from apps.financing.models import TradeInPhoto
from apps.financing.services.trade_ins import lock_trade_in
from apps.financing.states import TRADE_IN, PhotoOf, TradeInStatus
from apps.kernel.api import MoveNotAllowed, private_files

if TYPE_CHECKING:
    from django.core.files.base import File

    from apps.accounts.api import User

MOST_PHOTOS = 24
# A picture proves what the figure rests on: it is taken before the owner agrees to it.
WHILE_INSPECTED = (TradeInStatus.ACCEPTED, TradeInStatus.INSPECTED)


@transaction.atomic
def add_trade_in_photo(
    *, number: str, organization_id: int, shows: str, upload: "File[Any]", by: "User", now: datetime
) -> TradeInPhoto:
    """
    Keep a picture of a car in part exchange; drawn anew, so nothing but the picture is kept.

    :raises TradeInNotFound: if it was not brought to this dealer
    :raises MoveNotAllowed: if the car is not with the dealer for inspection
    :raises FileRefused, FileTooLarge, FileNotPlain: if it is no file we keep
    :raises InvalidUsedCar: if it is no picture, shows nothing we know, or there are MOST_PHOTOS already
    """
    trade_in = lock_trade_in(number, organization_id=organization_id)
    if trade_in.status not in WHILE_INSPECTED:
        raise MoveNotAllowed(lifecycle=TRADE_IN.name, move="add_photo", status=trade_in.status)
    if shows not in PhotoOf.values:
        raise InvalidUsedCar(fields={"shows": [_("Please say what the picture shows.")]})
    if trade_in.photos.count() >= MOST_PHOTOS:
        raise InvalidUsedCar(fields={"photo": [_("There are enough pictures.")]})
    file = private_files.store(upload=upload, by=by, now=now)
    if not file.content_type.startswith("image/"):
        raise InvalidUsedCar(fields={"photo": [_("Please choose a picture (JPEG or PNG).")]})
    return TradeInPhoto.objects.create(trade_in=trade_in, shows=shows, file=file, by=by, at=now)
