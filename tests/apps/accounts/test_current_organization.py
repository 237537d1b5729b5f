"""For whom a request acts, when a person works in several organizations."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.urls import reverse
from rest_framework.request import Request

from apps.accounts.api import (
    OrganizationKind,
    Role,
    add_member,
    choose_organization,
    current_organization,
    current_roles,
    end_membership,
    list_own_organizations,
)
from apps.accounts.errors import AlreadyEmployed, NotAMember
from apps.accounts.models import OrganizationMember
from tests.factories.accounts import make_company, make_member, make_user

pytestmark = pytest.mark.django_db
DEALER = OrganizationKind.DEALER


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.MFA_REQUIRED_ROLES = []


@pytest.fixture
def houses(now):
    """Two dealers: the person manages the first and is a clerk of the second."""
    return make_company(DEALER), make_company(DEALER)


@pytest.fixture
def person(houses, now):
    user = make_member(Role.DEALER_MANAGER, houses[0])
    add_member(user=user, organization=houses[1], role=Role.DEALER_CLERK, by=None, now=now)
    return user


def ask(user, session=None, **headers):
    request = RequestFactory().get("/", **headers)
    request.user = user
    request.session = session if session is not None else SessionStore()
    return request


def test_a_request_acts_for_the_oldest_membership_until_the_session_chooses(person, houses):
    request = ask(person)

    assert current_organization(request, DEALER) == houses[0]
    assert list_own_organizations(request, DEALER) == list(houses)
    choose_organization(request, houses[1].pk)

    assert current_organization(ask(person, request.session), DEALER) == houses[1]


def test_only_the_role_in_the_current_organization_counts(person, houses):
    request = ask(person)
    assert current_roles(request) == {Role.CONSUMER, Role.DEALER_MANAGER}

    choose_organization(request, houses[1].pk)

    assert current_roles(ask(person, request.session)) == {Role.CONSUMER, Role.DEALER_CLERK}


def test_a_foreign_organization_is_not_chosen_and_the_session_stays(person):
    request = ask(person)
    for organization_id in (make_company(DEALER).pk, 0):
        with pytest.raises(NotAMember):
            choose_organization(request, organization_id)

    assert "organizations" not in request.session


def test_leaving_takes_effect_although_the_session_still_names_the_organization(person, houses, now):
    request = ask(person)
    choose_organization(request, houses[1].pk)
    end_membership(member_id=OrganizationMember.objects.get(organization=houses[1]).pk, by=None, now=now)

    later = ask(person, request.session)

    assert current_organization(later, DEALER) == houses[0]
    end_membership(member_id=OrganizationMember.objects.get(organization=houses[0]).pk, by=None, now=now)
    with pytest.raises(NotAMember):
        current_organization(ask(person, request.session), DEALER)


def test_an_app_names_the_organization_in_a_header_and_a_foreign_one_is_refused(person, houses):
    def rest(code):
        request = Request(ask(person, HTTP_X_ORGANIZATION=code))
        request.user, request.auth = person, None
        return request

    assert current_organization(rest(houses[1].code), DEALER) == houses[1]
    assert Role.DEALER_MANAGER not in current_roles(rest(houses[1].code))
    with pytest.raises(NotAMember):
        current_organization(rest(make_company(DEALER).code), DEALER)
    assert current_organization(ask(person, HTTP_X_ORGANIZATION=houses[1].code), DEALER) == houses[0]


def test_a_person_is_one_thing_in_each_organization(person, houses, now):
    with pytest.raises(AlreadyEmployed):
        add_member(user=person, organization=houses[0], role=Role.DEALER_CLERK, by=None, now=now)

    assert OrganizationMember.objects.filter(user=person, organization=houses[0]).count() == 1


def test_the_switcher_leads_to_the_portal_and_hides_foreign_organizations(person, houses, client):
    client.force_login(person)
    page = reverse("account_switch_organization")

    answer = client.post(page, {"organization": houses[1].pk})

    assert (answer.status_code, answer.url) == (302, "/dealer/")
    assert houses[1].name in client.get("/dealer/").content.decode()
    for wrong in (make_company(DEALER).pk, make_company(OrganizationKind.HQ).pk, "x", "", "99999999999999999999"):
        assert client.post(page, {"organization": wrong}).status_code == 404
    assert client.get(page).status_code == 405


def test_the_switcher_asks_visitors_to_sign_in(client):
    assert client.post(reverse("account_switch_organization"), {"organization": 1}).status_code == 302


def test_somebody_without_an_organization_acts_for_nobody():
    with pytest.raises(NotAMember):
        current_organization(ask(make_user()), DEALER)
