"""What the buyer reads of an order's life."""

import json
from typing import Any

from apps.portals.staff.large_world.sales import CANCELLED, EXPIRED, Part, Sale
from apps.portals.staff.large_world.states import Standing
from apps.portals.staff.large_world.tables import Table, moment, quoted, yuan


def write_timeline(events: Table, sale: Sale, standing: Standing, order_id: int) -> None:
    """Write an order's entries in their order."""
    entries: list[tuple[float, str, dict[str, Any]]] = [(sale.at, "created", {})]
    if sale.paid_at is not None:
        entries += _money(sale)
    for part in sale.parts:
        if sale.fate != CANCELLED:
            entries += _steps(sale, part)
    if sale.fate:
        entries.append((sale.ended_at or sale.at, "expired" if sale.fate == EXPIRED else "cancelled", {}))
    if standing.completed_at is not None:
        entries.append((standing.completed_at + 0.1, "completed", {}))
    entries.sort(key=lambda entry: entry[0])
    for at, code, context in entries:
        text = quoted(json.dumps(context, ensure_ascii=False)) if context else "{}"
        events.add(f"{events.number()}\t{order_id}\t{code}\t{text}\t{moment(at)}")


def _money(sale: Sale) -> list[tuple[float, str, dict[str, Any]]]:
    paid_at, first_due = (sale.paid_at or 0.0) + 2, sale.deposit or sale.total
    entries = [(paid_at, "payment_received", {"amount": _amount(first_due)})]
    if sale.deposit:
        due = {"amount": _amount(first_due), "balance_due": _amount(sale.total - first_due)}
        entries.append((paid_at + 0.1, "deposit_paid", due))
    if sale.balance_at is not None:
        entries.append((sale.balance_at + 2, "payment_received", {"amount": _amount(sale.total - first_due)}))
    if not sale.deposit or sale.balance_at is not None:
        entries.append(((sale.balance_at or sale.paid_at or 0.0) + 2.1, "placed", {}))
    if sale.fate == CANCELLED:
        entries.append(((sale.ended_at or paid_at) + 300, "refunded", {"amount": _amount(first_due)}))
    return entries


def _steps(sale: Sale, part: Part) -> list[tuple[float, str, dict[str, Any]]]:
    if part.seller.site_id is None:
        return [(part.done_at, "granted", {})] if part.done_at is not None else []
    store = {"zh": sale.store.name_zh, "en": sale.store.name_en} if sale.store else {}
    this, at_store = {"fulfilment": part.fulfilment_id}, {"fulfilment": part.fulfilment_id, "store": store}
    who = {"zh": part.seller.seller_zh, "en": part.seller.seller_en}
    parcel = {"carrier": part.carrier, "tracking_number": part.tracking_number}
    is_delivery = sale.method == "delivery"
    steps = [
        (part.accepted_at, "accepted", {**this, "who": who}),
        (part.shipped_at if is_delivery else None, "shipped", {**this, **parcel}),
        (part.arrived_at, "arrived", at_store),
        (part.inspected_at, "pdi_passed", this),
        (part.ready_at, "ready", at_store),
        (part.done_at, "delivered" if is_delivery else "handed_over", this if is_delivery else at_store),
    ]
    if sale.deposit and part.arrived_at is not None:
        due = {"balance_due": _amount(sale.total - sale.deposit)}
        steps.append((part.arrived_at + 0.1, "balance_called", due))
    return [(at, code, context) for at, code, context in steps if at is not None]


def _amount(fen: int) -> dict[str, str]:
    return {"amount": yuan(fen), "currency": "CNY"}
