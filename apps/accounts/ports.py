"""What accounts needs from outside: somebody who carries its messages."""

from datetime import datetime
from typing import Protocol

MESSENGER = "accounts.messenger"


class Messenger(Protocol):
    """
    Carries the messages of sign-in. The app that owns messages answers this port; it lies on a higher floor.

    Each method is called inside a transaction and sends after it; a carrier that is down delays the message and never
    fails the caller.
    """

    def send_code(self, *, phone: str, code: str, language: str, user_id: int, now: datetime) -> None:
        """This will send a sign-in or confirmation code by SMS."""

    def send_phone_notice(self, *, phone: str, notice: str, language: str, now: datetime) -> None:
        """This will tell a number's owner what somebody tried with it: ``account_exists`` or ``account_unknown``."""

    def send_invitation(self, *, phone: str, organization: str, link: str, language: str, now: datetime) -> None:
        """This will send the link of an invitation to a team by SMS."""

    def send_email(
        self, *, to: str, subject: str, text: str, html: str | None, language: str, user_id: int | None, now: datetime
    ) -> None:
        """This will send an e-mail that is already written."""
