"""Settings of orders, with the value each has unless the environment's settings say otherwise."""

from datetime import timedelta

from django.conf import settings

ORDER_PAYMENT_MINUTES = 15  # how long stock is held for an unpaid order
BALANCE_PAYMENT_MINUTES = 120  # how long a balance may be paid before its payment must be opened anew
# Orders give back their own stock; a hold outlives its order a little, so that a payment made in time but told late
# still finds it.
HOLD_GRACE = timedelta(minutes=1)
FULFILMENT_SLA_HOURS = 24  # how long a dealer or supplier has to accept
# Hours the step after a status may take: to arrive, to inspect, to send the code, to be fetched; to ship a parcel.
STEP_HOURS = {"IN_TRANSIT": 240, "ARRIVED": 48, "PDI_PASSED": 24, "READY": 168, "PICKED": 48}
DELIVERY_CONFIRM_DAYS = 10  # after so many days in silence a shipment counts as delivered


def payment_time() -> timedelta:
    """Return how long an order waits for its first payment."""
    return timedelta(minutes=getattr(settings, "ORDER_PAYMENT_MINUTES", ORDER_PAYMENT_MINUTES))


def balance_time() -> timedelta:
    """Return how long an opened balance payment can be paid."""
    return timedelta(minutes=getattr(settings, "BALANCE_PAYMENT_MINUTES", BALANCE_PAYMENT_MINUTES))


def acceptance_time() -> timedelta:
    """Return how long whoever fulfils has to accept."""
    return timedelta(hours=getattr(settings, "FULFILMENT_SLA_HOURS", FULFILMENT_SLA_HOURS))


def step_time(status: str) -> timedelta | None:
    """Return how long the step after a status may take; None where nothing is to be done."""
    hours = getattr(settings, "STEP_HOURS", STEP_HOURS).get(status)
    return None if hours is None else timedelta(hours=hours)


def site_url() -> str:
    """Return where the shop answers, without a slash at the end."""
    return settings.SITE_URL.rstrip("/")
