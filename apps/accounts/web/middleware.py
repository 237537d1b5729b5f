"""The second factor at the door of the staff pages, whoever wrote them."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from apps.accounts.errors import SecondFactorRequired
from apps.accounts.guards import second_factor_page
from apps.accounts.second_factor import gave_second_factor
from apps.accounts.selectors import needs_second_factor


class SecondFactorMiddleware:
    """
    Keeps signed-in users whose role needs a second factor out of the staff pages until this session gave one.

    Django's admin and the CMS check permissions of their own; this stands before them and before the portals.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the way to the second factor where one is owed."""
        if (
            request.path.startswith(settings.SECOND_FACTOR_PREFIXES)
            and request.user.is_authenticated
            and needs_second_factor(request.user)
            and not gave_second_factor(request)
        ):
            return _ask(request)
        return self.get_response(request)


def _ask(request: HttpRequest) -> HttpResponse:
    if request.method in ("GET", "HEAD"):
        return second_factor_page(request)
    refusal = SecondFactorRequired()
    return render(request, "account/forbidden.html", {"reason": str(refusal)}, status=refusal.status)
