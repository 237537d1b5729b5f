"""Actions on many rows: shown before they happen, done one by one, answered row by row."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from apps.kernel.api import DomainError

MOST_ROWS = 500
SHOWN_ROWS = 50
CARRIED = ("csrfmiddlewaretoken", "index", "select_across", "action", "confirmed", ACTION_CHECKBOX_NAME)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one row."""

    row: str
    is_done: bool
    text: str


class _Ear:
    """Stands where the request's messages are, and keeps what an action says of one row."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, str]] = []

    def add(self, level: int, message: Any, extra_tags: str = "") -> None:
        """Keep a message."""
        self.heard.append((level, str(message)))


class ConfirmedActionsMixin:
    """
    What a person started with the list's own button is shown first and done after a second click.

    Each row is an action of its own: one refusal stops nobody else, and the answer names every row. An action that asks
    by itself, or answers with a page or a file, says so with ``asks_itself = True`` on its function.
    """

    def get_actions(self, request: HttpRequest) -> dict:
        """Whoever may only look is offered only what says for itself who may do it."""
        actions = super().get_actions(request)
        if request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}"):
            return actions
        return {name: entry for name, entry in actions.items() if getattr(entry[0], "allowed_permissions", None)}

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponseBase | None:
        """Ask, act, or leave it to Django: nothing chosen, an action that asks by itself, a program's request."""
        name = request.POST.get("action", "")
        entry = self.get_actions(request).get(name)
        pks = request.POST.getlist(ACTION_CHECKBOX_NAME)
        is_across = request.POST.get("select_across", "0") == "1"
        if entry is None or "index" not in request.POST or not (pks or is_across):
            return super().response_action(request, queryset)
        function, _name, label = entry
        if getattr(function, "asks_itself", False):
            return super().response_action(request, queryset)
        rows = queryset if is_across else queryset.filter(pk__in=pks)
        chosen = list(rows[: MOST_ROWS + 1])
        if len(chosen) > MOST_ROWS:
            text = _("At most %(most)s rows at once. Narrow the list down first.") % {"most": MOST_ROWS}
            messages.error(request, text)
            return None
        if "confirmed" not in request.POST:
            return self._ask(request, name, label, chosen)
        return self._act(request, function, label, chosen)

    def _ask(self, request: HttpRequest, name: str, label: str, chosen: list) -> HttpResponse:
        carried = [(key, value) for key in request.POST for value in request.POST.getlist(key) if key not in CARRIED]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": label,
            "action": name,
            "rows": chosen[:SHOWN_ROWS],
            "more": max(len(chosen) - SHOWN_ROWS, 0),
            "count": len(chosen),
            "pks": [row.pk for row in chosen],
            "checkbox": ACTION_CHECKBOX_NAME,
            "carried": carried,
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/staff/confirm_action.html", context)

    def _act(self, request: HttpRequest, function: Any, label: str, chosen: list) -> HttpResponseBase:
        outcomes, own = [], request._messages
        for row in chosen:
            ear = _Ear()
            request._messages = ear
            try:
                answer = function(self, request, self.get_queryset(request).filter(pk=row.pk))
            except DomainError as refusal:
                ear.add(messages.ERROR, refusal)
                answer = None
            finally:
                request._messages = own
            if isinstance(answer, HttpResponseBase):
                # It answers with a page of its own: then it has the word for all rows.
                return function(self, request, self.get_queryset(request).filter(pk__in=[one.pk for one in chosen]))
            outcomes.append(_outcome(row, ear))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": label,
            "outcomes": outcomes,
            "done": sum(outcome.is_done for outcome in outcomes),
            "refused": sum(not outcome.is_done for outcome in outcomes),
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/staff/action_results.html", context)


def _outcome(row: Any, ear: _Ear) -> Outcome:
    refusals = [text for level, text in ear.heard if level >= messages.WARNING]
    if not refusals:
        return Outcome(row=str(row), is_done=True, text="")
    return Outcome(row=str(row), is_done=False, text=" ".join(text.removeprefix(f"{row}: ") for text in refusals))
