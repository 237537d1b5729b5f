"""What the pages of orders show: a fulfilment with its moves, its clock and its papers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.orders.api import Fulfilment, FulfilmentStatus, Method, list_fulfilments
from apps.portals.worklist import Move, possible_moves

S = FulfilmentStatus
TONES = {
    S.PENDING: "warn",
    S.PICKED: "accent",
    S.IN_TRANSIT: "accent",
    S.CANCELLED: "",
    S.DELIVERED: "good",
    S.HANDED_OVER: "good",
}
WAITING = Q(status=S.PENDING, source_accepted_at=None, accepted_at=None)
TO_SHIP = Q(shipped_at=None) & (
    Q(status__in=[S.PICKED, S.IN_TRANSIT]) | Q(status=S.PENDING, source_accepted_at__isnull=False)
)
TABS: Mapping[str, tuple[Promise, Q]] = {
    "waiting": (_("To accept"), WAITING),
    "ship": (_("To ship"), TO_SHIP),
    "sent": (_("On the way"), Q(shipped_at__isnull=False) & ~Q(status__in=[S.DELIVERED, S.HANDED_OVER])),
    "done": (_("Done"), Q(status__in=[S.DELIVERED, S.HANDED_OVER, S.CANCELLED])),
}


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """One fulfilment as its supplier sees it."""

    fulfilment: Fulfilment
    moves: dict[str, Move]
    tone: str
    pieces: int
    is_late: bool
    may_accept_partly: bool
    has_papers: bool

    @property
    def is_delivery(self) -> bool:
        """Whether it goes to the buyer's address, not to a store."""
        return self.fulfilment.method == Method.DELIVERY


def list_outgoing(organization_id: int) -> QuerySet[Fulfilment]:
    """What leaves the organization's own sites, newest first."""
    return list_fulfilments(organization_id).filter(source=organization_id)


def row_of(fulfilment: Fulfilment, *, organization_id: int, now: datetime) -> OrderRow:
    """Return a fulfilment with what can be done about it now."""
    moves = {move.name: move for move in possible_moves(fulfilment, organization_id=organization_id)}
    pieces = sum(line.quantity for line in fulfilment.lines.all())
    is_waiting = fulfilment.status == S.PENDING and fulfilment.source_accepted_at is None
    return OrderRow(
        fulfilment=fulfilment,
        moves=moves,
        tone=TONES.get(S(fulfilment.status), ""),
        pieces=pieces,
        is_late=bool(is_waiting and fulfilment.sla_due_at and fulfilment.sla_due_at < now),
        may_accept_partly=is_waiting and pieces > 1 and not fulfilment.has_vehicle,
        has_papers=fulfilment.status != S.CANCELLED and not is_waiting,
    )
