"""Until when a called balance may be paid."""

from datetime import datetime, timedelta

from apps.orders.models import CustomerOrder
from apps.orders.selectors.terms import find_balance_rule


def date_balance(order: CustomerOrder, *, now: datetime) -> None:
    """Date the balance of a locked order by the rule in force; without one it may be paid at any time."""
    rule = find_balance_rule(at=now)
    if rule is None:
        return
    order.balance_due_at = now + timedelta(days=rule.days)
    order.balance_remind_at = order.balance_due_at - timedelta(days=rule.remind_days)
    order.save(update_fields=["balance_due_at", "balance_remind_at"])
