"""Staff read the outbox and the trail, and replay dead letters; they change nothing by hand."""

import pytest
from django.contrib.admin import site
from django.contrib.auth import get_user_model
from django.contrib.messages.storage.base import BaseStorage
from django.db import transaction
from django.test import RequestFactory

from apps.kernel.api import OutboxDelivery, StatusChange, outbox
from apps.kernel.models import AuditEntry, AuditSeal
from tests.apps.kernel.lamps import LampLit

pytestmark = pytest.mark.django_db


class Messages(BaseStorage):
    """Keeps messages in memory."""

    def _get(self, *args, **kwargs):
        return [], True


@pytest.fixture
def request_of_staff():
    request = RequestFactory().post("/admin/")
    request.user = get_user_model().objects.create(email="hq@kernel.example", is_staff=True, is_superuser=True)
    request._messages = Messages(request)
    return request


@pytest.mark.parametrize("model", [OutboxDelivery, AuditEntry, AuditSeal, StatusChange])
def test_nothing_is_added_changed_or_deleted_by_hand(model, request_of_staff):
    page = site.get_model_admin(model)

    assert page.has_view_permission(request_of_staff)
    assert not page.has_add_permission(request_of_staff)
    assert not page.has_change_permission(request_of_staff)
    assert not page.has_delete_permission(request_of_staff)


def test_replaying_dead_letters_names_who_did(request_of_staff, now, listen):
    listen(lambda fact, *, event: None)
    with transaction.atomic():
        for lamp in ("hall", "porch"):
            outbox.record(LampLit(lamp=lamp), at=now)
    OutboxDelivery.objects.filter(aggregate="tests:hall").update(status="DEAD")
    page = site.get_model_admin(OutboxDelivery)

    assert "replay_dead_letters" in page.get_actions(request_of_staff)
    page.replay_dead_letters(request_of_staff, OutboxDelivery.objects.all())

    assert set(OutboxDelivery.objects.values_list("status", flat=True)) == {"PENDING"}
    assert StatusChange.objects.get().by == request_of_staff.user
    assert len(list(request_of_staff._messages)) == 1


def test_replaying_needs_its_permission(request_of_staff):
    request_of_staff.user.is_superuser = False

    assert "replay_dead_letters" not in site.get_model_admin(OutboxDelivery).get_actions(request_of_staff)
