"""The demo's applications stand in their states, and writing them again changes nothing."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from apps.accounts.api import OrganizationKind, Role
from apps.onboarding.api import Application, Submission, count_waiting_reviews, list_standings
from apps.portals.staff.demo_applications import load_applications
from tests.factories.accounts import make_company, make_member
from tests.factories.dealers import make_dealer, make_organization, make_supplier

pytestmark = pytest.mark.django_db
DATA = json.loads((Path(settings.BASE_DIR) / "config" / "reference" / "applications.json").read_text(encoding="utf-8"))


def test_the_queue_is_not_empty_and_a_second_run_adds_nothing(now):
    make_member(Role.HQ_OPERATOR, make_company(OrganizationKind.HQ), email="hq@demo.example")
    make_supplier(organization=make_organization(kind="SUPPLIER", code="SUP-LICHUAN"), uscc="91320412MADE05015D")
    for code in ("DLR-SHANGHAI", "DLR-HANGZHOU"):
        make_dealer(organization=make_organization(kind="DEALER", code=code))

    load_applications(DATA, now=now)
    before = (Application.objects.count(), Submission.objects.count())
    load_applications(DATA, now=now)

    statuses = sorted(Application.objects.values_list("status", flat=True))
    assert statuses == [*["APPROVED"] * 3, "INVITED", "ONBOARDING", *["READY_FOR_REVIEW"] * 3, "REJECTED"]
    assert count_waiting_reviews() == 4
    assert (Application.objects.count(), Submission.objects.count()) == before
    papers = list_standings(Application.objects.get(organization__code="DLR-SHANGHAI"))
    lacking = [paper.requirement.code for paper in papers if paper.is_required and not paper.effective]
    assert lacking == ["tax-number"]  # which the file itself knows
