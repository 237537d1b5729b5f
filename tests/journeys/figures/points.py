"""Named places in the code at which a process can be made to die, and the guards that can be taken away."""

from typing import Final

CHECKOUT: Final = "apps.orders.services.checkout"
NEWS: Final = "apps.payments.services.notifications"

# Each point is a name for: before or after, in this module, this function.
POINTS: Final = {
    # web, checkout: step 1 is one transaction, step 2 calls the provider, then the answer is stored and sent
    "before_commit": ("after", CHECKOUT, "_reserve"),
    "before_gateway_call": ("before", "apps.payments.services.payments", "present_payment"),
    "after_gateway_call": ("after", "apps.integrations.wechatpay.adapter", "WeChatPayGateway.create"),
    "before_answer_is_stored": ("before", "apps.kernel.idempotency", "_store"),
    "before_answer_is_sent": ("after", "apps.kernel.idempotency", "_store"),
    # web, notification: the event and what it causes are one transaction
    "hook_before_commit": ("after", NEWS, "_capture"),
    "hook_after_commit": ("after", NEWS, "receive_notification"),
    # relay: a handler and its mark "done" are one transaction; what a handler leaves for after it comes after
    "relay_in_handler": ("after", "apps.orders.services.splitting", "create_seller_orders"),
    "relay_after_commit": ("before", "apps.notifications.tasks", "enqueue"),
    # worker
    "worker_before_refund": ("before", "apps.integrations.wechatpay.adapter", "WeChatPayGateway.refund"),
    "worker_after_refund": ("after", "apps.integrations.wechatpay.adapter", "WeChatPayGateway.refund"),
    "worker_before_message": ("before", "apps.notifications.services", "_send_sms"),
}
PATCHES: Final = {"apps.inventory.services.levels": {"lock_levels": ("unguarded", "lock_levels")}}
