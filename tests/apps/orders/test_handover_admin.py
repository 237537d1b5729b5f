"""HQ edits what belongs to a handover and what is signed, and reads appointments and records."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.accounts.api import Role
from apps.orders import api
from apps.orders.models import HandoverItem, HandoverText
from tests.factories.accounts import make_member, make_user
from tests.factories.handovers import arrive, make_area, make_ready, next_handover, walk_to_signature


@pytest.fixture
def operator(db):
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_member(Role.HQ_OPERATOR), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def test_an_item_is_added_and_belongs_to_its_cars(operator):
    values = {
        "code": "wall-box",
        "kind": "PACK",
        "name_zh": "家用充电桩权益卡",
        "name_en": "Voucher for a wall box",
        "powertrains": ["bev"],
        "position": "99",
        "is_active": "on",
    }

    operator.post(reverse("admin:orders_handoveritem_add"), values)

    item = HandoverItem.objects.get(code="wall-box")
    assert (item.powertrains, item.is_required) == (["bev"], False)


def test_a_text_keeps_its_words(operator):
    text = HandoverText.objects.get()
    page = reverse("admin:orders_handovertext_change", args=[text.pk])

    operator.post(page, {"body_zh": "别的", "valid_0": "2026-01-01", "valid_1": "2026-12-31"})

    text.refresh_from_db()
    assert text.body_zh != "别的"


def test_nothing_is_deleted_and_handovers_are_read(operator, shop):
    make_area(shop.store)
    car = make_ready(shop, arrive(shop))
    keys = {"organization_id": shop.dealer.pk, "by": make_user(), "now": shop.now}
    starts_at = next_handover(shop.store, now=shop.now)
    rows = {
        "handoverappointment": api.book_handover(fulfilment_id=car.pk, starts_at=starts_at, **keys),
        "handoverrecord": walk_to_signature(car, keys),
    }

    for name, row in rows.items():
        assert operator.get(reverse(f"admin:orders_{name}_changelist")).status_code == 200
        page = operator.get(reverse(f"admin:orders_{name}_change", args=[row.pk]))
        assert page.status_code == 200
        assert "王小明" not in page.content.decode()
    for model in (HandoverItem, HandoverText):
        name = model._meta.model_name
        assert operator.get(reverse(f"admin:orders_{name}_changelist")).status_code == 200
        assert operator.post(reverse(f"admin:orders_{name}_delete", args=[model.objects.first().pk])).status_code == 403
