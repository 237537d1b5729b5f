"""The trace a move leaves."""

from django.conf import settings
from django.db import models


class StatusChange(models.Model):
    """One move of one object through its lifecycle; written by ``Lifecycle.move`` and never changed."""

    lifecycle = models.CharField(max_length=80)
    object_label = models.CharField(max_length=80)  # "orders.sellerorder"
    object_id = models.CharField(max_length=64)
    move = models.CharField(max_length=60)
    from_status = models.CharField(max_length=40)
    to_status = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["object_label", "object_id", "id"], name="kernel_status_object")]

    def __str__(self) -> str:
        return f"{self.object_label} {self.object_id}: {self.from_status} → {self.to_status}"
