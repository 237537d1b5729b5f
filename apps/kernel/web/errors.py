"""Refusals for people: as a message, on a form, or as a page; JSON under ``/api/`` and where JSON is asked for."""

import sys
from typing import Any

from django.contrib import messages
from django.forms import BaseForm, FileField
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import BadRequest, DomainError, FileRefused, Forbidden, NotFound, Unavailable
from apps.kernel.refusals import as_refusal


class Broken(DomainError):
    """A bug of ours; the details are in the log."""

    code = "server_error"
    status = 500
    message = _("Something went wrong on our side. We have been told.")


class PageTooOld(Forbidden):
    """A form came without the token of the visitor's session: the page is old, or another site sent it."""

    code = "csrf_failed"
    message = _("This page was open for too long. Please reload it and try again.")


def show_message(request: HttpRequest, refusal: DomainError) -> None:
    """Queue the refusal as a message of the next page."""
    messages.error(request, str(refusal))


def add_to_form(form: BaseForm, refusal: DomainError) -> None:
    """
    Put the refusal on the inputs it names, and on the form as a whole if it names none the form has.

    A refused file belongs to the form's input for files, where there is but one.
    """
    named = {name: texts for name, texts in refusal.fields.items() if name in form.fields}
    for name, texts in named.items():
        for text in texts:
            form.add_error(name, text)
    if not named:
        form.add_error(_file_input(form) if isinstance(refusal, FileRefused) else None, str(refusal))


def _file_input(form: BaseForm) -> str | None:
    names = [name for name, field in form.fields.items() if isinstance(field, FileField)]
    return names[0] if len(names) == 1 else None


def answer(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """
    Return the refusal as JSON or as a page, whichever the request wants, with the refusal's status.

    The page needs no database, no session and no user: those may be what is broken.
    """
    if _wants_json(request):
        response: HttpResponse = JsonResponse(refusal.as_body(), status=refusal.status)
    else:
        page = render_to_string("kernel/error.html", {"refusal": refusal, "status": refusal.status})
        response = HttpResponse(page, status=refusal.status)
    if isinstance(refusal, Unavailable):
        response["Retry-After"] = "1"
    return response


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The root ``handler400``."""
    return answer(request, BadRequest())


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The root ``handler403``."""
    return answer(request, Forbidden())


def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The root ``handler404``."""
    return answer(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """
    The root ``handler500``.

    Refusals that no view caught arrive here as well. They keep their own status: a lock that was waited for too long is
    503, input that the database cannot hold is 400.
    """
    error = sys.exc_info()[1]
    return answer(request, (as_refusal(error) if error is not None else None) or Broken())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The view of ``settings.CSRF_FAILURE_VIEW``."""
    return answer(request, PageTooOld())


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or request.get_preferred_type(["text/html", "application/json"]) == (
        "application/json"
    )
