"""The closed lists of accounts: kinds of organization, roles, languages."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganizationKind(models.TextChoices):
    """What an organization is to the suite."""

    HQ = "HQ", _("Brand headquarters")
    SUPPLIER = "SUPPLIER", _("Supplier")
    DEALER = "DEALER", _("Dealer")


class Role(StrEnum):
    """What a person may be. Everybody with an account is a consumer; the other roles come from a membership."""

    CONSUMER = "consumer"
    DEALER_CLERK = "dealer_clerk"
    DEALER_MANAGER = "dealer_manager"
    SUPPLIER = "supplier"
    SUPPLIER_CLERK = "supplier_clerk"
    HQ_OPERATOR = "hq_operator"
    HQ_AUDITOR = "hq_auditor"
    CMS_EDITOR = "cms_editor"


class MemberRole(models.TextChoices):
    """The roles a membership can give, with the words people read."""

    DEALER_CLERK = Role.DEALER_CLERK.value, _("Dealer clerk")
    DEALER_MANAGER = Role.DEALER_MANAGER.value, _("Dealer manager")
    SUPPLIER = Role.SUPPLIER.value, _("Supplier manager")
    SUPPLIER_CLERK = Role.SUPPLIER_CLERK.value, _("Supplier clerk")
    HQ_OPERATOR = Role.HQ_OPERATOR.value, _("Headquarters operator")
    HQ_AUDITOR = Role.HQ_AUDITOR.value, _("Headquarters auditor")
    CMS_EDITOR = Role.CMS_EDITOR.value, _("Content editor")


# Who works in which portal. Managers see money, prices and the team; clerks do the day's work.
SUPPLIER_ROLES = (Role.SUPPLIER, Role.SUPPLIER_CLERK)
DEALER_ROLES = (Role.DEALER_MANAGER, Role.DEALER_CLERK)
MANAGER_ROLES = frozenset({Role.SUPPLIER, Role.DEALER_MANAGER})
# Kinds whose organizations have a portal of their own. One person may act for several of them, one at a time.
PORTAL_KINDS = (OrganizationKind.SUPPLIER, OrganizationKind.DEALER)
ROLES_OF_KIND: dict[OrganizationKind, tuple[Role, ...]] = {
    OrganizationKind.HQ: (Role.HQ_OPERATOR, Role.HQ_AUDITOR, Role.CMS_EDITOR),
    OrganizationKind.SUPPLIER: SUPPLIER_ROLES,
    OrganizationKind.DEALER: DEALER_ROLES,
}
# Only these enter the Django admin; dealers and suppliers have portals of their own and are never ``is_staff``.
ADMIN_ROLES = frozenset({Role.HQ_OPERATOR, Role.HQ_AUDITOR})


class Scope(models.TextChoices):
    """What an API key may do."""

    OFFERS_READ = "offers:read", _("Read offers")
    OFFERS_WRITE = "offers:write", _("Change offers and their prices")
    STOCK_READ = "stock:read", _("Read stock")
    STOCK_WRITE = "stock:write", _("Report stock")
    FULFILMENTS_READ = "fulfilments:read", _("Read orders to fulfil")
    FULFILMENTS_WRITE = "fulfilments:write", _("Accept, ship and hand over orders")
    LEADS_READ = "leads:read", _("Read leads")
    LEADS_WRITE = "leads:write", _("Work on leads")
    TEST_DRIVES_READ = "test-drives:read", _("Read test drives")
    TEST_DRIVES_WRITE = "test-drives:write", _("Confirm, check in and complete test drives")


SCOPES_OF_KIND: dict[OrganizationKind, tuple[Scope, ...]] = {
    OrganizationKind.HQ: (),
    OrganizationKind.SUPPLIER: (
        Scope.OFFERS_READ,
        Scope.OFFERS_WRITE,
        Scope.STOCK_READ,
        Scope.STOCK_WRITE,
        Scope.FULFILMENTS_READ,
        Scope.FULFILMENTS_WRITE,
    ),
    OrganizationKind.DEALER: (
        Scope.STOCK_READ,
        Scope.FULFILMENTS_READ,
        Scope.FULFILMENTS_WRITE,
        Scope.LEADS_READ,
        Scope.LEADS_WRITE,
        Scope.TEST_DRIVES_READ,
        Scope.TEST_DRIVES_WRITE,
    ),
}


class Audience(StrEnum):
    """Who may enter a view that asks for no role. The route tests read it from the view."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    MACHINES = "machines"


class Language(models.TextChoices):
    """Languages the suite speaks."""

    ZH_HANS = "zh-hans", _("Simplified Chinese")
    EN = "en", _("English")
