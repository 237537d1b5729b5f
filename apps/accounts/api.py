"""The door of accounts: users, organizations, roles, guards."""

from apps.accounts.current import (
    choose_organization,
    current_membership,
    current_organization,
    current_roles,
    list_own_organizations,
)
from apps.accounts.guards import (
    check_role,
    open_to_everyone,
    open_to_machines,
    open_to_members,
    require_roles,
    role_required,
)
from apps.accounts.models import Organization, OrganizationMember, User
from apps.accounts.permissions import ensure_role_permissions, group_name
from apps.accounts.policies import mask_phone, normalize_phone
from apps.accounts.second_factor import gave_second_factor
from apps.accounts.selectors import (
    has_role,
    list_api_keys,
    list_memberships,
    list_open_invitations,
    list_team,
    needs_second_factor,
    roles_of,
)
from apps.accounts.services.api_keys import create_api_key, revoke_api_key
from apps.accounts.services.impersonation import end_impersonation, start_impersonation
from apps.accounts.services.members import add_member, check_new_member, create_organization, end_membership
from apps.accounts.services.second_factors import enroll_totp, reset_second_factor
from apps.accounts.services.team import (
    accept_invitation,
    change_member_role,
    invite_member,
    read_invitation,
    remove_member,
    revoke_invitation,
)
from apps.accounts.services.users import (
    close_account,
    create_user_account,
    reopen_account,
    sign_out_everywhere,
    update_profile,
)
from apps.accounts.states import (
    DEALER_ROLES,
    MANAGER_ROLES,
    SUPPLIER_ROLES,
    Audience,
    Language,
    OrganizationKind,
    Role,
    Scope,
)

__all__ = [
    "DEALER_ROLES",
    "MANAGER_ROLES",
    "SUPPLIER_ROLES",
    "Audience",
    "Language",
    "Organization",
    "OrganizationKind",
    "OrganizationMember",
    "Role",
    "Scope",
    "User",
    "accept_invitation",
    "add_member",
    "change_member_role",
    "check_new_member",
    "check_role",
    "choose_organization",
    "close_account",
    "create_api_key",
    "create_organization",
    "create_user_account",
    "current_membership",
    "current_organization",
    "current_roles",
    "end_impersonation",
    "end_membership",
    "enroll_totp",
    "ensure_role_permissions",
    "gave_second_factor",
    "group_name",
    "has_role",
    "invite_member",
    "list_api_keys",
    "list_memberships",
    "list_open_invitations",
    "list_own_organizations",
    "list_team",
    "mask_phone",
    "needs_second_factor",
    "normalize_phone",
    "open_to_everyone",
    "open_to_machines",
    "open_to_members",
    "read_invitation",
    "remove_member",
    "reopen_account",
    "require_roles",
    "reset_second_factor",
    "revoke_api_key",
    "revoke_invitation",
    "role_required",
    "roles_of",
    "sign_out_everywhere",
    "start_impersonation",
    "update_profile",
]
