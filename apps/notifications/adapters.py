"""Answers the ports of lower floors: accounts' messages are ours to carry."""

from datetime import datetime
from uuid import uuid4

from apps.notifications.services.messages import queue_message
from apps.notifications.states import Channel


class AccountMessenger:
    """Carries the messages of sign-in (port ``accounts.messenger``). Each call is a message of its own."""

    def send_code(self, *, phone: str, code: str, language: str, user_id: int, now: datetime) -> None:
        """Queue a code by SMS."""
        self._sms("sign_in_code", phone, {"code": code}, language, user_id, now)

    def send_phone_notice(self, *, phone: str, notice: str, language: str, now: datetime) -> None:
        """Queue a notice by SMS; its name is the template's."""
        self._sms(notice, phone, {}, language, None, now)

    def send_invitation(self, *, phone: str, organization: str, link: str, language: str, now: datetime) -> None:
        """Queue the link of an invitation by SMS."""
        words = {"organization": organization, "link": link}
        self._sms("team_invitation", phone, words, language, None, now)

    def send_email(
        self, *, to: str, subject: str, text: str, html: str | None, language: str, user_id: int | None, now: datetime
    ) -> None:
        """Queue an e-mail that is already written."""
        words = {"subject": subject, "text": text} | ({"html": html} if html else {})
        queue_message(
            template="prewritten",
            channel=Channel.EMAIL,
            to=to,
            language=language,
            context=words,
            dedupe_key=f"account:{uuid4().hex}",
            user_id=user_id,
            now=now,
        )

    def _sms(
        self, template: str, phone: str, context: dict[str, str], language: str, user_id: int | None, now: datetime
    ) -> None:
        queue_message(
            template=template,
            channel=Channel.SMS,
            to=phone,
            language=language,
            context=context,
            dedupe_key=f"account:{uuid4().hex}",
            user_id=user_id,
            now=now,
        )
