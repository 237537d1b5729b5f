"""The Celery application: workers and beat start with `celery -A s2b2c`."""

import gc
import os
import time
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import beat_init, worker_ready
from kombu.exceptions import OperationalError

# After a failure the broker is left alone this long (seconds). Sending only makes things quicker: beat's sweeps find
# all of it in the database. So the relay must not wait for a hanging broker once per fact.
BROKER_REST = 10.0


class HurriedTask(Task):
    """A task that is refused at once while the broker is known to be away."""

    broker_rests_until = 0.0

    def apply_async(self, *args: Any, **options: Any) -> Any:
        """
        Send the task.

        :raises OperationalError: if the broker does not take it, or failed a moment ago
        """
        if time.monotonic() < HurriedTask.broker_rests_until:
            raise OperationalError("The broker failed a moment ago.")
        try:
            return super().apply_async(*args, **options)
        except OperationalError:
            HurriedTask.broker_rests_until = time.monotonic() + BROKER_REST
            raise


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings.prod")
app = Celery("s2b2c", task_cls=HurriedTask)
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
    "pass on leads that nobody called": _every(300, "leads.pass_on_overdue", "default"),
    "take back offers of waitlists": _every(60, "scheduling.expire_offers", "default"),
    "remind of appointments": _every(300, "scheduling.remind_due", "default"),
    "leave conversations that nobody answers": _every(30, "support.leave_unanswered", "default"),
    "print what drivers signed": _every(60, "testdrives.print_agreements", "default"),
    "print handover records": _every(60, "orders.print_handover_records", "default"),
    "ask providers for lost notifications": _every(30, "payments.query_pending"),
    "carry out refunds": _every(30, "payments.execute_due_refunds"),
    "follow applications at lenders": _every(30, "financing.follow_due", "integration"),
    "end offers for used cars": _every(300, "financing.expire_trade_ins", "default"),
    "remind of loans approved": _every(300, "financing.warn_applicants", "default"),
    "remind of offers for used cars": _every(300, "financing.warn_owners", "default"),
    "send webhooks": _every(15, "webhooks.deliver_due", "default"),
    "send waiting messages": _every(30, "notifications.deliver_waiting"),
    "pick up imports that stand still": _every(60, "kernel.resume_imports", "data"),
    "seal the audit trail": _every(600, "kernel.seal_audit", "default"),
    "confirm old deliveries": _daily(4, 0, "orders.confirm_old_deliveries"),
    "purge what has expired": _daily(3, 20, "kernel.purge_expired"),
    "forget old webhook deliveries": _daily(3, 30, "webhooks.purge"),
    "compare yesterday with the providers": _daily(10, 30, "payments.reconcile_yesterday"),
    "watch papers that run out": _every(3600, "onboarding.watch_papers", "default"),
    "block at midnight whose papers ran out": _daily(0, 1, "onboarding.watch_papers"),
    "follow the deadlines of applications": _every(3600, "onboarding.follow_deadlines", "default"),
    "show price lists that began or ended": _every(60, "catalog.refresh_due_prices", "default"),
    "draw the words for suggestions": _every(600, "catalog.refresh_vocabulary", "default"),
    # Phones ring by day only.
    "follow balances that nobody pays": _daily(10, 0, "orders.follow_balances"),
    "remind of service that is due": _daily(9, 30, "aftersales.remind_owners"),
    "score suppliers": _daily(2, 40, "supplier_portal.score_suppliers"),
    "check stock figures": _daily(3, 40, "inventory.check_levels"),
}


@worker_ready.connect
@beat_init.connect
def _keep_imports(**_: object) -> None:
    """Keep the garbage collector off what was imported: taking all of it apart makes the process slow to end."""
    gc.freeze()
