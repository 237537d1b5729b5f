"""
A team at work: invited, promoted, sent away.

Every change locks the organization first, so that two managers who act at the same moment act one after the other: the
second sees what the first did, and the last manager stays. Then it locks the person, whose rights follow from all
their roles, here and elsewhere. Foreign keys to either do not wait (no_key).
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.accounts.errors import (
    AddressRequired,
    AlreadyEmployed,
    InvalidPhone,
    InvitationForAnother,
    InvitationNotFound,
    InvitationOver,
    LastManager,
    MemberNotFound,
    RoleDoesNotFit,
    RoleNotGiven,
)
from apps.accounts.models import ApiKey, Invitation, Organization, OrganizationMember, User, phone_index
from apps.accounts.policies import normalize_phone
from apps.accounts.ports import MESSENGER, Messenger
from apps.accounts.selectors import has_role
from apps.accounts.services.members import add_member, apply_roles, lock_person
from apps.accounts.services.users import sign_out_everywhere
from apps.accounts.states import MANAGER_ROLES, ROLES_OF_KIND, OrganizationKind, Role
from apps.kernel.api import ports

INVITATION_LIFETIME = timedelta(days=7)
_SALT = "accounts.invitation"


@transaction.atomic
def invite_member(
    *,
    organization_id: int,
    role: Role | str,
    email: str | None = None,
    phone: str | None = None,
    by: User,
    now: datetime,
) -> Invitation:
    """
    Offer an address a place in the team for seven days; an older open offer to the same address is withdrawn.

    :raises RoleNotGiven: if ``by`` neither manages the organization nor works as an operator
    :raises RoleDoesNotFit: if this kind of organization has no such role
    :raises AddressRequired: without exactly one address
    :raises InvalidPhone: if the number does not exist
    :raises AlreadyEmployed: if that person is in the team already
    """
    organization = _lock_team(organization_id, by=by)
    if role not in ROLES_OF_KIND[OrganizationKind(organization.kind)]:
        raise RoleDoesNotFit(role=str(role), kind=organization.kind)
    address = _address(email=email, phone=phone)
    found = {name: value for name, value in address.items() if name in ("email", "phone_index") and value}
    if OrganizationMember.objects.filter(
        organization=organization, is_active=True, **{f"user__{name}": value for name, value in found.items()}
    ).exists():
        raise AlreadyEmployed
    _open_invitations(organization_id).filter(**found).update(revoked_at=now)
    invitation = Invitation.objects.create(
        organization=organization,
        role=role,
        invited_by=by,
        created_at=now,
        expires_at=now + INVITATION_LIFETIME,
        **address,
    )
    _send(invitation, now=now)
    return invitation


def invitation_token(invitation: Invitation) -> str:
    """What the invitation's link carries: its number under our signature."""
    return signing.dumps(invitation.pk, salt=_SALT)


def read_invitation(token: str) -> Invitation:
    """
    The invitation behind a link, in whatever state.

    :raises InvitationNotFound: if we did not sign it
    """
    try:
        invitation_id = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise InvitationNotFound from None
    invitation = Invitation.objects.select_related("organization", "invited_by").filter(pk=invitation_id).first()
    if invitation is None:
        raise InvitationNotFound
    return invitation


@transaction.atomic
def accept_invitation(
    *, token: str, by: User, now: datetime, keep_session_key: str | None = None
) -> OrganizationMember:
    """
    Join the team that invited one of ``by``'s addresses. Their sessions elsewhere end: those began with fewer rights.

    :raises InvitationNotFound: if we did not sign the token
    :raises InvitationOver: if it was accepted, withdrawn or is too old
    :raises InvitationForAnother: if it was sent to somebody else
    :raises AlreadyMember: if ``by`` has this role here
    :raises AlreadyEmployed: if ``by`` has another role here
    """
    organization_id = read_invitation(token).organization_id
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    # After the lock: an invitation that was withdrawn or accepted a moment ago is over.
    invitation = read_invitation(token)
    if not invitation.is_open(now) or not organization.is_active:
        raise InvitationOver
    if not is_for(invitation, by):
        raise InvitationForAnother
    member = add_member(
        user=by,
        organization=organization,
        role=invitation.role,
        by=invitation.invited_by,
        now=now,
        keep_session_key=keep_session_key,
    )
    invitation.accepted_at, invitation.accepted_by = now, by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return member


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether an invitation was sent to one of the user's own addresses."""
    if invitation.email:
        return user.email == invitation.email
    return user.phone_index is not None and user.phone_index == invitation.phone_index


@transaction.atomic
def revoke_invitation(*, organization_id: int, invitation_id: int, by: User, now: datetime) -> None:
    """
    Withdraw an open invitation.

    :raises RoleNotGiven: if ``by`` does not manage the organization
    :raises InvitationNotFound: if it is another organization's, or not open
    """
    _lock_team(organization_id, by=by)
    if not _open_invitations(organization_id).filter(pk=invitation_id).update(revoked_at=now):
        raise InvitationNotFound


@transaction.atomic
def change_member_role(
    *, organization_id: int, member_id: int, role: Role | str, by: User, now: datetime
) -> OrganizationMember:
    """
    Make a clerk a manager or the other way round; the person signs in anew, and a clerk's keys are worth nothing.

    :raises RoleNotGiven: if ``by`` does not manage the organization
    :raises MemberNotFound: if the team has no such member
    :raises RoleDoesNotFit: if this kind of organization has no such role
    :raises LastManager: if nobody would manage the team any more
    """
    organization = _lock_team(organization_id, by=by)
    member = _lock_member(organization_id, member_id)
    if role not in ROLES_OF_KIND[OrganizationKind(organization.kind)]:
        raise RoleDoesNotFit(role=str(role), kind=organization.kind)
    if member.role == role:
        return member
    _keep_a_manager(member, becomes=Role(role))
    end_role(member=member, by=by, now=now)
    # One row per role, so that the trail tells who was what and when; an ended one is taken up again.
    fresh, is_new = OrganizationMember.objects.get_or_create(
        user=member.user, organization=organization, role=role, defaults={"created_at": now, "created_by": by}
    )
    if not is_new:
        fresh.is_active, fresh.created_at, fresh.created_by = True, now, by
        fresh.save(update_fields=["is_active", "created_at", "created_by", "kind"])
    apply_roles(user=member.user)
    return fresh


@transaction.atomic
def remove_member(*, organization_id: int, member_id: int, by: User, now: datetime) -> OrganizationMember:
    """
    Take somebody off the team, or leave it oneself. Takes effect at once: sessions end, keys are revoked.

    :raises RoleNotGiven: if ``by`` does not manage the organization
    :raises MemberNotFound: if the team has no such member
    :raises LastManager: if nobody would manage the team any more
    """
    _lock_team(organization_id, by=by)
    member = _lock_member(organization_id, member_id)
    _keep_a_manager(member, becomes=None)
    end_role(member=member, by=by, now=now)
    apply_roles(user=member.user)
    return member


def end_role(*, member: OrganizationMember, by: User, now: datetime) -> None:
    """End a membership that the caller has locked, with the sessions and keys that lived from it."""
    member.is_active = False
    member.save(update_fields=["is_active", "kind"])
    ApiKey.objects.filter(
        organization_id=member.organization_id, created_by_id=member.user_id, revoked_at__isnull=True
    ).update(revoked_at=now, revoked_by=by)
    sign_out_everywhere(user_id=member.user_id)


def check_manager(organization: Organization, *, by: User) -> None:
    """
    Refuse whoever does not manage the organization at this moment.

    :raises RoleNotGiven: if ``by`` neither manages it nor works as an operator at headquarters
    """
    manages = OrganizationMember.objects.live().filter(
        user=by, organization=organization, role__in=[role.value for role in MANAGER_ROLES]
    )
    if not manages.exists() and not has_role(by, Role.HQ_OPERATOR):
        raise RoleNotGiven


def _send(invitation: Invitation, *, now: datetime) -> None:
    """Hand the link to the messenger, in the language of whoever invites: the guest's is not known yet."""
    messenger: Messenger = ports.adapter(MESSENGER)
    link = settings.SITE_URL + reverse("account_invitation", args=[invitation_token(invitation)])
    language = invitation.invited_by.language
    with translation.override(language):
        organization = invitation.organization.name
        if invitation.phone:
            messenger.send_invitation(
                phone=invitation.phone, organization=organization, link=link, language=language, now=now
            )
            return
        words = {"invitation": invitation, "organization": organization, "link": link}
        messenger.send_email(
            to=str(invitation.email),
            subject=str(_("%(organization)s invites you to its team") % {"organization": organization}),
            text=render_to_string("account/messages/invitation.txt", words),
            html=None,
            language=language,
            user_id=None,
            now=now,
        )


def _lock_team(organization_id: int, *, by: User) -> Organization:
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    # After the lock: a manager who was sent away a moment ago changes nothing any more.
    check_manager(organization, by=by)
    return organization


def _lock_member(organization_id: int, member_id: int) -> OrganizationMember:
    members = OrganizationMember.objects.filter(pk=member_id, organization=organization_id)
    user_id = members.values_list("user_id", flat=True).first()
    if user_id is None:
        raise MemberNotFound
    # Headquarters may change what the same person may do at the same moment.
    lock_person(user_id)
    member = members.select_related("user", "organization").filter(is_active=True).first()
    if member is None:
        raise MemberNotFound
    return member


def _keep_a_manager(member: OrganizationMember, *, becomes: Role | None) -> None:
    if member.role not in MANAGER_ROLES or becomes in MANAGER_ROLES:
        return
    others = OrganizationMember.objects.live().filter(
        organization=member.organization_id, role__in=[role.value for role in MANAGER_ROLES]
    )
    if not others.exclude(pk=member.pk).exists():
        raise LastManager


def _open_invitations(organization_id: int) -> Any:
    return Invitation.objects.filter(organization=organization_id, accepted_at__isnull=True, revoked_at__isnull=True)


def _address(*, email: str | None, phone: str | None) -> dict[str, str | None]:
    if bool(email) == bool(phone):
        raise AddressRequired
    if email:
        return {"email": User.objects.normalize_email(email), "phone": None, "phone_index": None}
    if not normalize_phone(phone):
        raise InvalidPhone
    return {"email": None, "phone": normalize_phone(phone), "phone_index": phone_index(phone)}
