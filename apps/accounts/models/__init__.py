"""Tables of accounts, by noun."""

from apps.accounts.models.access import ApiKey, Impersonation, ImpersonationStep, Invitation
from apps.accounts.models.people import (
    PHONE_INDEX,
    Organization,
    OrganizationMember,
    OrganizationMemberQuerySet,
    User,
    UserGroup,
    UserManager,
    UserPermission,
    phone_index,
)

__all__ = [
    "PHONE_INDEX",
    "ApiKey",
    "Impersonation",
    "ImpersonationStep",
    "Invitation",
    "Organization",
    "OrganizationMember",
    "OrganizationMemberQuerySet",
    "User",
    "UserGroup",
    "UserManager",
    "UserPermission",
    "phone_index",
]
