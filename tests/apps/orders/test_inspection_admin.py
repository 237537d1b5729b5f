"""HQ edits the checklist and reads inspections."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.accounts.api import Role
from apps.orders import api
from apps.orders.models import ChecklistItem
from tests.factories.accounts import make_member


@pytest.fixture
def operator(db):
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_member(Role.HQ_OPERATOR), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def test_an_item_is_added_and_belongs_to_its_cars(operator):
    values = {
        "code": "roof-rack",
        "section": "exterior",
        "name_zh": "车顶行李架牢固",
        "name_en": "Roof rack is firm",
        "body_types": ["suv"],
        "powertrains": [],
        "position": "99",
        "is_active": "on",
    }

    operator.post(reverse("admin:orders_checklistitem_add"), values)

    assert ChecklistItem.objects.get(code="roof-rack").body_types == ["suv"]


def test_nothing_is_deleted_and_inspections_are_read(operator, shop):
    shop.walk_to_ready(shop.placed(shop.car(), method="pickup").fulfilments.get())
    inspection = api.Inspection.objects.get()

    assert operator.get(reverse("admin:orders_inspection_changelist")).status_code == 200
    assert operator.get(reverse("admin:orders_inspection_change", args=[inspection.pk])).status_code == 200
    assert operator.get(reverse("admin:orders_recipientreveal_changelist")).status_code == 200
    assert operator.get(reverse("admin:leads_lead_changelist")).status_code == 200
    item = ChecklistItem.objects.first()
    assert operator.post(reverse("admin:orders_checklistitem_delete", args=[item.pk])).status_code == 403
