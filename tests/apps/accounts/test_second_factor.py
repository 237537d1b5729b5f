"""The second factor at the doors of staff pages and staff endpoints."""

import base64

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import decrypt as mfa_decrypt
from django.core.management import call_command
from django.urls import reverse
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from apps.accounts.api import Role, enroll_totp, needs_second_factor, reset_second_factor, role_required
from apps.accounts.errors import NotYourself
from apps.accounts.services.second_factors import reseal_authenticators
from apps.kernel.api import DecryptionFailed
from tests.apps.accounts.totp import code_of
from tests.factories.accounts import PASSWORD, make_member

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _factor_for_operators(settings):
    settings.MFA_REQUIRED_ROLES = ["hq_operator", "dealer_manager"]


@pytest.fixture
def operator():
    return make_member(Role.HQ_OPERATOR, email="hq@example.com")


def sign_in(visitor, email="hq@example.com", code=""):
    answer = visitor.post(reverse("account_login"), {"login": email, "password": PASSWORD, "next": "/admin/"})
    if code:
        answer = visitor.post(answer.url, {"code": code})
    return answer


def test_with_the_factor_the_admin_opens(visitor, operator):
    enroll_totp(user=operator, secret=SECRET)

    answer = sign_in(visitor)
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert visitor.get("/admin/").status_code == 302
    answer = visitor.post(answer.url, {"code": code_of(SECRET)})

    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert visitor.get("/admin/").status_code == 200


def test_a_code_works_once(visitor, operator):
    enroll_totp(user=operator, secret=SECRET)
    code = code_of(SECRET)
    sign_in(visitor, code=code)
    visitor.post(reverse("account_logout"))

    answer = sign_in(visitor, code=code)

    assert answer.status_code == 200
    assert "_auth_user_id" not in visitor.session


def test_a_recovery_code_opens_as_well(visitor, operator):
    enroll_totp(user=operator, secret=SECRET)
    codes = Authenticator.objects.get(user=operator, type=Authenticator.Type.RECOVERY_CODES).wrap()

    sign_in(visitor, code=codes.get_unused_codes()[0])

    assert visitor.get("/admin/").status_code == 200


@pytest.mark.django_db(transaction=True)  # enrolment counts as proof at its commit, within the request
def test_without_a_factor_the_operator_is_led_to_set_one_up(visitor, operator):
    sign_in(visitor)

    answer = visitor.get("/admin/", follow=True)

    assert [step.partition("?")[0] for step, _ in answer.redirect_chain] == [
        "/account/second-factor/",
        "/account/2fa/totp/activate/",
        "/account/reauthenticate/",
    ]
    assert visitor.post("/admin/", {}).status_code == 403
    visitor.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = visitor.get(reverse("mfa_activate_totp"))
    secret = visitor.session["mfa.totp.secret"]
    assert secret in page.content.decode()
    answer = visitor.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert visitor.get(answer.url).status_code == 200
    # Enrolment proved the factor: the session need not give it twice.
    assert visitor.get("/admin/").status_code == 200


def test_a_session_older_than_the_factor_gives_it_once_and_gets_a_new_key(visitor, operator):
    sign_in(visitor)
    enroll_totp(user=operator, secret=SECRET)
    before = visitor.session.session_key

    answer = visitor.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("mfa_reauthenticate"))
    answer = visitor.post(reverse("mfa_reauthenticate"), {"code": code_of(SECRET), "next": "/admin/"})

    assert answer.url == "/admin/"
    assert visitor.session.session_key != before
    assert visitor.get("/admin/").status_code == 200


def test_roles_that_need_none_pass_without(visitor, settings):
    make_member(Role.HQ_AUDITOR, email="auditor@example.com")

    sign_in(visitor, "auditor@example.com")

    assert visitor.get("/admin/").status_code == 200


def test_who_needs_one_cannot_switch_it_off(visitor, operator):
    enroll_totp(user=operator, secret=SECRET)
    sign_in(visitor, code=code_of(SECRET))
    visitor.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    page = visitor.post(reverse("mfa_deactivate_totp"))

    assert page.status_code == 200
    assert "cannot deactivate" in page.content.decode()
    assert Authenticator.objects.filter(user=operator, type=Authenticator.Type.TOTP).exists()


def test_secrets_are_stored_sealed(operator):
    enroll_totp(user=operator, secret=SECRET)

    stored = Authenticator.objects.get(user=operator, type=Authenticator.Type.TOTP).data["secret"]

    assert SECRET not in stored
    assert needs_second_factor(operator)


def test_an_api_session_without_the_factor_is_told_so(app, operator):
    app.auth("login", {"email": "hq@example.com", "password": PASSWORD})

    answer = _ask_guarded(app.token, Role.HQ_OPERATOR)

    assert (answer.status_code, answer.data["code"]) == (403, "second_factor_required")


def test_an_api_session_with_the_factor_passes(app, operator):
    enroll_totp(user=operator, secret=SECRET)
    app.auth("login", {"email": "hq@example.com", "password": PASSWORD})
    app.auth("2fa/authenticate", {"code": code_of(SECRET)})

    assert _ask_guarded(app.token, Role.HQ_OPERATOR).status_code == 200


def test_a_lost_phone_is_forgotten_by_a_colleague_only(visitor, operator):
    enroll_totp(user=operator, secret=SECRET)
    colleague = make_member(Role.HQ_OPERATOR)

    with pytest.raises(NotYourself):
        reset_second_factor(user=operator, by=operator)
    assert Authenticator.objects.filter(user=operator).count() == 2

    reset_second_factor(user=operator, by=colleague)
    assert not Authenticator.objects.filter(user=operator).exists()


def _ask_guarded(token, *roles):
    class Guarded(APIView):
        permission_classes = [role_required(*roles)]

        def get(self, request):
            return Response("in")

    return Guarded.as_view()(APIRequestFactory().get("/", headers={"X-Session-Token": token}))


NEW = "new:" + base64.b64encode(b"n" * 32).decode()


def test_rotating_keys_seals_secrets_and_recovery_codes_again(operator, settings, capsys):
    others = [make_member(Role.HQ_OPERATOR) for _ in range(3)]
    for user in (operator, *others):
        enroll_totp(user=user, secret=SECRET)
    codes = RecoveryCodes(Authenticator.objects.get(user=operator, type="recovery_codes")).generate_codes()

    settings.FIELD_KEYS = f"{NEW},{settings.FIELD_KEYS}"
    call_command("rotate_field_keys", batch=3)

    assert "mfa_authenticator.data: 8 values" in capsys.readouterr().out
    settings.FIELD_KEYS = NEW
    app = Authenticator.objects.get(user=operator, type="totp")
    assert mfa_decrypt(app.data["secret"]) == SECRET
    assert RecoveryCodes(Authenticator.objects.get(user=operator, type="recovery_codes")).generate_codes() == codes
    call_command("rotate_field_keys")
    assert "mfa_authenticator.data: 0 values" in capsys.readouterr().out


def test_rotating_keys_stops_loudly_at_a_secret_that_does_not_open(operator, settings):
    enroll_totp(user=operator, secret=SECRET)
    before = Authenticator.objects.get(user=operator, type="totp").data

    settings.FIELD_KEYS = NEW
    with pytest.raises(DecryptionFailed):
        reseal_authenticators(10)

    assert Authenticator.objects.get(user=operator, type="totp").data == before
