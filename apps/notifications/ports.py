"""What notifications needs from outside: a carrier of SMS. E-mail goes through Django's mail backend."""

from collections.abc import Mapping
from typing import Protocol

SMS = "notifications.sms"


class SmsCarrier(Protocol):
    """Sends texts by template, as carriers in China demand: the wording is registered with them."""

    def send(self, *, phone: str, template_code: str, params: Mapping[str, str]) -> str:
        """
        This will hand one SMS to the carrier and return the carrier's reference.

        ``phone`` is E.164.

        :raises CarrierUnavailable: if it may work later
        :raises CarrierRefused: if it never will
        """
