"""People, organizations and memberships for tests; and who carries their messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from apps.accounts.api import (
    Organization,
    OrganizationKind,
    Role,
    User,
    add_member,
    create_organization,
    create_user_account,
)
from apps.notifications.errors import CarrierRefused, CarrierUnavailable

PASSWORD = "a-long-enough-password"
# Long before any test's ``now``.
SINCE = datetime(2025, 1, 1, tzinfo=UTC)
numbers = count(1)
KIND_OF_ROLE = {
    Role.DEALER_CLERK: OrganizationKind.DEALER,
    Role.DEALER_MANAGER: OrganizationKind.DEALER,
    Role.SUPPLIER_CLERK: OrganizationKind.SUPPLIER,
    Role.SUPPLIER: OrganizationKind.SUPPLIER,
    Role.HQ_OPERATOR: OrganizationKind.HQ,
    Role.HQ_AUDITOR: OrganizationKind.HQ,
    Role.CMS_EDITOR: OrganizationKind.HQ,
}


def make_user(
    email: str | None = "", *, phone: str | None = None, password: str | None = PASSWORD, **fields: str
) -> User:
    """A person with an account; ``email=None`` for one known by phone alone."""
    address = f"person{next(numbers)}@example.com" if email == "" else email
    fields.setdefault("display_name", "Wang")
    return create_user_account(email=address, password=password, phone=phone, now=SINCE, **fields)


def make_company(kind: OrganizationKind = OrganizationKind.DEALER, code: str = "") -> Organization:
    """A company of a kind."""
    number = next(numbers)
    return create_organization(
        kind=kind,
        code=code or f"{kind.value}-{number}",
        name_zh=f"公司{number}",
        name_en=f"Company {number}",
        by=None,
        now=SINCE,
    )


def make_member(role: Role, organization: Organization | None = None, **user_fields: str) -> User:
    """A person with a role, in a company of their own unless one is given. A consumer has none."""
    user = make_user(**user_fields)
    if role != Role.CONSUMER:
        organization = organization or make_company(KIND_OF_ROLE[role])
        add_member(user=user, organization=organization, role=role, by=None, now=SINCE)
    return User.objects.get(pk=user.pk)


@dataclass
class FakeSms:
    """A carrier that keeps what it is given, and fails on demand (port ``notifications.sms``)."""

    sent: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    trouble: CarrierRefused | CarrierUnavailable | None = None

    def send(self, *, phone: str, template_code: str, params: Mapping[str, str]) -> str:
        """Keep one text."""
        if self.trouble is not None:
            raise self.trouble
        if not phone.removeprefix("+").isdigit() or len(phone) < 10:
            raise CarrierRefused("isv.MOBILE_NUMBER_ILLEGAL")
        self.sent.append((phone, template_code, dict(params)))
        return f"receipt-{len(self.sent)}"

    def code_for(self, phone: str) -> str:
        """The newest code a phone received."""
        return next(params["code"] for to, _, params in reversed(self.sent) if to == phone and "code" in params)
