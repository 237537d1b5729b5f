"""The inbox: which messages a consumer has already seen."""

from django.db import models


class InboxMessage(models.Model):
    """A message from outside that one consumer has handled; a second one of the same id is skipped."""

    consumer = models.CharField(max_length=80)
    message_id = models.CharField(max_length=200)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consumer", "message_id"], name="kernel_inbox_once")]

    def __str__(self) -> str:
        return f"{self.consumer}: {self.message_id}"
