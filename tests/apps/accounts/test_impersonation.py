"""Headquarters over a shoulder: who may, for how long, what stays closed, and what the record shows."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts import api
from apps.accounts.api import OrganizationKind, Role
from apps.accounts.errors import AlreadyImpersonating, NotToImpersonate, ReasonRequired, RoleNotGiven
from apps.accounts.models import Impersonation, ImpersonationStep, Invitation, OrganizationMember
from apps.accounts.services.impersonation import get_live_impersonation
from apps.kernel.api import AuditEntry, audit
from tests.factories.accounts import make_company, make_member

pytestmark = pytest.mark.django_db
REASON = "An order that cannot be accepted, call of 10 June"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.MFA_REQUIRED_ROLES = []


@pytest.fixture
def operator():
    return make_member(Role.HQ_OPERATOR, display_name="Zhao")


@pytest.fixture
def company():
    return make_company(OrganizationKind.SUPPLIER)


@pytest.fixture
def manager(company):
    return make_member(Role.SUPPLIER, company, display_name="Qian")


def begin(user, company, by, now, reason=REASON):
    return api.start_impersonation(user_id=user.pk, organization_id=company.pk, reason=reason, by=by, now=now)


@pytest.fixture
def desk(operator, manager, company):
    """The operator's browser, in the middle of an impersonation."""
    browser = Client(HTTP_ACCEPT_LANGUAGE="en")
    browser.force_login(operator)
    page = reverse("account_impersonate", args=[manager.pk])
    answer = browser.post(page, {"organization": company.pk, "reason": REASON})
    assert (answer.status_code, answer.url) == (302, "/supplier/")
    return browser


# The service


@pytest.mark.parametrize("role", [r for r in Role if r != Role.HQ_OPERATOR])
def test_only_operators_impersonate(role, manager, company, now):
    with pytest.raises(RoleNotGiven):
        begin(manager, company, make_member(role), now)

    assert not Impersonation.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", "because", "a         b"])
def test_a_reason_is_required(reason, manager, company, operator, now):
    with pytest.raises(ReasonRequired):
        begin(manager, company, operator, now, reason)

    assert not Impersonation.objects.exists()


def test_operators_do_not_end_each_other_s(operator, manager, company, now):
    other = make_member(Role.HQ_OPERATOR)
    theirs = begin(manager, company, other, now)
    mine = begin(manager, company, operator, now)

    assert api.end_impersonation(by=operator, now=now) == 1
    assert get_live_impersonation(impersonation_id=theirs.pk, operator=other, now=now) == theirs

    begin(manager, company, operator, now + timedelta(hours=1))
    theirs.refresh_from_db()
    mine.refresh_from_db()
    assert (theirs.ended_at, mine.ended_at) == (None, now)


@pytest.mark.parametrize("whom", ["consumer", "colleague", "auditor too", "elsewhere", "closed", "root"])
def test_only_people_of_portals_are_impersonated(whom, company, operator, now):
    person = make_member(
        Role.CONSUMER if whom == "consumer" else Role.SUPPLIER, None if whom == "elsewhere" else company
    )
    if whom == "colleague":
        person = make_member(Role.HQ_OPERATOR)
    if whom == "auditor too":
        headquarters = make_company(OrganizationKind.HQ)
        api.add_member(user=person, organization=headquarters, role=Role.HQ_AUDITOR, by=None, now=now)
    if whom == "closed":
        api.close_account(user_id=person.pk, by=None, now=now)
    if whom == "root":
        person.is_superuser = True
        person.save()

    with pytest.raises(NotToImpersonate):
        begin(person, company, operator, now)

    assert not Impersonation.objects.exists()


def test_nobody_is_two_people_at_once_and_time_ends_it(manager, company, operator, now):
    first = begin(manager, company, operator, now)
    with pytest.raises(AlreadyImpersonating):
        begin(manager, company, operator, now)

    later = now + timedelta(minutes=30)
    assert get_live_impersonation(impersonation_id=first.pk, operator=operator, now=later) is None
    second = begin(manager, company, operator, later)

    assert Impersonation.objects.get(pk=first.pk).ended_at == later
    assert get_live_impersonation(impersonation_id=second.pk, operator=operator, now=later) == second
    assert get_live_impersonation(impersonation_id=second.pk, operator=make_member(Role.HQ_OPERATOR), now=later) is None


@pytest.mark.parametrize("change", ["operator leaves", "person leaves", "person joins headquarters"])
def test_it_ends_when_either_side_is_no_more_what_it_was(change, manager, company, operator, now):
    begun = begin(manager, company, operator, now)
    if change == "person joins headquarters":
        headquarters = make_company(OrganizationKind.HQ)
        api.add_member(user=manager, organization=headquarters, role=Role.CMS_EDITOR, by=None, now=now)
    else:
        who = operator if change == "operator leaves" else manager
        api.end_membership(member_id=OrganizationMember.objects.get(user=who).pk, by=None, now=now)

    assert get_live_impersonation(impersonation_id=begun.pk, operator=operator, now=now) is None


# In the browser


def test_the_portal_shows_itself_as_the_person_sees_it_under_a_banner(desk, company):
    page = desk.get("/supplier/")

    assert page.status_code == 200
    text = page.content.decode()
    assert re.search(r"You are acting as <span lang=.{2,8}>Qian</span>", text)
    assert REASON in text
    assert company.name in text
    for own in ("/admin/", "/account/email/"):
        assert "You are acting as" in desk.get(own).content.decode()
    assert desk.get("/dealer/").status_code == 403


def test_elsewhere_the_operator_stays_who_they_are(desk, operator, manager):
    assert operator.email in desk.get("/account/email/").content.decode()
    assert manager.email not in desk.get("/account/email/").content.decode()
    assert desk.get("/api/v1/me/").json()["email"] == operator.email
    assert desk.get("/api/v1/supplier/fulfilments/").status_code == 403


def test_team_and_keys_stay_closed_to_changes(desk, company, manager):
    clerk = make_member(Role.SUPPLIER_CLERK, company)
    row = OrganizationMember.objects.get(user=clerk)
    attempts = [
        (reverse("supplier-team"), {"address": "x@example.com", "role": "supplier"}),
        (reverse("supplier-team-remove", args=[row.pk]), {}),
        (reverse("supplier-team-role", args=[row.pk]), {"role": "supplier"}),
        (reverse("supplier-keys"), {"name": "x", "scopes": ["stock:read"], "days": "30"}),
        ("/supplier/documents/bank/", {}),
        ("/supplier/webhooks/", {}),
    ]
    for page, form in attempts:
        answer = desk.post(page, form)
        assert answer.status_code == 403
        assert "You are impersonating this person" in answer.content.decode()

    assert not Invitation.objects.exists()
    assert OrganizationMember.objects.get(pk=row.pk).is_active
    assert ImpersonationStep.objects.filter(method="POST", status=403).count() == len(attempts)


def test_every_step_and_both_people_are_on_the_record(desk, operator, manager):
    desk.get("/supplier/")

    steps = list(ImpersonationStep.objects.values_list("method", "path", "status"))
    assert steps == [("GET", "/supplier/", 200)]
    began = AuditEntry.objects.get(table_name="accounts_impersonation", operation="INSERT")
    assert (began.actor_id, began.impersonator_id) == (operator.pk, None)


def test_a_change_in_anothers_name_names_both_in_the_trail_and_the_seal_holds(manager, operator, now):
    with audit.acting(manager.pk, impersonator=lambda: operator.pk):
        type(manager).objects.filter(pk=manager.pk).update(language="en")
    type(manager).objects.filter(pk=manager.pk).update(language="zh-hans")

    both, system = AuditEntry.objects.filter(table_name="accounts_user", row_id=manager.pk).order_by("-id")[:2][::-1]
    assert (both.actor_id, both.impersonator_id) == (manager.pk, operator.pk)
    assert (system.actor_id, system.impersonator_id) == (None, None)
    audit.seal(now=now)
    assert audit.verify() == []


def test_a_second_one_waits_for_the_end_of_the_first(desk, manager, company):
    again = desk.post(reverse("account_impersonate", args=[manager.pk]), {"organization": company.pk, "reason": REASON})
    assert again.status_code == 422

    assert desk.post(reverse("account_end_impersonation")).status_code == 302

    assert Impersonation.objects.get().ended_at is not None
    assert desk.get("/supplier/").status_code == 403
    assert "You are acting as" not in desk.get("/admin/").content.decode()


def test_time_ends_it_in_the_browser_too(desk):
    Impersonation.objects.update(expires_at=Impersonation.objects.get().started_at + timedelta(microseconds=1))

    page = desk.get("/supplier/")

    assert page.status_code == 403
    assert "You are acting as" not in page.content.decode()


def test_signing_out_ends_it(desk):
    desk.logout()

    assert desk.get("/supplier/").status_code == 302


@pytest.mark.parametrize("form", [{}, {"reason": "short"}, {"organization": "0", "reason": REASON}])
def test_the_page_asks_again_where_something_is_missing(form, operator, manager, company, client):
    client.force_login(operator)

    answer = client.post(reverse("account_impersonate", args=[manager.pk]), {"organization": company.pk, **form})

    assert answer.status_code == 422
    assert not Impersonation.objects.exists()


@pytest.mark.parametrize("role", [Role.HQ_AUDITOR, Role.CMS_EDITOR, Role.DEALER_MANAGER, Role.CONSUMER])
def test_the_page_is_the_operators(role, manager, client):
    client.force_login(make_member(role))

    assert client.get(reverse("account_impersonate", args=[manager.pk])).status_code == 403


def test_the_page_of_nobody_and_of_somebody_without_a_portal(operator, client):
    client.force_login(operator)

    assert client.get(reverse("account_impersonate", args=[0])).status_code == 404
    assert client.get(reverse("account_impersonate", args=[make_member(Role.CONSUMER).pk])).status_code == 200


def test_the_admin_leads_there_and_lists_what_was(desk, manager, operator):
    change = reverse("admin:accounts_user_change", args=[manager.pk])
    assert "see-as" in desk.get(change).content.decode()
    assert desk.get(f"/admin/accounts/user/{manager.pk}/see-as/").url.endswith(f"{manager.pk}/impersonate/")

    listed = desk.get(reverse("admin:accounts_impersonation_changelist")).content.decode()

    assert REASON in listed
    shown = desk.get(reverse("admin:accounts_impersonation_change", args=[Impersonation.objects.get().pk]))
    assert shown.status_code == 200
