"""Every role at every guard, over REST and HTML."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from apps.accounts.api import Role, require_roles, role_required
from tests.factories.accounts import make_member

pytestmark = pytest.mark.django_db

GUARDS = [
    (Role.DEALER_CLERK, Role.DEALER_MANAGER),
    (Role.DEALER_MANAGER,),
    (Role.SUPPLIER,),
    (Role.HQ_OPERATOR,),
    (Role.HQ_OPERATOR, Role.HQ_AUDITOR),
    (Role.CMS_EDITOR,),
    (Role.CONSUMER,),
]


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.MFA_REQUIRED_ROLES = []


def ask_rest(user, roles):
    class Guarded(APIView):
        permission_classes = [role_required(*roles)]

        def get(self, request):
            return Response("in")

    request = APIRequestFactory().get("/")
    if user is not None:
        force_authenticate(request, user=user)
    return Guarded.as_view()(request)


def show(request):
    return HttpResponse("in")


def ask_html(user, roles):
    request = RequestFactory().get("/somewhere/?page=2")
    request.user = user or AnonymousUser()
    request.session = SessionStore()
    return require_roles(*roles)(show)(request)


@pytest.mark.parametrize("roles", GUARDS, ids="+".join)
@pytest.mark.parametrize("role", list(Role))
def test_a_guard_lets_its_roles_pass_and_no_other(role, roles):
    user = make_member(role)
    # Everybody with an account is a consumer.
    status = 200 if role in roles or Role.CONSUMER in roles else 403

    answer = ask_rest(user, roles)

    assert answer.status_code == status
    assert ask_html(user, roles).status_code == status
    if status == 403:
        assert answer.data["code"] == "forbidden"


@pytest.mark.parametrize("roles", GUARDS, ids="+".join)
def test_nobody_is_asked_to_sign_in(roles):
    answer = ask_rest(None, roles)
    page = ask_html(None, roles)

    assert (answer.status_code, answer.data["code"]) == (401, "not_authenticated")
    assert (page.status_code, page.url) == (302, "/account/login/?next=/somewhere/%3Fpage%3D2")


def test_the_factor_is_asked_of_the_role_that_opens_not_of_another(settings):
    settings.MFA_REQUIRED_ROLES = ["dealer_manager"]
    manager = make_member(Role.DEALER_MANAGER)

    assert ask_rest(manager, [Role.CONSUMER]).status_code == 200
    assert ask_html(manager, [Role.DEALER_MANAGER]).url.startswith("/account/second-factor/?next=")


def test_guards_say_which_roles_they_let_in():
    assert role_required(Role.SUPPLIER).roles == {Role.SUPPLIER}
    assert require_roles(Role.SUPPLIER)(show).roles == {Role.SUPPLIER}
    assert not hasattr(IsAuthenticated, "roles")
