"""What a form brought, and where it leads back to."""

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, be it nothing at all; None where the form is only shown."""
    return request.POST if request.method == "POST" else None


def way_back(request: HttpRequest, default: str) -> str:
    """Return the page that the form was sent from (its field ``next``), if it is one of ours."""
    asked = (request.POST.get("next") or request.GET.get("next") or "")[:500]
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else default


def go_back(request: HttpRequest, default: str) -> HttpResponseRedirect:
    """Lead back to where the form was sent from."""
    return redirect(way_back(request, default))
