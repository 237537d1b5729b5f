"""The documents pages of the portals: own papers only, for managers only."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from apps.accounts.api import Role
from apps.onboarding.api import (
    Application,
    Paper,
    Submission,
    find_application_of,
    list_running_out,
    submit_paper,
)
from tests.factories.accounts import make_company, make_member
from tests.factories.dealers import make_dealer, make_organization, make_supplier
from tests.factories.onboarding import approved, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    """The pages are tested, not the sign-in."""
    settings.MFA_REQUIRED_ROLES = []


def test_a_supplier_that_was_there_before_has_a_file_and_hands_in(client):
    supplier = make_supplier(organization=make_organization(kind="SUPPLIER"), uscc="91320412MADE05015D")
    client.force_login(make_member(Role.SUPPLIER, supplier.organization))

    assert client.get(reverse("supplier-documents")).status_code == 200
    answer = client.post(
        reverse("supplier-documents-one", args=["licence"]),
        {"licence-valid_until": "2031-01-01", "licence-file": picture()},
    )

    application = find_application_of(organization_id=supplier.organization_id)
    assert answer.status_code == 302
    assert application.uscc == supplier.uscc
    assert Submission.objects.get().application == application


def test_a_dealer_sees_own_papers_and_nobody_elses(client, reviewer, now):
    mine = approved(kind="DEALER", by=reviewer, now=now, email="mine@example.com")
    other = approved(kind="DEALER", by=reviewer, now=now, email="other@example.com")
    client.force_login(mine.organization.memberships.get().user)

    text = client.get(reverse("dealer-documents")).content.decode()

    assert mine.uscc in text
    assert other.uscc not in text
    assert "6222000012345678" not in text


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.DEALER_CLERK, "dealer-documents"),
        (Role.SUPPLIER_CLERK, "supplier-documents"),
        (Role.SUPPLIER, "dealer-documents"),
        (Role.DEALER_MANAGER, "supplier-documents"),
        (Role.CONSUMER, "supplier-documents"),
        (Role.HQ_OPERATOR, "dealer-documents"),
    ],
)
def test_only_managers_of_the_side_enter(role, page, client):
    client.force_login(make_member(role))

    assert client.get(reverse(page)).status_code == 403
    assert client.post(reverse(f"{page}-one", args=["licence"]), {}).status_code == 403
    assert not Application.objects.exists()


@pytest.mark.parametrize("code", ["nonsense", "iso-certificate"])
def test_what_is_not_asked_for_is_not_found(code, client):
    dealer = make_dealer(organization=make_company())
    client.force_login(make_member(Role.DEALER_MANAGER, dealer.organization))

    assert client.post(reverse("dealer-documents-one", args=[code]), {}).status_code == 404


def test_a_refused_renewal_is_said_beside_its_field(client):
    supplier = make_supplier(organization=make_organization(kind="SUPPLIER"))
    client.force_login(make_member(Role.SUPPLIER, supplier.organization))

    answer = client.post(
        reverse("supplier-documents-one", args=["licence"]),
        {"licence-valid_until": "2020-01-01", "licence-file": picture()},
    )

    assert 'id="errors"' in answer.content.decode()
    assert 'id="id_licence-valid_until_error"' in answer.content.decode()
    assert not Submission.objects.exists()


def test_a_number_on_record_shows_and_stays(client):
    supplier = make_supplier(organization=make_organization(kind="SUPPLIER"), uscc="91320412MADE05015D")
    client.force_login(make_member(Role.SUPPLIER, supplier.organization))

    looked = client.get(reverse("supplier-documents")).content.decode()
    assert "91320412MADE05015D" in looked
    assert not Application.objects.exists()

    client.post(reverse("supplier-documents-one", args=["tax-number"]), {"tax-number-number": "91330206MADE05023C"})
    assert Application.objects.get().uscc == "91320412MADE05015D"
    assert not Submission.objects.exists()


def test_what_runs_out_is_listed_until_it_is_renewed(reviewer, now):
    application = approved(by=reviewer, now=now)
    last_day = date(2030, 12, 31)
    common = {"organization_id": application.organization_id}

    assert list_running_out(**common, on=last_day - timedelta(days=61)) == []
    soon = list_running_out(**common, on=last_day - timedelta(days=60))
    assert [(paper.code, paper.days_left, paper.blocks) for paper in soon] == [
        ("brand-authorization", 60, False),
        ("licence", 60, True),
    ]
    submit_paper(
        application_id=application.pk,
        requirement="licence",
        paper=Paper(valid_until=date(2035, 1, 1)),
        upload=picture(),
        by=None,
        now=now,
    )
    assert [paper.code for paper in list_running_out(**common, on=last_day)] == ["brand-authorization"]
    assert list_running_out(organization_id=424242, on=last_day) == []
