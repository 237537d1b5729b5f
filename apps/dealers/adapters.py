"""
Answers to ports: ``onboarding.applicant.dealer`` keeps the dealer's own row in step with its application,
``kernel.imports.authorizations`` takes tables of rights.
"""

from datetime import datetime

from apps.accounts.api import Organization, User
from apps.dealers.models import Dealer
from apps.dealers.selectors.dealers import get_dealer
from apps.dealers.services.authorization_import import AuthorizationImport
from apps.dealers.services.standing import block_dealer, lift_block
from apps.dealers.states import DEALER, DealerStatus
from apps.events.api import DealerStatusChanged
from apps.kernel.api import outbox

__all__ = ["AuthorizationImport", "DealerApplicant"]


class DealerApplicant:
    """A dealer on its way in, and afterwards its papers."""

    def open(
        self, *, organization_id: int, name_zh: str, name_en: str, status: str, by: User | None, now: datetime
    ) -> None:
        """Write the row of a new dealer; headquarters gives level, region and stores."""
        organization = Organization.objects.get(pk=organization_id)
        Dealer.objects.create(
            organization=organization,
            code=organization.code,
            name_zh=name_zh,
            name_en=name_en,
            status=DealerStatus(status),
            created_at=now,
        )

    def describe(self, *, organization_id: int, name_zh: str, name_en: str, uscc: str) -> None:
        """Write down the names; the code stays with the application, whose constraint keeps it unique."""
        Dealer.objects.filter(organization_id=organization_id).update(name_zh=name_zh, name_en=name_en)

    def move(self, *, organization_id: int, move: str, reason: str, by: User | None, now: datetime) -> None:
        """Move the dealer along."""
        dealer = DEALER.move(get_dealer(organization_id=organization_id), move, by=by, at=now, reason=reason)
        outbox.record(
            DealerStatusChanged(
                organization_id=organization_id, status=dealer.status, is_blocked=dealer.blocked_at is not None
            ),
            at=now,
        )

    def has_tax_number(self, *, uscc: str, except_organization_id: int) -> bool:
        """Dealers carry no code of their own: applications alone know it."""
        return False

    def block(self, *, organization_id: int, rule: str, now: datetime) -> bool:
        """Keep it from new orders."""
        was_free = get_dealer(organization_id=organization_id).blocked_at is None
        block_dealer(organization_id=organization_id, reason=rule, now=now)
        return was_free

    def unblock(self, *, organization_id: int, now: datetime) -> bool:
        """Lift the block."""
        was_free = get_dealer(organization_id=organization_id).blocked_at is None
        lift_block(organization_id=organization_id, now=now)
        return not was_free
