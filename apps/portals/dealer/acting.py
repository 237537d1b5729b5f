"""What the store's people do about an appointment: one table of acts for each kind, one way to do them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.kernel.api import DomainError, NotFound
from apps.kernel.web import add_to_form
from apps.portals.dealer.store_day import at_store
from apps.portals.dealer.test_drive_forms import MOMENT
from apps.portals.storefront.web.ways_back import go_back, way_back

Data = dict[str, Any]
COUNT = re.compile(r"[0-9]{1,6}")


def as_typed(found: Any, data: Data) -> Data:
    """Give the service what the form holds, name by name."""
    return data


def to_time(found: Any, data: Data) -> Data:
    """Give the service the time that was typed, by the clock at the store; what else the form holds as it is."""
    rest = {name: value for name, value in data.items() if name != "local"}
    return {**rest, "starts_at": at_store(data["local"], found.store.time_zone if found.store else "UTC")}


@dataclass(frozen=True, kw_only=True)
class Place:
    """
    Where an appointment lies: ``local`` by the clock at the store, on which resource, and how often it was moved.

    ``bay`` names the resource in the form; without one it can be put back only where it is left on its own.
    """

    local: datetime
    resource: int
    times_moved: int
    bay: str = ""


@dataclass(frozen=True, kw_only=True)
class Act:
    """
    One thing to do: the service that does it, and how a form becomes what it takes.

    ``told`` is said afterwards; where it depends, it is asked with what was there before and what the service returned.
    ``lies``, of an act that moves something, says where it lies: what was moved can be put back.
    """

    service: Callable[..., Any]
    told: Any
    reads: Callable[[Any, Data], Data] = as_typed
    lies: Callable[[Any], Place | None] | None = None

    def do(self, found: Any, data: Data, keys: Data) -> str:
        """Do it, and return what to say."""
        done = self.service(**keys, **self.reads(found, data))
        return str(self.told(found, done) if callable(self.told) else self.told)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """
    The acts of one kind of appointment, and its page.

    ``open`` returns what is acted on or raises Http404; ``make_forms`` binds the form that was sent, each under its
    act's name; ``keys_of`` names it to its services; ``show`` answers with the page and the forms; ``refuse`` puts a
    refusal on a form.
    """

    acts: Mapping[str, Act]
    page: str
    open: Callable[[HttpRequest, int], Any]
    make_forms: Callable[[str, HttpRequest, Any], dict[str, Any]]
    keys_of: Callable[[Any], Data]
    show: Callable[..., HttpResponse]
    refuse: Callable[[Any, DomainError], None] = add_to_form

    def act(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """
        Do one thing; what was typed stays on the page where it is refused.

        Whoever came from another page (field ``next``: the calendar of the day) is led back there, and told what was
        done or why not.
        """
        act = self.acts.get(name)
        if act is None:
            raise Http404
        found = self.open(request, pk)
        forms = self.make_forms(name, request, found)
        form = forms.get(name)
        if form is not None and not form.is_valid():
            return self.show(request, found, forms=forms, status=422)
        keys = {**self.keys_of(found), "by": request.user, "now": timezone.now()}
        before = act.lies(found) if act.lies is not None else None
        undoes = request.POST.get("undo", "")
        if undoes:
            if before is None or not COUNT.fullmatch(undoes):
                raise Http404
            # The service compares it under its lock: nobody's later move is undone.
            keys["times_moved"] = int(undoes)
        try:
            told = act.do(found, form.cleaned_data if form is not None else {}, keys)
        except NotFound:
            raise Http404 from None
        except DomainError as refusal:
            if form is not None and not way_back(request, ""):
                self.refuse(form, refusal)
                return self.show(request, self.open(request, pk), forms=forms, status=422)
            messages.error(request, str(refusal), extra_tags="bad")
        else:
            if undoes:
                messages.success(request, _("Back where it was."))
            elif before is not None and self._remember(request, pk, act, before):
                messages.success(request, told, extra_tags="undo")
            else:
                messages.success(request, told)
        return go_back(request, reverse(self.page, args=[pk]))

    def _remember(self, request: HttpRequest, pk: int, act: Act, before: Place) -> bool:
        """Keep where something lay before it was moved, for the button beside what is told; whether it can go back."""
        after = act.lies(self.open(request, pk)) if act.lies is not None else None
        if (
            after is None
            or after.times_moved == before.times_moved
            or (after.resource != before.resource and not before.bay)
        ):
            return False
        request.session["undo"] = {
            "url": request.path,
            "local": before.local.strftime(MOMENT),
            "bay": before.bay,
            "times_moved": after.times_moved,
            "next": way_back(request, reverse(self.page, args=[pk])),
        }
        return True
