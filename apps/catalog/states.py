"""The closed lists of the catalog, and the life of an offer."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import Lifecycle


class ProductKind(StrEnum):
    """What a product is to the order that holds it."""

    VEHICLE = "vehicle"  # a trim, sold by configuration, fulfilled by one VIN
    PART = "part"  # stocked, must fit
    ACCESSORY = "accessory"  # stocked, must fit where it says so
    PACKAGE = "package"  # entitlements, no stock
    SERVICE = "service"  # work, no stock


class KindName(models.TextChoices):
    """The kinds of product in the words people read."""

    VEHICLE = ProductKind.VEHICLE.value, _("Car")
    PART = ProductKind.PART.value, _("Part")
    ACCESSORY = ProductKind.ACCESSORY.value, _("Accessory")
    PACKAGE = ProductKind.PACKAGE.value, _("Maintenance package")
    SERVICE = ProductKind.SERVICE.value, _("Service")


STOCKED_KINDS = frozenset({ProductKind.VEHICLE, ProductKind.PART, ProductKind.ACCESSORY})


class TaxClass(models.TextChoices):
    """Which rate of value added tax applies."""

    GOODS = "GOODS", _("Sale of goods")
    REPAIR = "REPAIR", _("Processing, repair and replacement")
    TRANSPORT = "TRANSPORT", _("Transport")
    SERVICES = "SERVICES", _("Other services")


USUAL_TAX_CLASS = {
    ProductKind.VEHICLE: TaxClass.GOODS,
    ProductKind.PART: TaxClass.GOODS,
    ProductKind.ACCESSORY: TaxClass.GOODS,
    ProductKind.PACKAGE: TaxClass.REPAIR,
    ProductKind.SERVICE: TaxClass.SERVICES,
}


class BodyType(models.TextChoices):
    """The shape of a car."""

    SEDAN = "sedan", _("Sedan")
    SUV = "suv", _("SUV")
    MPV = "mpv", _("MPV")
    PICKUP = "pickup", _("Pickup")
    COUPE = "coupe", _("Coupe")
    HATCHBACK = "hatchback", _("Hatchback")
    CROSSOVER = "crossover", _("Crossover")
    VAN = "van", _("Van")
    CONVERTIBLE = "convertible", _("Convertible")


class Powertrain(models.TextChoices):
    """What moves a car."""

    BEV = "bev", _("Battery electric")
    EREV = "erev", _("Extended-range electric")
    PHEV = "phev", _("Plug-in hybrid")
    HEV = "hev", _("Hybrid")
    ICE = "ice", _("Combustion")


class Selection(models.TextChoices):
    """How many options of a group a car has."""

    ONE = "ONE", _("Exactly one")
    MANY = "MANY", _("Any number")


class RuleKind(models.TextChoices):
    """What an option rule says about its two options."""

    REQUIRES = "REQUIRES", _("needs")  # the option only with the other
    EXCLUDES = "EXCLUDES", _("excludes")  # never both
    INCLUDES = "INCLUDES", _("includes")  # the other comes along at no charge


class OfferStatus(models.TextChoices):
    """Whether an offer takes part in the choice of offers."""

    ACTIVE = "ACTIVE", _("On sale")
    PAUSED = "PAUSED", _("Paused")


OFFER = Lifecycle(
    name="catalog.offer",
    moves={
        "pause": ({OfferStatus.ACTIVE}, OfferStatus.PAUSED),
        "resume": ({OfferStatus.PAUSED}, OfferStatus.ACTIVE),
    },
)


class ChangeReason(models.TextChoices):
    """Why a change of a price waits for review."""

    RISE = "rise", _("Rises by more than a seller may decide alone")
    FALL = "fall", _("Falls by more than a seller may decide alone")
    TOO_OFTEN = "too_often", _("Changed too often lately")
    FIRST_PRICE = "first_price", _("The first price is far from what the product costs elsewhere")


class PriceChangeStatus(models.TextChoices):
    """What became of a price somebody asked for."""

    WAITING = "WAITING", _("Waiting for review")
    APPROVED = "APPROVED", _("Approved")
    REJECTED = "REJECTED", _("Rejected")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")  # by the seller, or by a later change


PRICE_CHANGE = Lifecycle(
    name="catalog.price_change",
    moves={
        "approve": ({PriceChangeStatus.WAITING}, PriceChangeStatus.APPROVED),
        "reject": ({PriceChangeStatus.WAITING}, PriceChangeStatus.REJECTED),
        "withdraw": ({PriceChangeStatus.WAITING}, PriceChangeStatus.WITHDRAWN),
    },
)


class PriceLayer(models.TextChoices):
    """The layers of price lists, in the order in which they are laid over an offer's own price."""

    MSRP = "MSRP", _("Recommended price")
    REGION = "REGION", _("Region")
    DEALER = "DEALER", _("Dealer")
    SEGMENT = "SEGMENT", _("Segment of buyers")
    CAMPAIGN = "CAMPAIGN", _("Campaign")


# Everybody sees these, whoever and wherever they are.
NATIONAL_LAYERS = (PriceLayer.MSRP, PriceLayer.CAMPAIGN)


class PriceMethod(models.TextChoices):
    """What an entry of a price list does to the price below it."""

    PRICE = "PRICE", _("is the price")
    AMOUNT = "AMOUNT", _("yuan more or less")
    PERCENT = "PERCENT", _("percent more or less")


class ListVersionStatus(models.TextChoices):
    """Whether a version of a price list counts."""

    DRAFT = "DRAFT", _("Draft")
    PUBLISHED = "PUBLISHED", _("Published")  # counts while it is valid
    CANCELLED = "CANCELLED", _("Cancelled")  # before it ever counted


LIST_VERSION = Lifecycle(
    name="catalog.price_list_version",
    moves={
        "publish": ({ListVersionStatus.DRAFT}, ListVersionStatus.PUBLISHED),
        "cancel": ({ListVersionStatus.PUBLISHED}, ListVersionStatus.CANCELLED),
    },
)


class ProposalStatus(models.TextChoices):
    """What became of a product a supplier proposed."""

    WAITING = "WAITING", _("Waiting for review")
    ACCEPTED = "ACCEPTED", _("Accepted")
    REJECTED = "REJECTED", _("Rejected")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


PROPOSAL = Lifecycle(
    name="catalog.product_proposal",
    moves={
        "accept": ({ProposalStatus.WAITING}, ProposalStatus.ACCEPTED),
        "reject": ({ProposalStatus.WAITING}, ProposalStatus.REJECTED),
        "withdraw": ({ProposalStatus.WAITING}, ProposalStatus.WITHDRAWN),
    },
)
