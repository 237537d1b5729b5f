"""States of customer orders, seller orders and fulfilments, one line of meaning each, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.kernel.api import Lifecycle


class OrderStatus(models.TextChoices):
    """How far the thing the consumer paid for has come."""

    DRAFT = "DRAFT", _("Draft")  # written, stock not yet promised; never seen outside its transaction
    AWAITING_PAYMENT = "AWAITING_PAYMENT", _("Awaiting payment")  # stock is held until expires_at
    DEPOSIT_PAID = "DEPOSIT_PAID", _("Deposit paid")  # stock is allocated, the balance is not called yet
    AWAITING_BALANCE = "AWAITING_BALANCE", _("Awaiting the balance")  # the rest is called, before hand-over
    PLACED = "PLACED", _("Placed")  # everything is paid
    IN_FULFILMENT = "IN_FULFILMENT", _("In fulfilment")  # everything is paid and the first goods have moved
    COMPLETED = "COMPLETED", _("Completed")  # the buyer has everything
    CANCELLED = "CANCELLED", _("Cancelled")  # called off before fulfilment; what was paid is refunded
    EXPIRED = "EXPIRED", pgettext_lazy("order", "Expired")  # not paid in time; a late payment is refunded


class Plan(models.TextChoices):
    """How the buyer pays."""

    FULL = "full", _("In full")
    DEPOSIT = "deposit", _("Refundable prepayment now, the balance before hand-over")


class Method(models.TextChoices):
    """How goods reach the buyer."""

    DELIVERY = "delivery", _("Delivery")
    PICKUP = "pickup", _("Pickup at a dealer")


class SellerOrderStatus(models.TextChoices):
    """How far one seller has come with its part."""

    PLACED = "PLACED", _("Placed")  # waits for whoever fulfils it
    ACCEPTED = "ACCEPTED", _("Accepted")  # somebody took it on
    IN_FULFILMENT = "IN_FULFILMENT", _("In fulfilment")  # goods have moved
    COMPLETED = "COMPLETED", _("Completed")  # the buyer has all of it
    REJECTED = "REJECTED", pgettext_lazy("order", "Rejected")  # nobody can fulfil it
    CANCELLED = "CANCELLED", _("Cancelled")  # called off


class FulfilmentStatus(models.TextChoices):
    """Where one shipment or hand-over out of one site stands."""

    PENDING = "PENDING", _("Pending")  # waits to be accepted
    PICKED = "PICKED", _("Picked")  # delivery: accepted and set aside
    SHIPPED = "SHIPPED", pgettext_lazy("order", "Shipped")  # delivery: with the carrier
    DELIVERED = "DELIVERED", pgettext_lazy("order", "Delivered")  # delivery: with the buyer
    IN_TRANSIT = "IN_TRANSIT", _("On the way to the store")  # pickup: accepted, moving to the store
    ARRIVED = "ARRIVED", _("At the store")  # pickup: the store has it
    PDI_PASSED = "PDI_PASSED", _("Inspected")  # pickup: pre-delivery inspection passed
    READY = "READY", _("Ready for pickup")  # pickup: the buyer has the code
    HANDED_OVER = "HANDED_OVER", _("Handed over")  # pickup: with the buyer
    CANCELLED = "CANCELLED", _("Cancelled")  # called off, or given to another site


class Reason(models.TextChoices):
    """Why a fulfilment asks HQ for attention."""

    NONE = "", _("None")
    OVERDUE = "overdue", _("Not accepted in time")
    NO_CANDIDATE = "no_candidate", _("Rejected, and no other site can take it")
    UNIT_MISSING = "unit_missing", _("No vehicle could be assigned")
    LATE = "late", _("A step takes too long")


class Section(models.TextChoices):
    """Parts of the inspection, in the order in which one walks around a car."""

    DOCUMENTS = "documents", _("Papers and accessories")
    EXTERIOR = "exterior", _("Outside")
    INTERIOR = "interior", _("Inside")
    ELECTRICS = "electrics", _("Lights and electrics")
    DRIVE = "drive", _("Drive and chassis")
    ROAD = "road", pgettext_lazy("inspection", "Road test")


class Result(models.TextChoices):
    """What was found."""

    OK = "ok", pgettext_lazy("inspection", "OK")
    FAULT = "fault", pgettext_lazy("inspection", "Fault")
    NOT_APPLICABLE = "na", pgettext_lazy("inspection", "Does not apply")


class InspectionStatus(models.TextChoices):
    """How far the inspection of one car has come."""

    OPEN = "OPEN", pgettext_lazy("inspection", "Open")  # being looked at, or waiting for a repair
    PASSED = "PASSED", pgettext_lazy("inspection", "Passed")  # signed


class HandedKind(models.TextChoices):
    """What is given to whoever receives a car."""

    PAPER = "PAPER", pgettext_lazy("handover", "Papers")
    PACK = "PACK", pgettext_lazy("handover", "Welcome pack")


class Receiver(models.TextChoices):
    """Who receives a car."""

    BUYER = "BUYER", pgettext_lazy("handover", "The buyer")
    PROXY = "PROXY", pgettext_lazy("handover", "Somebody with the buyer's written authority")


class IdentityPaper(models.TextChoices):
    """By which paper the store saw who receives a car. Its number is kept nowhere."""

    ID_CARD = "ID_CARD", _("Identity card")
    PASSPORT = "PASSPORT", _("Passport")
    PERMIT = "PERMIT", _("Residence or travel permit")
    LICENCE = "LICENCE", pgettext_lazy("handover", "Business licence and authority")


class RecordStatus(models.TextChoices):
    """How far the record of a handover has come."""

    OPEN = "OPEN", pgettext_lazy("handover record", "Being written")  # steps are done one after the other
    SIGNED = "SIGNED", pgettext_lazy("handover record", "Signed")  # nothing changes any more; the code is missing
    CLOSED = "CLOSED", pgettext_lazy("handover record", "Handed over")  # the car is with the buyer


O = OrderStatus  # noqa: E741
ORDER = Lifecycle(
    name="orders.order",
    moves={
        "submit": ({O.DRAFT}, O.AWAITING_PAYMENT),
        "pay_deposit": ({O.AWAITING_PAYMENT}, O.DEPOSIT_PAID),
        "call_balance": ({O.DEPOSIT_PAID}, O.AWAITING_BALANCE),
        "place": ({O.AWAITING_PAYMENT, O.DEPOSIT_PAID, O.AWAITING_BALANCE}, O.PLACED),
        "start": ({O.PLACED}, O.IN_FULFILMENT),
        "complete": ({O.PLACED, O.IN_FULFILMENT}, O.COMPLETED),
        "cancel": (
            {O.AWAITING_PAYMENT, O.DEPOSIT_PAID, O.AWAITING_BALANCE, O.PLACED, O.IN_FULFILMENT},
            O.CANCELLED,
        ),
        "expire": ({O.AWAITING_PAYMENT}, O.EXPIRED),
    },
)
LIVE_ORDERS = (O.AWAITING_PAYMENT, O.DEPOSIT_PAID, O.AWAITING_BALANCE, O.PLACED, O.IN_FULFILMENT)
ENDED_ORDERS = (O.CANCELLED, O.EXPIRED)

S = SellerOrderStatus
SELLER_ORDER = Lifecycle(
    name="orders.seller_order",
    moves={
        # A rejected part may still find somebody: another site, or the same one after a call from HQ.
        "accept": ({S.PLACED, S.REJECTED}, S.ACCEPTED),
        "start": ({S.PLACED, S.ACCEPTED, S.REJECTED}, S.IN_FULFILMENT),
        "complete": ({S.PLACED, S.ACCEPTED, S.IN_FULFILMENT}, S.COMPLETED),
        "reject": ({S.PLACED, S.ACCEPTED}, S.REJECTED),
        "cancel": ({S.PLACED, S.ACCEPTED, S.IN_FULFILMENT, S.REJECTED}, S.CANCELLED),
    },
)

F = FulfilmentStatus
DELIVERY = Lifecycle(
    name="orders.delivery",
    moves={
        "accept": ({F.PENDING}, F.PICKED),
        "ship": ({F.PICKED}, F.SHIPPED),
        "confirm_delivery": ({F.SHIPPED}, F.DELIVERED),
        "grant": ({F.PENDING}, F.DELIVERED),  # packages and services: nothing to ship
        "cancel": ({F.PENDING, F.PICKED}, F.CANCELLED),
    },
)
PICKUP = Lifecycle(
    name="orders.pickup",
    moves={
        "accept": ({F.PENDING}, F.IN_TRANSIT),
        "ship": ({F.PENDING}, F.IN_TRANSIT),
        "arrive": ({F.IN_TRANSIT}, F.ARRIVED),
        "pdi": ({F.ARRIVED}, F.PDI_PASSED),
        "ready": ({F.PDI_PASSED}, F.READY),
        "ready_uninspected": ({F.ARRIVED}, F.READY),  # parts have nothing to inspect
        "hand_over": ({F.READY}, F.HANDED_OVER),
        "grant": ({F.PENDING}, F.HANDED_OVER),
        # From the store only where the balance was not paid in time: nobody else may call it off there.
        "cancel": ({F.PENDING, F.IN_TRANSIT, F.ARRIVED, F.PDI_PASSED, F.READY}, F.CANCELLED),
    },
)
FULFILMENTS = {Method.DELIVERY: DELIVERY, Method.PICKUP: PICKUP}
DONE_FULFILMENTS = (F.DELIVERED, F.HANDED_OVER)
# Pending, or accepted with nothing gone yet: the order can still be called off.
CALLABLE_OFF = (F.PENDING, F.PICKED, F.IN_TRANSIT, F.CANCELLED)

INSPECTION = Lifecycle(name="orders.inspection", moves={"sign": ({InspectionStatus.OPEN}, InspectionStatus.PASSED)})
HANDOVER_RECORD = Lifecycle(
    name="orders.handover_record",
    moves={
        "sign": ({RecordStatus.OPEN}, RecordStatus.SIGNED),
        "close": ({RecordStatus.SIGNED}, RecordStatus.CLOSED),
    },
)
# From arrival to hand-over a car can be fetched by appointment.
FETCHABLE = (F.ARRIVED, F.PDI_PASSED, F.READY)
STEP_NAMES = {
    "identity": pgettext_lazy("handover step", "check who receives the car"),
    "papers": pgettext_lazy("handover step", "hand over the papers"),
    "pack": pgettext_lazy("handover step", "hand over the welcome pack"),
    "photos": pgettext_lazy("handover step", "photograph the car"),
    "signature": pgettext_lazy("handover step", "have the record signed"),
    "code": pgettext_lazy("handover step", "enter the code"),
}
