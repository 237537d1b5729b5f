"""Keys of organizations' programs: what opens, what does not, and when that ends."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import api
from apps.accounts.api import OrganizationKind, Role
from apps.accounts.errors import KeyInvalid, KeyNotFound, LifetimeOutOfRange, NameRequired, RoleNotGiven, ScopeUnknown
from apps.accounts.models import ApiKey, OrganizationMember
from apps.accounts.services.api_keys import use_api_key
from apps.kernel.api import AuditEntry
from tests.factories.accounts import make_company, make_member

pytestmark = pytest.mark.django_db
FULFILMENTS = "/api/v1/supplier/fulfilments/"


@pytest.fixture
def company():
    return make_company(OrganizationKind.SUPPLIER)


@pytest.fixture
def manager(company):
    return make_member(Role.SUPPLIER, company)


def make_key(company, by, now, **wanted):
    values = {"name": "WMS", "scopes": ["fulfilments:read"], "days": 30, **wanted}
    return api.create_api_key(organization_id=company.pk, by=by, now=now, **values)


def ask(secret, path=FULFILMENTS, method="get", **more):
    return getattr(Client(), method)(path, headers={"Authorization": f"Bearer {secret}"}, **more)


def test_a_key_is_kept_as_a_digest_and_its_secret_is_nowhere(company, manager, now):
    key, secret = make_key(company, manager, now)

    assert secret.startswith("xk_")
    assert len(secret) > 40
    stored = " ".join(str(value) for value in ApiKey.objects.values().get().values())
    trail = " ".join(str(entry.changed) for entry in AuditEntry.objects.all())
    assert secret not in stored
    assert secret not in trail
    assert key.digest not in trail


def test_a_key_opens_what_its_scope_says_and_counts_its_use(company, manager):
    key, secret = make_key(company, manager, timezone.now())

    assert ask(secret).status_code == 200

    key.refresh_from_db()
    assert key.last_used_at is not None


@pytest.mark.parametrize(
    "path, method",
    [
        ("/api/v1/supplier/offers/", "get"),
        ("/api/v1/supplier/offers/BRK-1/", "put"),
        ("/api/v1/supplier/fulfilments/1/accept/", "post"),
        # No key opens these at all: they are a person's own.
        ("/api/v1/me/", "get"),
        ("/api/v1/cart/", "get"),
        ("/api/v1/dealer/fulfilments/1/accept/", "post"),
    ],
)
def test_a_missing_scope_is_refused_by_name(path, method, company, manager):
    _, secret = make_key(company, manager, timezone.now())

    answer = ask(secret, path, method)

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_every_scope_together_never_reaches_another_kind_or_a_persons_pages(company, manager):
    _, secret = make_key(company, manager, timezone.now(), scopes=[s.value for s in api_scopes()])

    assert ask(secret, "/api/v1/dealer/fulfilments/").status_code == 403
    assert ask(secret, "/api/v1/me/").status_code == 403
    assert ask(secret, "/supplier/").status_code == 302


def api_scopes():
    from apps.accounts.states import SCOPES_OF_KIND

    return SCOPES_OF_KIND[OrganizationKind.SUPPLIER]


def test_a_key_acts_for_its_own_organization_whatever_the_header_says(company, manager, now):
    other = make_company(OrganizationKind.SUPPLIER)
    api.add_member(user=manager, organization=other, role=Role.SUPPLIER, by=None, now=now)
    _, secret = make_key(other, manager, timezone.now())

    answer = Client().get(FULFILMENTS, headers={"Authorization": f"Bearer {secret}", "X-Organization": company.code})

    assert answer.status_code == 200
    membership = OrganizationMember.objects.get(user=manager, organization=other)
    api.end_membership(member_id=membership.pk, by=None, now=now)
    assert ask(secret).status_code == 401


def test_managing_another_company_keeps_no_key_alive(company, manager, now):
    _, secret = make_key(company, manager, now)
    api.add_member(user=manager, organization=make_company(), role=Role.DEALER_MANAGER, by=None, now=now)
    company.is_active = False
    company.save()

    with pytest.raises(KeyInvalid):
        use_api_key(secret=secret, now=now)

    assert ApiKey.objects.get().last_used_at is None


@pytest.mark.parametrize("secret", ["xk_", "xk_nothing", "xk_" + "a" * 5000])
def test_an_unknown_key_is_nobody(secret):
    answer = ask(secret)

    assert (answer.status_code, answer.json()["code"]) == (401, "key_invalid")


@pytest.mark.parametrize("end", ["revoked", "expired", "demoted", "left", "closed account", "closed company"])
def test_a_key_dies(end, company, manager, now):
    boss = make_member(Role.SUPPLIER, company)
    key, secret = make_key(company, manager, now)
    assert use_api_key(secret=secret, now=now) == key
    moment, mine = now, OrganizationMember.objects.get(user=manager)
    if end == "revoked":
        api.revoke_api_key(organization_id=company.pk, key_id=key.pk, by=boss, now=now)
    elif end == "expired":
        moment = now + timedelta(days=30)
    elif end == "demoted":
        api.change_member_role(
            organization_id=company.pk, member_id=mine.pk, role=Role.SUPPLIER_CLERK, by=boss, now=now
        )
    elif end == "left":
        api.remove_member(organization_id=company.pk, member_id=mine.pk, by=boss, now=now)
    elif end == "closed account":
        api.close_account(user_id=manager.pk, by=None, now=now)
    else:
        company.is_active = False
        company.save()

    with pytest.raises(KeyInvalid):
        use_api_key(secret=secret, now=moment)


def test_a_key_of_somebody_who_came_back_stays_dead(company, manager, now):
    boss = make_member(Role.SUPPLIER, company)
    _, secret = make_key(company, manager, now)
    mine = OrganizationMember.objects.get(user=manager)
    api.remove_member(organization_id=company.pk, member_id=mine.pk, by=boss, now=now)

    api.add_member(user=manager, organization=company, role=Role.SUPPLIER, by=None, now=now)

    with pytest.raises(KeyInvalid):
        use_api_key(secret=secret, now=now)


def test_without_being_manager_now_a_key_is_nothing_though_nobody_revoked_it(company, manager, now):
    _, secret = make_key(company, manager, now)
    OrganizationMember.objects.filter(user=manager).update(is_active=False)

    with pytest.raises(KeyInvalid):
        use_api_key(secret=secret, now=now)


def test_a_busy_program_does_not_write_with_every_call(company, manager, now):
    key, secret = make_key(company, manager, now)
    for seconds in (0, 30, 61):
        use_api_key(secret=secret, now=now + timedelta(seconds=seconds))
        key.refresh_from_db()
        assert key.last_used_at == now + timedelta(seconds=61 if seconds == 61 else 0)


@pytest.mark.parametrize(
    "wanted, refusal",
    [
        ({"name": "  "}, NameRequired),
        ({"scopes": []}, ScopeUnknown),
        ({"scopes": ["offers:read", "everything"]}, ScopeUnknown),
        ({"scopes": ["leads:read"]}, ScopeUnknown),
        ({"days": 0}, LifetimeOutOfRange),
        ({"days": 366}, LifetimeOutOfRange),
    ],
)
def test_bad_wishes_are_refused_and_make_no_key(wanted, refusal, company, manager, now):
    with pytest.raises(refusal):
        make_key(company, manager, now, **wanted)

    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("role", [Role.SUPPLIER_CLERK, Role.DEALER_MANAGER, Role.SUPPLIER, Role.HQ_AUDITOR])
def test_only_managers_of_the_organization_make_and_revoke_keys(role, company, manager, now):
    here = role == Role.SUPPLIER_CLERK
    by = make_member(role, company if here else None)
    key, _ = make_key(company, manager, now)

    with pytest.raises(RoleNotGiven):
        make_key(company, by, now)
    with pytest.raises(RoleNotGiven):
        api.revoke_api_key(organization_id=company.pk, key_id=key.pk, by=by, now=now)

    assert ApiKey.objects.get().revoked_at is None


def test_another_organizations_key_reads_as_absent(company, manager, now, client, settings):
    settings.MFA_REQUIRED_ROLES = []
    foreign_manager = make_member(Role.SUPPLIER)
    foreign, _ = make_key(foreign_manager.memberships.get().organization, foreign_manager, now)
    client.force_login(manager)

    for key_id in (foreign.pk, 0):
        with pytest.raises(KeyNotFound):
            api.revoke_api_key(organization_id=company.pk, key_id=key_id, by=manager, now=now)
        assert client.post(reverse("supplier-keys-revoke", args=[key_id])).status_code == 404

    assert ApiKey.objects.get(pk=foreign.pk).revoked_at is None


def test_the_page_makes_a_key_shows_it_once_and_revokes_it(manager, client, settings):
    settings.MFA_REQUIRED_ROLES = []
    client.force_login(manager)
    page = reverse("supplier-keys")
    assert client.post(page, {"name": "", "days": "7"}).status_code == 422

    made = client.post(page, {"name": "WMS", "scopes": ["stock:write"], "days": "30"}).content.decode()

    key = ApiKey.objects.get()
    assert f"{key.prefix}" in made
    secret = made.split("<code>")[1].split("</code>")[0]
    assert secret.startswith("xk_")
    assert secret not in client.get(page).content.decode()
    assert client.post(reverse("supplier-keys-revoke", args=[key.pk])).url == page
    assert ask(secret).status_code == 401
