"""The moves of fulfilments that both portals share: which each side may make now, and how they are made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from apps.accounts.api import OrganizationKind, current_organization
from apps.kernel.api import DomainError
from apps.orders.api import (
    Fulfilment,
    FulfilmentStatus,
    Method,
    accept_fulfilment,
    hand_over,
    mark_arrived,
    mark_ready,
    pass_pdi,
    reject_fulfilment,
    ship_fulfilment,
)

S = FulfilmentStatus


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing a move asks for."""

    name: str
    label: Promise
    is_code: bool = False
    is_optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Move:
    """One button: what it says, what it asks for, which service it calls."""

    name: str
    label: Promise
    service: Callable[..., Any]
    fields: tuple[Field, ...] = ()
    is_refusal: bool = False
    is_page: bool = False  # done on a page of its own, not by one press

    @property
    def asked(self) -> tuple[Field, ...]:
        """What it cannot do without."""
        return tuple(field for field in self.fields if not field.is_optional)

    @property
    def is_one_press(self) -> bool:
        """Whether one press of the button does it."""
        return not self.is_page and not self.asked


MOVES = {
    move.name: move
    for move in (
        Move(name="accept", label=_("Accept"), service=accept_fulfilment),
        Move(
            name="arrive",
            label=_("Arrived at the store"),
            service=mark_arrived,
            fields=(Field(name="vin", label=_("VIN on the car, to compare"), is_optional=True),),
        ),
        Move(name="pdi", label=_("Inspect the car"), service=pass_pdi, is_page=True),
        Move(name="ready", label=_("Ready, send the code"), service=mark_ready),
        Move(
            name="hand-over",
            label=_("Hand over"),
            service=hand_over,
            fields=(Field(name="code", label=_("The buyer's code"), is_code=True),),
        ),
        Move(
            name="ship",
            label=_("Ship"),
            service=ship_fulfilment,
            fields=(
                Field(name="carrier", label=_("Carrier")),
                Field(name="tracking_number", label=_("Tracking number")),
            ),
        ),
        Move(
            name="reject",
            label=_("Decline"),
            service=reject_fulfilment,
            fields=(Field(name="reason", label=_("Reason")),),
            is_refusal=True,
        ),
    )
}


def possible_moves(fulfilment: Fulfilment, *, organization_id: int) -> list[Move]:
    """Return the moves that one side may make in the fulfilment's state; the services decide, this only offers."""
    is_pickup = fulfilment.method == Method.PICKUP
    is_receiver = fulfilment.receiver_id == organization_id
    status = fulfilment.status
    if status == S.PENDING:
        names = ["accept", "reject"] if is_receiver or not is_pickup else ["ship", "reject"]
    elif is_pickup and is_receiver:
        after_arrival = "pdi" if fulfilment.has_vehicle else "ready"
        steps = {S.IN_TRANSIT: "arrive", S.ARRIVED: after_arrival, S.PDI_PASSED: "ready", S.READY: "hand-over"}
        names = [steps[status]] if status in steps else []
    else:
        names = ["ship"] if status == S.PICKED else []
    moves = [MOVES[name] for name in names]
    # Only a car has a VIN to compare.
    return moves if fulfilment.has_vehicle else [replace(move, fields=move.asked) for move in moves]


def make_move(
    request: HttpRequest, *, kind: OrganizationKind, route: str, fulfilment_id: int, name: str, now: datetime
) -> HttpResponse:
    """Make one move for the caller's organization and return to the list; a refusal is told there."""
    move = MOVES.get(name)
    if move is None or move.is_page:
        raise Http404
    organization = current_organization(request, kind)
    values = {field.name: request.POST.get(field.name, "")[:200].replace("\x00", "") for field in move.fields}
    try:
        move.service(fulfilment_id=fulfilment_id, organization_id=organization.pk, by=request.user, now=now, **values)
    except DomainError as refusal:
        if refusal.status == 404:
            raise Http404 from None
        messages.error(request, str(refusal), extra_tags="bad")
    else:
        messages.success(request, _("Done: %(move)s") % {"move": move.label})
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(back if is_ours else route)
