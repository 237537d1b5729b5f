"""HQ's back office: its first page, and the doors that stay closed."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from unfold.admin import ModelAdmin

from apps.accounts.api import Role
from apps.portals.staff.queues import list_queues

REGISTERED = list(admin.site._registry)


def test_only_our_own_tables_are_registered():
    foreign = [model._meta.label for model in REGISTERED if not isinstance(admin.site._registry[model], ModelAdmin)]
    oscars = [model._meta.label for model in REGISTERED if model.__module__.startswith("oscar.")]

    assert foreign == oscars == []


@pytest.mark.parametrize("role", [Role.HQ_OPERATOR, Role.HQ_AUDITOR])
def test_every_list_opens_for_hq(shop, sign_in, role):
    shop.order(shop.part())
    client = sign_in(role)

    answers = {
        model._meta.label: client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        for model in REGISTERED
    }

    assert {label: page.status_code for label, page in answers.items() if page.status_code != 200} == {}


@pytest.mark.parametrize("role", [Role.CONSUMER, Role.DEALER_MANAGER, Role.SUPPLIER, Role.CMS_EDITOR])
def test_nobody_else_gets_in(shop, sign_in, role):
    assert sign_in(role).get(reverse("admin:index")).status_code in (302, 403)


def test_the_first_page_counts_what_waits(shop, sign_in):
    shop.placed(shop.car(), method="pickup")
    shop.order(shop.part())

    page = sign_in(Role.HQ_OPERATOR).get(reverse("admin:index"))

    numbers = {str(queue.title): queue.number for queue in list_queues(now=timezone.now())}
    assert page.status_code == 200
    assert numbers["Awaiting payment"] == numbers["Being fulfilled"] == numbers["Fulfilments to accept"] == 1


@pytest.mark.parametrize("model", ["orders.customerorder", "payments.payment", "inventory.stocklevel"])
def test_an_auditor_changes_nothing(shop, sign_in, model):
    app, name = model.split(".")

    assert sign_in(Role.HQ_AUDITOR).get(reverse(f"admin:{app}_{name}_add")).status_code == 403
