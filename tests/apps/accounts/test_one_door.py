"""Shop, portals, admin and CMS are entered through one sign-in."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from apps.accounts.api import Role, User, ensure_role_permissions, group_name
from tests.factories.accounts import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.MFA_REQUIRED_ROLES = []


def test_the_admins_own_form_is_gone(visitor):
    for answer in (visitor.get("/admin/login/?next=/admin/"), visitor.post("/admin/login/", {"username": "a"})):
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "role", [Role.CONSUMER, Role.DEALER_CLERK, Role.DEALER_MANAGER, Role.SUPPLIER, Role.CMS_EDITOR]
)
def test_the_admin_refuses_everybody_but_headquarters(role, visitor):
    visitor.force_login(make_member(role))

    assert visitor.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("role", [Role.HQ_OPERATOR, Role.HQ_AUDITOR])
def test_headquarters_enters_the_admin(role, visitor):
    visitor.force_login(make_member(role))

    assert visitor.get("/admin/accounts/organization/").status_code == 200


def test_the_door_of_the_cms_sends_visitors_to_sign_in_and_tells_others_why_not(visitor):
    answer = visitor.get("/cms-door/?next=/cms/pages/")
    assert (answer.status_code, answer.url) == (302, "/account/login/?next=/cms/pages/")
    visitor.force_login(make_member(Role.CONSUMER))

    page = visitor.get("/cms-door/?next=/cms/")

    assert page.status_code == 403
    assert "This page is not for your account" in page.content.decode()


def test_the_forms_of_the_cms_are_gone(visitor):
    for answer in (visitor.get("/cms/login/"), visitor.post("/cms/login/", {"username": "a", "password": "b"})):
        assert (answer.status_code, answer.url) == (302, "/cms/")
    assert visitor.get("/cms/password_reset/").status_code == 404


def test_auditors_may_view_everything_that_is_no_secret_and_change_nothing():
    ensure_role_permissions()

    granted = Permission.objects.filter(group__name=group_name(Role.HQ_AUDITOR))

    assert {codename.partition("_")[0] for codename in granted.values_list("codename", flat=True)} == {"view"}
    assert not granted.filter(content_type__app_label__in=["sessions", "mfa"]).exists()
    assert granted.filter(codename="view_user").exists()


def test_operators_delete_nothing_and_give_no_rights():
    ensure_role_permissions()

    operator = User.objects.get(pk=make_member(Role.HQ_OPERATOR).pk)

    assert operator.has_perms(["accounts.add_organizationmember", "accounts.change_user", "accounts.view_user"])
    granted = Permission.objects.filter(group__name=group_name(Role.HQ_OPERATOR))
    assert not granted.filter(codename__startswith="delete_").exists()
    assert not granted.filter(codename__in=["change_group", "change_permission", "change_authenticator"]).exists()
    assert not granted.filter(content_type__app_label="notifications", codename__startswith="add_").exists()


@pytest.mark.parametrize("role", [Role.DEALER_CLERK, Role.DEALER_MANAGER, Role.SUPPLIER, Role.CONSUMER])
def test_partners_have_no_permission_in_the_admin(role):
    ensure_role_permissions()

    assert make_member(role).get_all_permissions() == set()


def test_filling_the_groups_again_changes_nothing(django_assert_max_num_queries):
    ensure_role_permissions()
    before = set(Permission.objects.values_list("pk", "group"))

    with django_assert_max_num_queries(30):
        ensure_role_permissions()

    assert set(Permission.objects.values_list("pk", "group")) == before


@pytest.mark.parametrize(
    "role, status", [(Role.CMS_EDITOR, 200), (Role.CONSUMER, 403), (Role.DEALER_MANAGER, 403), (Role.SUPPLIER, 403)]
)
def test_the_cms_lets_its_editors_in_and_sends_nobody_round_in_circles(role, status, visitor):
    ensure_role_permissions()
    visitor.force_login(make_member(role))

    assert visitor.get("/cms/", follow=True).status_code == status


def test_a_visitor_of_the_cms_signs_in_at_the_one_door(visitor):
    chain = visitor.get("/cms/", follow=True).redirect_chain

    assert chain[-1][0].startswith(reverse("account_login"))
