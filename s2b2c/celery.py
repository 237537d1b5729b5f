"""The Celery application: workers and beat start with `celery -A s2b2c`."""

import gc
import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings.prod")
app = Celery("s2b2c")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _every(seconds: int, task: str, queue: str = "critical") -> dict:
    """Return a beat entry; a run that was not picked up before the next one is due is dropped, not piled up."""
    return {"task": task, "schedule": seconds, "options": {"queue": queue, "expires": seconds}}


def _daily(hour: int, minute: int, task: str) -> dict:
    """Return a beat entry for once a day, Shanghai time."""
    return {"task": task, "schedule": crontab(hour=hour, minute=minute), "options": {"queue": "default"}}


app.conf.beat_schedule = {
    "expire orders": _every(30, "orders.expire_orders"),
    "expire reservations": _every(60, "inventory.expire_reservations"),
    "reroute overdue fulfilments": _every(300, "orders.reroute_overdue", "default"),
    "ask providers for lost notifications": _every(30, "payments.query_pending"),
    "carry out refunds": _every(30, "payments.execute_due_refunds"),
    "send waiting messages": _every(30, "notifications.deliver_waiting"),
    "seal the audit trail": _every(600, "kernel.seal_audit", "default"),
    "confirm old deliveries": _daily(4, 0, "orders.confirm_old_deliveries"),
    "purge what has expired": _daily(3, 20, "kernel.purge_expired"),
    "compare yesterday with the providers": _daily(10, 30, "payments.reconcile_yesterday"),
    "check stock figures": _daily(3, 40, "inventory.check_levels"),
}


@worker_ready.connect
@beat_init.connect
def _keep_imports(**_: object) -> None:
    """Keep the garbage collector off what was imported: taking all of it apart makes the process slow to end."""
    gc.freeze()
