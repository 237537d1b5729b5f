"""Memberships, and the rights that follow from them."""

import pytest
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from apps.accounts.api import (
    Organization,
    OrganizationKind,
    OrganizationMember,
    Role,
    User,
    add_member,
    check_new_member,
    close_account,
    create_api_key,
    current_organization,
    end_membership,
    group_name,
    reopen_account,
    roles_of,
)
from apps.accounts.errors import (
    AccountClosed,
    AlreadyEmployed,
    AlreadyMember,
    MembershipEnded,
    NotAMember,
    NotYourself,
    RoleDoesNotFit,
)
from apps.kernel.api import AuditEntry
from tests.factories.accounts import KIND_OF_ROLE, make_company, make_member, make_user

pytestmark = pytest.mark.django_db


def organization_of(user, kind):
    """For whom a request of the user acts."""
    request = RequestFactory().get("/")
    request.user, request.session = user, {}
    return current_organization(request, kind)


@pytest.mark.parametrize("role", list(KIND_OF_ROLE))
def test_a_membership_gives_its_role_and_its_group(role, now):
    company = make_company(KIND_OF_ROLE[role])
    user = make_user()

    add_member(user=user, organization=company, role=role, by=None, now=now)

    assert roles_of(user) == {Role.CONSUMER, role}
    assert organization_of(user, KIND_OF_ROLE[role]) == company
    user = User.objects.get(pk=user.pk)
    assert user.is_staff == (role in {Role.HQ_OPERATOR, Role.HQ_AUDITOR})
    assert list(user.groups.values_list("name", flat=True)) == [group_name(role)]


def test_everybody_with_an_account_is_a_consumer_and_acts_for_nobody():
    user = make_user()

    assert roles_of(user) == {Role.CONSUMER}
    for kind in OrganizationKind:
        with pytest.raises(NotAMember):
            organization_of(user, kind)


def test_a_superuser_works_as_an_operator():
    assert Role.HQ_OPERATOR in roles_of(User.objects.create_superuser("root@example.com", "secret"))


@pytest.mark.parametrize(
    "role, kind", [(role, kind) for role, own in KIND_OF_ROLE.items() for kind in OrganizationKind if kind != own]
)
def test_refuses_roles_of_other_kinds_and_changes_nothing(role, kind, now):
    user = make_user()

    with pytest.raises(RoleDoesNotFit):
        add_member(user=user, organization=make_company(kind), role=role, by=None, now=now)

    assert not OrganizationMember.objects.exists()


def test_refuses_a_second_role_in_one_dealer_but_not_at_headquarters(now):
    dealer = make_company(OrganizationKind.DEALER)
    clerk = make_member(Role.DEALER_CLERK, dealer)
    with pytest.raises(AlreadyEmployed):
        add_member(user=clerk, organization=dealer, role=Role.DEALER_MANAGER, by=None, now=now)
    headquarters = make_company(OrganizationKind.HQ)
    editor = make_member(Role.CMS_EDITOR, headquarters)

    add_member(user=editor, organization=headquarters, role=Role.HQ_AUDITOR, by=None, now=now)

    assert roles_of(clerk) == {Role.CONSUMER, Role.DEALER_CLERK}
    assert roles_of(editor) == {Role.CONSUMER, Role.CMS_EDITOR, Role.HQ_AUDITOR}


def test_refuses_the_same_role_twice_and_people_who_promote_themselves(now):
    company = make_company(OrganizationKind.HQ)
    user = make_member(Role.HQ_OPERATOR, company)

    with pytest.raises(AlreadyMember):
        add_member(user=user, organization=company, role=Role.HQ_OPERATOR, by=None, now=now)
    with pytest.raises(NotYourself):
        add_member(user=user, organization=company, role=Role.HQ_AUDITOR, by=user, now=now)

    assert OrganizationMember.objects.count() == 1


def test_a_form_learns_beforehand_who_works_there_already():
    company = make_company()
    clerk = make_member(Role.DEALER_CLERK, company)

    with pytest.raises(AlreadyMember):
        check_new_member(user=clerk, organization=company, role=Role.DEALER_CLERK, by=None)
    with pytest.raises(AlreadyEmployed):
        check_new_member(user=clerk, organization=company, role=Role.DEALER_MANAGER, by=None)
    check_new_member(user=clerk, organization=make_company(), role=Role.DEALER_CLERK, by=None)


def test_leaving_one_company_ends_no_key_of_another(now):
    here, there = make_company(), make_company()
    manager = make_member(Role.DEALER_MANAGER, here)
    add_member(user=manager, organization=there, role=Role.DEALER_MANAGER, by=None, now=now)
    keys = [
        create_api_key(organization_id=one.pk, name="ERP", scopes=["fulfilments:read"], days=30, by=manager, now=now)[0]
        for one in (here, there)
    ]

    end_membership(member_id=manager.memberships.get(organization=here).pk, by=None, now=now)

    for key in keys:
        key.refresh_from_db()
    assert [key.revoked_at for key in keys] == [now, None]


def test_an_ended_membership_gives_nothing_and_can_be_taken_up_again(now):
    company = make_company(OrganizationKind.HQ)
    user = make_member(Role.HQ_OPERATOR, company)
    member = OrganizationMember.objects.get()

    end_membership(member_id=member.pk, by=None, now=now)

    user = User.objects.get(pk=user.pk)
    assert roles_of(user) == {Role.CONSUMER}
    assert (user.is_staff, user.groups.count()) == (False, 0)
    with pytest.raises(MembershipEnded):
        end_membership(member_id=member.pk, by=None, now=now)

    add_member(user=user, organization=company, role=Role.HQ_OPERATOR, by=None, now=now)

    assert User.objects.get(pk=user.pk).is_staff
    assert OrganizationMember.objects.count() == 1


def test_nobody_ends_their_own_membership_or_account(now):
    user = make_member(Role.HQ_OPERATOR)

    with pytest.raises(NotYourself):
        end_membership(member_id=user.memberships.get().pk, by=user, now=now)
    with pytest.raises(NotYourself):
        close_account(user_id=user.pk, by=user, now=now)

    assert Role.HQ_OPERATOR in roles_of(User.objects.get(pk=user.pk))


def test_a_closed_account_and_a_closed_company_give_no_role(now):
    user = make_member(Role.DEALER_MANAGER)

    close_account(user_id=user.pk, by=None, now=now)
    assert roles_of(User.objects.get(pk=user.pk)) == frozenset()
    with pytest.raises(AccountClosed):
        close_account(user_id=user.pk, by=None, now=now)

    reopen_account(user_id=user.pk, by=None, now=now)
    assert Role.DEALER_MANAGER in roles_of(User.objects.get(pk=user.pk))
    Organization.objects.update(is_active=False)
    assert roles_of(User.objects.get(pk=user.pk)) == {Role.CONSUMER}
    with pytest.raises(NotAMember):
        organization_of(user, OrganizationKind.DEALER)


@pytest.mark.parametrize(
    "change", [{"role": "hq_operator"}, {"kind": "HQ"}, {"role": "hq_operator", "kind": "HQ"}, {"role": "king"}]
)
def test_the_database_keeps_role_kind_and_organization_together(change):
    make_member(Role.DEALER_CLERK)

    with pytest.raises(IntegrityError), transaction.atomic():
        OrganizationMember.objects.update(**change)

    assert OrganizationMember.objects.get().role == Role.DEALER_CLERK


def test_the_audit_trail_sees_memberships_groups_and_rights_but_no_personal_data(now):
    user = make_member(Role.HQ_OPERATOR, phone="13800138000")
    User.objects.filter(pk=user.pk).update(is_superuser=True, display_name="Somebody else")

    tables = set(AuditEntry.objects.values_list("table_name", flat=True))
    assert {"accounts_user", "accounts_organizationmember", "accounts_user_groups"} <= tables
    text = " ".join(str(entry.changed) for entry in AuditEntry.objects.all())
    assert "is_superuser" in text
    for secret in (user.email, "13800138000", "Somebody else", user.password):
        assert secret not in text
