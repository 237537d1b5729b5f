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


class ImportStatus(models.TextChoices):
    UPLOADED = "UPLOADED", _("Uploaded, waits to be checked")
    CHECKING = "CHECKING", _("Being checked; nothing is written")
    CHECKED = "CHECKED", _("Checked: the report says what would be written")
    APPLYING = "APPLYING", _("Being written")
    APPLIED = "APPLIED", _("Written")
    FAILED = "FAILED", _("Stopped by an error; what was written can be undone")
    CANCELLED = "CANCELLED", _("Called off before anything was written")
    UNDOING = "UNDOING", _("Being undone")
    UNDONE = "UNDONE", _("Undone, but for rows somebody changed since")


class RowPlan(models.TextChoices):
    NEW = "NEW", _("To be created")
    CHANGED = "CHANGED", _("To be updated")
    UNCHANGED = "UNCHANGED", _("Unchanged")
    REFUSED = "REFUSED", _("Refused")


class RowOutcome(models.TextChoices):
    CREATED = "CREATED", _("Created")
    UPDATED = "UPDATED", _("Updated")
    UNCHANGED = "UNCHANGED", _("Unchanged")
    REFUSED = "REFUSED", _("Refused")
    UNDONE = "UNDONE", _("Undone")
    KEPT = "KEPT", _("Kept: it was changed since")
