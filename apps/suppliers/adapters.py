"""Answers the port ``onboarding.applicant.supplier``: keeps the supplier's own row in step with its application."""

from datetime import datetime

from apps.accounts.api import Organization, User
from apps.onboarding.errors import TaxNumberTaken
from apps.suppliers.models import Supplier
from apps.suppliers.services import block_supplier, lift_block, move_applicant
from apps.suppliers.states import SupplierStatus


class SupplierApplicant:
    """A supplier on its way in, and afterwards its papers."""

    def open(
        self, *, organization_id: int, name_zh: str, name_en: str, status: str, by: User | None, now: datetime
    ) -> None:
        """Write the row of a new supplier."""
        organization = Organization.objects.get(pk=organization_id)
        Supplier.objects.create(
            organization=organization,
            code=organization.code,
            name_zh=name_zh,
            name_en=name_en,
            status=SupplierStatus(status),
            created_at=now,
        )

    def describe(self, *, organization_id: int, name_zh: str, name_en: str, uscc: str) -> None:
        """
        Write down the names and the code.

        :raises TaxNumberTaken: if another supplier has the code
        """
        if uscc and self.has_tax_number(uscc=uscc, except_organization_id=organization_id):
            raise TaxNumberTaken
        Supplier.objects.filter(organization_id=organization_id).update(name_zh=name_zh, name_en=name_en, uscc=uscc)

    def move(self, *, organization_id: int, move: str, reason: str, by: User | None, now: datetime) -> None:
        """Move the supplier along."""
        move_applicant(organization_id=organization_id, move=move, reason=reason, by=by, now=now)

    def has_tax_number(self, *, uscc: str, except_organization_id: int) -> bool:
        """Say whether another supplier has the code."""
        return Supplier.objects.filter(uscc=uscc).exclude(organization_id=except_organization_id).exists()

    def block(self, *, organization_id: int, rule: str, now: datetime) -> bool:
        """Keep it from new offers and orders."""
        return block_supplier(organization_id=organization_id, reason=rule, now=now)

    def unblock(self, *, organization_id: int, now: datetime) -> bool:
        """Lift the block."""
        return lift_block(organization_id=organization_id, now=now)
