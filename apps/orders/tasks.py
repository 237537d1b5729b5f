"""Scheduled work of orders."""

from celery import shared_task
from django.utils import timezone

from apps.orders.api import (
    confirm_old_deliveries,
    expire_orders,
    flag_late_steps,
    print_records,
    release_unpaid_balances,
    remind_of_balances,
    reroute_overdue,
)


@shared_task(name="orders.expire_orders", queue="critical")
def expire_orders_task(**kwargs) -> None:
    """Expire unpaid orders whose time is over."""
    expire_orders(now=timezone.now())


@shared_task(name="orders.reroute_overdue", queue="default")
def reroute_overdue_task(**kwargs) -> None:
    """Move fulfilments that nobody accepted in time to the next site, and tell HQ of later steps that take too long."""
    now = timezone.now()
    reroute_overdue(now=now)
    flag_late_steps(now=now)


@shared_task(name="orders.confirm_old_deliveries", queue="default")
def confirm_old_deliveries_task(**kwargs) -> None:
    """Count shipments as delivered that nobody disputed for long."""
    confirm_old_deliveries(now=timezone.now())


@shared_task(name="orders.print_handover_records", queue="default")
def print_handover_records_task(**kwargs) -> None:
    """Print what receivers of cars signed in the last minutes and keep it with its hash."""
    print_records(now=timezone.now())


@shared_task(name="orders.follow_balances", queue="default")
def follow_balances_task(**kwargs) -> None:
    """Remind of balances that are due soon, and release the orders whose balance was not paid in time."""
    now = timezone.now()
    remind_of_balances(now=now)
    release_unpaid_balances(now=now)
