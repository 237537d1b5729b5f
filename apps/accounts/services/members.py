"""Organizations, memberships, and the rights in the admin that follow from them."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from apps.accounts.errors import AlreadyEmployed, AlreadyMember, MembershipEnded, NotYourself, RoleDoesNotFit
from apps.accounts.models import ApiKey, Organization, OrganizationMember, User
from apps.accounts.permissions import group_name
from apps.accounts.services.users import sign_out_everywhere
from apps.accounts.states import ADMIN_ROLES, ROLES_OF_KIND, OrganizationKind, Role


@transaction.atomic
def create_organization(
    *, kind: OrganizationKind | str, code: str, name_zh: str, name_en: str, by: User | None, now: datetime
) -> Organization:
    """Register a company; the app of its kind (dealers, suppliers) adds what it knows about it."""
    return Organization.objects.create(kind=kind, code=code, name_zh=name_zh, name_en=name_en, created_at=now)


@transaction.atomic
def add_member(
    *,
    user: User,
    organization: Organization,
    role: Role | str,
    by: User | None,
    now: datetime,
    keep_session_key: str | None = None,
) -> OrganizationMember:
    """
    Give a user a role in an organization, and sign their older sessions out: those began with fewer rights. Only the
    session ``keep_session_key`` stays; whoever keeps it gives it a new key.

    An ended membership of the same role is taken up again.

    :raises RoleDoesNotFit: if this kind of organization has no such role
    :raises NotYourself: if ``by`` is that user
    :raises AlreadyMember: if the user has this role here
    :raises AlreadyEmployed: if the user has another role in this dealer or supplier
    """
    role = Role(role)
    check_new_member(user=user, organization=organization, role=role, by=by)
    user = lock_person(user.pk)
    try:
        with transaction.atomic():
            member, is_new = OrganizationMember.objects.get_or_create(
                user=user, organization=organization, role=role, defaults={"created_at": now, "created_by": by}
            )
            if not is_new:
                if member.is_active:
                    raise AlreadyMember
                member.is_active = True
                member.save(update_fields=["is_active", "kind"])
    except IntegrityError as conflict:
        raise AlreadyEmployed from conflict
    apply_roles(user=user)
    sign_out_everywhere(user_id=user.pk, except_session_key=keep_session_key)
    return member


def check_new_member(*, user: User, organization: Organization, role: Role | str, by: User | None) -> None:
    """
    Say what speaks against a new membership, as far as it can be seen without a lock: for forms, and first thing when
    adding one.

    :raises RoleDoesNotFit: if this kind of organization has no such role
    :raises NotYourself: if ``by`` is that user
    :raises AlreadyMember: if the user has this role here
    :raises AlreadyEmployed: if the user has another role in this dealer or supplier
    """
    kind = OrganizationKind(organization.kind)
    if by is not None and by.pk == user.pk:
        raise NotYourself
    if role not in ROLES_OF_KIND[kind]:
        raise RoleDoesNotFit(role=str(role), kind=kind.value)
    active = OrganizationMember.objects.filter(user=user, is_active=True)
    if active.filter(organization=organization, role=role).exists():
        raise AlreadyMember
    if kind != OrganizationKind.HQ and active.filter(organization=organization).exists():
        raise AlreadyEmployed


@transaction.atomic
def end_membership(*, member_id: int, by: User | None, now: datetime) -> OrganizationMember:
    """
    Take a role away again and sign the user out.

    :raises MembershipEnded: if it has ended already
    :raises NotYourself: if it is ``by``'s own
    """
    user = lock_person(OrganizationMember.objects.values_list("user_id", flat=True).get(pk=member_id))
    member = OrganizationMember.objects.get(pk=member_id)
    if by is not None and by.pk == user.pk:
        raise NotYourself
    if not member.is_active:
        raise MembershipEnded
    member.is_active = False
    member.save(update_fields=["is_active", "kind"])
    ApiKey.objects.filter(organization=member.organization_id, created_by=user, revoked_at__isnull=True).update(
        revoked_at=now, revoked_by=by
    )
    apply_roles(user=user)
    sign_out_everywhere(user_id=user.pk)
    return member


def lock_person(user_id: int) -> User:
    """Lock a person before their memberships change: what they may do follows from all of them together."""
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


def apply_roles(*, user: User) -> None:
    """
    Make ``is_staff`` and the groups of a locked person follow from the active memberships; other groups stay.

    Dealers and suppliers never become staff. A superuser keeps the door to the admin.
    """
    roles = {Role(role) for role in user.memberships.filter(is_active=True).values_list("role", flat=True)}
    user.is_staff = user.is_superuser or not ADMIN_ROLES.isdisjoint(roles)
    user.save(update_fields=["is_staff"])
    of_roles = {role: Group.objects.get_or_create(name=group_name(role))[0] for role in Role if role != Role.CONSUMER}
    user.groups.remove(*(group for role, group in of_roles.items() if role not in roles))
    user.groups.add(*(group for role, group in of_roles.items() if role in roles))
