"""
The shop's shutters: down with ``MAINTENANCE=1`` in the environment, or at once by ``touch $S2B2C_HOME/maintenance``.

Everything answers 503 then, pages with a friendly one and the API with JSON; providers repeat what they could not tell
us. What keeps answering: health checks, metrics, and the static files the page is drawn with.
"""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Unavailable
from apps.kernel.web.errors import answer

OPEN = ("/health/", "/metrics", settings.STATIC_URL)
RETRY_AFTER_SECONDS = "600"


class UnderMaintenance(Unavailable):
    """The shutters are down."""

    code = "under_maintenance"
    message = _("We are working on the shop and will be back shortly.")


class MaintenanceMiddleware:
    """Answers for everybody else while the shutters are down; needs no database, no session and no cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.switch = Path(settings.S2B2C_HOME) / "maintenance"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(OPEN) or not (settings.MAINTENANCE or self.switch.exists()):
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            response = answer(request, UnderMaintenance())
        response["Retry-After"] = RETRY_AFTER_SECONDS
        response["Cache-Control"] = "no-store"
        return response
