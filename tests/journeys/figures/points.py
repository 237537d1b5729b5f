"""Named places in the code at which a process can be made to die, and the guards that can be taken away."""

from typing import Final

CHECKOUT: Final = "apps.orders.services.checkout"
NEWS: Final = "apps.payments.services.notifications"
WECHATPAY: Final = "apps.integrations.wechatpay.adapter"

# Which kind of process (a word of its command line), then: before or after, in this module, this function.
POINTS: Final = {
    # Checkout: step 1 is one transaction, step 2 calls the provider, then the answer is stored and sent.
    "before_commit": ("gunicorn", "after", CHECKOUT, "_reserve"),
    "before_gateway_call": ("gunicorn", "before", "apps.payments.services.payments", "present_payment"),
    "after_gateway_call": ("gunicorn", "after", WECHATPAY, "WeChatPayGateway.create"),
    "before_answer_is_stored": ("gunicorn", "before", "apps.kernel.idempotency", "_store"),
    "before_answer_is_sent": ("gunicorn", "after", "apps.kernel.idempotency", "_store"),
    # Notification: the event and what it causes are one transaction.
    "hook_before_commit": ("gunicorn", "after", NEWS, "_capture"),
    "hook_after_commit": ("gunicorn", "after", NEWS, "receive_notification"),
    # Relay: a handler and its mark "done" are one transaction; what the handler left for later is done after it.
    "relay_in_handler": ("run_relay", "after", "apps.orders.services.splitting", "create_seller_orders"),
    "relay_after_commit": ("run_relay", "before", "apps.notifications.tasks", "enqueue"),
    # Worker: the provider or carrier is called outside any transaction.
    "worker_before_refund": ("celery", "before", WECHATPAY, "WeChatPayGateway.refund"),
    "worker_after_refund": ("celery", "after", WECHATPAY, "WeChatPayGateway.refund"),
    "worker_before_message": ("celery", "before", "apps.integrations.sms.adapter", "AliyunSms.send"),
    "worker_in_expiry": ("celery", "after", "apps.inventory.services.reservations", "release"),
}
PATCHES: Final = {
    "apps.inventory.services.levels": {
        "lock_levels": ("unguarded", "lock_levels"),
        "promised_by_rows": ("unguarded", "promised_by_rows"),
    }
}
