"""Where a sale stands on the day the world is built on: the same answers the apps' lifecycles would have come to."""

from dataclasses import dataclass

from apps.portals.staff.large_world.sales import CANCELLED, EXPIRED, UNPAID, Part, Sale


@dataclass(frozen=True, slots=True)
class Standing:
    """The statuses of a sale's rows."""

    order: str
    sellers: tuple[str, ...]
    fulfilments: tuple[str, ...]
    completed_at: float | None


def settle(sale: Sale, *, until: float) -> Standing:
    """Forget what lies after ``until``, and say how far everything has come."""
    _forget(sale, until)
    if sale.fate in (EXPIRED, UNPAID):
        return Standing("EXPIRED" if sale.fate == EXPIRED else "CANCELLED", (), (), None)
    if sale.fate == CANCELLED:
        return Standing("CANCELLED", ("CANCELLED",) * len(sale.parts), ("CANCELLED",) * len(sale.parts), None)
    fulfilments = tuple(_fulfilment(sale, part) for part in sale.parts)
    sellers = tuple(_seller(part) for part in sale.parts)
    is_paid = not sale.deposit or sale.balance_at is not None
    if not is_paid:
        has_arrived = any(part.arrived_at for part in sale.parts)
        return Standing("AWAITING_BALANCE" if has_arrived else "DEPOSIT_PAID", sellers, fulfilments, None)
    if all(status == "COMPLETED" for status in sellers):
        return Standing("COMPLETED", sellers, fulfilments, max(part.done_at or 0.0 for part in sale.parts))
    is_moving = any(status in ("IN_FULFILMENT", "COMPLETED") for status in sellers)
    return Standing("IN_FULFILMENT" if is_moving else "PLACED", sellers, fulfilments, None)


def _forget(sale: Sale, until: float) -> None:
    if sale.fate == CANCELLED and (sale.ended_at or 0.0) > until:
        sale.fate, sale.ended_at = "", None
    if sale.balance_at is not None and sale.balance_at > until:
        sale.balance_at = None
    for part in sale.parts:
        is_called_off = sale.fate == CANCELLED
        for step in ("accepted_at", "shipped_at", "arrived_at", "inspected_at", "ready_at", "done_at"):
            moment = getattr(part, step)
            limit = (sale.ended_at or until) if is_called_off and step == "accepted_at" else until
            if moment is not None and (moment > limit or (is_called_off and step != "accepted_at")):
                setattr(part, step, None)
        if sale.deposit and sale.balance_at is None:
            part.ready_at = part.done_at = None


def _fulfilment(sale: Sale, part: Part) -> str:
    if part.done_at is not None:
        return "HANDED_OVER" if sale.method == "pickup" else "DELIVERED"
    if part.accepted_at is None:
        return "PENDING"
    if sale.method == "delivery":
        return "SHIPPED" if part.shipped_at is not None else "PICKED"
    for status, moment in (("READY", part.ready_at), ("PDI_PASSED", part.inspected_at), ("ARRIVED", part.arrived_at)):
        if moment is not None:
            return status
    return "IN_TRANSIT"


def _seller(part: Part) -> str:
    if part.done_at is not None:
        return "COMPLETED"
    if part.shipped_at is not None:
        return "IN_FULFILMENT"
    return "ACCEPTED" if part.accepted_at is not None else "PLACED"
