"""What onboarding needs from the apps above it: each kind of applicant has a row and a status of its own."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from apps.accounts.api import User

APPLICANT = "onboarding.applicant"


def applicant_port(kind: str) -> str:
    """The name of the port that answers for a kind of applicant, as in ``s2b2c/ports.py``."""
    return f"{APPLICANT}.{kind.lower()}"


class Applicant(Protocol):
    """
    Keeps the applicant's own row in step with its application. Called inside onboarding's transactions.

    Moves are those of ``onboarding.states.APPLICATION``; the adapter's lifecycle knows the same names.
    """

    def open(
        self, *, organization_id: int, name_zh: str, name_en: str, status: str, by: "User | None", now: datetime
    ) -> None:
        """This will write the row of a new applicant, INVITED or APPLIED."""

    def describe(self, *, organization_id: int, name_zh: str, name_en: str, uscc: str) -> None:
        """
        This will write down the company's names and its unified social credit code.

        :raises TaxNumberTaken: if another one of this kind has the code
        """

    def move(self, *, organization_id: int, move: str, reason: str, by: "User | None", now: datetime) -> None:
        """
        This will move the applicant on.

        :raises MoveNotAllowed: if its own status does not allow it
        """

    def has_tax_number(self, *, uscc: str, except_organization_id: int) -> bool:
        """This will say whether another one of this kind is known under a code."""

    def block(self, *, organization_id: int, rule: str, now: datetime) -> bool:
        """This will keep it from new offers and orders for a named rule; False if it was blocked already."""

    def unblock(self, *, organization_id: int, now: datetime) -> bool:
        """This will lift the block; False if there was none."""
