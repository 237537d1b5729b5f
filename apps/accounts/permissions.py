"""What each role may do in the Django admin and the CMS: one group per role, filled from this table."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from apps.accounts.states import Role

# Rights and secrets of sign-in: they follow from memberships, or are the user's own affair.
OPERATOR_LOOKS_ONLY = frozenset(
    {
        "auth.group",
        "auth.permission",
        "contenttypes.contenttype",
        "sessions.session",
        "usersessions.usersession",
        "mfa.authenticator",
        "account.emailaddress",
        "account.emailconfirmation",
    }
)
# Apps whose rows come from services: operators add none. The permission to change opens their pages' actions, each of
# which is one service call; the pages themselves are read-only.
OPERATOR_ACTS_ONLY_APPS = frozenset(
    {
        "kernel",
        "payments",
        "notifications",
        "orders",
        "inventory",
        "membership",
        "leads",
        "order",
        "payment",
        "analytics",
        "axes",
        "webhooks",
    }
)
CMS_PERMISSIONS = (("wagtailadmin", "access_admin"),)
# Secrets of sign-in: not even an auditor reads these tables in the admin.
NOBODY_READS = frozenset({"sessions.session", "mfa.authenticator", "account.emailconfirmation"})


def group_name(role: Role) -> str:
    """The group that carries a role's permissions."""
    return f"role:{role.value}"


def ensure_role_permissions() -> None:
    """
    Fill the groups of the roles; runs after every migration and changes nothing when nothing changed.

    Operators view everything and add and change what is edited by hand; nobody deletes. Auditors view only. Dealers and
    suppliers get groups without permissions: their rights are checked by role in their portals.
    """
    permissions = list(Permission.objects.select_related("content_type"))
    of_role: dict[Role, list[Permission]] = {role: [] for role in Role if role != Role.CONSUMER}
    for permission in permissions:
        table = f"{permission.content_type.app_label}.{permission.content_type.model}"
        action = permission.codename.partition("_")[0]
        if action == "view" and table not in NOBODY_READS:
            of_role[Role.HQ_AUDITOR].append(permission)
            of_role[Role.HQ_OPERATOR].append(permission)
        elif action in _operator_actions(permission.content_type.app_label, table):
            of_role[Role.HQ_OPERATOR].append(permission)
    wanted = Q(pk__in=[])
    for app_label, codename in CMS_PERMISSIONS:
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    of_role[Role.CMS_EDITOR] = list(Permission.objects.filter(wanted))
    for role, granted in of_role.items():
        group, _ = Group.objects.get_or_create(name=group_name(role))
        # set() would also take away what the CMS granted its editors; only our own kinds of rights are replaced.
        _replace(group, granted, keep_foreign=role == Role.CMS_EDITOR)


def _operator_actions(app_label: str, table: str) -> tuple[str, ...]:
    if table in OPERATOR_LOOKS_ONLY or app_label.startswith("wagtail"):
        return ()
    return ("change",) if app_label in OPERATOR_ACTS_ONLY_APPS else ("add", "change")


def _replace(group: Group, granted: list[Permission], *, keep_foreign: bool) -> None:
    has = set(group.permissions.values_list("pk", flat=True))
    shall = {permission.pk for permission in granted}
    if not keep_foreign and has - shall:
        group.permissions.remove(*(has - shall))
    if shall - has:
        group.permissions.add(*(shall - has))
