"""Where an endpoint and a delivery stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import Lifecycle


class EndpointStatus(models.TextChoices):
    """What is done with what an endpoint is to be told."""

    ACTIVE = "ACTIVE", _("Active")  # it is sent
    PAUSED = "PAUSED", _("Paused")  # a person holds it back; it waits
    DISABLED = "DISABLED", _("Disabled after failures")  # nothing arrived for days; it waits for a person
    REMOVED = "REMOVED", _("Removed")  # nothing is told any more; the log stays


class DeliveryStatus(models.TextChoices):
    """One message to one endpoint."""

    PENDING = "PENDING", _("Waiting")  # to be sent, or to be tried again
    DELIVERED = "DELIVERED", _("Delivered")  # answered with 2xx
    FAILED = "FAILED", _("Given up")  # tried as often as we try


class Failure(models.TextChoices):
    """Why an attempt came to nothing."""

    NONE = "", _("none")
    STATUS = "status", _("The answer was not 2xx.")
    TIMEOUT = "timeout", _("No answer in time.")
    CONNECTION = "connection", _("No connection.")
    TLS = "tls", _("The certificate or the encryption was refused.")
    ADDRESS = "address", _("The address leads into a network that we do not call.")
    NAME = "name", _("The host name could not be resolved.")
    PROTOCOL = "protocol", _("The answer was not HTTP.")


E_, D = EndpointStatus, DeliveryStatus

ENDPOINT = Lifecycle(
    name="webhooks.endpoint",
    moves={
        "pause": ({E_.ACTIVE}, E_.PAUSED),
        "resume": ({E_.PAUSED, E_.DISABLED}, E_.ACTIVE),
        "disable": ({E_.ACTIVE}, E_.DISABLED),
        "remove": ({E_.ACTIVE, E_.PAUSED, E_.DISABLED}, E_.REMOVED),
    },
)
# The sender marks thousands of deliveries itself; what a person decides goes through the lifecycle.
DELIVERY = Lifecycle(name="webhooks.delivery", moves={"replay": ({D.DELIVERED, D.FAILED}, D.PENDING)})
