"""What the inbound hooks of payment providers have in common: read little, verify, make one service call, answer."""

from typing import Any, ClassVar

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from apps.accounts.api import Audience
from apps.kernel.errors import BadRequest, DomainError
from apps.payments import api

log = structlog.get_logger(__name__)

# Source: the longest documented notification (Stripe's) is a few KB; nobody honest sends more than this.
MOST_BYTES = 64 * 1024
UNKNOWN = (api.Verdict.UNKNOWN_PAYMENT, api.Verdict.UNKNOWN_REFUND)


class BodyTooLarge(BadRequest):
    """The body is longer than any notification."""

    code = "body_too_large"
    status = 413


@method_decorator(csrf_exempt, name="dispatch")
class PaymentHook(View):
    """
    One provider's hook. Open to anybody: the signature is the only proof of identity, checked by the adapter.

    Answers are in the provider's own words. Bad input is answered 4xx; a refusal by us (wrong amount, wrong merchant…)
    409, unknown numbers 404, so that the provider's console shows that something is wrong.
    """

    provider: ClassVar[str]
    audience = Audience.MACHINES
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take in one notification."""
        try:
            body = read_body(request)
            notification = api.gateway_of(self.provider).parse_notification(
                request.headers, body, request.META.get("QUERY_STRING", "")
            )
            outcome = api.receive_notification(provider=self.provider, notification=notification, now=timezone.now())
        except DomainError as refusal:
            about = {**_plain(refusal.context), "provider": self.provider, "code": refusal.code}
            log.warning("payment_hook_refused", **about)
            return self.refuse(refusal.status, refusal.code)
        if not outcome.is_accepted:
            return self.refuse(404 if outcome.verdict in UNKNOWN else 409, outcome.verdict.value)
        return self.accept()

    def accept(self) -> HttpResponse:
        """Answer that all is well, so that the provider stops repeating itself."""
        raise NotImplementedError

    def refuse(self, status: int, code: str) -> HttpResponse:
        """Answer that this was not accepted."""
        raise NotImplementedError


def read_body(request: HttpRequest) -> bytes:
    """
    Return the body, if it is no longer than a notification can be.

    :raises BodyTooLarge: without reading it, if it says that it is longer
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > MOST_BYTES:
        raise BodyTooLarge
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise BodyTooLarge
    return body


def _plain(context: dict[str, Any]) -> dict[str, str]:
    return {name: str(value)[:200] for name, value in context.items()}
