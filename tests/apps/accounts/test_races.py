"""Two who change a team, a person or a key at the same moment."""

import pytest

from apps.accounts import api
from apps.accounts.api import OrganizationKind, OrganizationMember, Role, User
from apps.accounts.errors import (
    AccountClosed,
    AlreadyMember,
    InvitationOver,
    MemberNotFound,
    MembershipEnded,
    RoleNotGiven,
)
from apps.accounts.models import ApiKey
from apps.accounts.services.team import invitation_token
from tests.factories.accounts import make_company, make_member, make_user
from tests.races import meet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(transactional_db):
    return make_company(OrganizationKind.SUPPLIER)


@pytest.fixture
def managers(company):
    return [make_member(Role.SUPPLIER, company) for _ in range(2)]


def membership(user):
    return OrganizationMember.objects.get(user=user, is_active=True)


def make_key(company, by, now):
    return api.create_api_key(organization_id=company.pk, name="WMS", scopes=["stock:read"], days=30, by=by, now=now)[0]


@pytest.fixture
def send_away(company, managers, now):
    """Return the work of the first manager who takes the second off the team."""
    first, second = managers
    member_id = membership(second).pk
    return lambda: api.remove_member(organization_id=company.pk, member_id=member_id, by=first, now=now)


def test_a_manager_who_is_sent_away_invites_nobody_more(company, managers, send_away, now):
    with pytest.raises(RoleNotGiven):
        meet(
            send_away,
            lambda: api.invite_member(
                organization_id=company.pk, role=Role.SUPPLIER, email="friend@example.com", by=managers[1], now=now
            ),
        )

    assert not api.list_open_invitations(company.pk, now=now)


def test_a_manager_who_is_sent_away_makes_no_key_more(company, managers, send_away, now):
    with pytest.raises(RoleNotGiven):
        meet(send_away, lambda: make_key(company, managers[1], now))

    assert not ApiKey.objects.exists()


def test_a_manager_who_is_sent_away_revokes_no_key_more(company, managers, send_away, now):
    key = make_key(company, managers[0], now)

    with pytest.raises(RoleNotGiven):
        meet(
            send_away,
            lambda: api.revoke_api_key(organization_id=company.pk, key_id=key.pk, by=managers[1], now=now),
        )

    key.refresh_from_db()
    assert key.revoked_at is None


def test_an_invitation_that_is_withdrawn_is_not_accepted(company, managers, now):
    guest = make_user("guest@example.com")
    invitation = api.invite_member(
        organization_id=company.pk, role=Role.SUPPLIER_CLERK, email=guest.email, by=managers[0], now=now
    )

    with pytest.raises(InvitationOver):
        meet(
            lambda: api.revoke_invitation(
                organization_id=company.pk, invitation_id=invitation.pk, by=managers[0], now=now
            ),
            lambda: api.accept_invitation(token=invitation_token(invitation), by=guest, now=now),
        )

    assert not OrganizationMember.objects.filter(user=guest).exists()


@pytest.mark.parametrize("was_there_before", [True, False])
def test_a_membership_is_given_once(was_there_before, company, now):
    person = make_user()

    def add():
        return api.add_member(user=person, organization=company, role=Role.SUPPLIER_CLERK, by=None, now=now)

    if was_there_before:
        api.end_membership(member_id=add().pk, by=None, now=now)
    with pytest.raises(AlreadyMember):
        meet(add, add)

    assert membership(person).role == Role.SUPPLIER_CLERK


def test_who_joins_headquarters_and_a_dealer_at_once_may_do_both(now):
    person, headquarters, dealer = make_user(), make_company(OrganizationKind.HQ), make_company()

    meet(
        lambda: api.add_member(user=person, organization=headquarters, role=Role.HQ_OPERATOR, by=None, now=now),
        lambda: api.add_member(user=person, organization=dealer, role=Role.DEALER_CLERK, by=None, now=now),
    )

    person = User.objects.get(pk=person.pk)
    assert person.is_staff
    assert api.roles_of(person) == {Role.CONSUMER, Role.HQ_OPERATOR, Role.DEALER_CLERK}
    assert person.groups.count() == 2


def test_who_leaves_a_team_while_joining_headquarters_becomes_staff(company, managers, send_away, now):
    headquarters = make_company(OrganizationKind.HQ)

    meet(
        lambda: api.add_member(user=managers[1], organization=headquarters, role=Role.HQ_OPERATOR, by=None, now=now),
        send_away,
    )

    assert User.objects.get(pk=managers[1].pk).is_staff
    assert api.roles_of(managers[1]) == {Role.CONSUMER, Role.HQ_OPERATOR}


def test_a_membership_ends_once(company, managers, send_away, now):
    member_id = membership(managers[1]).pk

    with pytest.raises(MembershipEnded):
        meet(send_away, lambda: api.end_membership(member_id=member_id, by=None, now=now))


def test_a_member_whom_headquarters_sends_away_is_not_sent_away_again(managers, send_away, now):
    key = make_key(membership(managers[1]).organization, managers[1], now)
    member_id = membership(managers[1]).pk

    with pytest.raises(MemberNotFound):
        meet(lambda: api.end_membership(member_id=member_id, by=None, now=now), send_away)

    key.refresh_from_db()
    assert (key.revoked_at, key.revoked_by) == (now, None)


def test_name_and_language_are_changed_by_two_at_once(now):
    person = make_user()

    meet(
        lambda: api.update_profile(user_id=person.pk, display_name="Li Si", by=None, now=now),
        lambda: api.update_profile(user_id=person.pk, language="en", by=None, now=now),
    )

    person.refresh_from_db()
    assert (person.display_name, person.language) == ("Li Si", "en")


def test_an_account_is_closed_once(now):
    person = make_user()

    def close():
        return api.close_account(user_id=person.pk, by=None, now=now)

    with pytest.raises(AccountClosed):
        meet(close, close)
