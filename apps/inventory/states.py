"""States and kinds of inventory, one line of meaning each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import Lifecycle


class SiteKind(models.TextChoices):
    """What sort of place holds stock."""

    PLANT = "PLANT", _("Plant")
    HQ_WAREHOUSE = "HQ_WAREHOUSE", _("HQ warehouse")
    SUPPLIER_WAREHOUSE = "SUPPLIER_WAREHOUSE", _("Supplier warehouse")
    DEALER_WAREHOUSE = "DEALER_WAREHOUSE", _("Dealer warehouse")


class MovementKind(models.TextChoices):
    """Why a figure changed. Rows are never changed or deleted; a mistake is adjusted by another row."""

    RECEIVED = "RECEIVED", _("Received")  # on hand +
    ALLOCATED = "ALLOCATED", _("Allocated")  # allocated +
    RELEASED = "RELEASED", _("Released")  # allocated -
    SHIPPED = "SHIPPED", _("Shipped")  # on hand -, allocated -
    ADJUSTED = "ADJUSTED", _("Adjusted")  # on hand ±, by a count
    TRANSFERRED_OUT = "TRANSFERRED_OUT", _("Transferred out")  # on hand -
    TRANSFERRED_IN = "TRANSFERRED_IN", _("Transferred in")  # on hand +


class ReservationStatus(models.TextChoices):
    """How far a promise of stock has come."""

    HELD = "HELD", _("Held")  # promised until expires_at
    ALLOCATED = "ALLOCATED", _("Allocated")  # promised without an end: the order is paid
    SHIPPED = "SHIPPED", _("Shipped")  # gone from the site
    RELEASED = "RELEASED", _("Released")  # given back by the order
    EXPIRED = "EXPIRED", _("Expired")  # given back by the clock


LIVE = (ReservationStatus.HELD, ReservationStatus.ALLOCATED)


class UnitStatus(models.TextChoices):
    """Where one vehicle stands between the plant and its buyer."""

    BUILT = "BUILT", _("Built")  # at the plant, free
    IN_TRANSIT = "IN_TRANSIT", _("In transit")  # on its way to a dealer, free
    AT_DEALER = "AT_DEALER", _("At the dealer")  # in a dealer's stock, free
    ALLOCATED = "ALLOCATED", _("Allocated to an order")  # promised to one order
    INVOICED = "INVOICED", _("Invoiced")  # its order is paid in full
    PDI = "PDI", _("Inspected before delivery")  # pre-delivery inspection passed
    DELIVERED = "DELIVERED", _("With the buyer")  # handed over to the buyer
    DEMO = "DEMO", _("Demonstration car")  # for test drives, not for sale
    RETURNED = "RETURNED", _("Returned")  # came back from a buyer


U = UnitStatus
UNIT = Lifecycle(
    name="inventory.unit",
    moves={
        "dispatch": ({U.BUILT}, U.IN_TRANSIT),
        "arrive": ({U.IN_TRANSIT}, U.AT_DEALER),
        "allocate": ({U.BUILT, U.IN_TRANSIT, U.AT_DEALER}, U.ALLOCATED),
        "invoice": ({U.ALLOCATED}, U.INVOICED),
        "inspect": ({U.ALLOCATED, U.INVOICED}, U.PDI),
        "deliver": ({U.PDI}, U.DELIVERED),
        "release_at_plant": ({U.ALLOCATED, U.INVOICED, U.PDI}, U.BUILT),
        "release_at_dealer": ({U.ALLOCATED, U.INVOICED, U.PDI}, U.AT_DEALER),
        "demonstrate": ({U.AT_DEALER}, U.DEMO),
        "take_back": ({U.DELIVERED}, U.RETURNED),
    },
)
