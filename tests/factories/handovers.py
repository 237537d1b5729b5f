"""Cars that stand at a store, and their handovers, for tests."""

import io
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.accounts.api import User
from apps.dealers.api import Store
from apps.orders import api
from apps.scheduling.api import Resource, ResourceKind
from tests.factories.orders import Shop
from tests.factories.scheduling import make_resource


def make_area(store: Store, **rules: Any) -> Resource:
    """A handover area: an hour, every hour while the store is open, a day's notice."""
    usual = {"slot_minutes": 60, "buffer_minutes": 0, "notice_minutes": 1440, "change_minutes": 240}
    return make_resource(store=store, kind=ResourceKind.HANDOVER, **{**usual, **rules})


def arrive(shop: Shop, *, user: User | None = None, **changes: Any) -> api.Fulfilment:
    """A car that was ordered, paid and taken in at the shop's store."""
    order = shop.placed(shop.car(), method="pickup", user=user, **changes)
    found = order.fulfilments.get()
    keys = {"fulfilment_id": found.pk, "organization_id": shop.dealer.pk, "by": None, "now": shop.now}
    api.accept_fulfilment(**keys)
    api.mark_arrived(**keys)
    found.refresh_from_db()
    return found


def make_ready(shop: Shop, fulfilment: api.Fulfilment) -> api.Fulfilment:
    """Let the car that arrived pass its inspection, and send the buyer the code."""
    keys = {"fulfilment_id": fulfilment.pk, "organization_id": shop.dealer.pk, "by": None, "now": shop.now}
    api.pass_pdi(**keys)
    api.mark_ready(**keys)
    fulfilment.refresh_from_db()
    return fulfilment


def next_handover(store: Store, *, now: datetime) -> datetime:
    """The first free time of a store's handover areas from the day after tomorrow on."""
    slots = api.list_handover_times(store_id=store.pk, first_day=(now + timedelta(days=2)).date(), days=3, now=now)
    return next(slot.starts_at for slot in slots if slot.is_free)


def make_picture(name: str = "car.png") -> SimpleUploadedFile:
    """A small PNG."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def walk_to_signature(fulfilment: api.Fulfilment, keys: dict[str, Any]) -> api.HandoverRecord:
    """Do every step of a handover up to the signature, which is left."""
    own = {"fulfilment_id": fulfilment.pk, **keys}
    record = api.begin_handover(**own)
    api.check_identity(**own, receiver="BUYER", name="王小明", paper="ID_CARD")
    for kind in api.HandedKind:
        codes = set(record.items.filter(kind=kind).values_list("code", flat=True))
        api.give_items(**own, kind=kind, codes=codes)
    api.add_handover_photo(**own, upload=make_picture())
    return record
