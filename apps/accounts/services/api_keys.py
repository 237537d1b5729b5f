"""Keys by which an organization's own programs call the API."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from apps.accounts.errors import KeyInvalid, KeyNotFound, LifetimeOutOfRange, NameRequired, ScopeUnknown
from apps.accounts.models import ApiKey, Organization, OrganizationMember, User
from apps.accounts.services.team import check_manager
from apps.accounts.states import MANAGER_ROLES, SCOPES_OF_KIND, OrganizationKind
from apps.kernel.api import blind_index

KEY_PREFIX = "xk_"
MOST_DAYS = 365
# 256 bits, as many as the digest that stands for them.
_BYTES = 32
_SHOWN = 10
_PURPOSE = "accounts.api_key"
# "Last used" is told to the minute: a busy program does not write a row with every call.
_TELL_USE_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_api_key(
    *, organization_id: int, name: str, scopes: Iterable[str], days: int, by: User, now: datetime
) -> tuple[ApiKey, str]:
    """
    Make a key that lives ``days`` days; returns it with its secret, which is shown this once and kept nowhere.

    :raises RoleNotGiven: if ``by`` does not manage the organization
    :raises NameRequired: without a name
    :raises ScopeUnknown: without a right, or with one that this kind of organization does not give
    :raises LifetimeOutOfRange: if it should live less than a day or more than a year
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    check_manager(organization, by=by)
    if not name.strip():
        raise NameRequired
    wanted = set(scopes)
    if not wanted or not wanted <= set(SCOPES_OF_KIND[OrganizationKind(organization.kind)]):
        raise ScopeUnknown
    if not 1 <= days <= MOST_DAYS:
        raise LifetimeOutOfRange(most=MOST_DAYS)
    secret = KEY_PREFIX + secrets.token_urlsafe(_BYTES)
    key = ApiKey.objects.create(
        organization=organization,
        name=name.strip()[:60],
        prefix=secret[:_SHOWN],
        digest=blind_index(secret, purpose=_PURPOSE),
        scopes=sorted(wanted),
        created_by=by,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return key, secret


@transaction.atomic
def revoke_api_key(*, organization_id: int, key_id: int, by: User, now: datetime) -> ApiKey:
    """
    Make a key worthless from this moment on; a second time changes nothing.

    :raises RoleNotGiven: if ``by`` does not manage the organization
    :raises KeyNotFound: if it is another organization's
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    check_manager(organization, by=by)
    key = ApiKey.objects.filter(pk=key_id, organization=organization).first()
    if key is None:
        raise KeyNotFound
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = now, by
        key.save(update_fields=["revoked_at", "revoked_by"])
    return key


def use_api_key(*, secret: str, now: datetime) -> ApiKey:
    """
    Find the key that a program showed, and note that it was used.

    It opens only while whoever made it manages the organization.

    :raises KeyInvalid: if it is unknown, revoked, expired, or its maker is no manager there any more
    """
    digest = blind_index(secret, purpose=_PURPOSE)
    key = ApiKey.objects.select_related("organization", "created_by").filter(digest=digest).first()
    if key is None or not key.is_live(now) or not _maker_manages(key):
        raise KeyInvalid
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - _TELL_USE_EVERY)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    return key


def _maker_manages(key: ApiKey) -> bool:
    return (
        OrganizationMember.objects.live()
        .filter(
            user=key.created_by_id,
            organization=key.organization_id,
            role__in=[role.value for role in MANAGER_ROLES],
        )
        .exists()
    )
