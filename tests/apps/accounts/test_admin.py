"""Staff's pages of people and organizations."""

import pytest
from django.urls import reverse

from apps.accounts.api import Organization, OrganizationKind, OrganizationMember, Role, User, enroll_totp, roles_of
from tests.factories.accounts import PASSWORD, make_company, make_member, make_user

pytestmark = pytest.mark.django_db

PHONE = "+8613800138000"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.MFA_REQUIRED_ROLES = []


@pytest.fixture
def staff(visitor):
    user = make_member(Role.HQ_OPERATOR)
    visitor.force_login(user)
    return user


def act(visitor, model, action, *rows):
    url = reverse(f"admin:accounts_{model}_changelist")
    return visitor.post(url, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)


def test_people_are_listed_with_masked_phones_and_without_hashes(visitor, staff):
    user = make_user("person@example.com", phone=PHONE)

    for url in (reverse("admin:accounts_user_changelist"), reverse("admin:accounts_user_change", args=[user.pk])):
        text = visitor.get(url).content.decode()
        assert "138****8000" in text
        assert "13800138000" not in text
        assert "pbkdf2" not in text
        assert user.password not in text


def test_a_person_is_found_by_the_whole_phone_number_only(visitor, staff):
    make_user("person@example.com", phone=PHONE)
    url = reverse("admin:accounts_user_changelist")

    assert "person@example.com" in visitor.get(url, {"q": "138 0013 8000"}).content.decode()
    assert "person@example.com" not in visitor.get(url, {"q": "1380013"}).content.decode()


def test_a_new_account_has_no_password_and_no_right(visitor, staff):
    visitor.post(
        reverse("admin:accounts_user_add"),
        {"email": "New@Example.com", "phone_number": "13800138000", "display_name": "New", "language": "en"},
    )

    user = User.objects.get(email="new@example.com")
    assert (user.phone, user.display_name, user.language) == (PHONE, "New", "en")
    assert not user.has_usable_password()
    assert roles_of(user) == {Role.CONSUMER}


@pytest.mark.parametrize(
    "fields", [{}, {"phone_number": "12345"}, {"phone_number": "13800138000"}, {"email": "taken@example.com"}]
)
def test_a_bad_account_is_not_opened(fields, visitor, staff):
    make_user("taken@example.com", phone=PHONE)
    before = User.objects.count()

    page = visitor.post(reverse("admin:accounts_user_add"), {"display_name": "x", "language": "en", **fields})

    assert page.status_code == 200
    assert User.objects.count() == before


def test_the_form_changes_names_and_cannot_give_rights(visitor, staff):
    user = make_user("person@example.com")

    visitor.post(
        reverse("admin:accounts_user_change", args=[user.pk]),
        {
            "display_name": "Renamed",
            "language": "en",
            "is_staff": "on",
            "is_superuser": "on",
            "email": "stolen@example.com",
            "memberships-TOTAL_FORMS": 0,
            "memberships-INITIAL_FORMS": 0,
        },
    )

    user.refresh_from_db()
    assert (user.display_name, user.language) == ("Renamed", "en")
    assert (user.is_staff, user.is_superuser, user.email) == (False, False, "person@example.com")


def test_accounts_are_switched_off_and_on_but_not_ones_own(visitor, staff):
    user = make_user()

    page = act(visitor, "user", "close_accounts", user, staff)

    assert not User.objects.get(pk=user.pk).is_active
    assert User.objects.get(pk=staff.pk).is_active
    assert "ask a colleague" in page.content.decode()
    act(visitor, "user", "reopen_accounts", user)
    assert User.objects.get(pk=user.pk).is_active


def test_a_colleague_forgets_a_lost_second_factor(visitor, staff):
    user = make_member(Role.HQ_AUDITOR)
    enroll_totp(user=user, secret="JBSWY3DPEHPK3PXP")

    act(visitor, "user", "reset_second_factors", user)

    assert not user.authenticator_set.exists()


def test_signs_people_out_everywhere(visitor, staff, app):
    user = make_user("person@example.com")
    app.auth("login", {"email": "person@example.com", "password": PASSWORD})

    act(visitor, "user", "sign_out", user)

    assert app.call("GET", "/api/v1/me/").status_code == 401


def test_memberships_are_given_and_ended_through_the_rules(visitor, staff):
    company, user = make_company(OrganizationKind.DEALER), make_user()
    url = reverse("admin:accounts_organizationmember_add")

    page = visitor.post(url, {"user": user.pk, "organization": company.pk, "role": "hq_operator"})
    assert page.status_code == 200
    assert "has no such role" in page.content.decode()
    visitor.post(url, {"user": user.pk, "organization": company.pk, "role": "dealer_clerk"})

    member = OrganizationMember.objects.get(user=user)
    assert (member.role, member.created_by) == ("dealer_clerk", staff)
    act(visitor, "organizationmember", "end_memberships", member)
    member.refresh_from_db()
    assert not member.is_active


def test_an_organization_keeps_its_kind_and_code(visitor, staff):
    company = make_company(OrganizationKind.DEALER, code="D-1")

    visitor.post(
        reverse("admin:accounts_organization_change", args=[company.pk]),
        {
            "kind": "HQ",
            "code": "X",
            "name_zh": "新名",
            "name_en": "New",
            "is_active": "on",
            "memberships-TOTAL_FORMS": 0,
            "memberships-INITIAL_FORMS": 0,
        },
    )

    company = Organization.objects.get(pk=company.pk)
    assert (company.kind, company.code, company.name_zh) == ("DEALER", "D-1", "新名")


@pytest.mark.parametrize("model", ["user", "organization", "organizationmember"])
def test_nothing_is_deleted_by_hand(model, visitor, staff):
    make_member(Role.DEALER_CLERK)
    row = {"user": User, "organization": Organization, "organizationmember": OrganizationMember}[model].objects.first()

    assert visitor.post(reverse(f"admin:accounts_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_an_auditor_looks_and_does_nothing(visitor):
    user = make_user()
    visitor.force_login(make_member(Role.HQ_AUDITOR))

    assert visitor.get(reverse("admin:accounts_user_changelist")).status_code == 200
    act(visitor, "user", "close_accounts", user)
    assert visitor.get(reverse("admin:accounts_user_add")).status_code == 403
    assert User.objects.get(pk=user.pk).is_active
