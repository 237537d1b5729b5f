"""The hook at which lenders say how applications stand."""

import json

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from apps.accounts.api import Audience
from apps.financing.api import LENDER_REFUSALS, LenderVerdict, receive_lender_news
from apps.financing.errors import NewsForged, NewsMalformed
from apps.integrations.hooks import read_body
from apps.integrations.lender.adapter import make_signer
from apps.integrations.lender.protocol import read_news
from apps.kernel.errors import DomainError

log = structlog.get_logger(__name__)


@method_decorator(csrf_exempt, name="dispatch")
class LenderHook(View):
    """
    Open to anybody: the lender's signature is the only proof of identity.

    204 says that all is well; 401 not signed, or long ago; 400 unreadable; 404 an application we do not have; 409 news
    that contradicts what we asked for.
    """

    audience = Audience.MACHINES
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take in one message."""
        now = timezone.now()
        try:
            body = read_body(request)
            if not settings.LENDER["KEY_ID"]:
                # Nobody agreed on keys with us: nothing that arrives can be a lender's.
                raise NewsForged
            make_signer().verify(request.headers, "POST", request.path, body, now=now)
            values = _values(body)
            news = read_news(values, event_id=_event_id(values))
            verdict = receive_lender_news(news=news, now=now)
        except DomainError as refusal:
            log.warning("lender_hook_refused", code=refusal.code)
            return JsonResponse({"code": refusal.code}, status=refusal.status)
        if verdict in LENDER_REFUSALS:
            status = 404 if verdict is LenderVerdict.UNKNOWN_APPLICATION else 409
            return JsonResponse({"code": verdict.value}, status=status)
        return HttpResponse(status=204)


def _values(body: bytes) -> dict[str, object]:
    try:
        values = json.loads(body)
    except ValueError:
        raise NewsMalformed(why="no JSON") from None
    if not isinstance(values, dict):
        raise NewsMalformed(why="no object")
    return values


def _event_id(values: dict[str, object]) -> str:
    """Return the id of the message, which stays the same however often it is sent."""
    event_id = values.get("event_id")
    if not isinstance(event_id, str) or not 8 <= len(event_id) <= 100 or not event_id.isascii():
        raise NewsMalformed(why="event_id")
    return event_id
