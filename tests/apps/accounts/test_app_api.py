"""Apps: signing in over the headless API, and the session token at our own endpoints."""

import pytest

from apps.accounts.api import OrganizationKind, Role, User, enroll_totp, sign_out_everywhere
from tests.apps.accounts.totp import code_of
from tests.factories.accounts import PASSWORD, make_company, make_member, make_user

pytestmark = pytest.mark.django_db

PHONE = "+8613800138000"
SECRET = "JBSWY3DPEHPK3PXP"


def test_signs_in_with_email_and_password_and_is_known_by_its_token(app):
    user = make_user("person@example.com", phone=PHONE, display_name="小王")

    answer = app.auth("login", {"email": "person@example.com", "password": PASSWORD})

    assert answer.status_code == 200
    assert app.token
    assert app.call("GET", "/api/v1/me/").json() == {
        "id": user.pk,
        "email": "person@example.com",
        "phone": "138****8000",
        "display_name": "小王",
        "language": "zh-hans",
        "roles": ["consumer"],
        "organizations": [],
    }


def test_shows_for_whom_a_member_acts_in_the_language_asked_for(app):
    company = make_company(OrganizationKind.DEALER, code="D-1")
    make_member(Role.DEALER_MANAGER, company, email="manager@example.com")
    app.auth("login", {"email": "manager@example.com", "password": PASSWORD})

    me = app.call("GET", "/api/v1/me/").json()

    assert me["roles"] == ["consumer", "dealer_manager"]
    assert me["organizations"] == [{"code": "D-1", "kind": "DEALER", "name": company.name_en, "role": "dealer_manager"}]


@pytest.mark.parametrize("token", ["", "nonsense", "a" * 32])
def test_without_a_session_there_is_no_member(token, app):
    app.token = token

    answer = app.call("GET", "/api/v1/me/")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_changes_the_name_and_the_language_and_nothing_else(app):
    user = make_user("person@example.com")
    app.auth("login", {"email": "person@example.com", "password": PASSWORD})

    answer = app.call(
        "PATCH",
        "/api/v1/me/",
        {"display_name": "New", "language": "en", "email": "other@example.com", "roles": ["hq_operator"]},
    )

    assert answer.status_code == 200
    assert (answer.json()["display_name"], answer.json()["language"]) == ("New", "en")
    user.refresh_from_db()
    assert (user.display_name, user.language, user.email) == ("New", "en", "person@example.com")


@pytest.mark.parametrize(
    "body, field", [({"language": "fr"}, "language"), ({"display_name": "x" * 61}, "display_name")]
)
def test_refuses_a_bad_profile_and_changes_nothing(body, field, app):
    user = make_user("person@example.com")
    app.auth("login", {"email": "person@example.com", "password": PASSWORD})

    answer = app.call("PATCH", "/api/v1/me/", body)

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    user.refresh_from_db()
    assert (user.display_name, user.language) == ("Wang", "zh-hans")


def test_a_wrong_password_and_an_unknown_address_answer_alike(app):
    make_user("person@example.com")

    answers = [
        app.auth("login", {"email": email, "password": "wrong-password"}).json()["errors"][0]["message"]
        for email in ("person@example.com", "nobody@example.com")
    ]

    assert answers[0] == answers[1]
    assert not app.token


def test_signs_up_and_in_by_sms_code(app, sms, deliver):
    answer = app.auth("signup", {"phone": PHONE})
    assert answer.status_code == 401
    deliver()

    answer = app.auth("phone/verify", {"code": sms.code_for(PHONE)})
    assert answer.status_code == 200
    assert app.call("GET", "/api/v1/me/").json()["phone"] == "138****8000"

    app.auth("session", method="DELETE")
    assert app.call("GET", "/api/v1/me/").status_code == 401
    app.token = ""
    app.auth("code/request", {"phone": PHONE})
    deliver()
    assert app.auth("code/confirm", {"code": sms.code_for(PHONE)}).status_code == 200
    assert app.call("GET", "/api/v1/me/").status_code == 200
    assert User.objects.count() == 1


def test_sign_up_needs_an_address_and_for_email_a_password(app):
    assert app.auth("signup", {}).status_code == 400
    assert app.auth("signup", {"email": "a@example.com"}).status_code == 400
    assert not User.objects.exists()


def test_a_second_factor_is_a_second_call(app):
    user = make_user("person@example.com")
    enroll_totp(user=user, secret=SECRET)

    answer = app.auth("login", {"email": "person@example.com", "password": PASSWORD})

    assert answer.status_code == 401
    assert "mfa_authenticate" in [flow["id"] for flow in answer.json()["data"]["flows"]]
    assert app.call("GET", "/api/v1/me/").status_code == 401
    assert app.auth("2fa/authenticate", {"code": "000000"}).status_code == 400
    assert app.auth("2fa/authenticate", {"code": code_of(SECRET)}).status_code == 200
    assert app.call("GET", "/api/v1/me/").status_code == 200


def test_a_token_dies_with_sign_out_everywhere_and_with_the_account(app):
    user = make_user("person@example.com")
    app.auth("login", {"email": "person@example.com", "password": PASSWORD})

    assert sign_out_everywhere(user_id=user.pk) == 1

    assert app.call("GET", "/api/v1/me/").status_code == 401
    app.token = ""
    app.auth("login", {"email": "person@example.com", "password": PASSWORD})
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert app.call("GET", "/api/v1/me/").status_code == 401
