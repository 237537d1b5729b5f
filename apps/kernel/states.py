"""The kernel's own statuses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryStatus(models.TextChoices):
    PENDING = "PENDING", _("Waiting for the relay")
    DONE = "DONE", _("Delivered")
    DEAD = "DEAD", _("Given up; a person must look")


class KeyStatus(models.TextChoices):
    STARTED = "STARTED", _("Somebody works on it until the lease ends")
    FINISHED = "FINISHED", _("The answer is stored and will be replayed")
